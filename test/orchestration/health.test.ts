import { describe, expect, test } from 'vitest';
import { byHand, type Hub } from '../../src/index.ts';
import { type SimulationOptions, simulate } from '../../src/testing.ts';
import { rejection } from '../support/refusals.ts';
import { failingStore } from '../support/stores.ts';

const minute = 60_000;
const healthy = { state: 'healthy', reasons: [] };

test('a hub that is just begun is healthy, ready and live', async () => {
  const { hub } = await simulate();
  expect(hub.health()).toEqual({
    state: 'healthy',
    ready: true,
    live: true,
    components: {
      queue: { ...healthy, figures: { depth: 0, ageMs: 0 } },
      agents: { ...healthy, figures: { registered: 0, gone: 0 } },
      drivers: { ...healthy, figures: { tasks: 0, failed: 0 } },
      store: { ...healthy, figures: {} },
    },
  });
});

describe('the queue', () => {
  const open = async (health: object, options: SimulationOptions = {}) => {
    const simulation = await simulate({ router: byHand, config: { health }, ...options });
    simulation.hub.register({ id: 'a', type: 'dev', run: [{ stall: true }] });
    return simulation;
  };
  const queueOf = (hub: Hub) => hub.health().components.queue;

  test('is degraded from so many waiting tasks on', async () => {
    const { hub } = await open({ queueDepth: 2 });
    hub.submit({ type: 'x' });
    expect(queueOf(hub)).toMatchObject({ ...healthy, figures: { depth: 1 } });
    hub.submit({ type: 'x' });
    expect(queueOf(hub)).toMatchObject({ state: 'degraded', reasons: ['2 tasks are waiting'], figures: { depth: 2 } });
    expect(hub.health()).toMatchObject({ state: 'degraded', ready: true });
  });

  test('is degraded when a task has waited for so long', async () => {
    const simulation = await open({ queueAgeMs: minute });
    simulation.hub.submit({ type: 'x' });
    await simulation.advance(minute - 1);
    expect(queueOf(simulation.hub)).toMatchObject(healthy);
    await simulation.advance(1);
    expect(queueOf(simulation.hub)).toEqual({
      state: 'degraded',
      reasons: ['a task has been waiting for 1m'],
      figures: { depth: 1, ageMs: minute },
    });
  });

  test('sees the one that waits longest, also behind more important ones', async () => {
    const simulation = await open({});
    const { hub } = simulation;
    hub.submit({ id: 'running', type: 'x' });
    await simulation.advance(1000);
    hub.assign('running', 'a');
    hub.submit({ type: 'x', metadata: { priority: 'low' } });
    for (let sent = 0; sent < 5; sent++) {
      await simulation.advance(1000);
      hub.submit({ type: 'x', metadata: { priority: 'high' } });
    }
    expect(queueOf(hub).figures).toEqual({ depth: 6, ageMs: 5000 });
  });

  test('does not count a delay as waiting', async () => {
    const simulation = await open({ queueAgeMs: minute });
    simulation.hub.submit({ type: 'x', metadata: { delayMs: 5 * minute } });
    await simulation.advance(4 * minute);
    expect(queueOf(simulation.hub).figures).toEqual({ depth: 0, ageMs: 0 });
    simulation.hub.submit({ type: 'x' });
    await simulation.advance(minute + 10);
    expect(queueOf(simulation.hub).figures).toEqual({ depth: 2, ageMs: minute + 10 });
  });
});

describe('the agents', () => {
  const agentsOf = (hub: Hub) => hub.health().components.agents;

  test('are unhealthy when tasks wait and there are none', async () => {
    const { hub } = await simulate();
    hub.submit({ type: 'x' });
    expect(agentsOf(hub)).toMatchObject({ state: 'unhealthy', reasons: ['tasks are waiting and there are no agents'] });
    expect(hub.health()).toMatchObject({ state: 'unhealthy', ready: false, live: true });
    hub.register({ id: 'a', type: 'dev', run: [{ stall: true }] });
    expect(agentsOf(hub)).toMatchObject(healthy);
  });

  test('are degraded when some are unreachable or tripped, and unhealthy from a share on', async () => {
    const config = { health: { unreachableShare: 0.6 }, retry: { maxAttempts: 1 }, breaker: { failures: 1 } };
    const simulation = await simulate({ config });
    const { hub } = simulation;
    for (const id of ['a', 'b', 'c', 'd', 'e']) hub.register({ id, type: 'dev', run: [{ fail: 'no' }] });
    hub.submit({ type: 'x' });
    await simulation.settle();
    hub.reportLost('b');
    expect(agentsOf(hub)).toEqual({
      state: 'degraded',
      reasons: ['out of work or reach: a, b'],
      figures: { registered: 5, gone: 2 },
    });
    hub.reportLost('c');
    expect(agentsOf(hub)).toMatchObject({ state: 'unhealthy', reasons: ['out of work or reach: a, b, c'] });
    expect(hub.health().ready).toBe(false);
  });

  test('that an operator has paused are no fault', async () => {
    const { hub } = await simulate();
    hub.register({ id: 'a', type: 'dev', run: [] });
    hub.pauseAgent('a');
    expect(agentsOf(hub)).toMatchObject(healthy);
  });

  test('are named up to five', async () => {
    const { hub } = await simulate();
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) {
      hub.register({ id, type: 'dev', run: [] });
      hub.reportLost(id);
    }
    expect(agentsOf(hub).reasons).toEqual(['out of work or reach: a, b, c, d, e and others']);
  });
});

