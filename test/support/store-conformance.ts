/**
 * What every store has to do, whatever it is made of (S1 to S5 in src/actors/store.ts).
 *
 * The numbers J1 to J22 are the behaviours of the journal TCK of Apache Pekko (JournalSpec.scala), in its order.
 * It asks a journal for a lower bound, an upper bound and a number; `read` takes the lower bound, and who has
 * enough breaks off. Its deletions are what a store lets go of behind a checkpoint. Not here: J21, metadata; a
 * record has none beside itself.
 */
import { describe, expect, test } from 'vitest';
import { type Store, StoreConflict } from '../../src/actors/store.ts';
import type { HubRecord } from '../../src/machines/messages.ts';
import { checkpointConformance } from './checkpoint-conformance.ts';
import { append, load, readAll, recordAt, recordsAt, save } from './store-records.ts';

/** What a store can do beside the least, or why it cannot. */
type Trait<T> = T | { readonly not: string };

export interface StoreTraits {
  /** A store that has had five records, and has so many of the last ones left. */
  readonly pruned: Trait<Pruned>;
  /** The same log in a new store, after the old one was closed. */
  readonly reopen: Trait<(closed: Store) => Store | Promise<Store>>;
  /** Only for a store that has none. */
  readonly checkpoints?: { readonly not: string };
}

type Pruned = (left: number) => Store | Promise<Store>;

/** @param create an empty store */
export function storeConformance(
  name: string,
  create: () => Store | Promise<Store>,
  { pruned, reopen, checkpoints }: StoreTraits,
): void {
  const holding = async (count: number) => {
    const store = await create();
    if (count > 0) await append(store, 0, recordsAt(1, count));
    return store;
  };

  describe(`${name} is a store`, () => {
    reading(holding);
    appending(holding);
    if (!('not' in pruned)) pruning(pruned);
    if (checkpoints === undefined) checkpointConformance(holding);
    if (!('not' in reopen)) reopening(holding, reopen);
  });
}

function reading(holding: (count: number) => Promise<Store>): void {
  test('J1: all records come back, in order and equal to the last letter (S2, S3)', async () => {
    const store = await holding(0);
    await append(store, 0, recordsAt(1, 3));
    await append(store, 3, recordsAt(4, 4));
    await append(store, 4, recordsAt(5, 9));
    expect(await readAll(store)).toEqual(recordsAt(1, 9));
  });

  test.each([
    ['J2: from a lower bound on', 3, 3, 5],
    ['from the first one, when the bound is before it', 0, 1, 5],
    ['from the last one on', 5, 5, 5],
  ])('%s (S3)', async (_what, from, first, last) => {
    expect(await readAll(await holding(5), from)).toEqual(recordsAt(first, last));
  });

  test.each([
    ['J3: up to an upper bound', 1, 3],
    ['J4: so many', 1, 3],
    ['J5: between two bounds', 2, 3],
    ['J6: between two bounds, and no more than so many', 2, 3],
    ['J7: one, when both bounds are the same', 2, 2],
    ['J8: one, when one is asked for', 2, 2],
  ])('%s; whoever breaks off has disturbed nothing', async (_what, from, to) => {
    const store = await holding(5);
    const read: HubRecord[] = [];
    for await (const record of store.read(from)) {
      read.push(record);
      if (record.seq === to) break;
    }
    expect(read).toEqual(recordsAt(from, to));
    await append(store, 5, recordsAt(6, 6));
    expect(await readAll(store)).toEqual(recordsAt(1, 6));
  });

  test('J9: none, when nobody takes one', async () => {
    const store = await holding(5);
    store.read(2);
    await append(store, 5, recordsAt(6, 6));
    expect(await readAll(store)).toEqual(recordsAt(1, 6));
  });

  test('J10: none, when the bound is behind the end', async () => {
    expect(await readAll(await holding(2), 3)).toEqual([]);
    expect(await readAll(await holding(2), 1000)).toEqual([]);
  });

  test('J11: none, when nothing was written', async () => {
    expect(await readAll(await holding(0), 0)).toEqual([]);
    expect(await readAll(await holding(0))).toEqual([]);
  });

  test('many: more than any page', async () => {
    const store = await holding(2503);
    expect(await readAll(store)).toEqual(recordsAt(1, 2503));
    expect(await readAll(store, 1001)).toEqual(recordsAt(1001, 2503));
  });

  test('two readers at once do not disturb each other', async () => {
    const store = await holding(4);
    const read: number[] = [];
    for await (const { seq } of store.read(1)) {
      for await (const inner of store.read(seq)) read.push(inner.seq);
    }
    expect(read).toEqual([1, 2, 3, 4, 2, 3, 4, 3, 4, 4]);
  });

  test('appending while somebody reads disturbs neither', async () => {
    const store = await holding(3);
    const read: HubRecord[] = [];
    for await (const record of store.read(1)) {
      if (read.length === 0) await append(store, 3, recordsAt(4, 6));
      read.push(record);
    }
    expect(read.slice(0, 3)).toEqual(recordsAt(1, 3));
    expect(read).toEqual(recordsAt(1, read.length));
    expect(await readAll(store)).toEqual(recordsAt(1, 6));
  });
}

