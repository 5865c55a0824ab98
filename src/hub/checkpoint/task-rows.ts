/**
 * Live tasks in checkpoints.
 *
 * - Ct1 a task's place in the queue is not kept: it follows from the task, as it does when it is enqueued.
 */
import type { Json } from '../../machines/json.ts';
import { isHeld, rank } from '../queueing.ts';
import { type HubState, laneOf, type TaskEntry } from '../state.ts';
import { type ChartReader, savedChart } from './charts.ts';
import { restoreDeadlines, type SavedDeadline, savedDeadlines } from './rows.ts';

type Fields = Omit<TaskEntry, 'actor' | 'lane'>;
type Always = 'spec' | 'place' | 'submittedAt' | 'correlationId' | 'priority';

/** What is null, empty or never happened is left out: in a task that waits that is most of it. */
export interface TaskRow extends Pick<Fields, Always>, Partial<Omit<Fields, Always>> {
  readonly chart: Json;
  readonly deadlines?: readonly SavedDeadline[];
}

export function saveTask(state: HubState, { actor, lane: _lane, ...entry }: TaskEntry): TaskRow {
  const { spec, place, submittedAt, correlationId, priority, blameless, ...others } = entry;
  const row: Record<string, unknown> = { spec, place, submittedAt, correlationId, priority, chart: savedChart(actor) };
  for (const [name, value] of Object.entries(others)) {
    if (value !== null && !(Array.isArray(value) && value.length === 0)) row[name] = value;
  }
  if (blameless > 0) row.blameless = blameless;
  if (entry.verdicts.length > 0) row.verdicts = entry.verdicts.map((verdict) => ({ ...verdict }));
  const deadlines = savedDeadlines(state, 'task', spec.taskId);
  if (deadlines.length > 0) row.deadlines = deadlines;
  return row as unknown as TaskRow;
}

/** Needs the configuration and the orchestrations, by which a task's place in the queue goes. */
export function restoreTask(state: HubState, charts: ChartReader, row: TaskRow): void {
  const { spec, place, submittedAt, correlationId, priority, chart, deadlines = [] } = row;
  const { startedAt = null, faults = [], warnings = [], quality = null, detachedGates = [], verdicts = [] } = row;
  const { blameless = 0, avoid = null, lateFrom = null, progress = null, result = null } = row;
  const { taskId, idempotencyKey } = spec;
  const actor = charts.respawn('task', taskId, chart);
  const entry: TaskEntry = {
    spec,
    place,
    submittedAt,
    lane: laneOf(spec),
    correlationId,
    actor,
    priority,
    startedAt,
    blameless,
    warnings,
    faults,
    quality,
    detachedGates,
    verdicts: verdicts.map((verdict) => ({ ...verdict })),
    avoid,
    lateFrom,
    progress,
    result,
  };
  state.tasks.set(taskId, entry);
  if (idempotencyKey !== undefined) state.keys.set(idempotencyKey, taskId);
  restoreDeadlines(state, taskId, deadlines);
  const { value, context } = actor.getSnapshot();
  const isQueued = value === 'queued' && !isHeld(state, entry);
  if (!isQueued && context.agentId === null) return;
  state.queue.enqueue({ id: taskId, priority: rank(state, entry), place, lane: entry.lane });
  if (!isQueued) state.queue.dequeue(taskId);
}
