/**
 * What every store has to do, whatever it is made of (S1 to S3 in src/actors/store.ts).
 */
import { describe, expect, test } from 'vitest';
import { type Store, StoreConflict } from '../../src/actors/store.ts';
import type { HubRecord } from '../../src/machines/messages.ts';

/** A record that could stand at this place in a log. */
export const recordAt = (seq: number): HubRecord => ({
  seq,
  at: 1_000_000 + seq,
  id: `r${seq}`,
  from: 'client',
  to: 'hub',
  correlationId: `r${seq}`,
  causationId: null,
  type: 'project.update',
  payload: { phase: `phase ${seq}`, metadata: { text: 'größer 🦉', list: [1, null, { deep: true }] } },
});

/** Records `from` to `to`, both included. */
export const recordsAt = (from: number, to: number): HubRecord[] =>
  Array.from({ length: to - from + 1 }, (_, index) => recordAt(from + index));

export async function readAll(store: Store, fromSeq = 1): Promise<HubRecord[]> {
  const records: HubRecord[] = [];
  for await (const record of store.read(fromSeq)) records.push(record);
  return records;
}

/** `append` may throw or reject. */
const append = async (store: Store, expectedSeq: number, records: readonly HubRecord[]): Promise<void> =>
  store.append(expectedSeq, records);

/** @param create an empty store */
export function storeConformance(name: string, create: () => Store | Promise<Store>): void {
  describe(`${name} is a store`, () => {
    test('an empty one reads as nothing', async () => {
      expect(await readAll(await create())).toEqual([]);
    });

    test('what was appended is read back, in order and equal to the last letter (S2, S3)', async () => {
      const store = await create();
      await append(store, 0, recordsAt(1, 3));
      await append(store, 3, recordsAt(4, 4));
      await append(store, 4, recordsAt(5, 9));
      expect(await readAll(store)).toEqual(recordsAt(1, 9));
    });

    test('reading begins at the record that is asked for (S3)', async () => {
      const store = await create();
      await append(store, 0, recordsAt(1, 5));
      expect(await readAll(store, 3)).toEqual(recordsAt(3, 5));
      expect(await readAll(store, 5)).toEqual(recordsAt(5, 5));
      expect(await readAll(store, 6)).toEqual([]);
      expect(await readAll(store, 0)).toEqual(recordsAt(1, 5));
    });

    test('appending nothing changes nothing', async () => {
      const store = await create();
      await append(store, 0, []);
      await append(store, 0, recordsAt(1, 2));
      await append(store, 2, []);
      expect(await readAll(store)).toEqual(recordsAt(1, 2));
    });

    test.each([
      ['before its end', 1, recordsAt(2, 2)],
      ['behind its end', 3, recordsAt(4, 4)],
      ['where it began', 0, recordsAt(1, 1)],
    ])('whoever thinks that the log ends %s writes nothing (S1, I16)', async (_where, expectedSeq, records) => {
      const store = await create();
      await append(store, 0, recordsAt(1, 2));
      await expect(append(store, expectedSeq, records)).rejects.toBeInstanceOf(StoreConflict);
      expect(await readAll(store)).toEqual(recordsAt(1, 2));
    });

    test.each([
      ['with a gap', [recordAt(3), recordAt(5)]],
      ['twice the same', [recordAt(3), recordAt(3)]],
      ['out of order', [recordAt(4), recordAt(3)]],
      ['that begin too late', [recordAt(4)]],
    ])('of records %s none is kept (S1, I15)', async (_how, records) => {
      const store = await create();
      await append(store, 0, recordsAt(1, 2));
      await expect(append(store, 2, records)).rejects.toBeInstanceOf(StoreConflict);
      expect(await readAll(store)).toEqual(recordsAt(1, 2));
      await append(store, 2, recordsAt(3, 3));
      expect(await readAll(store)).toEqual(recordsAt(1, 3));
    });

    test('appending while somebody reads disturbs neither', async () => {
      const store = await create();
      await append(store, 0, recordsAt(1, 3));
      const read: HubRecord[] = [];
      for await (const record of store.read(1)) {
        if (read.length === 0) await append(store, 3, recordsAt(4, 6));
        read.push(record);
      }
      expect(read.slice(0, 3)).toEqual(recordsAt(1, 3));
      expect(read).toEqual(recordsAt(1, read.length));
      expect(await readAll(store)).toEqual(recordsAt(1, 6));
    });

    test('a closed store takes nothing', async () => {
      const store = await create();
      await append(store, 0, recordsAt(1, 1));
      await store.close();
      await expect(append(store, 1, recordsAt(2, 2))).rejects.toThrow();
    });
  });
}
