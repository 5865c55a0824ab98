/** The methods of a hub. */
import fc from 'fast-check';
import type { Hub } from '../hub/hub.ts';
import type { Entry } from './entry.ts';
import { nearValid } from './near-valid.ts';
import { type Description, nonsense } from './nonsense.ts';

type Method = keyof { [K in keyof Hub as Hub[K] extends (...args: never[]) => unknown ? K : never]: true };

const fn = { $: 'function' };
const task = {
  id: 'new-task',
  type: 'build',
  payload: { files: ['a.ts'], depth: { of: [1, 2, 3] } },
  metadata: { priority: 'high', timeoutMs: 60_000, maxAttempts: 2, ifNoAgent: 'wait' },
  requirements: { agentType: 'dev', capabilities: ['types'], languages: ['ts'], specialisations: [] },
  idempotencyKey: 'key-2',
};
const spec = {
  id: 'FEAT-001',
  title: 'Sign in with a one-time code',
  risk_tier: 2,
  mode: 'feature',
  blast_radius: { modules: ['src/auth'], data_migration: false },
  operational_rollback_slo: '5m',
  scope: { in: ['src/auth/'], out: ['dist/'] },
  invariants: ['Who was signed in stays signed in'],
  // biome-ignore lint/suspicious/noThenProperty: CAWS calls it so.
  acceptance: [{ id: 'A1', given: 'a user', when: 'she enters it', then: 'she is in' }],
  non_functional: { a11y: ['by keyboard'], perf: { api_p95_ms: 250 }, security: ['codes end'] },
  contracts: [{ type: 'openapi', path: 'docs/api.yaml' }],
};
const part = (id: string, dependencies: string[]) => ({
  ...{ id, title: id, description: `do ${id}`, owner: 'dev', workerType: null, capabilities: [], dependencies },
  ...{ minutes: { min: 5, max: 10 }, tokens: 1000, files: [`${id}.ts`], successCriteria: `all tests of ${id} pass` },
});
export const plan = { title: 'a plan', description: '', subtasks: [part('a', []), part('b', ['a']), part('c', ['a'])] };
export const request = {
  title: 'Build the authentication system',
  description: 'with tests and documentation',
  domains: ['development', 'security'],
  files: ['src/auth.ts'],
  minutes: 90,
  tokens: 20_000,
  masters: ['dev'],
  orchestrationRequired: true,
};
const ladder = [
  { afterMs: 1000, action: 'remind' },
  { afterMs: 1000, action: 'handOver', approver: 'bob' },
];
const decision = { decision: 'approve', by: 'alice', reason: 'fine', answer: { yes: true } };
/** What has another name in every world; that is put in when it is said. */
const names: { readonly [name: string]: (hub: Hub) => unknown } = {
  gate: (hub) => hub.gates()[0]?.id,
  question: (hub) => hub.consultations()[0]?.id,
  letter: (hub) => hub.deadLetters().find(({ messageType }) => messageType === 'message.send')?.letterSeq,
  lateResult: (hub) => hub.deadLetters().find(({ messageType }) => messageType === 'task.result')?.letterSeq,
};
const the = (name: keyof typeof names) => ({ $: name });

