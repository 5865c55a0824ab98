/** What a caller says when it submits a task. */
import { z } from 'zod';
import { payloadSchemas, requirementsSchema } from '../machines/messages.ts';

/** The words for priorities, and the numbers that they stand for. Higher goes first. */
export const priorities = { low: 2, normal: 5, high: 8, critical: 10 } as const;

const submission = (
  payloadSchemas['task.submit'] as unknown as z.ZodObject<{
    taskId: z.ZodString;
    type: z.ZodString;
    payload: z.ZodType;
    idempotencyKey: z.ZodOptional<z.ZodString>;
    timeoutMs: z.ZodOptional<z.ZodInt>;
    maxAttempts: z.ZodOptional<z.ZodInt>;
    spec: z.ZodType;
  }>
).shape;

export const taskInputSchema = z.strictObject({
  /** Default: a new one. */
  id: submission.taskId.optional(),
  type: submission.type,
  payload: submission.payload.optional(),
  metadata: z
    .strictObject({
      priority: z.union([z.enum(['low', 'normal', 'high', 'critical']), z.int().min(-1000).max(1000)]).optional(),
      /** For the task as a whole, waiting included. */
      timeoutMs: submission.timeoutMs,
      delayMs: submission.timeoutMs,
      maxAttempts: submission.maxAttempts,
      ifNoAgent: z.enum(['wait', 'fail']).optional(),
    })
    .default({}),
  requirements: requirementsSchema.prefault({}),
  spec: submission.spec.optional(),
  /** The same key with the same task gives the same handle; with another task it is a `conflict`. */
  idempotencyKey: submission.idempotencyKey,
});

/** A task as it is submitted. */
export interface TaskInput {
  readonly id?: string;
  readonly type: string;
  /** Any JSON, at most 256 KiB and 64 levels deep. */
  readonly payload?: unknown;
  readonly metadata?: {
    /** Higher first; default `normal`, which is 5. */
    readonly priority?: number | keyof typeof priorities;
    /** The task fails with `timeout` when it has not ended by then; in ms. */
    readonly timeoutMs?: number;
    /** Not before so many ms from now. */
    readonly delayMs?: number;
    /** Attempts in all, the first included. Default: as configured, 3. */
    readonly maxAttempts?: number;
    /** When no registered agent could ever do it: wait for one (default), or fail at once. */
    readonly ifNoAgent?: 'wait' | 'fail';
  };
  /** Who can do it. Default: anybody. */
  readonly requirements?: {
    readonly agentType?: string;
    readonly capabilities?: readonly string[];
    readonly languages?: readonly string[];
    readonly specialisations?: readonly string[];
  };
  /** A CAWS working spec; the task is cancelled when it is not valid. */
  readonly spec?: unknown;
  readonly idempotencyKey?: string;
}
