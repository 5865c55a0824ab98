/** Lists about the project: what changed in it, its phases, and what comes again and again. */
import type { ScheduleView } from 'xstate-hub';
import type { ProjectChange } from '../../engine/project-changes.ts';
import type { ProjectPicture } from '../../engine/protocol.ts';
import { useAnswer } from '../../model/answers.ts';
import { useWorkbench } from '../../model/hooks.ts';
import type { Run } from '../../model/run.ts';
import { number } from '../../ui/number.ts';
import { clock, length } from '../../ui/time.ts';

const shown = 200;

export function Changes({ run }: { readonly run: Run }) {
  const workbench = useWorkbench();
  const { answer } = useAnswer(run, 'projectChanges', { head: run.head });
  const changes = answer ?? [];
  const start = run.atOf(1) ?? 0;
  const current = changes.findLast(({ seq }) => seq <= run.position);
  const last = changes.slice(-shown).reverse();
  return (
    <section aria-label="Changes">
      <div className="section-head">
        <h2>Changes</h2>
        <span className="soft">
          {changes.length > last.length
            ? `the last ${last.length} of ${number(changes.length)}`
            : number(changes.length)}
        </span>
      </div>
      {last.length === 0 && <p className="soft nothing">Nobody has changed the project.</p>}
      <ol className="change-list">
        {last.map((change) => (
          <li
            key={change.seq}
            className={change.seq > run.position ? 'later' : ''}
            aria-current={change === current ? 'true' : undefined}
          >
            <button
              type="button"
              onClick={() => {
                run.seek(change.seq);
                workbench.select(`record:${change.seq}`);
              }}
            >
              <span className="mono soft">{clock(change.at - start)}</span>
              <span className="what">{told(change)}</span>
              <span className="soft">
                by {change.by}, record {change.seq}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** `phase: testing`, without the history that goes with it. */
function told({ patches }: ProjectChange): string {
  const parts = patches
    .filter(({ path: [first] }) => first !== 'history')
    .map(({ op, path, value }) => {
      const name = (path[0] === 'metadata' ? path.slice(1) : path).join('.');
      return op === 'remove' ? `${name} removed` : `${name}: ${textOf(value)}`;
    });
  return parts.length > 3 ? `${parts.slice(0, 3).join(', ')} and ${parts.length - 3} more` : parts.join(', ');
}

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

interface PhasesProps {
  readonly run: Run;
  readonly history: ProjectPicture['state']['history'];
}

export function Phases({ run, history }: PhasesProps) {
  if (history.length === 0) return null;
  const start = run.atOf(1) ?? 0;
  const now = run.now ?? start;
  const phases = [{ phase: 'initial', at: start }, ...history];
  return (
    <section aria-label="Phases">
      <h2>Phases</h2>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Phase</th>
            <th scope="col">Began</th>
            <th scope="col">Lasted</th>
          </tr>
        </thead>
        <tbody>
          {phases.map(({ phase, at }, index) => (
            <tr key={`${at} ${phase}`}>
              <td>{phase}</td>
              <td className="mono">{clock(at - start)}</td>
              <td>
                {length((phases[index + 1]?.at ?? now) - at)}
                {index === phases.length - 1 && <span className="soft"> so far</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface SchedulesProps {
  readonly run: Run;
  readonly schedules: readonly ScheduleView[];
}

export function Schedules({ run, schedules }: SchedulesProps) {
  if (schedules.length === 0) return null;
  const start = run.atOf(1) ?? 0;
  return (
    <section aria-label="Schedules">
      <h2>Schedules</h2>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Schedule</th>
            <th scope="col">When</th>
            <th scope="col">Next</th>
            <th scope="col">So far</th>
          </tr>
        </thead>
        <tbody>
          {schedules.map(({ id, taskType, everyMs, cron, timezone, nextAt, isPaused, fired, skipped }) => (
            <tr key={id}>
              <td>
                {id} <span className="soft">{taskType}</span>
              </td>
              <td>
                {everyMs === null ? <code>{cron}</code> : `every ${length(everyMs)}`}
                {timezone !== null && <span className="soft"> {timezone}</span>}
              </td>
              <td className="mono">{isPaused ? 'paused' : nextAt === null ? 'never' : clock(nextAt - start)}</td>
              <td>
                {fired} fired{skipped > 0 && `, ${skipped} left out`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