describe('the drivers', () => {
  /** So many tasks, of which so many fail, one after the other. */
  async function having(good: number, bad: number, failureShare = 0.5) {
    const simulation = await simulate({
      config: { health: { failureShare }, retry: { maxAttempts: 1 }, breaker: { failures: 1000 } },
    });
    simulation.hub.register({
      id: 'a',
      type: 'dev',
      run({ payload }) {
        if (payload === 'bad') throw new Error('no');
      },
    });
    for (let index = 0; index < bad; index++) simulation.hub.submit({ type: 'x', payload: 'bad' });
    for (let index = 0; index < good; index++) simulation.hub.submit({ type: 'x' });
    await simulation.run();
    return simulation;
  }
  const driversOf = (hub: Hub) => hub.health().components.drivers;

  test('are degraded when so large a share of the last tasks failed', async () => {
    expect(driversOf((await having(6, 5)).hub)).toEqual({ ...healthy, figures: { tasks: 11, failed: 5 } });
    expect(driversOf((await having(5, 5)).hub)).toEqual({
      state: 'degraded',
      reasons: ['5 of the last 10 tasks failed by their driver'],
      figures: { tasks: 10, failed: 5 },
    });
    expect(driversOf((await having(8, 2, 0.2)).hub).state).toBe('degraded');
  });

  test('are not judged by fewer than ten', async () => {
    expect(driversOf((await having(0, 9)).hub).state).toBe('healthy');
    expect(driversOf((await having(0, 10)).hub).state).toBe('degraded');
  });

  test('are judged by the last hundred', async () => {
    expect(driversOf((await having(51, 200)).hub)).toEqual({ ...healthy, figures: { tasks: 100, failed: 49 } });
  });

  test('are not to blame for cancellations, timeouts in the queue, and a threshold of nothing', async () => {
    const simulation = await simulate({ config: { health: { failureShare: 0 } } });
    for (let index = 0; index < 12; index++) simulation.hub.submit({ type: 'x', metadata: { timeoutMs: 5 } });
    await simulation.run();
    expect(driversOf(simulation.hub)).toEqual({ ...healthy, figures: { tasks: 12, failed: 0 } });
  });
});

test('a hub that is paused or draining is live and not ready; one that has stopped is neither', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ work: 1000 }] });
  hub.submit({ type: 'x' });
  hub.pause();
  expect(hub.health()).toMatchObject({ state: 'healthy', live: true, ready: false });
  hub.resume();
  expect(hub.health()).toMatchObject({ live: true, ready: true });
  const stopped = hub.drain();
  expect(hub.health()).toMatchObject({ live: true, ready: false });
  await simulation.run();
  await stopped;
  expect(hub.health()).toMatchObject({ live: false, ready: false });
});

test.each(['throws', 'rejects'] as const)(
  'a store that %s is unhealthy, with what it said, and the hub is not live',
  async (how) => {
    const simulation = await simulate({ store: failingStore(2, how).store });
    const { hub } = simulation;
    const { accepted } = hub.submit({ type: 'x' });
    await rejection(accepted);
    expect(hub.health()).toMatchObject({ state: 'unhealthy', live: false, ready: false });
    expect(hub.health().components.store).toEqual({
      state: 'unhealthy',
      reasons: ['the store failed, and the hub stopped: no space left on device'],
      figures: {},
    });
  },
);

test('the worst of the components is the state of the whole', async () => {
  const { hub } = await simulate({ config: { health: { queueDepth: 1 } } });
  hub.submit({ type: 'x' });
  const { state, components } = hub.health();
  expect([components.queue.state, components.agents.state, state]).toEqual(['degraded', 'unhealthy', 'unhealthy']);
});
