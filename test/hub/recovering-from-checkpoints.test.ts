/** A hub that begins from a checkpoint and the records behind it is the one that read its whole log (I12, I13, I14). */
import { expect, test } from 'vitest';
import { memoryStore, type Store } from '../../src/actors/store.ts';
import { createHub } from '../../src/hub/create-hub.ts';
import { type Simulation, type SimulationOptions, simulate } from '../../src/scenarios/simulation.ts';
import { drawPlan } from '../../src/simulator/draw.ts';
import { poisoned } from '../../src/simulator/poison.ts';
import { simulatePlan } from '../../src/simulator/simulate-plan.ts';
import { expectFoldEqual } from '../support/check.ts';
import { OpenState, throughJson } from '../support/folds.ts';
import { refusal, rejection } from '../support/refusals.ts';
import { storeWith } from '../support/stores.ts';

/** What a store's checkpoints were asked for. */
function watched(store: Store, failing?: { readonly nth: number; readonly how: 'throws' | 'rejects' }) {
  const saves: { readonly seq: number; readonly keys: readonly string[] }[] = [];
  const read: number[] = [];
  const { checkpoints } = store;
  if (checkpoints === undefined) throw new Error('it has none');
  const watching: Store = {
    ...store,
    close() {}, // It can be opened again.
    read(fromSeq) {
      read.push(fromSeq);
      return store.read(fromSeq);
    },
    checkpoints: {
      load: checkpoints.load,
      save(seq, changes) {
        saves.push({ seq, keys: [...changes.keys()] });
        if (saves.length === failing?.nth) {
          const error = new Error('no space left on device');
          if (failing.how === 'throws') throw error;
          return Promise.reject(error);
        }
        return checkpoints.save(seq, changes);
      },
    },
  };
  return { store: watching, saves, read };
}

async function atWork(options: SimulationOptions): Promise<Simulation> {
  const simulation = await simulate(options);
  const { hub } = simulation;
  hub.register({ id: 'dev', type: 'dev', run: [{ work: '1m' }] });
  for (let index = 1; index <= 10; index++) hub.submit({ id: `t${index}`, type: 'x' });
  await simulation.run();
  return simulation;
}

test('after so many records there is a checkpoint, and one more when the hub stops', async () => {
  const { store, saves } = watched(memoryStore());
  const simulation = await atWork({ store, checkpointEvery: 20 });
  const { seq } = simulation.hub.status();
  const places = saves.map((save) => save.seq);
  expect(places.length).toBeGreaterThanOrEqual(2);
  for (const [index, place] of places.entries()) expect(place - (places[index - 1] ?? 0)).toBeGreaterThanOrEqual(20);
  expect(seq - (places.at(-1) ?? 0)).toBeLessThan(20 + 10); // A turn is not cut.
  await simulation.hub.stop();
  expect(saves.at(-1)?.seq).toBe(simulation.records().length);
  expect(saves.length).toBe(places.length + 1);
});

test('only what has changed is written, and what has come and gone meanwhile leaves no trace (Ch2)', async () => {
  const { store, saves } = watched(memoryStore());
  const { hub, settle, run } = await simulate({ store, checkpointEvery: 1 });
  for (const id of ['a', 'b']) hub.register({ id, type: id, run: [{ work: '1m' }] });
  hub.submit({ id: 'waits', type: 'x', requirements: { agentType: 'nobody' } });
  await settle();
  saves.length = 0;
  hub.submit({ id: 't', type: 'x', requirements: { agentType: 'a' } });
  await run();
  const keys = new Set(saves.flatMap((save) => save.keys));
  expect(keys).toEqual(new Set(['task:t', 'agent:a', 'finished:0', 'hub']));
  saves.length = 0;
  hub.submit({ id: 'gone', type: 'x', requirements: { agentType: 'nobody' } }).cancel();
  await settle();
  expect(saves.flatMap((save) => save.keys)).toEqual(['finished:0', 'hub']);
});

test('a hub without a store of its own, or on one without checkpoints, saves none; a number is needed otherwise', async () => {
  const { checkpoints: _none, ...plain } = memoryStore();
  await expectFoldEqual(await atWork({ store: plain, checkpointEvery: 1 }));
  for (const checkpointEvery of [0, -1, 1.5, Number.NaN, '7' as never]) {
    expect((await rejection(createHub({ project: 'p', checkpointEvery }))).path).toBe('checkpointEvery');
  }
  const { store, saves } = watched(memoryStore());
  const { hub } = await atWork({ store, checkpointEvery: Number.POSITIVE_INFINITY });
  expect(saves).toEqual([]);
  await hub.stop();
  expect(saves).toHaveLength(1);
});

