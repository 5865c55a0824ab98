import type { Json } from '../machines/json.ts';
import type { Failure, RecordOf } from '../machines/messages.ts';
import type { FinishedTask } from './state.ts';

interface Ended {
  readonly taskId: string;
  /** Who had it when it ended; null when nobody did. */
  readonly agentId: string | null;
  readonly attempts: number;
  /** From submission to the end, in ms on the hub's clock. */
  readonly durationMs: number;
}

/** How a task ended. */
export type TaskOutcome =
  | (Ended & { readonly status: 'completed'; readonly result: Json })
  | (Ended & { readonly status: 'failed'; readonly error: Failure })
  | (Ended & { readonly status: 'cancelled'; readonly reason: string });

type TaskEnd = 'task.completed' | 'task.failed' | 'task.cancelled';

/** @param result what the agent gave back, from the `task.result` that led to `task.completed` */
export function taskOutcome({ type, payload }: RecordOf<TaskEnd>, result: Json): TaskOutcome {
  switch (type) {
    case 'task.completed':
      return { status: 'completed', ...payload, result };
    case 'task.failed':
      return { status: 'failed', ...payload };
    case 'task.cancelled':
      return { status: 'cancelled', ...payload };
  }
}

/** The outcome of a task that ended before somebody asked for it. */
export function finishedOutcome(finished: FinishedTask): TaskOutcome {
  const { agentId, attempts, durationMs, result, error, reason, status } = finished;
  const ended = { taskId: finished.spec.taskId, agentId, attempts, durationMs };
  if (status === 'failed' && error !== null) return { status, ...ended, error };
  if (status === 'cancelled') return { status, ...ended, reason: reason ?? '' };
  return { status: 'completed', ...ended, result };
}
