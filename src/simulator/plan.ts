/**
 * What happens in one simulated run, as data: drawn from a seed, kept beside it, shortened when it fails.
 *
 * - Sp1 a plan says all that is left to chance but the hub's own draws, which come from `seed`; so any part of it
 *   can be left out, and what is left still runs.
 */
import { z } from 'zod';
import { scriptSchema } from '../actors/script.ts';
import type { AgentDefinition } from '../hub/agent-commands.ts';
import type { OrchestrationInput } from '../hub/orchestration-commands.ts';
import type { ScheduleInput } from '../hub/schedule-commands.ts';
import type { TaskInput } from '../hub/task-input.ts';
import { configSchema, type HubConfigInput } from '../machines/config.ts';
import type { Json } from '../machines/json.ts';

const ms = z.int().min(0).max(1e12);
const input = <T>() => z.custom<T>((value) => typeof value === 'object' && value !== null, 'expected an object');
const json = z.custom<Json>((value) => value !== undefined, 'expected a JSON value');

/** What agents do that no script can say. */
export const oddities = [
  'function',
  'nan',
  'huge',
  'deep',
  'cycle',
  'map',
  'throwNothing',
  'throwTrap',
  'throwAtOnce',
  'neverAnswer',
  'useAfterwards',
  'crashAndGoOn',
  'answerTwice',
  'readInbox',
  'rejectLater',
  'consultTwice',
] as const;
export type Oddity = (typeof oddities)[number];

const behaviourSchema = z.union([z.enum(oddities), scriptSchema]);
export type Behaviour = z.input<typeof behaviourSchema>;

const agentSchema = z.strictObject({
  profile: input<Omit<AgentDefinition, 'run' | 'answer'>>(),
  /** Which one a task gets depends on its id and attempt. */
  behaviours: z.array(behaviourSchema).min(1),
  answers: z.array(behaviourSchema).min(1).optional(),
});
export type PlannedAgent = z.input<typeof agentSchema>;

const humanSchema = z.strictObject({
  id: z.string(),
  decision: z.enum(['approve', 'reject']),
  afterMs: ms,
  /** The content that is decided on: as shown, another, or without saying. */
  shown: z.enum(['right', 'other', 'unsaid']),
  clicks: z.int().min(1).max(5),
  choice: z.string().optional(),
});
export type PlannedHuman = z.output<typeof humanSchema>;

/** What is left of an append that was under way in a crash. */
const survives = z.enum(['nothing', 'torn', 'all']);
export type Survives = z.output<typeof survives>;

const after = {
  /** Until the next hub. */
  downMs: ms,
  /** By how much its clock differs from the one before. */
  skewMs: z.int().min(-1e12).max(1e12),
};

const action = <const D extends string, S extends z.ZodRawShape>(what: D, shape: S) =>
  z.strictObject({ at: ms, do: z.literal(what), ...shape });

const actionSchema = z.discriminatedUnion('do', [
  action('submit', { task: input<TaskInput>() }),
  action('cancel', { task: z.string() }),
  action('prioritise', { task: z.string(), priority: z.number() }),
  action('assign', { task: z.string(), agent: z.string() }),
  action('dequeue', { agent: z.string() }),
  action('register', {
    agent: z.custom<PlannedAgent>((value) => agentSchema.safeParse(value).success, 'expected a planned agent'),
  }),
  action('unregister', { agent: z.string() }),
  action('pauseAgent', { agent: z.string() }),
  action('resumeAgent', { agent: z.string() }),
  action('reportLost', { agent: z.string() }),
  action('heartbeat', { agent: z.string() }),
  action('escalate', { agent: z.string().optional(), ladder: z.array(input<object>()) }),
  action('consultAs', { agent: z.string(), type: z.string(), timeoutMs: ms.optional() }),
  action('sendAs', { agent: z.string(), to: z.string(), type: z.string() }),
  action('send', { to: z.string(), type: z.string() }),
  action('replayLetters', {}),
  action('purgeLetters', {}),
  action('acceptLate', { by: z.string() }),
  action('decideLate', { by: z.string() }),
  action('pause', {}),
  action('resume', {}),
  action('drain', {}),
  action('stop', {}),
  action('project', { phase: z.string(), metadata: json }),
  action('schedule', { schedule: input<ScheduleInput>() }),
  action('unschedule', { schedule: z.string() }),
  action('pauseSchedule', { schedule: z.string() }),
  action('resumeSchedule', { schedule: z.string() }),
  action('orchestrate', { orchestration: input<OrchestrationInput>() }),
  action('pauseOrchestration', { orchestration: z.string() }),
  action('resumeOrchestration', { orchestration: z.string() }),
  action('cancelOrchestration', { orchestration: z.string() }),
  /** Something at a door that has to be refused: its place in the list of bad inputs. */
  action('forge', { which: z.int().min(0) }),
  /** The hub's process is gone, between two writes or while one is under way. */
  action('crash', { survives, ...after }),
  /** It is gone at the nth append of the run: before anything is written, before it is durable, or right after. */
  action('crashAtAppend', { nth: z.int().min(1), point: z.enum(['before', 'unsynced', 'synced']), survives, ...after }),
  /** The nth append fails, and the hub stops. */
  action('failAtAppend', {
    nth: z.int().min(1),
    how: z.enum(['full', 'io']),
    rejects: z.boolean(),
    survives,
    ...after,
  }),
  /** The hub stands still, another takes over, and then the first one wakes up. */
  action('standStill', { ms, survives, skewMs: after.skewMs }),
  /** The machine's clock is set while the hub runs. */
  action('setClock', { byMs: z.int().min(-1e12).max(1e12) }),
]);
export type Action = z.output<typeof actionSchema>;
export type ActionOf<D extends Action['do']> = Extract<Action, { do: D }>;

export const routerNames = ['longestFree', 'capabilityMatch', 'leastLoaded', 'epsilonGreedy', 'ucb1', 'rogue'] as const;

export const plannerNames = ['rules', 'revises', 'slow', 'throws', 'garbage', 'silent'] as const;

export const chartNames = ['task', 'agent', 'consultation', 'gate', 'orchestration'] as const;

export const planSchema = z.strictObject({
  seed: z.int(),
  router: z.enum(routerNames),
  planner: z.enum(plannerNames),
  /** Which chart throws, for some of its actors; null for none. */
  broken: z.enum(chartNames).nullable(),
  /** One for each start of the hub; the last one stays. */
  configs: z
    .array(z.custom<HubConfigInput>((value) => configSchema.safeParse(value).success, 'expected a config'))
    .min(1),
  /** How long each append takes, over and over; 0 answers at once. */
  appendMs: z.array(ms).min(1),
  /** After how many records there is a checkpoint; null for a store that keeps none. */
  checkpointEvery: z.int().min(1).nullable(),
  /** What goes wrong with the nth checkpoint of the run: the process is gone before or after it is kept, or it fails. */
  checkpointFaults: z.array(
    z.strictObject({
      nth: z.int().min(1),
      how: z.enum(['crashBefore', 'crashBehind', 'throws', 'rejects']),
      downMs: after.downMs,
    }),
  ),
  observers: z.strictObject({
    /** Inspectors that throw. */
    inspectors: z.int().min(0).max(50),
    listeners: z.enum(['none', 'throw', 'reenter']),
  }),
  humans: z.array(humanSchema),
  actions: z.array(actionSchema),
  /** How long faults go on; then all are healed and everything has to drain. */
  forMs: ms,
});
export type Plan = z.output<typeof planSchema>;
