/**
 * Where the log is kept: the port that every store implements, and the store in memory.
 *
 * - S1 `append` takes records only right behind what it holds; otherwise it throws and keeps nothing.
 * - S2 when `append` returns (or its promise resolves), the records are as durable as the store makes them.
 * - S3 `read` gives records in order, without gaps, from the first one kept at or after `fromSeq`.
 */
import type { HubRecord } from '../machines/messages.ts';

export interface Store {
  /** Adds records behind record `expectedSeq`, all or none. */
  append(expectedSeq: number, records: readonly HubRecord[]): void | Promise<void>;
  read(fromSeq: number): Iterable<HubRecord> | AsyncIterable<HubRecord>;
  /** Lets go of files and connections; the store takes nothing afterwards. */
  close(): void | Promise<void>;
}

/** What a store throws when the log is not where its caller thinks: somebody else writes to it. */
export class StoreConflict extends Error {
  override readonly name = 'StoreConflict';
}

export interface MemoryStoreOptions {
  /** Most records to keep; older ones are let go. Default: all. */
  readonly keep?: number;
}

/** A store that lasts as long as the process. */
export function memoryStore({ keep = Number.POSITIVE_INFINITY }: MemoryStoreOptions = {}): Store {
  let records: HubRecord[] = [];
  let dropped = 0;
  let closed = false;
  return {
    append(expectedSeq, added) {
      if (closed) throw new Error('the store is closed');
      if (expectedSeq !== dropped + records.length) {
        throw new StoreConflict(`the log ends at ${dropped + records.length}, not at ${expectedSeq}`);
      }
      for (const [index, record] of added.entries()) {
        if (record.seq !== expectedSeq + index + 1) throw new StoreConflict(`record ${record.seq} is out of order`);
      }
      for (const record of added) records.push(record);
      if (records.length > 2 * keep) {
        const first = records.length - keep;
        dropped += first;
        records = records.slice(first);
      }
    },
    *read(fromSeq) {
      const [held, first, end] = [records, dropped + 1, records.length]; // Appending meanwhile disturbs nobody.
      for (let place = Math.max(fromSeq - first, 0); place < end; place++) yield held[place] as HubRecord;
    },
    close() {
      closed = true;
    },
  };
}
