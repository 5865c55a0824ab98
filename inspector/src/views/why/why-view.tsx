/** Why: of the selected record, what it moved and on what grounds, what led to it, and what came of it. */
import type { HubRecord } from 'xstate-hub';
import { useAnswer } from '../../model/answers.ts';
import { detailOf, routeOf } from '../../model/flow.ts';
import { useRun, useWorkbench } from '../../model/hooks.ts';
import type { Run } from '../../model/run.ts';
import { toneOfRecord } from '../../model/tone.ts';
import { Mark } from '../../ui/mark.tsx';
import { clock } from '../../ui/time.ts';
import { Chain } from './chain.tsx';
import { Grounds, Waiting } from './grounds.tsx';
import { Step } from './step.tsx';
import '../../styles/why.css';
import '../../styles/project.css';

export function WhyView({ run }: { readonly run: Run }) {
  useRun(run);
  const { selection } = useWorkbench();
  const seq = subjectOf(run, selection);
  const record = run.records[seq - 1];
  if (record === undefined) {
    return (
      <div className="empty">
        <p>Nothing has happened at this moment.</p>
        <p>Go on by a record, or select one in the log: here you see why it did what it did.</p>
      </div>
    );
  }
  return <Reasons run={run} record={record} taskId={waitingTask(run, selection, record)} />;
}

/** The record that is selected, the last one that moved the selected actor, or the one that is shown. */
function subjectOf(run: Run, selection: string | null): number {
  const seq = selection?.startsWith('record:') ? Number(selection.slice('record:'.length)) : 0;
  if (run.records[seq - 1] !== undefined) return seq;
  const stay = selection === null ? undefined : run.actors.get(selection)?.at(run.position);
  return stay?.seq ?? run.position;
}

/** The task that the record is about, or that is selected, if it is in the queue after that record. */
function waitingTask(run: Run, selection: string | null, { seq, payload }: HubRecord): string | undefined {
  const about = (payload as { readonly taskId?: unknown }).taskId;
  const candidates = [selection, typeof about === 'string' ? `task:${about}` : null];
  const found = candidates.find((id) => id?.startsWith('task:') && run.actors.get(id)?.at(seq)?.state === 'queued');
  return found?.slice('task:'.length);
}

interface ReasonsProps {
  readonly run: Run;
  readonly record: HubRecord;
  readonly taskId: string | undefined;
}

function Reasons({ run, record, taskId }: ReasonsProps) {
  const { seq, type, at } = record;
  const start = run.atOf(1) ?? 0;
  const { answer, isStale } = useAnswer(run, 'why', { seq, ...(taskId !== undefined && { taskId }) });
  const isShown = answer?.seq === seq;
  return (
    <div className={`why-view${isStale ? ' stale' : ''}`}>
      <header>
        <h1>
          <Mark tone={toneOfRecord(record)} /> {type}
        </h1>
        <p className="soft">
          record {seq} at <span className="mono">{clock(at - start)}</span>, {routeOf(record, run)}
        </p>
        <p>{detailOf(record, run)}</p>
      </header>
      {isShown && taskId !== undefined && answer.waits !== null && (
        <Waiting run={run} taskId={taskId} explanation={answer.waits} />
      )}
      {record.type === 'task.assigned' && (
        <Grounds run={run} record={record} explanation={isShown ? answer.grounds : null} />
      )}
      <section aria-label="What it moved">
        <h2>What it moved</h2>
        {!isShown && <p className="soft">…</p>}
        {isShown && answer.steps.length === 0 && <p className="soft">No chart. {whyNothing(run, record)}</p>}
        {isShown && answer.steps.map((step) => <Step key={`${step.actor} ${step.event}`} run={run} step={step} />)}
      </section>
      <Chain run={run} record={record} />
    </div>
  );
}

/** What a record is for that moves no chart. */
function whyNothing(run: Run, record: HubRecord): string {
  const next = run.records[record.seq];
  if (next?.type === 'deadletter.added' && next.payload.letterSeq === record.seq) {
    return `It could not be delivered, and became a dead letter: ${next.payload.reason}.`;
  }
  if (next !== undefined && next.causationId === record.id) return 'The hub took it, and decided what follows from it.';
  return 'The hub has noted it; nothing else follows from it.';
}
