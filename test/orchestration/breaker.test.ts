import { expect, test } from 'vitest';
import type { AgentDefinition } from '../../src/index.ts';
import { type Simulation, type SimulationOptions, simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf, typesOf } from '../support/log.ts';
import { restartAfter } from '../support/restart.ts';

const minute = 60_000;
const config = { retry: { maxAttempts: 1 }, breaker: { failures: 3, resetMs: minute } };

/** An agent whose tasks fail if their payload says so, after a second. */
const moody = (id: string, concurrency = 1): AgentDefinition => ({
  id,
  type: 'dev',
  concurrency,
  async run({ payload }, { sleep }) {
    await sleep(1000);
    if (payload === 'fail') throw new Error('no');
  },
});

async function open(options: SimulationOptions = {}): Promise<Simulation> {
  const simulation = await simulate({ config, ...options });
  simulation.hub.register(moody('a'));
  return simulation;
}

/** Gives the agent tasks that end so, one after the other. */
async function endings(simulation: Simulation, ...payloads: ('fail' | 'ok')[]): Promise<void> {
  for (const payload of payloads) {
    const task = simulation.hub.submit({ type: 'x', payload });
    await simulation.until(() => simulation.hub.task(task.id)?.finishedAt !== null);
  }
}

const breakerOf = (simulation: Simulation, id = 'a') => simulation.hub.agent(id)?.breaker;

test('so many failures in a row trip it: no work, with a record that says until when', async () => {
  const simulation = await open();
  await endings(simulation, 'fail', 'fail');
  expect(breakerOf(simulation)).toBe('closed');
  await endings(simulation, 'fail');
  expect(recordsOf(simulation, 'agent.tripped')[0]?.payload).toEqual({
    agentId: 'a',
    failures: 3,
    untilAt: simulation.environment.now() + minute,
  });
  expect(simulation.hub.agent('a')).toMatchObject({ breaker: 'open', state: 'paused', status: 'paused' });
  const waiting = simulation.hub.submit({ type: 'x' });
  await simulation.advance(minute - 1);
  expect(simulation.hub.task(waiting.id)?.status).toBe('queued');
  await expectFoldEqual(simulation);
});

test('a success in between begins the count anew', async () => {
  const simulation = await open();
  await endings(simulation, 'fail', 'fail', 'ok', 'fail', 'fail');
  expect(breakerOf(simulation)).toBe('closed');
  await endings(simulation, 'fail');
  expect(breakerOf(simulation)).toBe('open');
});

test('after its time it gets one task to try, and a success restores it', async () => {
  const simulation = await open();
  await endings(simulation, 'fail', 'fail', 'fail');
  const [probe, next] = [simulation.hub.submit({ type: 'x' }), simulation.hub.submit({ type: 'x' })];
  await simulation.advance(minute);
  expect(simulation.hub.agent('a')).toMatchObject({ breaker: 'halfOpen', currentTask: probe.id });
  await simulation.advance(1000);
  expect(simulation.hub.agent('a')).toMatchObject({ breaker: 'closed', currentTask: next.id });
  const about = typesOf(simulation).filter((type) => type.startsWith('agent.'));
  expect(about).toEqual(['agent.register', 'agent.tripped', 'agent.probed', 'agent.restored']);
  await endings(simulation, 'fail', 'fail');
  expect(breakerOf(simulation)).toBe('closed');
  await expectFoldEqual(simulation);
});

test('one failure when half open trips it again, for as long', async () => {
  const simulation = await open();
  await endings(simulation, 'fail', 'fail', 'fail');
  simulation.hub.submit({ type: 'x', payload: 'fail' });
  await simulation.advance(minute + 1000);
  expect(breakerOf(simulation)).toBe('open');
  const trips = recordsOf(simulation, 'agent.tripped').map(({ at, payload }) => [
    payload.failures,
    payload.untilAt - at,
  ]);
  expect(trips).toEqual([
    [3, minute],
    [4, minute],
  ]);
  await endings(simulation, 'ok');
  expect(breakerOf(simulation)).toBe('closed');
  await expectFoldEqual(simulation);
});

