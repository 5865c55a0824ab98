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

export interface TaskRow extends Omit<TaskEntry, 'actor' | 'lane'> {
  readonly chart: Json;
  readonly deadlines: readonly SavedDeadline[];
}

export function saveTask(state: HubState, entry: TaskEntry): TaskRow {
  const { spec, place, submittedAt, correlationId, priority, startedAt, faults, warnings, quality } = entry;
  const { detachedGates, verdicts, avoid, lateFrom, progress, result, actor } = entry;
  return {
    spec,
    place,
    submittedAt,
    correlationId,
    priority,
    startedAt,
    faults,
    warnings,
    quality,
    detachedGates,
    verdicts: verdicts.map((verdict) => ({ ...verdict })),
    avoid,
    lateFrom,
    progress,
    result,
    chart: savedChart(actor),
    deadlines: savedDeadlines(state, 'task', spec.taskId),
  };
}

/** Needs the configuration and the orchestrations, by which a task's place in the queue goes. */
export function restoreTask(state: HubState, charts: ChartReader, row: TaskRow): void {
  const { spec, place, submittedAt, correlationId, priority, startedAt, faults, warnings, quality } = row;
  const { detachedGates, verdicts, avoid, lateFrom, progress, result, chart, deadlines } = row;
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
