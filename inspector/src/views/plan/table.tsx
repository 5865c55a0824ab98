import { useWorkbench } from '../../model/hooks.ts';
import { StateLabel } from '../../ui/mark.tsx';
import { length } from '../../ui/time.ts';
import { criticalOf, type PlanProps } from './graph.tsx';
import { minutes, standing } from './status.ts';

/** The same as a table. */
export function PlanTable({ run, plans, shape, report }: PlanProps) {
  const workbench = useWorkbench();
  const critical = criticalOf(shape);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
    <div className="plan-frame" tabIndex={0} role="group" aria-label="Plan by stages">
      <table className="plan-table">
        <caption className="only-read">The subtasks of {report.title}</caption>
        <thead>
          <tr>
            {['Stage', 'Subtask', 'Owner', 'Agent', 'State', 'After', 'Estimate', 'Took', 'Attempts'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.subtasks.map((one) => {
            const node = shape.nodes.get(one.id);
            const taskId = plans.taskOf(report.orchestrationId, one.id, run.position);
            const { tone, words } = standing(run, report, one, taskId);
            return (
              <tr key={one.id}>
                <td className="mono">{node?.stage}</td>
                <th scope="row">
                  {taskId === null ? (
                    one.title
                  ) : (
                    <button type="button" className="link" onClick={() => workbench.select(`task:${taskId}`)}>
                      {one.title}
                    </button>
                  )}
                  {critical.ids.has(one.id) && <span className="soft"> · longest chain</span>}
                </th>
                <td>{one.owner}</td>
                <td>{one.agentId ?? (taskId === null ? '' : run.facts.agentOf(taskId, run.position))}</td>
                <td>
                  <StateLabel tone={tone}>{words}</StateLabel>
                </td>
                <td className="soft">{node?.dependencies.join(', ')}</td>
                <td>{minutes(one.estimatedMinutes)}</td>
                <td>{one.durationMs === null ? '' : length(one.durationMs)}</td>
                <td className="mono">{one.attempts}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
