/**
 * A log in a SQLite file: durable, hash-chained, with one writer.
 *
 * Owns: what is refused, in which thread it is written, and what happens after a fault. Does not own: transactions
 * (sqlite-writing.ts), tables (sqlite-schema.ts), who may write (sqlite-lease.ts), reading (sqlite-log.ts).
 *
 * - X1 one transaction an append and a checkpoint, with the writer's lease renewed in it (I5, I16).
 *   Whatever comes while the other thread is at work is written there, too, behind it (S6).
 * - X2 after any fault nothing is taken any more: what a failed sync has left behind, only a new start can know (I24).
 * - X3 what is read is checked against its hash; nothing is handed out that was not written so (I15).
 *
 * A byte that flips in what SQLite still has in its WAL file looks like a torn write, and the log ends there. So a
 * log is moved out of the WAL when it is opened and when it is closed.
 */
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { HubError } from '../machines/errors.ts';
import { deepFreeze, type Json } from '../machines/json.ts';
import type { HubRecord } from '../machines/messages.ts';
import { parse } from '../machines/parse.ts';
import { recordText } from '../machines/record-text.ts';
import { BrokenChain, type ChainLink, checkedRecords } from './hash-chain.ts';
import { Beside } from './sqlite-beside.ts';
import { type EntryText, SqliteCheckpoints } from './sqlite-checkpoints.ts';
import { beginFacts, type Facts, readFacts } from './sqlite-facts.ts';
import {
  codeOf,
  makeDurable,
  openToRead,
  openToWrite,
  type SqliteFile,
  statement,
  transactions,
  withoutWaiting,
} from './sqlite-file.ts';
import { Lease, type LeaseOptions, refuseIfHeld, renewal } from './sqlite-lease.ts';
import { linkAt, rowsBetween } from './sqlite-log.ts';
import { type SqliteStoreOptions, sqliteOptionsSchema, type ThreadOptions } from './sqlite-options.ts';
import { migrate, readableVersion, refuseFolder, wrongFile } from './sqlite-schema.ts';
import { type Job, type LogEnd, type Writing, writingTo } from './sqlite-writing.ts';
import { type Checkpoints, refuseCheckpoint, refuseIfNotNext, type Store, StoreConflict } from './store.ts';

export interface SqliteStore extends Store {
  readonly takesAhead: true;
  read(fromSeq: number): Iterable<HubRecord>;
  readonly checkpoints: Checkpoints;
}

/** The files that are open in this process: two stores on one file would be a mistake. */
const openHere = new Set<string>();

/** How many of the last records are checked when a log is opened. */
const checkedTail = 1000;

/**
 * Opens a log, or begins one.
 *
 * Throws `conflict` ({@link StoreConflict}) while somebody else writes to it; `invalid` for options that cannot be, a
 * path where no file can be, and a file that is no log or of a newer version; `storeFailed` when its end is damaged
 * ({@link BrokenChain}) or the file cannot be used. What SQLite or the system said is the `cause`.
 */
export function sqliteStore(options: SqliteStoreOptions): SqliteStore {
  const { path, leaseMs, keepTail, thread, now } = parse(sqliteOptionsSchema, options);
  const place = placeOf(path);
  if (openHere.has(place)) throw new StoreConflict(`${path} is open in this process already`);
  openHere.add(place);
  try {
    return openStore(place, { leaseMs, now }, { keepTail, thread, onClose: () => openHere.delete(place) });
  } catch (error) {
    openHere.delete(place);
    throw error;
  }
}

/** One name for one file, whatever it is called. */
function placeOf(path: string): string {
  const whole = resolve(path);
  try {
    return existsSync(whole) ? realpathSync(whole) : join(realpathSync(dirname(whole)), basename(whole));
  } catch (cause) {
    throw wrongFile(`${path}: there is no folder ${dirname(path)}`, cause);
  }
}

interface Habits {
  readonly keepTail: number;
  readonly thread: ThreadOptions;
  readonly onClose: () => void;
}

function openStore(path: string, lease: LeaseOptions, habits: Habits): SqliteStore {
  let file: SqliteFile | undefined;
  try {
    refuseFolder(path);
    file = openToWrite(path);
    return new Writer(file, path, lease).store(habits);
  } catch (error) {
    file?.close();
    throw openingFault(error, path);
  }
}

/** Why a log could not be opened, as an error of the doors. */
function openingFault(error: unknown, path: string): HubError {
  if (error instanceof HubError) return error;
  if (codeOf(error) === 'SQLITE_BUSY') {
    return new StoreConflict(`${path} is locked by another process, which may have been stopped while it wrote`, error);
  }
  return new HubError('storeFailed', `${path} cannot be opened: ${(error as Error).message}`, { cause: error });
}

const entryText = ([key, entry]: readonly [string, Json | null]): EntryText => [
  key,
  entry === null ? null : JSON.stringify(entry),
];

class Writer {
  readonly #file: SqliteFile;
  readonly #path: string;
  readonly #lease: Lease;
  readonly #transact: ReturnType<typeof transactions>;
  #end: LogEnd;
  #failure: Error | undefined;
  #isClosed = false;
  /** The other thread; it is started when there is something for it. */
  #beside: Beside | undefined;
  /** How many orders it has, and when it will have done the last one. */
  #ordered = 0;
  #written: Promise<void> | undefined;
  /** Where the log and its checkpoint are when all that was ordered is done. */
  #comingSeq: number;
  #comingCheckpoint: number;