test('failed attempts that are tried again count as well', async () => {
  const simulation = await open({ config: { ...config, retry: { maxAttempts: 5, jitter: 0 } } });
  const task = simulation.hub.submit({ type: 'x', payload: 'fail' });
  await simulation.until(() => breakerOf(simulation) === 'open');
  expect(simulation.hub.task(task.id)?.attempts).toBe(3);
  simulation.hub.register(moody('b'));
  await simulation.run();
  expect(await task.result).toMatchObject({ attempts: 5, agentId: 'b' });
  await expectFoldEqual(simulation);
});

test('with several tasks at once: what it has goes on, and it gets a single task to try', async () => {
  const simulation = await simulate({ config });
  const { hub } = simulation;
  hub.register(moody('a', 5));
  for (const payload of ['fail', 'fail', 'fail', 'ok', 'fail']) hub.submit({ type: 'x', payload });
  await simulation.advance(1000);
  const [probe] = [1, 2, 3].map(() => hub.submit({ type: 'x' }));
  expect(hub.agent('a')).toMatchObject({ breaker: 'open', completed: 1, failed: 4, tasks: [] });
  expect(recordsOf(simulation, 'agent.tripped')).toHaveLength(1);
  await simulation.advance(minute);
  expect(hub.agent('a')).toMatchObject({ breaker: 'halfOpen', tasks: [probe?.id] });
  await simulation.advance(1000);
  expect(hub.agent('a')).toMatchObject({ breaker: 'closed', tasks: [expect.any(String), expect.any(String)] });
  await expectFoldEqual(simulation);
});

test('a task that was begun before counts when it ends half open: a success restores', async () => {
  const simulation = await simulate({ config });
  const { hub } = simulation;
  hub.register({
    ...moody('a', 5),
    run: ({ payload }, { sleep }) =>
      sleep(payload === 'slow' ? 2 * minute : 1000).then(() => {
        if (payload === 'fail') throw new Error('no');
      }),
  });
  for (const payload of ['fail', 'fail', 'fail', 'slow']) hub.submit({ type: 'x', payload });
  await simulation.advance(minute + 1000);
  const waiting = hub.submit({ type: 'x' });
  expect(hub.agent('a')).toMatchObject({ breaker: 'halfOpen', tasks: [expect.any(String)] });
  expect(hub.task(waiting.id)?.status).toBe('queued');
  await simulation.advance(minute);
  expect(breakerOf(simulation)).toBe('closed');
  await expectFoldEqual(simulation);
});

test('what was begun before and succeeds while it is open restores nothing, and a failed try trips it all the same', async () => {
  const simulation = await simulate({ config });
  const { hub } = simulation;
  hub.register({
    ...moody('a', 4),
    run: async ({ payload }, { sleep }) => {
      await sleep(payload === 'slow' ? 2000 : 1000);
      if (payload === 'fail') throw new Error('no');
    },
  });
  for (const payload of ['fail', 'fail', 'fail', 'slow']) hub.submit({ type: 'x', payload });
  await simulation.advance(2000);
  expect(hub.agent('a')).toMatchObject({ breaker: 'open', completed: 1 });
  hub.submit({ type: 'x', payload: 'fail' });
  await simulation.advance(minute);
  expect(hub.agent('a')).toMatchObject({ breaker: 'open', failed: 4 });
  expect(recordsOf(simulation, 'agent.tripped').map(({ payload }) => payload.failures)).toEqual([3, 1]);
  await expectFoldEqual(simulation);
});

test('an agent that is unregistered and comes again begins anew', async () => {
  const simulation = await open();
  await endings(simulation, 'fail', 'fail', 'fail');
  simulation.hub.unregister('a');
  expect(simulation.hub.picture().deadlines).toEqual([]);
  simulation.hub.register(moody('a'));
  expect(simulation.hub.agent('a')).toMatchObject({ breaker: 'closed', status: 'idle' });
  await expectFoldEqual(simulation);
});

test('an open breaker is open after a restart, and closes by the same clock', async () => {
  const before = await open();
  await endings(before, 'fail', 'fail', 'fail');
  await before.settle();
  const after = await restartAfter(before, minute / 2);
  after.hub.register(moody('a'));
  expect(after.hub.agent('a')).toMatchObject({ breaker: 'open', state: 'paused' });
  await after.advance(minute / 2 - 1);
  expect(breakerOf(after)).toBe('open');
  await after.advance(1);
  expect(breakerOf(after)).toBe('halfOpen');
  await expectFoldEqual(after);
});
