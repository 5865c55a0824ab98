/**
 * What can be configured by data, with defaults. It stands in the log (`hub.started`), because the fold
 * depends on some of it; `xstate-hub config` prints it.
 */
import { z } from 'zod';
import { planLimitsSchema } from './plan-limits.ts';
import { duration, id, share } from './primitives.ts';

const count = z.int().min(1);

export const configSchema = z.strictObject({
  keepFinished: z
    .int()
    .min(0)
    .default(10_000)
    .describe('finished tasks, subtasks and gates that are remembered, with their idempotency keys'),
  maxAgents: count.default(10_000).describe('agents that can be registered at once'),
  maxQueued: count.default(1_000_000).describe('tasks that can wait; more are refused with busy'),
  maxSchedules: count.default(10_000).describe('schedules that there can be at once'),
  maxOrchestrations: count.default(10_000).describe('orchestrations that can be at work at once'),
  gatesPerAgent: count.default(20).describe('gates of one agent that can be open at once; more are refused with busy'),
  questionsPerAgent: count.default(100).describe('questions of one agent that can be open at once'),
  inboxLimit: count.default(1000).describe("messages that can wait in one agent's inbox"),
  deadLetterLimit: count
    .default(10_000)
    .describe('dead letters that are kept; the oldest are purged, with a record each'),
  requireSpec: z.boolean().default(false).describe('refuse tasks without a working spec'),
  staleAgentMs: duration.optional().describe('unregister an idle agent of which nothing was heard for so long, in ms'),
  retry: z
    .strictObject({
      maxAttempts: count.max(1000).default(3).describe('attempts in all, the first included'),
      backoffMs: duration.default(1000).describe('wait before the second attempt, in ms'),
      factor: z.number().min(1).max(10).default(2).describe('by which each wait is longer than the one before'),
      maxBackoffMs: duration.default(30_000).describe('longest wait, in ms'),
      jitter: share.default(0.5).describe('share of a wait that is left to chance'),
    })
    .prefault({}),
  breaker: z
    .strictObject({
      failures: count.default(5).describe('failures in a row after which an agent gets no work'),
      resetMs: duration.default(60_000).describe('until it gets one task to try, in ms'),
    })
    .prefault({}),
  aging: z
    .strictObject({
      everyMs: duration.optional().describe('a waiting task gains one priority for each of these, in ms; unset: never'),
    })
    .prefault({}),
  shedding: z
    .strictObject({
      above: share.default(1).describe('share of maxQueued from which on unimportant tasks are refused'),
      below: z.int().default(5).describe('priority below which a task is unimportant'),
    })
    .prefault({}),
  limits: z
    .record(
      id,
      z.strictObject({
        concurrency: count.optional().describe('tasks of this type that can run at once'),
        rate: z
          .strictObject({ count, perMs: duration })
          .optional()
          .describe('tasks of this type that can start in so many ms'),
      }),
    )
    .default({})
    .describe('limits by task type'),
  orchestration: z
    .strictObject({
      noProgressMs: duration
        .default(1_200_000)
        .describe('time at work without progress after which a subtask is a zombie, in ms'),
      planningMs: duration.default(300_000).describe('longest that a planner may take, in ms'),
      maxAttempts: count.max(1000).default(3).describe('attempts of a subtask before a person is asked'),
      limits: planLimitsSchema.prefault({}),
    })
    .prefault({}),
  health: z
    .strictObject({
      queueDepth: count.default(10_000).describe('queued tasks from which on the hub is degraded'),
      queueAgeMs: duration
        .default(600_000)
        .describe('age of the oldest queued task from which on the hub is degraded, in ms'),
      unreachableShare: share
        .default(0.5)
        .describe('share of unreachable or tripped agents from which on the hub is unhealthy'),
      failureShare: share
        .default(0.5)
        .describe('share of failures among the last tasks from which on the hub is degraded'),
    })
    .prefault({}),
});

export type HubConfig = z.output<typeof configSchema>;
export type HubConfigInput = z.input<typeof configSchema>;