test('the second start reads what stands behind the checkpoint, and nothing else', async () => {
  const { store, saves, read } = watched(memoryStore());
  const first = await atWork({ store, checkpointEvery: 30 });
  first.hub.submit({ id: 'open', type: 'x', requirements: { agentType: 'nobody' } });
  await first.settle();
  const picture = first.hub.picture();
  read.length = 0;
  const second = await simulate({ store, seed: 2, startAt: first.environment.now(), checkpointEvery: 30 });
  expect(read).toEqual([(saves.at(-1)?.seq ?? 0) + 1]);
  expect(second.hub.tasks()).toEqual(picture.tasks);
  await expectFoldEqual(second);
  await second.hub.stop();
  const third = await simulate({ store, seed: 3, startAt: first.environment.now() });
  expect(read.at(-1)).toBe(second.records().length - 1); // Behind `hub.stopped`; the third has begun since.
  await expectFoldEqual(third);
});

test('from a checkpoint or from the first record: the same decisions from then on (Ck1)', {
  timeout: 120_000,
}, async () => {
  let compared = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const plan = drawPlan(seed);
    if (plan.broken !== null || plan.actions.some((action) => action.do === 'setClock')) continue;
    const { records } = await simulatePlan(plan);
    // Where a turn ends, somewhere in the second half.
    const ends = records.flatMap(({ id, seq }) => (id.includes('.') || seq < records.length / 2 ? [] : [seq - 1]));
    const end = ends[seed % ends.length] ?? records.length;
    const cut = Math.floor((end * (seed % 7)) / 7);
    const kept = records.slice(0, end);
    const logs: string[] = [];
    for (const from of [0, cut]) {
      const store = storeWith(kept);
      if (from > 0) await store.checkpoints?.save(from, throughJson(new OpenState().fold(kept.slice(0, from)).rows()));
      const options = { store, seed: 1e6 + seed, startAt: kept.at(-1)?.at ?? 0, checkpointEvery: 7 };
      const again = await simulate({ ...options, project: 'simulated' });
      const { hub } = again;
      for (const { id, type, capabilities } of [...hub.agents()].reverse()) {
        hub.register({ id, type, capabilities, run: [{ work: '3s' }], answer: [{ work: '1s' }] });
      }
      await again.advance(600_000);
      await expectFoldEqual(again);
      logs.push(JSON.stringify(again.records()));
    }
    expect(logs[1], `seed ${seed}`).toBe(logs[0]);
    compared++;
  }
  expect(compared).toBeGreaterThan(20);
});

test('deadlines keep their times, and those that have passed pass in order (I12); no effect runs meanwhile (I14)', async () => {
  const store = memoryStore();
  const first = await simulate({ store, checkpointEvery: 1 });
  const started = first.environment.now();
  first.hub.submit({ id: 'later', type: 'x', metadata: { timeoutMs: 40 * 86_400_000 } });
  first.hub.submit({ id: 'second', type: 'x', metadata: { timeoutMs: 2000 } });
  first.hub.submit({ id: 'first', type: 'x', metadata: { timeoutMs: 1000 } });
  first.hub.submit({ id: 'third', type: 'x', metadata: { timeoutMs: 2000 } });
  await first.settle();
  const { seq } = first.hub.status();

  const restored = poisoned(() => new OpenState(new Map(savedRows(store))));
  expect(restored.state.seq).toBe(seq);
  const second = await simulate({ store, seed: 2, startAt: started + 3_600_000 });
  await second.advance(0);
  const passed = second.records().flatMap(({ type, payload }) => (type === 'deadline.passed' ? [payload] : []));
  expect(passed).toMatchObject([
    { subject: 'first', dueAt: started + 1000 },
    { subject: 'second', dueAt: started + 2000 },
    { subject: 'third', dueAt: started + 2000 },
  ]);
  expect(second.hub.task('later')?.dueAt).toBe(started + 40 * 86_400_000);
  await second.run();
  expect(second.environment.now()).toBe(started + 40 * 86_400_000);
});

function savedRows(store: Store) {
  const saved = store.checkpoints?.load();
  if (saved === undefined || saved instanceof Promise) throw new Error('there is none');
  return saved.entries;
}

test.each(['throws', 'rejects'] as const)(
  'a checkpoint that %s stops the hub; nothing is lost (Cp2, I24)',
  async (how) => {
    const { store, saves } = watched(memoryStore(), { nth: 2, how });
    const simulation = await simulate({ store, checkpointEvery: 3 });
    const { hub } = simulation;
    const acknowledged: string[] = [];
    for (let index = 1; index <= 5; index++) {
      try {
        const { accepted, id } = hub.submit({ id: `t${index}`, type: 'x' });
        accepted.then(
          () => acknowledged.push(id),
          () => {},
        );
      } catch {
        // The hub has stopped.
      }
      await simulation.settle().catch(() => {});
    }
    expect((await rejection(hub.stopped)).code).toBe('storeFailed');
    expect(refusal(() => hub.submit({ type: 'x' })).code).toBe('storeFailed');
    expect(saves).toHaveLength(2);
    const again = await simulate({ store: storeWith(simulation.records()) });
    expect(again.hub.tasks().map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledged));
    expect(acknowledged.length).toBeGreaterThan(0);
  },
);
