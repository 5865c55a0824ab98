/** Complex tasks. */
import { z } from 'zod';
import { message, orchestration, reason, task } from './message.ts';
import { complexRequestSchema, planSchema, subtaskSchema } from './plan.ts';
import { id, json, milliseconds, shortText } from './primitives.ts';
import { failureSchema } from './shapes.ts';

/** What a request is made of. */
export const orchestrationRequest = z.strictObject({
  ...orchestration,
  request: complexRequestSchema,
  /** A plan that was made by hand. */
  plan: json.optional(),
  mode: z.enum(['stages', 'dag']).default('stages'),
  priority: z.int().min(-1000).max(1000).default(5),
  /** Who may decide when a subtask cannot be done. */
  approvers: z.array(id).min(1).max(32).optional(),
});

export const orchestrationMessages = [
  message('orchestration.request', orchestrationRequest.shape),
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
  message('orchestration.revision', {
    ...orchestration,
    subtaskId: id,
    /** Null when it has no answer. */
    subtasks: json,
    /** Why there is none, when it failed. */
    reason: shortText.optional(),
  }),
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
    gateId: id,
    choice: z.enum(['retry', 'skip', 'replace']),
    by: id,
  }),
  message('orchestration.pause', { ...orchestration, ...reason }),
  message('orchestration.resume', orchestration),
  message('orchestration.cancel', { ...orchestration, ...reason }),
  message('orchestration.completed', { ...orchestration, durationMs: milliseconds }),
  message('orchestration.failed', { ...orchestration, ...reason, durationMs: milliseconds }),
  message('orchestration.cancelled', { ...orchestration, ...reason, durationMs: milliseconds }),
] as const;
