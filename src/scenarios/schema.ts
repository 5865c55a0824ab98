/**
 * What a scenario file says, as one schema: a team, its humans, what arrives when, what goes wrong, and
 * what must be true in the end. Unknown keys are refused. Durations are written as `5m` or in ms.
 */
import { z } from 'zod';
import { cronCalendar } from '../actors/cron-calendar.ts';
import { durationSchema } from '../actors/duration-schema.ts';
import { scriptSchema } from '../actors/script.ts';
import { simulationStart } from '../actors/simulated-environment.ts';
import { configSchema } from '../machines/config.ts';
import { deadLetterReasons } from '../machines/messages.ts';
import { oneOf } from '../machines/one-of.ts';
import { complexRequestSchema, planSchema } from '../machines/plan.ts';
import { id, idPattern, idWords, json } from '../machines/primitives.ts';
import { recordPatternSchema } from './record-pattern.ts';

const tags = z.array(id).default([]);
const at = durationSchema.default(0);

const agentSchema = z.strictObject({
  id,
  type: id,
  name: z.string().optional(),
  taskTypes: tags,
  capabilities: tags,
  languages: tags,
  specialisations: tags,
  concurrency: z.int().min(1).optional(),
  /** Longest silence while it has work. */
  heartbeat: durationSchema.optional(),
  /** What it does with a task. Default: completes it at once. */
  script: scriptSchema.default([]),
  /** What it does with tasks of these types instead. */
  scripts: z.record(id, scriptSchema).default({}),
  /** What it does with these very tasks instead. */
  taskScripts: z.record(id, scriptSchema).default({}),
  /** What it does when it is asked as a specialist. */
  answers: scriptSchema.optional(),
});

const humanSchema = z.strictObject({
  id,
  /** Which gates: all, or those whose reason contains this text, or of this agent. */
  gates: z.strictObject({ reason: z.string().optional(), agent: id.optional() }).default({}),
  decision: z.enum(['approve', 'reject']),
  /** One of the gate's choices, if it has some. */
  choice: id.optional(),
  /** How long after the gate was opened or handed over. */
  after: durationSchema.default(0),
  reason: z.string().default(''),
  answer: json.default(null),
});

const taskMetadata = z.strictObject({
  priority: z.union([z.enum(['low', 'normal', 'high', 'critical']), z.int()]).optional(),
  timeout: durationSchema.optional(),
  /** Not before so long after it was submitted. */
  delay: durationSchema.optional(),
  maxAttempts: z.int().min(1).optional(),
  ifNoAgent: z.enum(['wait', 'fail']).optional(),
});

const taskFields = {
  type: id,
  payload: json.default(null),
  metadata: taskMetadata.default({}),
  requirements: z
    .strictObject({ agentType: id.optional(), capabilities: tags, languages: tags, specialisations: tags })
    .prefault({}),
};

const taskSchema = z.strictObject({
  at,
  id,
  ...taskFields,
  /** A CAWS working spec. */
  spec: json.optional(),
  idempotencyKey: id.optional(),
});

const calendar = cronCalendar();

const scheduleSchema = z
  .strictObject({
    at,
    id: id.max(100),
    task: z.strictObject({
      ...taskFields,
      metadata: taskMetadata.omit({ delay: true, ifNoAgent: true }).default({}),
      /** A CAWS working spec. */
      spec: json.optional(),
    }),
    /** This or `cron`. */
    every: durationSchema.optional(),
    cron: z.string().optional(),
    timezone: z.string().optional(),
    overlap: z.enum(['skip', 'queue', 'replace']).optional(),
    catchUp: z.enum(['once', 'none']).optional(),
  })
  .superRefine(({ at: begin, every, cron, timezone }, { addIssue }) => {
    if ((every === undefined) === (cron === undefined)) {
      addIssue({ code: 'custom', path: ['every'], message: 'either every or cron' });
    }
    if (cron === undefined) return;
    try {
      if (calendar.next(cron, simulationStart + begin, timezone) !== null) return;
      addIssue({ code: 'custom', path: ['cron'], message: 'a time that comes' });
    } catch (error) {
      addIssue({
        code: 'custom',
        path: ['cron'],
        message: `expected a cron expression${error instanceof Error ? ` (${error.message})` : ''}`,
      });
    }
  });

const orchestrationSchema = z.strictObject({
  at,
  id: z.string().max(48).regex(idPattern, idWords),
  ...complexRequestSchema.shape,
  plan: planSchema.optional(),
  mode: z.enum(['stages', 'dag']).optional(),
  priority: z.union([z.enum(['low', 'normal', 'high', 'critical']), z.int()]).optional(),
  approvers: z.array(id).optional(),
});

