/** What the hub itself would say of a moment: whether all is well, and why what happened did. */
import { explainRecord, type Fold, type HubRecord, type Picture } from 'xstate-hub';
import type { Pictures } from './pictures.ts';
import type { HealthPicture, ProjectPicture, WhyAnswer } from './protocol.ts';
import type { Series } from './series.ts';

export function healthIn(fold: Fold, series: Series, seq: number, now: number): HealthPicture {
  const { status, tasks, deadLetters } = fold.picture();
  const count = (statuses: readonly string[]) => {
    const counts: { [type: string]: number } = {};
    for (const { type, status } of tasks) if (statuses.includes(status)) counts[type] = (counts[type] ?? 0) + 1;
    return counts;
  };
  return {
    health: fold.health(),
    figures: series.figuresAt(seq, now),
    agents: status.agents,
    deadLetters,
    running: count(['assigned', 'running']),
    waiting: count(['queued']),
    limits: series.limitsAt(seq),
  };
}

export const projectIn = ({ status: { project, state, projectState, schedules } }: Picture): ProjectPicture => ({
  project,
  hub: state,
  state: projectState,
  schedules,
});

interface Log {
  get(seq: number): HubRecord | undefined;
}

export function whyAt(log: Log, pictures: Pictures, seq: number, taskId?: string): WhyAnswer {
  const record = log.get(seq);
  const fold = pictures.foldAt(Math.max(seq - 1, 0));
  const before = fold.save();
  const grounds = record?.type === 'task.assigned' ? fold.explain(record.payload.taskId) : null;
  const explained = explainRecord(record === undefined ? [] : [record], seq, before);
  return { ...explained, grounds, waits: taskId === undefined ? null : pictures.foldAt(seq).explain(taskId) };
}