/** Lists of arguments that are right; some of them for what is not there. */
const examples: { readonly [M in Method]?: readonly (readonly Description[])[] } = {
  submit: [[task], [{ type: 'x' }], [{ ...task, id: 'spec-1', spec }], [{ ...task, idempotencyKey: 'key-1' }]],
  orchestrate: [
    [{ id: 'plan-2', ...request }],
    [{ title: 'by hand', plan, mode: 'dag', priority: 3, approvers: ['ann'] }],
  ],
  register: [
    [
      {
        id: 'new-1',
        type: 'dev',
        name: 'New',
        capabilities: ['a'],
        concurrency: 2,
        heartbeatMs: 1000,
        run: fn,
        answer: fn,
      },
    ],
    [{ id: 'new-2', type: 'dev', run: [{ work: '5m' }, { consult: { type: 'qa', question: 'how?' } }, { return: 1 }] }],
    [
      {
        id: 'new-3',
        type: 'x',
        run: [
          { fail: { message: 'no', times: 1 } },
          { escalate: { reason: 'may I?', ladder: [{ after: '1h', action: 'reject' }] } },
        ],
      },
    ],
  ],
  schedule: [
    [
      {
        id: 'hourly',
        task: { type: 'chore', payload: 1, metadata: { priority: 2 } },
        everyMs: 3_600_000,
        overlap: 'queue',
      },
    ],
    [
      {
        id: 'nightly',
        task: { type: 'chore' },
        cron: '0 3 * * *',
        timezone: 'Europe/Berlin',
        catchUp: 'none',
        startAt: 0,
      },
    ],
  ],
  send: [[{ to: 'dev-1', type: 'note', body: { a: [1] } }], [{ to: 'qa-1', type: 'note' }]],
  escalate: [
    ['may I?', { about: 'it' }, { approvers: ['alice'], ladder }],
    ['may I?', null, { agentId: 'free-1' }],
  ],
  decideGate: [
    [the('gate'), decision],
    ['no-gate', decision],
  ],
  cancel: [['task-1', 'enough'], ['task-2'], ['nothing']],
  prioritise: [
    ['task-2', 9],
    ['nothing', 1],
  ],
  assign: [
    ['task-2', 'dev-1'],
    ['task-2', 'free-1'],
  ],
  resubmit: [['task-0'], ['task-1']],
  answerConsultation: [
    [the('question'), { so: 'it is' }],
    ['no-such', 'so'],
  ],
  operator: [['ann']],
  dequeue: [['free-1'], ['dev-1']],
  updateProject: [[{ phase: 'beta', metadata: { a: 1, b: { c: [] } } }], [{}]],
  acceptLateResult: [
    [the('lateResult'), 'alice'],
    [the('letter'), 'alice'],
    [1, 'alice'],
  ],
  replayDeadLetter: [[the('letter')], [the('lateResult')], [1]],
  purgeDeadLetters: [[the('letter')], []],
  unregister: [['free-1', 'gone'], ['nobody']],
  reportLost: [['qa-1'], ['nobody', 'no word']],
  pauseAgent: [['free-1', 'a break']],
  resumeAgent: [['free-1']],
  agent: [['dev-1']],
  agents: [[{ type: 'dev', status: 'idle', capability: 'a', language: 'ts', maxLoad: 0.5, minSuccessRate: 0 }], []],
  as: [['free-1']],
  inbox: [['qa-1']],
  task: [['task-1']],
  explainRouting: [['task-1'], [task]],
  pauseSchedule: [['daily']],
  resumeSchedule: [['daily']],
  unschedule: [['daily']],
  pauseOrchestration: [['plan-1', 'wait']],
  resumeOrchestration: [['plan-1']],
  cancelOrchestration: [['plan-1', 'enough']],
  report: [['plan-1']],
  pause: [['a break'], []],
  resume: [[]],
  on: [
    ['task.submit', fn],
    ['*', fn],
  ],
  log: [[1], []],
  follow: [[1], []],
};

/** A few of them are worth more than others: they read whole trees. */
const weights: { readonly [M in Method]?: number } = {
  submit: 4,
  orchestrate: 4,
  register: 4,
  schedule: 3,
  escalate: 2,
  updateProject: 2,
};

const noted: { readonly [M in Method]?: readonly string[] } = {
  submit: ['invalidSpec'],
  decideGate: ['gateClosed', 'forbidden', 'conflict'],
};

export const hubEntries: readonly Entry[] = [
  ...(Object.keys(examples) as Method[]).map(
    (method): Entry => ({
      name: `hub.${method}`,
      inputs: argumentsLike(examples[method] ?? []),
      weight: weights[method] ?? 1,
      noted: noted[method] ?? [],
      call({ hub }, ...args) {
        const given = args.map((arg) =>
          typeof arg === 'string' && Object.hasOwn(names, arg) ? names[arg]?.(hub) : arg,
        );
        return (hub[method] as (...given: unknown[]) => unknown)(...given);
      },
    }),
  ),
  {
    name: 'hub.drain',
    inputs: fc.constant([]),
    weight: 0.01,
    call: ({ hub }) => void hub.drain().catch(() => {}),
  },
  {
    name: 'hub.stop',
    inputs: fc.tuple(nonsense),
    weight: 0.2,
    call: ({ hub }, reason) => void hub.stop(reason as string).catch(() => {}),
  },
  {
    name: 'hub.actor.send',
    inputs: fc.tuple(nearValid([{ type: 'xstate.stop' }, { type: 'task.completed', taskId: 'task-1' }])),
    call: ({ hub }, event) => (hub.actor as { send(event: unknown): void }).send(event),
  },
];

/** Arguments that are right, nearly so, or nothing like it. */
export function argumentsLike(given: readonly (readonly Description[])[]): fc.Arbitrary<readonly Description[]> {
  const asList = (value: Description): readonly Description[] => (Array.isArray(value) ? value : [value]);
  return fc.oneof(
    { weight: 4, arbitrary: nearValid(given).map(asList) },
    { weight: 1, arbitrary: fc.array(nonsense, { maxLength: 4 }) },
  );
}
