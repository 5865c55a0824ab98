/** What messages are made of: the shapes that have a name of their own. */
import { z } from 'zod';
import { duration, id, json, milliseconds, share, tags, userType } from './primitives.ts';

/** What a task asks of an agent. */
export const requirementsSchema = z.strictObject({
  agentType: id.optional(),
  capabilities: tags.default([]),
  languages: tags.default([]),
  specialisations: tags.default([]),
});
export type Requirements = z.infer<typeof requirementsSchema>;

/** Why a task failed. `code` is the hub's, or `driver` when the agent's own code failed. */
export const failureSchema = z.strictObject({
  code: z.enum(['driver', 'invalidResult', 'timeout', 'rejected', 'gateExpired', 'chartError', 'agentLost', 'noAgent']),
  message: z.string().max(10_000),
});
export type Failure = z.infer<typeof failureSchema>;

/**
 * One step of an escalation ladder: `afterMs` after the gate opened or the step before, remind, ask the
 * next approver, or let a default decide.
 */
export const rungSchema = z.strictObject({
  afterMs: duration,
  action: z.enum(['remind', 'handOver', 'approve', 'reject', 'expire']),
  /** Who is asked from here on; needed by `handOver`. */
  approver: id.optional(),
});
export type Rung = z.infer<typeof rungSchema>;

/** Who hands over says to whom. */
export const withApprover = <S extends z.ZodType<Pick<Rung, 'action' | 'approver'>>>(rung: S): S =>
  rung.refine(({ action, approver }) => action !== 'handOver' || approver !== undefined, {
    path: ['approver'],
    error: 'an approver to hand over to',
  });

export const deadLetterReasons = [
  'inboxFull',
  'recipientGone',
  'staleLease',
  'gateClosed',
  'notAllowed',
  'staleContent',
] as const;
export type DeadLetterReason = (typeof deadLetterReasons)[number];

/** A fault that a validator found: where (dotted path), what, and what would help. */
export const faultSchema = z.strictObject({
  field: z.string(),
  message: z.string(),
  suggestion: z.string().optional(),
});
export type Fault = z.infer<typeof faultSchema>;
export const faults = z.array(faultSchema);

/** Why an agent was chosen. */
export const routingSchema = z.strictObject({
  strategy: z.string(),
  confidence: share,
  reason: z.string(),
  /** The parts of the chosen agent's score. */
  scores: z.record(z.string(), z.number()),
  /** The runners-up, best first. */
  alternatives: z.array(z.strictObject({ agentId: id, score: z.number(), reason: z.string() })),
});
export type Routing = z.infer<typeof routingSchema>;

export const patchSchema = z.strictObject({
  op: z.enum(['add', 'remove', 'replace']),
  path: z.array(z.union([z.string(), z.number()])),
  value: json.optional(),
});

/** A task that is submitted again and again. */
export const scheduleSchema = z.strictObject({
  scheduleId: id,
  /** The task as `task.submit` has it, without its id. */
  task: z.strictObject({
    type: userType,
    payload: json.default(null),
    priority: z.int().min(-1000).max(1000).default(5),
    requirements: requirementsSchema,
    timeoutMs: duration.optional(),
    maxAttempts: z.int().min(1).max(1000).optional(),
    /** A working spec, for the validator; it is asked each time. */
    spec: json.optional(),
  }),
  /** Every so many ms, counted from `startAt`; this or `cron`. */
  everyMs: duration.optional(),
  cron: z.string().min(1).max(200).optional(),
  timezone: z.string().min(1).max(64).optional(),
  /** Not before then. Default: from now on. */
  startAt: milliseconds.optional(),
  /** When the task before is not finished: leave this one out, submit it all the same, or cancel the one before. */
  overlap: z.enum(['skip', 'queue', 'replace']).default('skip'),
  /** What was due while the hub was down or paused: run once, or leave it. */
  catchUp: z.enum(['once', 'none']).default('once'),
});

export const deadlineKinds = [
  'task',
  'start',
  'retry',
  'consultation',
  'gate',
  'agent',
  'breaker',
  'stale',
  'limit',
  'schedule',
  'progress',
  'planning',
  'revision',
] as const;
