/** What drivers, planners, routers, validators and calendars can say to a hub: the capabilities, and their answers. */
import fc from 'fast-check';
import type { Entry } from './entry.ts';
import { argumentsLike, plan } from './hub-entries.ts';
import { nearValid } from './near-valid.ts';
import { type Description, nonsense } from './nonsense.ts';
import { type Foreign, turnOver, type World } from './world.ts';

type Capability = 'send' | 'consult' | 'escalate' | 'progress' | 'rate' | 'heartbeat' | 'sleep';

const examples: { readonly [C in Capability]: readonly (readonly Description[])[] } = {
  send: [[{ to: 'qa-1', type: 'note', body: [1] }], [{ to: 'hub', type: 'note' }]],
  consult: [
    ['qa', 'how?', { about: 1 }, { timeoutMs: 1000, ifNone: 'refuse' }],
    ['none', 'how?'],
  ],
  escalate: [['may I?', { a: 1 }, { approvers: ['alice'], ladder: [{ afterMs: 10, action: 'expire' }] }]],
  progress: [[50, 'half'], []],
  rate: [[0.5]],
  heartbeat: [[]],
  sleep: [[1000], [0]],
};

const capabilities = (Object.keys(examples) as Capability[]).flatMap((name): Entry[] => {
  const use =
    (contextOf: (world: World) => object) =>
    (world: World, ...args: readonly unknown[]) =>
      (contextOf(world) as { [name in Capability]: (...given: readonly unknown[]) => unknown })[name](...args);
  const inputs = argumentsLike(examples[name]);
  const isOfTasks = name === 'escalate' || name === 'progress' || name === 'rate';
  return [
    { name: `driver.${name}`, inputs, call: use(({ context }) => context) },
    ...(isOfTasks
      ? []
      : [{ name: `specialist.${name}`, inputs, weight: 0.5, call: use(({ answering }) => answering) }]),
    ...(name === 'rate' || name === 'progress'
      ? []
      : [{ name: `as.${name}`, inputs, weight: 0.5, call: use(({ hub }) => hub.as('free-1')) }]),
  ];
});

/** Has the hub ask somebody who then says it; whatever that is, the hub takes it and goes on. */
const answering = (
  who: keyof Foreign,
  inputs: Entry['inputs'],
  ask: (world: World) => unknown,
  how: 'answers' | 'throws' | 'rejects',
): Entry => ({
  name: `${who}.${how}`,
  inputs,
  weight: 0.5,
  noted: ['invalidSpec'],
  async call(world, said) {
    world.foreign[who] = () => {
      if (how === 'throws') throw said;
      return how === 'rejects' ? Promise.reject(said) : said;
    };
    try {
      await ask(world);
      await turnOver();
    } finally {
      world.foreign[who] = undefined;
    }
  },
});

let count = 0;
const submitFree = ({ hub }: World) => void hub.submit({ type: 'odd', requirements: { agentType: 'free' } });

const asked: readonly [keyof Foreign, Entry['inputs'], (world: World) => unknown][] = [
  ['result', fc.tuple(nonsense), submitFree],
  [
    'answer',
    fc.tuple(nonsense),
    ({ hub }) =>
      void hub
        .as('dev-1')
        .consult('free', 'well?')
        .catch(() => {}),
  ],
  [
    'plan',
    fc.tuple(nearValid([plan])),
    ({ hub }) => void hub.orchestrate({ id: `odd-${++count}`, title: 'x', orchestrationRequired: true }),
  ],
  [
    'route',
    fc.tuple(
      nearValid([{ agentId: 'free-1', strategy: 'x', confidence: 1, reason: 'x', scores: {}, alternatives: [] }]),
    ),
    submitFree,
  ],
  [
    'validate',
    fc.tuple(nearValid([{ valid: false, errors: [{ field: 'a', message: 'b', suggestion: 'c' }], warnings: [] }])),
    ({ hub }) => void hub.submit({ type: 'odd', spec: {} }),
  ],
  [
    'next',
    fc.tuple(nonsense),
    ({ hub }) => void hub.schedule({ id: `odd-${++count}`, task: { type: 'x' }, cron: '* * * * *' }),
  ],
];

export const driverEntries: readonly Entry[] = [
  ...capabilities,
  ...asked.flatMap(([who, inputs, ask]) =>
    (['answers', 'throws', 'rejects'] as const).map((how) => answering(who, inputs, ask, how)),
  ),
];
