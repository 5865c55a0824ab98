/** Records to put into stores, and calls that settle, whether a store throws or rejects. */
import type { Store } from '../../src/actors/store.ts';
import type { Json } from '../../src/machines/json.ts';
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

export const append = async (store: Store, expectedSeq: number, records: readonly HubRecord[]): Promise<void> =>
  store.append(expectedSeq, records);

/** Saves a checkpoint; null for an entry that is gone. */
export const save = async (store: Store, seq: number, changes: Record<string, Json | null>): Promise<void> =>
  store.checkpoints?.save(seq, new Map(Object.entries(changes)));

/** The last checkpoint, with its entries by key. */
export async function load(store: Store): Promise<{ seq: number; entries: Record<string, Json> } | undefined> {
  const checkpoint = await store.checkpoints?.load();
  return checkpoint && { seq: checkpoint.seq, entries: Object.fromEntries(checkpoint.entries) };
}
