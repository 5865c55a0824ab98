/** What reads text and settings: scenarios, configurations, plans, logs, working specs; and the schemas of the log. */
import fc from 'fast-check';
import { importLog, readLog } from '../actors/import-log.ts';
import { memoryStore } from '../actors/store.ts';
import { readConfiguration } from '../hub/configuration.ts';
import { createHub } from '../hub/create-hub.ts';
import { acceptPlan, acceptRevision } from '../hub/planner.ts';
import { rulePlanner } from '../hub/rule-planner.ts';
import { readPlan, readQueued, readRequest, readSubtask, surveyPlan } from '../hub/seed-format.ts';
import { workingSpecValidator } from '../hub/working-spec.ts';
import { admitJson, canonicalJson } from '../machines/json.ts';
import { messageSchema, recordSchema } from '../machines/messages.ts';
import { complexRequestSchema, subtaskSchema } from '../machines/plan.ts';
import { readScenario } from '../scenarios/read-scenario.ts';
import type { Entry } from './entry.ts';
import { argumentsLike, plan, request } from './hub-entries.ts';
import { nearValid } from './near-valid.ts';
import { type Description, nonsense } from './nonsense.ts';
import { textLike } from './text-like.ts';

const scenario = {
  name: 'a-scenario',
  description: 'what a scenario is',
  seed: 7,
  project: 'p',
  config: { retry: { maxAttempts: 2 } },
  agents: [
    {
      id: 'dev-1',
      type: 'dev',
      script: [{ work: '5m' }, { consult: { type: 'qa', question: 'how?' } }, { return: 1 }],
    },
    { id: 'qa-1', type: 'qa', script: [{ work: { min: '1m', max: '2m' } }], answers: [{ return: 'so' }] },
  ],
  tasks: [{ at: '1m', id: 't1', type: 'build', requirements: { agentType: 'dev' }, metadata: { timeout: '1h' } }],
  schedules: [{ id: 's1', task: { type: 'chore' }, every: '1h' }],
  orchestrations: [{ id: 'o1', ...request, masters: ['dev'] }],
  humans: [{ id: 'alice', gates: { agent: 'dev-1' }, decision: 'approve', after: '5m' }],
  acts: [{ at: '2m', cancel: { task: 't1' } }],
  faults: [{ at: '3m', crash: 'dev-1' }],
  expect: [{ task: { id: 't1', status: 'completed' } }, { startedInOrder: ['t1', 's1:1'] }],
};
const configuration = {
  keepFinished: 10,
  retry: { maxAttempts: 2, backoffMs: 5, jitter: 0 },
  limits: { build: { concurrency: 2, rate: { count: 1, perMs: 1000 } } },
  orchestration: { limits: { maxStages: 3 } },
  workingSpec: { tier1: { maxFiles: 3 } },
};
const variables = {
  XSTATE_HUB_RETRY_MAX_ATTEMPTS: '4',
  XSTATE_HUB_LIMITS: '{"build":{"concurrency":1}}',
  XSTATE_HUB_INBOX_LIMIT: 'many',
  PATH: '/bin',
};
const seedPlan = {
  orchestration_id: 'o-1',
  task_title: 'a plan',
  subtasks: [
    { subtask_id: 'a', title: 'A', assigned_to: 'dev', estimated_duration_minutes: '20-30', estimated_tokens: 5000 },
    { subtask_id: 'b', title: 'B', assigned_to: 'dev', dependencies: ['a'], estimated_duration_range: '10-15' },
  ],
  execution_plan: { stage_1: ['a'], stage_2: ['b'] },
};
const queued = { id: 'q-1', title: 'Build it', status: 'pending', priority: 'high', assigned_to: null };
const spec = { id: 'FEAT-1', title: 'x', risk_tier: 2, mode: 'feature', scope: { in: ['src/'] }, invariants: ['one'] };
const masters = ['dev', 'qa'];

const one = (arbitrary: fc.Arbitrary<Description>): Entry['inputs'] => fc.tuple(arbitrary);

/** The first lines of a log, in one of which something is another, and now and then one is missing or there twice. */
const linesLike = (records: readonly Description[]): fc.Arbitrary<string[]> =>
  fc
    .tuple(fc.nat(records.length - 1), fc.integer({ min: 1, max: records.length }), fc.constantFrom(0, 1, 1, 1, 1, 2))
    .chain(([place, length, replaced]) =>
      textLike([records[place]]).map((text) => {
        const lines = records.slice(0, Math.max(length, place + 1)).map((record) => JSON.stringify(record));
        lines.splice(place, replaced, ...text.split('\n'));
        return lines;
      }),
    );

const throughDoor = (value: unknown): unknown => admitJson(value);

