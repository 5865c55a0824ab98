import { describe, expect, test } from 'vitest';
import { memoryStore } from '../../src/actors/store.ts';
import type { HubRecord } from '../../src/machines/messages.ts';
import { storeConformance } from '../support/store-conformance.ts';
import { readAll, recordAt, recordsAt } from '../support/store-records.ts';

const pruned = (keep: number) => {
  const store = memoryStore({ keep });
  store.append(0, recordsAt(1, 5));
  return store;
};
const reopen = { not: 'it lasts as long as the process' };

storeConformance('the memory store', () => memoryStore(), { pruned, reopen });
storeConformance('a memory store with a bound', () => memoryStore({ keep: 2503 }), { pruned, reopen });

describe('a memory store with a bound', () => {
  test('keeps at least as many of the newest records as asked, and at most twice as many', async () => {
    const store = memoryStore({ keep: 3 });
    for (let seq = 1; seq <= 50; seq++) {
      store.append(seq - 1, [recordAt(seq)]);
      const kept = await readAll(store);
      const first = kept[0]?.seq ?? 0;
      expect(kept).toEqual(recordsAt(first, seq));
      expect(kept.length).toBeGreaterThanOrEqual(Math.min(3, seq));
      expect(kept.length).toBeLessThanOrEqual(6);
    }
  });

  test('reads from the first record that it still has (S3)', async () => {
    const store = memoryStore({ keep: 2 });
    store.append(0, recordsAt(1, 5));
    expect(await readAll(store, 1)).toEqual(recordsAt(4, 5));
    expect(await readAll(store, 5)).toEqual(recordsAt(5, 5));
  });

  test('can keep nothing and still knows where the log ends (S1)', async () => {
    const store = memoryStore({ keep: 0 });
    store.append(0, recordsAt(1, 4));
    store.append(4, recordsAt(5, 5));
    expect(await readAll(store)).toEqual([]);
    expect(() => store.append(4, recordsAt(5, 5))).toThrow('the log ends at 5, not at 4');
  });

  test('lets go of nothing that somebody is reading', async () => {
    const store = memoryStore({ keep: 2 });
    store.append(0, recordsAt(1, 4));
    const read: HubRecord[] = [];
    for await (const record of store.read(1)) {
      if (read.length === 1) store.append(4, recordsAt(5, 9));
      read.push(record);
    }
    expect(read).toEqual(recordsAt(1, 4));
  });
});
