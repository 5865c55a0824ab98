/** What somebody might try at the doors: each has to be refused with one of the hub's codes and to change nothing. */
import type { Hub } from '../hub/hub.ts';

const deep = (levels: number): unknown => {
  let value: unknown = 'bottom';
  for (let level = 0; level < levels; level++) value = { value };
  return value;
};
const cycle = (): unknown => {
  const value: { self?: unknown } = {};
  value.self = value;
  return value;
};

/** In a record of any kind: values that are no JSON, or too much of it. */
const payloads: readonly (() => unknown)[] = [
  () => deep(65),
  () => deep(20_000),
  () => 'x'.repeat(256 * 1024),
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => 1n,
  () => () => {},
  () => Symbol('no'),
  () => new Date(0),
  () => new Map([[1, 2]]),
  () => new Error('no'),
  cycle,
  () => JSON.parse('{"__proto__":{"isAdmin":true}}'),
  () => ({ xstate$$type: 1 }),
];

/** Ids that are none. */
const ids: readonly unknown[] = ['', ' ', '../x', 'a b', 'x'.repeat(129), "'; DROP TABLE--", 'é', 1, null, {}];

type Attempt = (hub: Hub) => unknown;

/** Each is refused at once, by a throw or a rejection. */
export const badInputs: readonly Attempt[] = [
  ...payloads.map((payload) => (hub: Hub) => hub.submit({ type: 'x', payload: payload() })),
  ...payloads.map((payload) => (hub: Hub) => hub.escalate('why?', payload())),
  ...payloads.map((payload) => (hub: Hub) => hub.updateProject({ metadata: { it: payload() } })),
  ...ids.map((id) => (hub: Hub) => hub.submit({ type: 'x', id: id as string })),
  ...ids.map((id) => (hub: Hub) => hub.submit({ type: id as string })),
  ...ids.map((id) => (hub: Hub) => hub.register({ id: id as string, type: 'x', run: () => {} })),
  ...['hub', 'clock', 'client', 'planner'].map((id) => (hub: Hub) => hub.register({ id, type: 'x', run: () => {} })),
  ...ids.map((id) => (hub: Hub) => hub.cancel(id as string)),
  ...ids.map((id) => (hub: Hub) => hub.pauseAgent(id as string)),
  ...ids.map((to) => (hub: Hub) => hub.send({ to: to as string, type: 'x' })),
  (hub) => hub.submit({ type: 'xstate.stop' }),
  (hub) => hub.submit({ type: 'XState.done.actor.gate' }),
  (hub) => hub.submit(undefined as never),
  (hub) => hub.submit({ type: 'x', from: 'hub' } as never),
  (hub) => hub.submit({ type: 'x', metadata: { priority: 1e9 } }),
  (hub) => hub.submit({ type: 'x', metadata: { timeoutMs: -1 } }),
  (hub) => hub.submit({ type: 'x', metadata: { timeoutMs: 0.5 } }),
  (hub) => hub.register(null as never),
  (hub) => hub.register({ id: 'no-driver', type: 'x' } as never),
  (hub) => hub.register({ id: 'odd', type: 'x', run: () => {}, concurrency: 0 }),
  (hub) => hub.register({ id: 'odd', type: 'x', run: () => {}, isAdmin: true } as never),
  (hub) => hub.register({ id: 'odd', type: 'x', run: [{ walk: 1 }] as never }),
  (hub) => hub.actor.send({ type: 'xstate.stop' } as never),
  (hub) => hub.actor.stop(),
  (hub) =>
    hub
      .tasks()
      .map(() => hub.actor.send({ type: 'task.completed' } as never))
      .concat(refuse()),
  (hub) => hub.decideGate('no-such-gate', { decision: 'approve', by: 'alice' }),
  (hub) => hub.decideGate('no-such-gate', undefined as never),
  (hub) => hub.replayDeadLetter(-1),
  (hub) => hub.acceptLateResult(-1, 'alice'),
  (hub) => hub.schedule({ id: 'odd', task: { type: 'x' } }),
  (hub) => hub.schedule({ id: 'odd', task: { type: 'x' }, everyMs: 0 }),
  (hub) => hub.schedule({ id: 'odd', task: { type: 'x' }, cron: 'often' }),
  (hub) => hub.orchestrate({ title: '', plan: [] } as never),
  (hub) => hub.orchestrate({ title: 'x', plan: { title: 'x', subtasks: [{ id: 'a', dependencies: ['a'] }] } } as never),
  (hub) => hub.as('nobody'),
  (hub) => hub.assign('no-such-task', 'nobody'),
  (hub) => hub.dequeue(undefined as never) ?? refuse(),
];

/** For what answers instead of throwing when there is nothing to refuse. */
function refuse(): never {
  throw new RangeError('nothing to try it on');
}
