import { describe, expect, test, vi } from 'vitest';
import { memoryStore } from '../../src/actors/store.ts';
import { createHub } from '../../src/hub/create-hub.ts';
import { simulate, simulatedEnvironment } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { handDriver } from '../support/hand-driver.ts';
import { refusal, rejection } from '../support/refusals.ts';
import { failingStore, heldStore, storeWith } from '../support/stores.ts';

describe.each(['throws', 'rejects'] as const)('a store that %s', (how) => {
  test('at the start: there is no hub', async () => {
    const { store } = failingStore(1, how);
    const error = await rejection(createHub({ project: 'p', store, environment: simulatedEnvironment(1) }));
    expect(error.code).toBe('storeFailed');
    expect(error.message).toContain('no space left on device');
  });

  test.each([2, 3, 4, 5, 6])('at append %i: nothing is acknowledged from there on (Z4, I24)', async (nth) => {
    const { store, appends, closes } = failingStore(nth, how);
    const simulation = await simulate({ store });
    const { hub } = simulation;
    const heard: number[] = [];
    hub.on('*', ({ seq }) => heard.push(seq));
    hub.register({ id: 'dev', type: 'dev', run: [{ work: '1m' }] });
    const acknowledged: string[] = [];
    for (const id of ['t1', 't2', 't3']) {
      const task = (() => {
        try {
          return hub.submit({ id, type: 'x' });
        } catch {
          return undefined;
        }
      })();
      task?.accepted.then(() => acknowledged.push(id)).catch(() => {});
      await simulation.run();
    }

    const error = await rejection(hub.stopped);
    expect(error.code).toBe('storeFailed');
    const kept = simulation.records();
    const durable = kept
      .filter(({ type }) => type === 'task.submit')
      .map(({ payload }) => 'taskId' in payload && payload.taskId);
    expect(acknowledged).toEqual(durable);
    expect(heard).toEqual(kept.map(({ seq }) => seq).filter((seq) => seq > 1));
    expect(appends()).toBe(nth);
    expect(closes()).toBe(1);

    expect(refusal(() => hub.submit({ type: 'x' })).code).toBe('storeFailed');
    expect((await rejection(hub.settled())).code).toBe('storeFailed');
    const again = await simulate({ store: storeWith(kept) });
    again.hub.register({ id: 'dev', type: 'dev', run: [] });
    await again.run();
    expect(again.hub.tasks().map(({ id, status }) => [id, status])).toEqual(durable.map((id) => [id, 'completed']));
    await expectFoldEqual(again);
  });

  test('whoever waits is told, and drivers are called off', async () => {
    const { store } = failingStore(4, how);
    const simulation = await simulate({ store });
    const { hub } = simulation;
    const driver = handDriver();
    hub.register({ id: 'dev', type: 'dev', run: driver.run });
    const running = hub.submit({ id: 'running', type: 'x', idempotencyKey: 'k' });
    await simulation.settle();
    const lost = hub.submit({ id: 'lost', type: 'x', idempotencyKey: 'lost' });
    const same = hub.submit({ id: 'lost', type: 'x', idempotencyKey: 'lost' });
    const gate = hub.escalate('is it lost?');
    for (const promise of [
      lost.accepted,
      same.accepted,
      gate.accepted,
      running.result,
      lost.result,
      same.result,
      gate.outcome,
    ]) {
      expect((await rejection(promise as Promise<unknown>)).code).toBe('storeFailed');
    }
    expect(driver.last.context.signal.aborted).toBe(true);
    const late = hub.submit({ type: 'x', id: 'running', idempotencyKey: 'k' });
    expect((await rejection(late.accepted)).code).toBe('storeFailed');
    expect((await rejection(late.result)).code).toBe('storeFailed');
    driver.last.finish('nobody hears me');
    await simulation.run();
    expect(simulation.environment.next()).toBeUndefined();
  });
});

test('nothing is done in the world before it is durable (Z2, I5)', async () => {
  const { store, hold, letThrough } = heldStore();
  const simulation = await simulate({ store });
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'dev', type: 'dev', run: driver.run });
  await simulation.settle();
  hold();
  const heard: string[] = [];
  const task = hub.submit({ type: 'x' });
  task.accepted.then(() => heard.push('accepted'));
  hub.on('*', ({ type }) => heard.push(type));
  hub.submit({ type: 'y' });
  await new Promise(setImmediate);
  expect(hub.task(task.id)?.status).toBe('assigned');
  expect([heard, driver.calls]).toEqual([[], []]);
  expect(hub.isSettled()).toBe(false);
  letThrough();
  await simulation.settle();
  expect(heard.slice(0, 5)).toEqual(['task.submit', 'task.enqueued', 'task.assigned', 'task.submit', 'task.enqueued']);
  expect(heard.slice(5).toSorted()).toEqual(['accepted', 'task.started']);
  expect(driver.calls).toHaveLength(1);
  await expectFoldEqual(simulation);
});

test('what comes in while a commit is under way goes together with the next one (Z3)', async () => {
  const kept = memoryStore();
  const batches: number[] = [];
  const store = {
    ...kept,
    async append(expectedSeq: number, records: Parameters<typeof kept.append>[1]) {
      await undefined;
      batches.push(records.length);
      kept.append(expectedSeq, records);
    },
  };
  const simulation = await simulate({ store });
  const { hub } = simulation;
  for (let count = 0; count < 10; count++) hub.submit({ type: 'x' });
  const later = hub.submit({ type: 'x' }).accepted;
  for (let count = 0; count < 5; count++) await undefined;
  for (let count = 0; count < 10; count++) hub.submit({ type: 'x' });
  await later;
  await simulation.settle();
  expect(batches[0]).toBe(1);
  expect(batches.slice(1).reduce((sum, size) => sum + size, 0)).toBe(42);
  expect(batches.length).toBeLessThan(5);
  await expectFoldEqual(simulation);
});

test('a store that cannot be closed is told to whoever stops the hub', async () => {
  for (const close of [
    () => Promise.reject(new Error('stuck')),
    () => Promise.resolve().then(() => Promise.reject(new Error('stuck'))),
  ]) {
    const simulation = await simulate({ store: { ...memoryStore(), close } });
    expect((await rejection(simulation.hub.stop())).code).toBe('storeFailed');
  }
  const throwing = {
    ...memoryStore(),
    close: () => {
      throw new Error('stuck');
    },
  };
  const simulation = await simulate({ store: throwing });
  expect((await rejection(simulation.hub.stop())).message).toContain('could not be closed');
});

test.each<[string, object]>([
  ['a project that is no id', { project: 'no id!' }],
  ['an option that there is not', { stores: 1 }],
  ['checkpoints that never come', { checkpointEvery: 0 }],
  ['a setting that there is not', { config: { retries: 1 } }],
])('a hub that refuses %s lets go of its store', async (_what, options) => {
  const close = vi.fn(memoryStore().close);
  const refused = await rejection(createHub({ project: 'p', store: { ...memoryStore(), close }, ...options } as never));
  expect(refused).toMatchObject({ code: 'invalid' });
  expect(close).toHaveBeenCalledTimes(1);
});