/** @param records of a log that is right */
export function readerEntries(records: readonly Description[]): readonly Entry[] {
  const validate = workingSpecValidator();
  const { plan: planBy, revise } = rulePlanner();
  const context = { masters, signal: new AbortController().signal };
  return [
    {
      name: 'readScenario',
      inputs: one(textLike([scenario])),
      weight: 0.5,
      call: (_, text) => readScenario(text as string),
    },
    { name: 'readScenario.any', inputs: one(nonsense), weight: 0.2, call: (_, text) => readScenario(text as string) },
    {
      name: 'readConfiguration',
      inputs: fc.tuple(textLike([configuration]), nearValid([variables]), nearValid([configuration])),
      weight: 0.5,
      call: (_, text, env, options) =>
        readConfiguration({
          file: { name: 'hub.yaml', text: text as string },
          env: env as never,
          options: options as never,
        }),
    },
    {
      name: 'readConfiguration.any',
      inputs: one(nonsense),
      weight: 0.2,
      call: (_, sources) => readConfiguration(sources as never),
    },
    {
      name: 'createHub',
      inputs: argumentsLike([
        [{ project: 'p', config: configurationOfHub, agentTypes: ['dev'], inspect: { $: 'function' } }],
        [{ project: 'p' }],
      ]),
      async call(_, options) {
        const hub = await createHub(options as never);
        await hub.stop();
      },
    },
    { name: 'readPlan', inputs: one(nearValid([seedPlan, plan])), isParsed: true, call: (_, value) => readPlan(value) },
    {
      name: 'surveyPlan',
      inputs: one(nearValid([seedPlan, plan])),
      weight: 0.5,
      isParsed: true,
      call: (_, value) => surveyPlan(value),
    },
    {
      name: 'readSubtask',
      inputs: one(nearValid(seedPlan.subtasks)),
      weight: 0.5,
      isParsed: true,
      call: (_, value) => readSubtask(value),
    },
    {
      name: 'readRequest',
      inputs: one(nearValid([request])),
      weight: 0.5,
      isParsed: true,
      call: (_, value) => readRequest(value),
    },
    {
      name: 'readQueued',
      inputs: one(nearValid([queued])),
      weight: 0.5,
      isParsed: true,
      call: (_, value) => readQueued(value),
    },
    { name: 'acceptPlan', inputs: one(nearValid([plan])), call: (_, value) => acceptPlan(value, { owners: masters }) },
    {
      name: 'acceptRevision',
      inputs: one(nearValid([plan.subtasks])),
      weight: 0.5,
      call: (_, value) => acceptRevision(value, subtaskSchema.parse(plan.subtasks[1])),
    },
    {
      name: 'rulePlanner.plan',
      inputs: one(nearValid([request])),
      call(_, value) {
        const read = complexRequestSchema.safeParse(throughDoor(value));
        if (read.success) acceptPlan(planBy(read.data, context));
      },
    },
    {
      name: 'rulePlanner.revise',
      inputs: one(nearValid(plan.subtasks)),
      call(_, value) {
        const read = subtaskSchema.safeParse(throughDoor(value));
        if (!read.success) return;
        acceptRevision(revise?.(read.data, { ...context, failures: [], results: {} }), read.data);
      },
    },
    {
      name: 'workingSpecValidator',
      inputs: one(nearValid([spec])),
      call: (_, value) => admitJson(validate(throughDoor(value), 0)),
    },
    {
      name: 'workingSpecValidator.options',
      inputs: one(nearValid([configuration.workingSpec])),
      weight: 0.3,
      call: (_, value) => workingSpecValidator(value as never),
    },
    { name: 'readLog', inputs: one(linesLike(records)), call: (_, lines) => readLog(lines as string[]) },
    {
      name: 'importLog',
      inputs: one(linesLike(records)),
      weight: 0.5,
      async call(_, lines) {
        const store = memoryStore();
        await importLog(lines as string[], store);
        const hub = await createHub({ project: 'fuzz', store });
        await hub.stop();
      },
    },
    {
      name: 'recordSchema',
      inputs: one(nearValid(records)),
      call(_, value) {
        const admitted = throughDoor(value);
        recordSchema.safeParse(admitted);
        messageSchema.safeParse(admitted);
      },
    },
    {
      name: 'admitJson',
      inputs: one(nonsense),
      weight: 2,
      call(_, value) {
        const admitted = admitJson(value);
        if (canonicalJson(JSON.parse(canonicalJson(admitted))) !== canonicalJson(admitted)) {
          throw new Error('what was admitted does not survive JSON');
        }
      },
    },
  ];
}

const { workingSpec: _workingSpec, ...configurationOfHub } = configuration;
