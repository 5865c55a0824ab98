/**
 * A log in a SQLite file: durable, hash-chained, with one writer.
 *
 * Owns: the transactions, what is refused, and what happens after a fault. Does not own: tables
 * (sqlite-schema.ts), who may write (sqlite-lease.ts), reading (sqlite-log.ts), entries of checkpoints
 * (sqlite-checkpoints.ts).
 *
 * - X1 one transaction an append and a checkpoint, with the writer's lease renewed in it (I5, I16).
 * - X2 after any fault nothing is taken any more: what a failed sync has left behind, only a new start can know (I24).
 * - X3 what is read is checked against its hash; nothing is handed out that was not written so (I15).
 *
 * A byte that flips in what SQLite still has in its WAL file looks like a torn write, and the log ends there. So a
 * log is moved out of the WAL when it is opened and when it is closed.
 */
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { HubError } from '../machines/errors.ts';
import { deepFreeze } from '../machines/json.ts';
import type { HubRecord } from '../machines/messages.ts';
import { BrokenChain, type ChainLink, chainRow, checkedRecords } from './hash-chain.ts';
import { SqliteCheckpoints } from './sqlite-checkpoints.ts';
import { beginFacts, type Facts, factsWriter, readFacts } from './sqlite-facts.ts';
import { makeDurable, openToRead, openToWrite, type SqliteFile, statement, withoutWaiting } from './sqlite-file.ts';
import { Lease, type LeaseOptions, refuseIfHeld } from './sqlite-lease.ts';
import { linkAt, rowsBetween } from './sqlite-log.ts';
import { migrate, readableVersion } from './sqlite-schema.ts';
import { type Checkpoints, refuseCheckpoint, refuseIfNotNext, type Store, StoreConflict } from './store.ts';

export interface SqliteStoreOptions {
  /** The file; it is made when it is not there. Beside it stand `…-wal` and `…-shm`. */
  readonly path: string;
  /** How long a writer of which nothing is seen keeps others out, in ms. Default: 10 s. */
  readonly leaseMs?: number;
  /** How many of the last records stay when a checkpoint makes them dispensable. Default: all. */
  readonly keepTail?: number;
  /** The clock of leases, in ms since the epoch. Default: the machine's. */
  readonly now?: () => number;
}

export interface SqliteStore extends Store {
  read(fromSeq: number): Iterable<HubRecord>;
  readonly checkpoints: Checkpoints;
  close(): void;
}

/** The files that are open in this process: two stores on one file would be a mistake. */
const openHere = new Set<string>();

const rowsAtOnce = 16;

/** How many of the last records are checked when a log is opened. */
const checkedTail = 1000;

/**
 * Opens a log, or begins one.
 *
 * Throws {@link StoreConflict} while somebody else writes to it, `invalid` when the file is of a newer version or
 * no log, and {@link BrokenChain} when its end is damaged.
 */
export function sqliteStore({
  path,
  leaseMs = 10_000,
  keepTail = Number.POSITIVE_INFINITY,
  now = () => Date.now(),
}: SqliteStoreOptions): SqliteStore {
  if (path === '') throw new HubError('invalid', 'path: expected the name of a file', { path: 'path' });
  const place = placeOf(path);
  if (openHere.has(place)) throw new StoreConflict(`${path} is open in this process already`);
  openHere.add(place);
  try {
    return openStore(place, { leaseMs, now }, keepTail, () => openHere.delete(place));
  } catch (error) {
    openHere.delete(place);
    throw error;
  }
}

/** One name for one file, whatever it is called. */
function placeOf(path: string): string {
  const whole = resolve(path);
  return existsSync(whole) ? realpathSync(whole) : join(realpathSync(dirname(whole)), basename(whole));
}

function openStore(path: string, lease: LeaseOptions, keepTail: number, onClose: () => void): SqliteStore {
  const file = openToWrite(path);
  try {
    return new Writer(file, path, lease).store(keepTail, onClose);
  } catch (error) {
    file.close();
    if ((error as { code?: unknown }).code !== 'SQLITE_BUSY') throw error;
    throw new StoreConflict(`${path} is locked by another process, which may have been stopped while it wrote`);
  }
}

/** Writes records behind a link, several at a time: a call into the library costs as much as a row. */
function inserter(file: SqliteFile): (records: readonly HubRecord[], behind: ChainLink) => ChainLink {
  const insert = (rows: number) =>
    statement(file, `insert into records (seq, text, hash) values ${Array(rows).fill('(?, ?, ?)').join(', ')}`);
  const [one, many] = [insert(1), insert(rowsAtOnce)];
  return (records, behind) => {
    let last = behind;
    for (let first = 0; first < records.length; ) {
      const count = records.length - first < rowsAtOnce ? 1 : rowsAtOnce;
      const values: (string | number)[] = [];
      for (const record of records.slice(first, first + count)) {
        const { seq, text, hash } = chainRow(record, last.hash);
        values.push(seq, text, hash);
        last = { seq, hash };
      }
      (count === 1 ? one : many).run(...values);
      first += count;
    }
    return last;
  };
}