/** What an operator does, and when. */
const actSchema = oneOf(
  {
    cancel: z.strictObject({ task: id, reason: z.string().default('cancelled') }),
    prioritise: z.strictObject({ task: id, priority: z.int() }),
    pauseAgent: id,
    resumeAgent: id,
    unregister: id,
    send: z.strictObject({ to: id, type: id, body: json.default(null) }),
    project: z.strictObject({ phase: z.string().optional(), metadata: z.record(z.string(), json).optional() }),
    pause: z.literal(true),
    resume: z.literal(true),
    pauseSchedule: id,
    resumeSchedule: id,
    unschedule: id,
    pauseOrchestration: id,
    resumeOrchestration: id,
    cancelOrchestration: z.strictObject({ orchestration: id, reason: z.string().default('cancelled') }),
    /** A person takes the late result of a task after all. */
    acceptLateResult: z.strictObject({ task: id, by: id }),
    assign: z.strictObject({ task: id, agent: id }),
    /** Decides one gate: the one of those that fit which has been open longest. */
    decide: humanSchema.omit({ id: true, after: true }).extend({ by: id }),
    drain: z.literal(true),
  },
  { at },
);

/** What goes wrong, and when. */
export const faultSchema = oneOf(
  {
    /** The agent's process is gone. */
    crash: id,
    /** The agent shows up again. */
    restart: id,
    /** The next answer or message of the agent is lost on its way. */
    drop: id,
    /** The next answer or message of the agent arrives twice. */
    duplicate: id,
    /** The next answer or message of the agent is on its way for so long. */
    delay: z.strictObject({ agent: id, by: durationSchema }),
    /** From now on all that the agent does takes so many times as long; 1 to be as fast as before. */
    slow: z.strictObject({ agent: id, factor: z.number().min(1).max(1000) }),
  },
  { at },
);

const counts = z.strictObject({
  completed: z.int().optional(),
  failed: z.int().optional(),
  cancelled: z.int().optional(),
  unfinished: z.int().optional(),
  consultations: z.int().optional(),
  gates: z.int().optional(),
  messages: z.int().optional(),
  deadLetters: z.int().optional(),
});

const expectationSchema = oneOf({
  /** How a task ended, or stands. */
  task: z.strictObject({
    id,
    status: z.enum(['pending', 'queued', 'assigned', 'running', 'completed', 'failed', 'cancelled']).optional(),
    agent: id.optional(),
    attempts: z.int().optional(),
    error: z.string().optional(),
    result: json.optional(),
  }),
  /** An actor was in this state at some moment: `{ actor: task:t1, state: running.consulting }`. */
  reached: z.strictObject({ actor: z.string(), state: z.string() }),
  neverReached: z.strictObject({ actor: z.string(), state: z.string() }),
  /** These records are in the log in this order, with others between them. */
  messages: z.array(recordPatternSchema).min(1),
  /** Tasks were started in this order. */
  startedInOrder: z.array(id).min(2),
  /** How a gate ended. */
  gate: z.strictObject({ reason: z.string(), outcome: z.string(), by: z.string().optional() }),
  /** How a consultation ended. */
  consultation: z.strictObject({ question: z.string(), outcome: z.string(), by: z.string().optional() }),
  /** How a complex task ended, or stands. */
  orchestration: z.strictObject({
    id,
    status: z.string(),
    /** Subtasks stage by stage, as run. */
    stages: z.array(z.array(id)).optional(),
    /** How subtasks ended. */
    subtasks: z.record(id, z.string()).optional(),
  }),
  deadLetter: z.strictObject({ reason: z.enum(deadLetterReasons), to: z.string().optional() }),
  /** How many there were in the end. */
  count: counts,
  /** The run took at most this much virtual time. */
  within: durationSchema,
  phase: z.string(),
  hub: z.enum(['running', 'paused', 'draining', 'stopped']),
});
export type Expectation = z.infer<typeof expectationSchema>;

const routerNames = ['longestFree', 'byHand', 'capabilityMatch', 'leastLoaded', 'epsilonGreedy', 'ucb1'] as const;

export const scenarioSchema = z.strictObject(
  {
    name: id,
    description: z.string(),
    seed: z.int().default(1),
    project: id.default('simulation'),
    agents: z.array(agentSchema).min(1),
    humans: z.array(humanSchema).default([]),
    /** Who chooses among free agents. Default: whoever has been free longest. */
    router: z.enum(routerNames).default('longestFree'),
    /** As `xstate-hub config` prints it. */
    config: configSchema.prefault({}),
    tasks: z.array(taskSchema).default([]),
    schedules: z.array(scheduleSchema).default([]),
    orchestrations: z.array(orchestrationSchema).default([]),
    /** When the run ends, if not by itself: schedules go on for ever. */
    until: durationSchema.optional(),
    acts: z.array(actSchema).default([]),
    faults: z.array(faultSchema).default([]),
    expect: z.array(expectationSchema).default([]),
  },
  'expected a scenario: a mapping of fields',
);

/** A scenario that has been checked. */
export type Scenario = z.output<typeof scenarioSchema>;
export type ScenarioHuman = Scenario['humans'][number];
