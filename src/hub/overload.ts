/**
 * Whether there is room for one task more, asked before it is accepted.
 *
 * - O1 what counts is every task that nobody has: queued, delayed, waiting to be retried.
 */
import type { HubState } from './state.ts';

/**
 * Why no further task of this priority is taken; undefined when it is.
 *
 * @param leaving how many of those that wait would make room for it
 */
export function overload({ tasks, queue, config }: HubState, priority: number, leaving = 0): string | undefined {
  const { maxQueued, shedding } = config;
  const waiting = tasks.size - queue.stats.processing - leaving;
  if (waiting >= maxQueued) return `${maxQueued} tasks are waiting, and no more are taken`;
  if (waiting < maxQueued * shedding.above || priority >= shedding.below) return undefined;
  return `${waiting} tasks are waiting, and none with a priority below ${shedding.below} is taken`;
}
