/**
 * What a store's checkpoints have to do (S4, S5), if it has them.
 *
 * K1 to K4 are behaviours of Pekko's snapshot store TCK (SnapshotStoreSpec.scala). Its others choose among several
 * snapshots, or delete some; here there is one.
 */
import { expect, test } from 'vitest';
import type { Store } from '../../src/actors/store.ts';
import { append, load, readAll, recordsAt, save } from './store-records.ts';

/** @param holding a store with so many records */
export function checkpointConformance(holding: (count: number) => Promise<Store>): void {
  test('K1: without a checkpoint there is none to load', async () => {
    expect(await load(await holding(3))).toBeUndefined();
  });

  test('K2: the last one is loaded, with the entries of all before it (S4)', async () => {
    const store = await holding(5);
    await save(store, 2, { a: 1, b: { list: [1, 'größer 🦉'] }, c: 'c' });
    await save(store, 3, { b: { list: [2] }, d: [] });
    await save(store, 5, { c: null, never: null });
    expect(await load(store)).toEqual({ seq: 5, entries: { a: 1, b: { list: [2] }, d: [] } });
    await save(store, 5, { c: 'again' });
    expect((await load(store))?.entries.c).toBe('again');
  });

  test('K3: one at the same place replaces what it names', async () => {
    const store = await holding(2);
    await save(store, 2, { a: 1, b: 1 });
    await save(store, 2, { a: 2 });
    expect(await load(store)).toEqual({ seq: 2, entries: { a: 2, b: 1 } });
  });

  test('K4: entries come back as they were, whatever is in them and in their keys', async () => {
    const store = await holding(1);
    const entries = {
      'task:a.b-1': { text: 'a\u0000b "\\ \n \u2028 🦉', numbers: [0, -1.5, 1e300], nothing: null },
      '': 'a key without a letter',
      'größer 🦉': false,
      "'; drop table records; --": 'x'.repeat(100_000),
    };
    await save(store, 1, entries);
    expect(await load(store)).toEqual({ seq: 1, entries });
  });

  test('many entries: more than any page', async () => {
    const store = await holding(1);
    const entries = Object.fromEntries(Array.from({ length: 2503 }, (_, index) => [`entry ${index}`, { index }]));
    await save(store, 1, entries);
    expect(await load(store)).toEqual({ seq: 1, entries });
  });

  test('one that changes nothing moves on', async () => {
    const store = await holding(3);
    await save(store, 1, { a: 1 });
    await save(store, 3, {});
    expect(await load(store)).toEqual({ seq: 3, entries: { a: 1 } });
  });

  test('there is none for what is not durable yet, nor one behind the last (S4)', async () => {
    const store = await holding(3);
    await save(store, 2, { a: 1 });
    await expect(save(store, 4, { a: 2 })).rejects.toThrow('the log ends at 3');
    await expect(save(store, 1, { a: 2 })).rejects.toThrow('there is one at 2');
    expect(await load(store)).toEqual({ seq: 2, entries: { a: 1 } });
    await append(store, 3, recordsAt(4, 4));
    await save(store, 4, { a: 3 });
    expect((await load(store))?.seq).toBe(4);
  });

  test('the records behind one that are kept stay as they were', async () => {
    const store = await holding(3);
    await save(store, 3, { a: 1 });
    await append(store, 3, recordsAt(4, 4));
    const kept = await readAll(store);
    expect(kept).toEqual(recordsAt(kept[0]?.seq ?? 5, 4));
  });
}
