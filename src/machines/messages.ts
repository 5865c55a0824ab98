/**
 * The protocol: every message that can stand in the log, as one discriminated union.
 *
 * A verb is a command (`task.submit`), a past participle is a fact (`task.assigned`). Whoever stands in
 * `from` was put there by the hub, from the channel that the message came in on.
 */
import { z } from 'zod';
import { configSchema } from './config.ts';
import { complexRequestSchema, planSchema, subtaskSchema } from './plan.ts';
import { duration, id, json, milliseconds, sequence, share, shortText, tags, text, userType } from './primitives.ts';

export { idPattern } from './primitives.ts';

/** What a task asks of an agent. */
export const requirementsSchema = z.strictObject({
  agentType: id.optional(),
  capabilities: tags.default([]),
  languages: tags.default([]),
  specialisations: tags.default([]),
});
export type Requirements = z.infer<typeof requirementsSchema>;

/** Why a task failed. `code` is the hub's, or `driver` when the agent's own code failed. */
const failureSchema = z.strictObject({
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
const faults = z.array(faultSchema);

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

const patch = z.strictObject({
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
] as const;

const message = <const T extends string, P extends z.ZodRawShape>(type: T, payload: P) =>
  z.strictObject({ type: z.literal(type), payload: z.strictObject(payload) });

const reason = { reason: shortText };
const task = { taskId: id };
const ending = {
  ...task,
  /** Who had it when it ended; null when nobody did. */
  agentId: id.nullable(),
  attempts: sequence,
  /** From submission to the end. */
  durationMs: milliseconds,
  /** From the last start to the end; null when it was never started. */
  latencyMs: milliseconds.nullable(),
  /** How good the result is, as the agent rates it; null when it does not. */
  quality: share.nullable(),
};
const work = { taskId: id, lease: sequence };
const consultation = { consultationId: id };
const gate = { gateId: id };
const orchestration = { orchestrationId: id };

export const messageSchema = z.discriminatedUnion('type', [
  // The hub's own life.
  message('hub.started', { project: id, config: configSchema }),
  message('hub.pause', reason),
  message('hub.resume', {}),
  message('hub.drain', {}),
  message('hub.stop', reason),
  message('hub.stopped', reason),

  // Agents.
  message('agent.register', {
    agentId: id,
    type: id,
    /** For people. */
    name: shortText.optional(),
    modelFamily: shortText.optional(),
    /** The only types of tasks that it takes; empty for any. */
    taskTypes: tags.default([]),
    capabilities: tags.default([]),
    languages: tags.default([]),
    specialisations: tags.default([]),
    concurrency: z.int().min(1).max(1000).default(1),
    /** Whether it can be asked as a specialist. */
    answers: z.boolean().default(false),
    /** Longest silence while it has work, in ms; without it the agent is never given up. */
    heartbeatMs: duration.optional(),
  }),
  message('agent.unregister', { agentId: id, ...reason }),
  message('agent.unregistered', { agentId: id, ...reason }),
  message('agent.pause', { agentId: id, ...reason }),
  message('agent.resume', { agentId: id }),
  message('agent.heartbeat', {}),
  message('agent.lost', { agentId: id, ...reason }),
  message('agent.found', { agentId: id }),
  /** Too many failures in a row: no work until then. */
  message('agent.tripped', { agentId: id, failures: z.int().min(1), untilAt: milliseconds }),
  /** One task to see whether it works again. */
  message('agent.probed', { agentId: id }),
  message('agent.restored', { agentId: id }),

  // Tasks.
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
    /** The orchestration that it is a part of, and which part. */
    orchestrationId: id.optional(),
    subtaskId: id.optional(),
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
  message('task.zombie', { ...task, agentId: id, lease: sequence, silentMs: milliseconds }),
  message('task.returned', { ...task, ...reason }),
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
  message('task.failed', { ...ending, error: failureSchema }),
  message('task.cancelled', { ...ending, ...reason }),

  // Messages between agents, and between agents and the hub.
  message('message.send', { messageType: userType, body: json }),
  message('message.acknowledge', { messageSeq: sequence }),

  // Asking a specialist.
  message('consultation.request', {
    ...consultation,
    /** What the asking agent is busy with: a task, or a question that it was asked itself. */
    taskId: id.optional(),
    parentId: id.optional(),
    lease: sequence.optional(),
    specialistType: id,
    question: text,
    context: json.default(null),
    timeoutMs: duration.optional(),
    ifNone: z.enum(['wait', 'refuse']).default('wait'),
  }),
  message('consultation.asked', { ...consultation, agentId: id }),
  message('consultation.answer', { ...consultation, lease: sequence, answer: json }),
  message('consultation.decline', { ...consultation, lease: sequence, ...reason }),
  message('consultation.returned', { ...consultation, ...reason }),
  message('consultation.answered', { ...consultation, agentId: id }),
  message('consultation.unavailable', { ...consultation, ...reason }),
  message('consultation.expired', consultation),
  message('consultation.cancelled', { ...consultation, ...reason }),

  // Asking a human.
  message('gate.open', {
    ...gate,
    taskId: id.optional(),
    agentId: id.optional(),
    lease: sequence.optional(),
    reason: text,
    context: json.default(null),
    approvers: z.array(id).min(1).max(32).optional(),
    /** What there is to choose from when it is approved. */
    choices: z.array(id).min(2).max(16).optional(),
    /** The orchestration that cannot go on, and the subtask that it is about. */
    orchestrationId: id.optional(),
    subtaskId: id.optional(),
    ladder: z.array(withApprover(rungSchema)).max(16).default([]),
    /** SHA-256 of what the person is shown; a decision can carry it back. */
    contentHash: z.string().length(64),
  }),
  message('gate.reminded', { ...gate, rung: z.int().min(0) }),
  message('gate.handedOver', { ...gate, rung: z.int().min(0), approver: id }),
  message('gate.decide', {
    ...gate,
    decision: z.enum(['approve', 'reject']),
    by: id,
    reason: z.string().max(10_000).default(''),
    /** What the person saw, as given by `gates()`; a decision on other content is refused. */
    contentHash: z.string().length(64).optional(),
    /** One of the gate's choices. */
    choice: id.optional(),
    /** Anything the agent should get back with the decision. */
    answer: json.default(null),
  }),
  message('gate.approved', { ...gate, by: id }),
  message('gate.rejected', { ...gate, by: id }),
  message('gate.expired', gate),
  message('gate.cancelled', { ...gate, ...reason }),

  // What was lost, and why.
  message('deadletter.added', {
    letterSeq: sequence,
    from: id,
    to: id,
    messageType: z.string(),
    payload: json,
    reason: z.enum(deadLetterReasons),
  }),
  message('deadletter.replay', { letterSeq: sequence }),
  message('deadletter.purge', { letterSeq: sequence }),
  /** A person takes a late result for the task's result after all. */
  message('deadletter.accept', { letterSeq: sequence, ...task, result: json, by: id }),

  // Schedules.
  message('schedule.create', scheduleSchema.shape),
  message('schedule.remove', { scheduleId: id }),
  message('schedule.pause', { scheduleId: id }),
  message('schedule.resume', { scheduleId: id }),
  /** When it is due next; null for never again. */
  message('schedule.planned', { scheduleId: id, dueAt: milliseconds.nullable() }),
  message('schedule.fired', { scheduleId: id, taskId: id, dueAt: milliseconds }),
  message('schedule.skipped', { scheduleId: id, dueAt: milliseconds, missed: z.int().min(1), ...reason }),

  // Complex tasks.
  message('orchestration.request', {
    ...orchestration,
    request: complexRequestSchema,
    /** A plan that was made by hand. */
    plan: json.optional(),
    mode: z.enum(['stages', 'dag']).default('stages'),
    priority: z.int().min(-1000).max(1000).default(5),
    /** Who may decide when a subtask cannot be done. */
    approvers: z.array(id).min(1).max(32).optional(),
  }),
  message('orchestration.analysed', {
    ...orchestration,
    complexity: z.enum(['simple', 'complex']),
    level: z.string(),
    reasons: z.array(z.strictObject({ rule: z.string(), text: z.string() })),
    domains: z.array(z.string()),
    masters: z.array(id),
    master: id.nullable(),
  }),
  /** What a planner answered; not checked yet. */
  message('orchestration.plan', { ...orchestration, plan: json }),
  message('orchestration.unplanned', { ...orchestration, ...reason }),
  message('orchestration.planned', {
    ...orchestration,
    plan: planSchema,
    stages: z.array(z.array(id)),
    estimate: json,
    warnings: z.array(z.strictObject({ rule: z.string(), message: z.string() })),
  }),
  message('orchestration.stageStarted', { ...orchestration, stage: z.int().min(1), subtasks: z.array(id) }),
  message('orchestration.stageCompleted', { ...orchestration, stage: z.int().min(1) }),
  message('orchestration.subtaskFailed', { ...orchestration, subtaskId: id, ...task, error: failureSchema }),
  /** What a planner answered when it was asked how else a failed subtask could be done. */
  message('orchestration.revision', { ...orchestration, subtaskId: id, subtasks: json }),
  message('orchestration.replaced', {
    ...orchestration,
    subtaskId: id,
    subtasks: z.array(subtaskSchema).min(1),
    by: id,
  }),
  message('orchestration.blocked', { ...orchestration, subtaskId: id, gateId: id, ...reason }),
  message('orchestration.unblocked', {
    ...orchestration,
    subtaskId: id,
    choice: z.enum(['retry', 'skip', 'replace']),
    by: id,
  }),
  message('orchestration.pause', { ...orchestration, ...reason }),
  message('orchestration.resume', orchestration),
  message('orchestration.cancel', { ...orchestration, ...reason }),
  message('orchestration.completed', { ...orchestration, durationMs: milliseconds }),
  message('orchestration.failed', { ...orchestration, ...reason, durationMs: milliseconds }),
  message('orchestration.cancelled', { ...orchestration, ...reason, durationMs: milliseconds }),

  // The project.
  message('project.update', {
    phase: shortText.optional(),
    metadata: z.record(z.string().max(128), json).optional(),
  }),
  message('project.updated', { patches: z.array(patch) }),

  // Time.
  message('deadline.passed', {
    kind: z.enum(deadlineKinds),
    subject: id,
    dueAt: milliseconds,
  }),
]);

type Message = z.infer<typeof messageSchema>;
export type MessageType = Message['type'];
type MessageOf<T extends MessageType> = Extract<Message, { type: T }>;
export type Payload<T extends MessageType> = MessageOf<T>['payload'];
/** What a caller may leave out of a payload has a default. */
export type PayloadInput<T extends MessageType> = Extract<z.input<typeof messageSchema>, { type: T }>['payload'];

/** Payload schemas by type, so that the doors need not search the union. */
export const payloadSchemas = Object.fromEntries(
  messageSchema.options.map((option) => [option.shape.type.value, option.shape.payload]),
) as unknown as { readonly [T in MessageType]: z.ZodType<Payload<T>, PayloadInput<T>> };

const envelope = {
  /** Place in the log, from 1, without gaps. */
  seq: z.int().min(1),
  /** When the hub took it, in ms since the epoch on the environment's clock. */
  at: z.int(),
  id,
  from: id,
  to: id,
  /** The id of the message that began this: same for everything that followed from it. */
  correlationId: id,
  /** The id of the message that this follows from; null for one that came from outside. */
  causationId: id.nullable(),
};

/** One line of the log. */
export const recordSchema = z.discriminatedUnion(
  'type',
  messageSchema.options.map((option) => option.extend(envelope)) as unknown as [
    (typeof messageSchema.options)[0],
    ...(typeof messageSchema.options)[number][],
  ],
);

type Envelope = { readonly [K in keyof typeof envelope]: z.infer<(typeof envelope)[K]> };
export type RecordOf<T extends MessageType> = Envelope & MessageOf<T>;
export type HubRecord = { [T in MessageType]: RecordOf<T> }[MessageType];

/** Names that the hub uses itself in `from` and `to`; no agent can take them. */
export const reservedIds: ReadonlySet<string> = new Set(['hub', 'clock', 'client', 'planner']);