  constructor(file: SqliteFile, path: string, leaseOptions: LeaseOptions) {
    this.#file = file;
    this.#path = path;
    if (readableVersion(file, path) > 0) refuseIfHeld(file, path, leaseOptions.now());
    makeDurable(file, path);
    this.#transact = transactions(file);
    this.#lease = this.#transact(() => {
      migrate(file, path);
      beginFacts(file);
      return new Lease(file, path, leaseOptions);
    });
    try {
      this.#moveOutOfWal();
      const facts = readFacts(file);
      this.#end = { head: this.#checkedEnd(facts), facts };
    } catch (error) {
      this.#transact(() => renewal(file)(this.#lease.end)); // Whoever comes to repair it need not wait.
      throw error;
    }
    this.#comingSeq = this.#end.head.seq;
    this.#comingCheckpoint = this.#end.facts.checkpointSeq ?? 0;
  }

  store({ keepTail, thread, onClose }: Habits): SqliteStore {
    const writing = writingTo(this.#file, keepTail);
    const checkpoints = new SqliteCheckpoints(this.#file, keepTail);
    const heartbeat = setInterval(() => this.#showLife(writing), this.#lease.beatMs);
    heartbeat.unref();
    const write = (job: NonNullable<Job>, size: number): void | Promise<void> => {
      if (this.#ordered === 0 && size < (thread.from ?? 32)) return this.#write(writing, job);
      this.#beside ??= Beside.start(this.#path, keepTail, thread.script);
      return this.#beside === undefined ? this.#write(writing, job) : this.#writeBeside(this.#beside, job);
    };
    return {
      takesAhead: true,
      append: (expectedSeq, records) => {
        this.#refuseIfOver();
        refuseIfNotNext(this.#comingSeq, expectedSeq, records);
        if (records.length === 0) return;
        const written = write({ texts: records.map(recordText) }, records.length);
        this.#comingSeq += records.length;
        return written;
      },
      read: (fromSeq) => this.#read(fromSeq),
      checkpoints: {
        save: (seq, changes) => {
          this.#refuseIfOver();
          refuseCheckpoint(seq, this.#comingSeq, this.#comingCheckpoint);
          const written = write({ seq, entries: [...changes].map(entryText) }, changes.size);
          this.#comingCheckpoint = seq;
          return written;
        },
        load: () => this.#noting(() => checkpoints.load(this.#end.facts)),
      },
      close: () => {
        if (this.#isClosed) return;
        this.#isClosed = true;
        clearInterval(heartbeat);
        const close = () => {
          try {
            this.#retire();
          } finally {
            this.#file.close();
            onClose();
          }
        };
        if (this.#beside === undefined) return close();
        const closeBeside = () => this.#beside?.close();
        return Promise.resolve(this.#written).then(closeBeside, closeBeside).then(close);
      },
    };
  }

  #checkedEnd(facts: Facts): ChainLink {
    const { lastSeq } = facts;
    let last = linkAt(this.#file, facts, Math.max(0, lastSeq - checkedTail));
    const rows = rowsBetween(this.#file, last.seq + 1, lastSeq);
    for (const { record, hash } of checkedRecords(rows, last)) last = { seq: record.seq, hash };
    return last;
  }

  *#read(fromSeq: number): Generator<HubRecord, void> {
    // Who follows a log may come to its end after it was closed.
    const file = this.#isClosed ? openToRead(this.#path) : this.#file;
    try {
      const facts = this.#isClosed ? readFacts(file) : this.#end.facts;
      for (const record of this.#checked(Math.max(fromSeq, 1), file, facts)) yield deepFreeze(record);
    } finally {
      if (file !== this.#file) file.close();
    }
  }

  /** The records from one seq, or the first one kept, to what is the end now; checked (X3). */
  *#checked(from: number, file: SqliteFile, facts: Facts): Generator<HubRecord, void> {
    if (from > facts.lastSeq) return;
    try {
      const behind = linkAt(file, facts, from - 1);
      for (const { record } of checkedRecords(rowsBetween(file, behind.seq + 1, facts.lastSeq), behind)) yield record;
    } catch (error) {
      if (error instanceof BrokenChain && error.seq <= readFacts(file).pruned.seq) {
        throw new Error(`record ${error.seq} was pruned while it was to be read`);
      }
      this.#failure ??= error as Error;
      throw error;
    }
  }

  #refuseIfOver(): void {
    if (this.#isClosed) throw new Error('the store is closed');
    if (this.#failure !== undefined) throw this.#failure;
  }

  #write(writing: Writing, job: Job): void {
    const term = this.#lease.next;
    this.#end = this.#noting(() => writing(job, this.#end, term));
    this.#lease.renewed(term);
  }

  #writeBeside(beside: Beside, job: NonNullable<Job>): Promise<void> {
    const term = this.#lease.next;
    const end = this.#ordered === 0 ? this.#end : null;
    this.#ordered++;
    this.#written = beside.write(job, end, term).then(
      (end) => {
        this.#ordered--;
        this.#end = end;
        this.#lease.renewed(term);
      },
      (error: Error) => {
        this.#ordered--;
        this.#failure ??= error;
        throw error;
      },
    );
    return this.#written;
  }

  /** After any fault there is no more writing (X2). */
  #noting<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.#failure ??= error as Error;
      throw error;
    }
  }

  /** An idle writer keeps its lease; one that has lost it learns so at the next append. */
  #showLife(writing: Writing): void {
    if (this.#failure !== undefined || this.#ordered > 0 || !this.#lease.isDue) return;
    try {
      this.#write(writing, undefined);
    } catch {
      // It is noted.
    }
  }

  #retire(): void {
    if (this.#failure !== undefined) return;
    this.#transact(() => renewal(this.#file)(this.#lease.end));
    this.#moveOutOfWal();
  }

  /** A reader may keep it from happening; then it happens later, and nobody waits for it. */
  #moveOutOfWal(): void {
    withoutWaiting(this.#file, () => statement(this.#file, 'pragma wal_checkpoint(truncate)').get());
  }
}
