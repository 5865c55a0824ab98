/**
 * How tasks come into the queue, and where they stand in it.
 *
 * - Qu1 a task of an orchestration that is paused waits outside of the queue, so that nobody gets it.
 */
import { type HubState, type TaskEntry, waitingSince } from './state.ts';

/** Puts a task where it stood, or where it belongs. */
export function enqueue(state: HubState, taskId: string): void {
  const entry = state.tasks.get(taskId);
  if (entry === undefined) return;
  if (isHeld(state, entry)) return state.queue.remove(taskId);
  const { place, lane } = entry;
  state.queue.enqueue({ id: taskId, priority: rank(state, entry), place, lane });
  state.becameQueued.add(taskId);
}

/**
 * Where a task stands in the queue. With aging every waiting task gains priority at the same pace, so the
 * order between two of them never changes while they wait, and a fixed rank is enough.
 */
export const rank = ({ config }: HubState, entry: TaskEntry): number =>
  config.aging.everyMs === undefined ? entry.priority : entry.priority - waitingSince(entry) / config.aging.everyMs;

/** Gives every queued task the place that it has under the present configuration. */
export function rankAgain(state: HubState): void {
  for (const entry of state.tasks.values()) state.queue.reprioritise(entry.spec.taskId, rank(state, entry));
}

/** Whether it waits outside of the queue (Qu1). */
export const isHeld = ({ orchestrations }: HubState, { spec: { orchestrationId } }: TaskEntry): boolean =>
  orchestrationId !== undefined && orchestrations.get(orchestrationId)?.actor?.getSnapshot().value === 'paused';

/** Takes the tasks of an orchestration that has just been paused out of the queue (Qu1). */
export function hold(state: HubState, orchestrationId: string): void {
  for (const { spec } of queuedOf(state, orchestrationId)) {
    if (state.queue.get(spec.taskId) !== undefined) state.queue.remove(spec.taskId);
  }
}

/** Puts them back when it goes on. */
export function letGo(state: HubState, orchestrationId: string): void {
  for (const { spec } of queuedOf(state, orchestrationId)) enqueue(state, spec.taskId);
}

function* queuedOf({ orchestrations, tasks }: HubState, orchestrationId: string): IterableIterator<TaskEntry> {
  for (const { taskIds } of orchestrations.get(orchestrationId)?.nodes.values() ?? []) {
    const task = tasks.get(taskIds.at(-1) ?? '');
    if (task?.actor.getSnapshot().value === 'queued') yield task;
  }
}
