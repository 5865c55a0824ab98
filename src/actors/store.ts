/**
 * Where the log is kept: the port that every store implements, and the store in memory.
 *
 * - S1 `append` takes records only right behind what it holds; otherwise it throws and keeps nothing.
 * - S2 when `append` returns (or its promise resolves), the records are as durable as the store makes them.
 * - S3 `read` gives records in order, without gaps, from the first one kept at or after `fromSeq`.
 * - S6 a store that takes more ahead does everything in the order in which it was given, and nothing after a fault.
 */
import { HubError } from '../machines/errors.ts';
import type { Json } from '../machines/json.ts';
import type { HubRecord } from '../machines/messages.ts';

/**
 * What a log folds to, kept beside it, so that recovery need not fold it all.
 *
 * - S4 a checkpoint is saved whole or not at all, and only for a `seq` that is durable; the entries of all
 *   checkpoints so far, the later ones first, are the state after that record.
 * - S5 once a checkpoint is saved, the store may let go of records behind it.
 */
export interface Checkpoints {
  /** @param changes the entries that have changed since the checkpoint before; null for one that is gone */
  save(seq: number, changes: ReadonlyMap<string, Json | null>): void | Promise<void>;
  /** The last one, with all its entries; undefined when there is none. */
  load(): SavedCheckpoint | undefined | Promise<SavedCheckpoint | undefined>;
}

export interface SavedCheckpoint {
  readonly seq: number;
  readonly entries: Iterable<readonly [key: string, entry: Json]>;
}

export interface Store {
  /** Adds records behind record `expectedSeq`, all or none. */
  append(expectedSeq: number, records: readonly HubRecord[]): void | Promise<void>;
  read(fromSeq: number): Iterable<HubRecord> | AsyncIterable<HubRecord>;
  /** Whether it takes more while it has not done what it was given before (S6). */
  readonly takesAhead?: true;
  /** Without them, recovery folds the whole log. */
  readonly checkpoints?: Checkpoints;
  /** Lets go of files and connections; the store takes nothing afterwards. */
  close(): void | Promise<void>;
}

/** What a store throws when the log is not where its caller thinks: somebody else writes to it. */
export class StoreConflict extends HubError {
  override readonly name = 'StoreConflict';

  constructor(message: string, cause?: unknown) {
    super('conflict', message, { cause });
  }
}

/** Throws {@link StoreConflict} unless the records are those right behind `lastSeq`, and the caller knows that (S1). */
export function refuseIfNotNext(lastSeq: number, expectedSeq: number, records: readonly HubRecord[]): void {
  if (expectedSeq !== lastSeq) throw new StoreConflict(`the log ends at ${lastSeq}, not at ${expectedSeq}`);
  for (const [index, { seq }] of records.entries()) {
    if (seq !== lastSeq + index + 1) throw new StoreConflict(`record ${seq} is out of order`);
  }
}

/** Throws when there can be no checkpoint at `seq` (S4). */
export function refuseCheckpoint(seq: number, lastSeq: number, checkpointSeq = 0): void {
  if (seq > lastSeq) throw new Error(`no checkpoint at ${seq}: the log ends at ${lastSeq}`);
  if (seq < checkpointSeq) throw new Error(`no checkpoint at ${seq}: there is one at ${checkpointSeq} already`);
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
  let checkpointSeq: number | undefined;
  const entries = new Map<string, Json>();
  const refuseIfClosed = () => {
    if (closed) throw new Error('the store is closed');
  };
  return {
    append(expectedSeq, added) {
      refuseIfClosed();
      refuseIfNotNext(dropped + records.length, expectedSeq, added);
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
    checkpoints: {
      save(seq, changes) {
        refuseIfClosed();
        refuseCheckpoint(seq, dropped + records.length, checkpointSeq);
        for (const [key, entry] of changes) {
          if (entry === null) entries.delete(key);
          else entries.set(key, entry);
        }
        checkpointSeq = seq;
      },
      load: () => (checkpointSeq === undefined ? undefined : { seq: checkpointSeq, entries: new Map(entries) }),
    },
    close() {
      closed = true;
    },
  };
}
