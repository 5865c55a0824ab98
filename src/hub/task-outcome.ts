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
  /** From the last start to the end, in ms on the hub's clock; null when it was never started. */
  readonly latencyMs: number | null;
  /** How good the result is, 0 to 1, as the agent rates it; null when it does not. */
  readonly quality: number | null;
}

/** How a task ended. */
export type TaskOutcome =
  | (Ended & { readonly status: 'completed'; readonly success: true; readonly result: Json })
  | (Ended & {
      readonly status: 'failed';
      readonly success: false;
      readonly error: Failure;
      /** What the driver threw last, with its stack, if it did so in this process. Not enumerable: it is no JSON. */
      readonly cause?: unknown;
    })
  | (Ended & { readonly status: 'cancelled'; readonly success: false; readonly reason: string });

type TaskEnd = 'task.completed' | 'task.failed' | 'task.cancelled';

/**
 * @param result what the agent gave back, from the `task.result` that led to `task.completed`
 * @param thrown what its driver threw last, if it did
 */
export function taskOutcome({ type, payload }: RecordOf<TaskEnd>, result: Json, thrown?: unknown): TaskOutcome {
  switch (type) {
    case 'task.completed':
      return { status: 'completed', success: true, ...payload, result };
    case 'task.failed': {
      const { blameless: _blameless, ...told } = payload;
      const outcome: TaskOutcome = { status: 'failed', success: false, ...told };
      const isDrivers = thrown !== undefined && ['driver', 'invalidResult'].includes(told.error.code);
      return isDrivers ? Object.defineProperty(outcome, 'cause', { value: thrown }) : outcome;
    }
    case 'task.cancelled':
      return { status: 'cancelled', success: false, ...payload };
  }
}

/** The outcome of a task that ended before somebody asked for it. */
export function finishedOutcome(finished: FinishedTask): TaskOutcome {
  const { agentId, attempts, durationMs, latencyMs, quality, result, error, reason, status } = finished;
  const ended = { taskId: finished.spec.taskId, agentId, attempts, durationMs, latencyMs, quality };
  if (status === 'failed' && error !== null) return { status, success: false, ...ended, error };
  if (status === 'cancelled') return { status, success: false, ...ended, reason: reason ?? '' };
  return { status: 'completed', success: true, ...ended, result };
}