function appending(holding: (count: number) => Promise<Store>): void {
  test('nothing is appended by appending nothing', async () => {
    const store = await holding(0);
    await append(store, 0, []);
    await append(store, 0, recordsAt(1, 2));
    await append(store, 2, []);
    expect(await readAll(store)).toEqual(recordsAt(1, 2));
  });

  test.each([
    ['before its end', 1, recordsAt(2, 2)],
    ['behind its end', 3, recordsAt(4, 4)],
    ['where it began', 0, recordsAt(1, 1)],
    ['where it began, and has nothing to say', 0, []],
  ])('whoever thinks that the log ends %s writes nothing (S1, I16)', async (_where, expectedSeq, records) => {
    const store = await holding(2);
    await expect(append(store, expectedSeq, records)).rejects.toBeInstanceOf(StoreConflict);
    expect(await readAll(store)).toEqual(recordsAt(1, 2));
  });

  test.each([
    ['with a gap', [recordAt(3), recordAt(5)]],
    ['twice the same', [recordAt(3), recordAt(3)]],
    ['out of order', [recordAt(4), recordAt(3)]],
    ['that begin too late', [recordAt(4)]],
  ])('of records %s none is kept (S1, I15)', async (_how, records) => {
    const store = await holding(2);
    await expect(append(store, 2, records)).rejects.toBeInstanceOf(StoreConflict);
    expect(await readAll(store)).toEqual(recordsAt(1, 2));
    await append(store, 2, recordsAt(3, 3));
    expect(await readAll(store)).toEqual(recordsAt(1, 3));
  });

  test('J19: of a batch with something that cannot be written, all is kept or nothing', async () => {
    const store = await holding(2);
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    const records = [recordAt(3), { ...recordAt(4), payload: { metadata: cyclic } } as unknown as HubRecord];
    const outcome = await append(store, 2, records).catch((error) => error);
    const kept = [];
    for await (const { seq } of store.read(1)) kept.push(seq);
    expect(kept).toEqual(outcome instanceof Error ? [1, 2] : [1, 2, 3, 4]);
  });

  test.each([
    ['text of every kind', 'a\u0000b "\\ \n \u2028 größer 🦉 \ud800'],
    ['numbers at the edges', [0, -1, 1.5, 1e300, Number.MAX_SAFE_INTEGER, 5e-324]],
    ['keys that sort oddly', { b: 1, a: 2, 10: 3, 9: 4, '': 5, ä: 6 }],
    ['a deep one', JSON.parse(`${'['.repeat(60)}1${']'.repeat(60)}`)],
    ['a large one', 'x'.repeat(250_000)],
  ])('J20: %s comes back as it was (S2)', async (_what, value) => {
    const store = await holding(0);
    const record = { ...recordAt(1), payload: { metadata: { value } } } as HubRecord;
    await append(store, 0, [record]);
    expect(await readAll(store)).toEqual([record]);
  });

  test('a closed store takes nothing, and can be read and closed again', async () => {
    const store = await holding(1);
    await store.close();
    await expect(append(store, 1, recordsAt(2, 2))).rejects.toThrow('closed');
    if (store.checkpoints) await expect(save(store, 1, { a: 1 })).rejects.toThrow('closed');
    expect(await readAll(store)).toEqual(recordsAt(1, 1));
    await store.close();
  });
}

function pruning(pruned: Pruned): void {
  test('J12: what it has let go of is not read', async () => {
    expect(await readAll(await pruned(2))).toEqual(recordsAt(4, 5));
  });

  test.each([
    ['J13: letting go of some', 2],
    ['J14: letting go of all', 0],
  ])('%s does not move the end', async (_what, left) => {
    const store = await pruned(left);
    await expect(append(store, left, recordsAt(left + 1, left + 1))).rejects.toBeInstanceOf(StoreConflict);
    await append(store, 5, recordsAt(6, 6));
    await append(store, 6, recordsAt(7, 7));
    const kept = await readAll(store);
    expect(kept).toEqual(recordsAt(kept[0]?.seq ?? 8, 7));
  });

  test.each([
    ['J15: the last one that is gone', 3, [4, 5]],
    ['J18: the first one that is left', 4, [4, 5]],
    ['J22: one of those that are gone', 1, [4, 5]],
    ['one behind the first that is left', 5, [5]],
  ])('reading from %s begins with the first one kept at or after it (S3)', async (_what, from, seqs) => {
    expect((await readAll(await pruned(2), from)).map(({ seq }) => seq)).toEqual(seqs);
  });

  test.each([
    ['J16: among those that are gone', 2],
    ['J17: the last one that is gone', 3],
  ])('up to a bound that is %s, nothing comes', async (_what, to) => {
    const read = await readAll(await pruned(2));
    expect(read.filter(({ seq }) => seq <= to)).toEqual([]);
  });
}

function reopening(
  holding: (count: number) => Promise<Store>,
  reopen: (closed: Store) => Store | Promise<Store>,
): void {
  test('opened again, it goes on where it was', async () => {
    const first = await holding(3);
    await save(first, 2, { a: { n: 1 }, b: [2] });
    await first.close();
    const second = await reopen(first);
    expect(await readAll(second)).toEqual(recordsAt(1, 3));
    await expect(append(second, 2, recordsAt(3, 3))).rejects.toBeInstanceOf(StoreConflict);
    await append(second, 3, recordsAt(4, 4));
    if (second.checkpoints) {
      expect(await load(second)).toEqual({ seq: 2, entries: { a: { n: 1 }, b: [2] } });
    }
    await second.close();
  });
}
