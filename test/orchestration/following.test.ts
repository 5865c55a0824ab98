import { expect, test } from 'vitest';
import { type HubRecord, memoryStore } from '../../src/index.ts';
import { simulate } from '../../src/testing.ts';
import { typesOf } from '../support/log.ts';
import { refusal, rejection } from '../support/refusals.ts';
import { restartAfter } from '../support/restart.ts';
import { failingStore, heldStore } from '../support/stores.ts';

/** Reads along in the background. */
function reading(records: AsyncIterable<HubRecord>) {
  const seen: HubRecord[] = [];
  const over = (async () => {
    for await (const record of records) seen.push(record);
  })();
  over.catch(() => {});
  return { seen, over };
}

test('from the beginning: what was, and then each record as it comes, once and in order (Fw1)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.submit({ type: 'x' });
  await simulation.settle();
  const { seen } = reading(hub.follow());
  await simulation.settle();
  expect(seen).toEqual(simulation.records());
  hub.register({ id: 'a', type: 'dev', run: [{ work: 1000 }] });
  await simulation.run();
  expect(seen).toEqual(simulation.records());
  expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, index) => index + 1));
});

test('from the middle, and from what has not come yet', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  for (let index = 0; index < 5; index++) hub.submit({ type: 'x' });
  await simulation.settle();
  const [middle, later] = [reading(hub.follow(4)), reading(hub.follow(14))];
  for (let index = 0; index < 5; index++) hub.submit({ type: 'x' });
  await simulation.settle();
  expect(middle.seen).toEqual(simulation.records().slice(3));
  expect(later.seen).toEqual(simulation.records().slice(13));
});

test('a record that is not durable is not told', async () => {
  const { store, hold, letThrough } = heldStore();
  const simulation = await simulate({ store });
  const { seen } = reading(simulation.hub.follow());
  hold();
  simulation.hub.submit({ type: 'x' });
  await new Promise(setImmediate);
  expect(seen.map(({ type }) => type)).toEqual(['hub.started']);
  letThrough();
  await simulation.settle();
  expect(seen.map(({ type }) => type)).toEqual(['hub.started', 'task.submit', 'task.enqueued']);
});

test('a slow reader misses nothing, and holds nobody up', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [] });
  const slow = hub.follow();
  const seen: HubRecord[] = [];
  for (let round = 0; round < 10; round++) {
    for (let index = 0; index < 5; index++) hub.submit({ type: 'x' });
    await simulation.run();
    const { value, done } = await slow.next();
    if (!done) seen.push(value);
  }
  expect(hub.projectState().counters.completed).toBe(50);
  await hub.stop();
  for await (const record of slow) seen.push(record);
  expect(seen).toEqual(simulation.records());
});

test('who reads while it writes sees what it wrote', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const types: string[] = [];
  for await (const { type, seq } of hub.follow()) {
    types.push(type);
    if (type === 'hub.started') hub.submit({ type: 'x' });
    if (type === 'task.enqueued' && seq < 10) hub.submit({ type: 'x' });
    if (seq === 11) break;
  }
  expect(types).toEqual(typesOf(simulation).slice(0, 11));
});

test('it ends behind hub.stopped, for who waits and for who comes late (Fw2)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const early = reading(hub.follow());
  await simulation.settle();
  await hub.stop('enough');
  await early.over;
  const late = reading(hub.follow(2));
  const tooLate = reading(hub.follow(100));
  await Promise.all([late.over, tooLate.over]);
  expect(early.seen.at(-1)).toMatchObject({ type: 'hub.stopped', payload: { reason: 'enough' } });
  expect(late.seen.map(({ type }) => type)).toEqual(['hub.stop', 'hub.stopped']);
  expect(tooLate.seen).toEqual([]);
});

test('it goes past a stop that was followed by a start', async () => {
  const first = await simulate();
  await first.hub.stop();
  const second = await restartAfter(first, 1000);
  const { seen } = reading(second.hub.follow());
  await second.settle();
  second.hub.submit({ type: 'x' });
  await second.settle();
  expect(seen.map(({ type }) => type)).toEqual(typesOf(second));
});

test('breaking off needs no further record', async () => {
  const simulation = await simulate();
  const records = simulation.hub.follow(2);
  const next = records.next();
  await simulation.settle();
  expect(await records.return?.()).toEqual({ value: undefined, done: true });
  expect(await next).toEqual({ value: undefined, done: true });
  simulation.hub.submit({ type: 'x' });
  expect(await records.next()).toEqual({ value: undefined, done: true });
});

test.each(['throws', 'rejects'] as const)(
  'a store that %s ends it with that error, also for who comes late',
  async (how) => {
    const simulation = await simulate({ store: failingStore(2, how).store });
    const { hub } = simulation;
    const early = reading(hub.follow());
    await simulation.settle();
    hub.submit({ type: 'x' });
    expect((await rejection(early.over)).code).toBe('storeFailed');
    expect(early.seen.map(({ type }) => type)).toEqual(['hub.started']);
    expect((await rejection(reading(hub.follow()).over)).code).toBe('storeFailed');
    expect(refusal(() => hub.submit({ type: 'x' })).code).toBe('storeFailed');
  },
);

test('a store that fails while the reader is busy with a record ends it with that error (Fw2)', async () => {
  const simulation = await simulate({ store: failingStore(2, 'throws').store });
  const { hub } = simulation;
  const records = hub.follow();
  expect((await records.next()).value).toMatchObject({ type: 'hub.started' });
  hub.submit({ type: 'x' });
  expect((await rejection(hub.stopped)).code).toBe('storeFailed');
  const next = rejection(records.next());
  await simulation.settle();
  await records.return?.(); // Who waits in vain would hear of the end now.
  expect((await next).code).toBe('storeFailed');
});

test('what the store has let go of before a slow reader came to it is missed aloud (Fw1)', async () => {
  const simulation = await simulate({ store: memoryStore({ keep: 5 }) });
  const { hub } = simulation;
  const records = hub.follow();
  expect((await records.next()).value?.seq).toBe(1);
  for (let index = 0; index < 30; index++) hub.submit({ type: 'x' });
  await simulation.settle();
  const [first] = simulation.records();
  expect(await rejection(records.next())).toMatchObject({
    code: 'pruned',
    message: `the records from 2 to ${(first?.seq ?? 0) - 1} are not kept any more`,
  });
  expect(await records.next()).toEqual({ value: undefined, done: true });
  const { seen } = reading(hub.follow());
  await simulation.settle();
  expect(seen).toEqual(simulation.records());
});