class Writer {
  readonly #file: SqliteFile;
  readonly #path: string;
  readonly #lease: Lease;
  readonly #sql;
  #facts: Facts;
  #head: ChainLink;
  #failure: Error | undefined;
  #isClosed = false;

  constructor(file: SqliteFile, path: string, leaseOptions: LeaseOptions) {
    this.#file = file;
    this.#path = path;
    if (readableVersion(file, path) > 0) refuseIfHeld(file, path, leaseOptions.now());
    makeDurable(file, path);
    this.#sql = {
      begin: statement(file, 'begin immediate'),
      commit: statement(file, 'commit'),
      rollback: statement(file, 'rollback'),
    };
    this.#lease = this.#transact(() => {
      migrate(file, path);
      beginFacts(file);
      return new Lease(file, path, leaseOptions);
    });
    try {
      this.#moveOutOfWal();
      this.#facts = readFacts(file);
      this.#head = this.#checkedEnd();
    } catch (error) {
      this.#transact(() => this.#lease.release()); // Whoever comes to repair it need not wait.
      throw error;
    }
  }

  store(keepTail: number, onClose: () => void): SqliteStore {
    const insert = inserter(this.#file);
    const writeFacts = factsWriter(this.#file);
    const checkpoints = new SqliteCheckpoints(this.#file, keepTail);
    const heartbeat = setInterval(() => this.#showLife(), this.#lease.beatMs);
    heartbeat.unref();
    return {
      append: (expectedSeq, records) => {
        this.#refuseIfOver();
        refuseIfNotNext(this.#head.seq, expectedSeq, records);
        if (records.length === 0) return;
        [this.#head, this.#facts] = this.#write(() => {
          const last = insert(records, this.#head);
          const facts = { ...this.#facts, lastSeq: last.seq };
          writeFacts(facts);
          return [last, facts];
        });
      },
      read: (fromSeq) => this.#read(fromSeq),
      checkpoints: {
        save: (seq, changes) => {
          this.#refuseIfOver();
          refuseCheckpoint(seq, this.#head.seq, this.#facts.checkpointSeq ?? 0);
          this.#facts = this.#write(() => checkpoints.save(seq, changes, this.#facts));
        },
        load: () => this.#noting(() => checkpoints.load(this.#facts)),
      },
      close: () => {
        if (this.#isClosed) return;
        this.#isClosed = true;
        clearInterval(heartbeat);
        try {
          this.#retire();
        } finally {
          this.#file.close();
          onClose();
        }
      },
    };
  }

  #checkedEnd(): ChainLink {
    const { lastSeq } = this.#facts;
    let last = linkAt(this.#file, this.#facts, Math.max(0, lastSeq - checkedTail));
    const rows = rowsBetween(this.#file, last.seq + 1, lastSeq);
    for (const { record, hash } of checkedRecords(rows, last)) last = { seq: record.seq, hash };
    return last;
  }

  *#read(fromSeq: number): Generator<HubRecord, void> {
    // Who follows a log may come to its end after it was closed.
    const file = this.#isClosed ? openToRead(this.#path) : this.#file;
    try {
      const facts = this.#isClosed ? readFacts(file) : this.#facts;
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

  /** Under the lease, all or nothing (X1). */
  #write<T>(work: () => T): T {
    return this.#noting(() =>
      this.#transact(() => {
        this.#lease.renew();
        return work();
      }),
    );
  }

  #transact<T>(work: () => T): T {
    this.#sql.begin.run();
    try {
      const result = work();
      this.#sql.commit.run();
      return result;
    } catch (error) {
      try {
        this.#sql.rollback.run();
      } catch {
        // SQLite has rolled back already, or cannot; either way nothing more is written here.
      }
      throw error;
    }
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
  #showLife(): void {
    if (this.#failure !== undefined || !this.#lease.isDue) return;
    try {
      this.#write(() => {});
    } catch {
      // It is noted.
    }
  }

  #retire(): void {
    if (this.#failure !== undefined) return;
    this.#transact(() => this.#lease.release());
    this.#moveOutOfWal();
  }

  /** A reader may keep it from happening; then it happens later, and nobody waits for it. */
  #moveOutOfWal(): void {
    withoutWaiting(this.#file, () => statement(this.#file, 'pragma wal_checkpoint(truncate)').get());
  }
}
