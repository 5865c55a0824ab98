/** Tasks, from submission to one outcome. */
import { z } from 'zod';
import { ending, message, part, reason, task, work } from './message.ts';
import { duration, id, json, milliseconds, sequence, share, shortText, userType } from './primitives.ts';
import { failureSchema, faults, requirementsSchema, routingSchema } from './shapes.ts';

export const taskMessages = [
  message('task.submit', {
    taskId: id,
    type: userType,
    payload: json.default(null),
    /** Higher first. */
    priority: z.int().min(-1000).max(1000).default(5),
    requirements: requirementsSchema,
    timeoutMs: duration.optional(),
    /** Not before then, in ms since the epoch. */
    startAt: milliseconds.optional(),
    /** Instead of the configured number. */
    maxAttempts: z.int().min(1).max(1000).optional(),
    /** When no registered agent could ever do it: wait for one, or fail. */
    ifNoAgent: z.enum(['wait', 'fail']).default('wait'),
    /** A working spec, for the validator. */
    spec: json.optional(),
    idempotencyKey: id.optional(),
    /** The schedule that it came from. */
    scheduleId: id.optional(),
    ...part,
    /** Longest time at work without any progress; then it is taken for a zombie. */
    noProgressMs: duration.optional(),
  }),
  message('task.validated', { ...task, warnings: faults }),
  message('task.invalid', { ...task, errors: faults, warnings: faults }),
  message('task.enqueued', task),
  message('task.prioritise', { ...task, priority: z.int().min(-1000).max(1000) }),
  message('task.assign', { ...task, agentId: id }),
  message('task.assigned', { ...task, agentId: id, attempt: z.int().min(1), routing: routingSchema }),
  message('task.started', work),
  message('task.progressed', {
    ...work,
    percent: z.number().min(0).max(100).optional(),
    note: shortText.optional(),
  }),
  message('task.result', { ...work, result: json, quality: share.optional() }),
  message('task.error', { ...work, error: failureSchema, retryable: z.boolean().default(true) }),
  /** At work for too long without any progress; it goes back to the queue, and a late answer is fenced. */
  message('task.zombie', { ...task, agentId: id, lease: sequence, silentMs: milliseconds, ...part }),
  message('task.returned', {
    ...task,
    ...reason,
    /** The hub itself went away: the attempt does not count. */
    blameless: z.boolean().optional(),
  }),
  message('task.retried', {
    ...task,
    /** Who failed. */
    agentId: id.nullable(),
    /** The attempt that failed. */
    attempt: z.int().min(1),
    /** Until the next one. */
    delayMs: milliseconds,
    error: failureSchema,
  }),
  message('task.cancel', { ...task, ...reason }),
  message('task.completed', ending),
  message('task.failed', {
    ...ending,
    error: failureSchema,
    /** Time ran out while its agent had to wait for somebody else: it is not held against the agent. */
    blameless: z.boolean().optional(),
  }),
  message('task.cancelled', { ...ending, ...reason }),
] as const;
