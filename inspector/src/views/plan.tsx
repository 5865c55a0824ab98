import { useState } from 'react';
import type { OrchestrationReport } from 'xstate-hub';
import { useAnswer } from '../model/answers.ts';
import { useRun, useWorkbench } from '../model/hooks.ts';
import { type PlanShape, Plans } from '../model/plans.ts';
import type { Run } from '../model/run.ts';
import { toneOf } from '../model/tone.ts';
import '../styles/plan.css';
import { StateLabel } from '../ui/mark.tsx';
import { number } from '../ui/number.ts';
import { length } from '../ui/time.ts';
import { TableToggle } from '../ui/toggle.tsx';
import { Graph } from './plan/graph.tsx';
import { Report } from './plan/report.tsx';
import { isSettled, minutes } from './plan/status.ts';
import { PlanTable } from './plan/table.tsx';

/** A complex task: its subtasks stage by stage, and how far they are. */
export function PlanView({ run }: { readonly run: Run }) {
  useRun(run);
  const workbench = useWorkbench();
  const { answer: reports } = useAnswer(run, 'plans', { seq: run.position });
  const [plans] = useState(() => new Plans(run));
  const [chosen, setChosen] = useState<string | null>(null);
  const [asTable, setAsTable] = useState(false);
  if (reports === null) return null;
  const wanted = orchestrationOf(run, workbench.selection) ?? chosen;
  const report = reports.find(({ orchestrationId }) => orchestrationId === wanted) ?? reports.at(-1);
  if (report === undefined) return <None run={run} />;
  const shape = plans.at(report.orchestrationId, run.position);
  const props = { run, plans, report };
  return (
    <div className="plan-view">
      <div className="view-bar">
        {reports.length > 1 ? (
          <select
            className="field"
            aria-label="Orchestration"
            value={report.orchestrationId}
            onChange={({ target: { value } }) => {
              setChosen(value);
              if (orchestrationOf(run, workbench.selection) !== null) workbench.select(`orchestration:${value}`);
            }}
          >
            {reports.map(({ orchestrationId, title }) => (
              <option key={orchestrationId} value={orchestrationId}>
                {title}
              </option>
            ))}
          </select>
        ) : (
          <h2 className="truncate">{report.title}</h2>
        )}
        <StateLabel tone={toneOf('orchestration', report.status)}>{report.status}</StateLabel>
        <Summary run={run} report={report} shape={shape} />
        <TableToggle isOn={asTable} onChange={setAsTable} />
      </div>
      {shape === null ? (
        <div className="empty">
          <p>There is no plan yet: the orchestration is {report.status}.</p>
          {report.reasons.length > 0 && <p>{report.reasons.join('; ')}</p>}
        </div>
      ) : asTable ? (
        <PlanTable {...props} shape={shape} />
      ) : (
        <Graph {...props} shape={shape} />
      )}
      <Report report={report} />
    </div>
  );
}

interface SummaryProps {
  readonly run: Run;
  readonly report: OrchestrationReport;
  readonly shape: PlanShape | null;
}

function Summary({ run, report, shape }: SummaryProps) {
  const counted = report.subtasks.filter(({ status }) => status !== 'replaced');
  const parts = [
    counted.length === 0
      ? ''
      : `${number(counted.filter(isSettled).length)} of ${number(counted.length)} subtasks done`,
    `${report.finishedAt === null ? 'so far' : 'took'} ${length((report.finishedAt ?? run.now ?? 0) - report.requestedAt)}`,
    shape?.estimate ? `estimated ${minutes(shape.estimate.minutes)}` : '',
    report.retries > 0 ? `${report.retries} retried` : '',
  ];
  const chain = shape?.estimate?.criticalPath;
  const chainTakes = chain === undefined ? '' : minutes(chain.minutes);
  const isAll = shape?.estimate != null && minutes(shape.estimate.minutes) === chainTakes;
  return (
    <span className="soft plan-summary">
      {parts.filter((part) => part !== '').join(' · ')}
      {chain !== undefined && chain.subtasks.length > 1 && (
        <span className="chain-key">
          <span className="chain-mark" aria-hidden="true" /> longest chain{isAll ? '' : `, ${chainTakes}`}
        </span>
      )}
    </span>
  );
}

/** The orchestration that is selected, or that a selected task is part of. */
function orchestrationOf(run: Run, selection: string | null): string | null {
  if (selection === null) return null;
  const name = selection.slice(selection.indexOf(':') + 1);
  if (selection.startsWith('orchestration:')) return name;
  return selection.startsWith('task:') ? (run.facts.tasks.get(name)?.orchestrationId ?? null) : null;
}

function None({ run }: { readonly run: Run }) {
  const workbench = useWorkbench();
  const first = [...run.actors.values()].find(({ kind }) => kind === 'orchestration');
  return (
    <div className="empty">
      <p>
        {first === undefined
          ? 'Nobody has asked for anything complex in this run. A plan is made when an orchestration is requested.'
          : 'Nobody has asked for anything complex yet at this moment.'}
      </p>
      {first === undefined ? (
        <button type="button" className="button" onClick={() => void workbench.openScenario('auth-orchestration')}>
          Open a scenario with a plan
        </button>
      ) : (
        <button type="button" className="button" onClick={() => run.seek(first.bornSeq)}>
          Go to where {first.name} begins
        </button>
      )}
    </div>
  );
}
