/**
 * A log in the browser's IndexedDB: durable, with one writer.
 *
 * Owns: transactions, what is refused, who may write. Does not own: tables (indexeddb-file.ts), and damage: there is no
 * chain of hashes, so that what the browser gives back is taken for what was written.
 *
 * - Id1 one strict transaction an append and a checkpoint; the writer's epoch is compared in it (I5, I16).
 * - Id2 one writer at a time, by a Web Lock, which the browser takes back when its page is gone. Where there are no
 *   locks, whoever opened the log last is the writer, and those before it write nothing any more.
 * - Id3 after any fault nothing is taken any more: what is left behind, only a new start can know (I24).
 */
import { HubError } from '../machines/errors.ts';
import { canonicalJson, deepFreeze, type Json } from '../machines/json.ts';
import type { HubRecord } from '../machines/messages.ts';
import { recordText } from '../machines/record-text.ts';
import { answered, type LogFacts, openDatabase, readFacts, type Tables, transact } from './indexeddb-file.ts';
import { type Checkpoints, refuseCheckpoint, refuseIfNotNext, type Store, StoreConflict } from './store.ts';

export interface IndexedDbStoreOptions {
  /** Of the database; it is made when it is not there. */
  readonly name: string;
  /** How long to wait for a writer before this one to let go, in ms: a page that is loaded again waits for itself. Default: 2 s. */
  readonly waitMs?: number;
  /** How many of the last records stay when a checkpoint makes them dispensable. Default: all. */
  readonly keepTail?: number;
}

export interface IndexedDbStore extends Store {
  append(expectedSeq: number, records: readonly HubRecord[]): Promise<void>;
  read(fromSeq: number): AsyncIterable<HubRecord>;
  readonly checkpoints: Checkpoints;
  close(): Promise<void>;
}

/** How many records are read at once. */
const page = 500;

/**
 * Opens a log, or begins one. Needs a browser: a page, or a worker of one.
 *
 * Rejects with {@link StoreConflict} when somebody else goes on writing to it.
 */
export async function indexedDbStore({
  name,
  waitMs = 2000,
  keepTail = Number.POSITIVE_INFINITY,
}: IndexedDbStoreOptions): Promise<IndexedDbStore> {
  needBrowser();
  if (name === '') {
    const expected = 'the name of a database';
    throw new HubError('invalid', `name: expected ${expected}`, { path: 'name', expected });
  }
  const release = await lock(name, waitMs);
  try {
    const database = await openDatabase(name);
    const facts = await transact(database, 'readwrite', async (tables) => {
      const before = await readFacts(tables);
      return writeFacts(tables, { ...before, epoch: before.epoch + 1 });
    });
    return new Writer(name, database, facts, keepTail, release).store();
  } catch (error) {
    release();
    throw error;
  }
}

/** Removes a log and everything of it. Waits for those who have it open to let go. */
export async function removeIndexedDbLog(name: string): Promise<void> {
  needBrowser();
  await answered(indexedDB.deleteDatabase(name));
}

function needBrowser(): void {
  if (typeof indexedDB !== 'undefined' && typeof navigator !== 'undefined') return;
  const expected = 'a page, or a worker of one';
  throw new HubError('invalid', `xstate-hub/indexeddb needs a browser: expected ${expected}`, { expected });
}

/** Takes the lock of a log; the answer lets go of it. */
function lock(name: string, waitMs: number): Promise<() => void> {
  const { locks } = navigator as Partial<Navigator>;
  if (locks === undefined) return Promise.resolve(() => {});
  return new Promise((resolve, reject) => {
    const held = locks.request(
      `xstate-hub log ${name}`,
      { signal: AbortSignal.timeout(waitMs) },
      () => new Promise<void>((release) => resolve(release)),
    );
    held.catch(() => reject(new StoreConflict(`${name} belongs to another page or worker, which goes on writing`)));
  });
}

function writeFacts({ facts: table }: Tables, facts: LogFacts): LogFacts {
  table.put(facts, 0);
  return facts;
}

class Writer {
  readonly #name: string;
  readonly #database: IDBDatabase;
  readonly #keepTail: number;
  readonly #release: () => void;
  #facts: LogFacts;
  /** Appends and checkpoints, one behind the other. */
  #last: Promise<unknown> = Promise.resolve();
  #failure: unknown;
  #isClosed = false;

  constructor(name: string, database: IDBDatabase, facts: LogFacts, keepTail: number, release: () => void) {
    this.#name = name;
    this.#database = database;
    this.#facts = facts;
    this.#keepTail = keepTail;
    this.#release = release;
    database.onversionchange = () => {
      this.#failure ??= new StoreConflict(`${name} is being removed; this one writes nothing any more`);
      this.#letGo();
    };
    database.onclose = () => {
      this.#failure ??= new Error(`the browser has closed ${name}`);
      this.#release();
    };
  }

  store(): IndexedDbStore {
    return {
      append: (expectedSeq, records) =>
        this.#write(
          () => refuseIfNotNext(this.#facts.lastSeq, expectedSeq, records),
          (tables) => {
            for (const record of records) tables.records.add(recordText(record), record.seq);
            return { ...this.#facts, lastSeq: expectedSeq + records.length };
          },
        ),
      read: (fromSeq) => this.#read(Math.max(fromSeq, 1)),
      checkpoints: {
        save: (seq, changes) =>
          this.#write(
            () => refuseCheckpoint(seq, this.#facts.lastSeq, this.#facts.checkpointSeq ?? 0),
            (tables) => this.#save(tables, seq, changes),
          ),
        load: () => this.#load(),
      },
      close: async () => {
        if (this.#isClosed) return;
        this.#isClosed = true;
        await this.#last.catch(() => {});
        this.#letGo();
      },
    };
  }

  #letGo(): void {
    this.#database.close();
    this.#release();
  }

  /** What is refused changes nothing; what fails is the end (Id3). */
  #write(refuse: () => void, work: (tables: Tables) => LogFacts): Promise<void> {
    const written = this.#last
      .catch(() => {})
      .then(async () => {
        if (this.#isClosed && this.#failure === undefined) throw new Error('the store is closed');
        if (this.#failure !== undefined) throw this.#failure;
        refuse();
        try {
          this.#facts = await transact(this.#database, 'readwrite', async (tables) => {
            const { epoch } = await readFacts(tables);
            if (epoch !== this.#facts.epoch)
              throw new StoreConflict('another writer has taken over this log; this one writes nothing any more');
            return writeFacts(tables, work(tables));
          });
        } catch (error) {
          this.#failure ??= error;
          throw error;
        }
      });
    this.#last = written;
    return written;
  }

  #save({ entries, records }: Tables, seq: number, changes: ReadonlyMap<string, Json | null>): LogFacts {
    for (const [key, entry] of changes) {
      if (entry === null) entries.delete(key);
      else entries.put(canonicalJson(entry), key);
    }
    const dispensable = Math.min(seq, this.#facts.lastSeq - this.#keepTail);
    if (dispensable >= 1) records.delete(IDBKeyRange.upperBound(dispensable));
    return { ...this.#facts, checkpointSeq: seq };
  }

  async *#read(fromSeq: number): AsyncGenerator<HubRecord, void> {
    const end = this.#facts.lastSeq;
    for (let next = fromSeq; next <= end; ) {
      const range = IDBKeyRange.bound(next, end);
      const texts = (await this.#look(({ records }) => answered(records.getAll(range, page)))) as string[];
      if (texts.length === 0 && next === fromSeq) return;
      if (texts.length === 0) throw new Error(`record ${next} was pruned while it was to be read`);
      for (const text of texts) {
        const record = deepFreeze(JSON.parse(text)) as HubRecord;
        if (next > fromSeq && record.seq !== next) throw new Error(`record ${next} was pruned while it was to be read`);
        next = record.seq + 1;
        yield record;
      }
    }
  }

  #load(): ReturnType<Checkpoints['load']> {
    return this.#look(async (tables) => {
      const { checkpointSeq } = await readFacts(tables);
      if (checkpointSeq === null) return undefined;
      const [keys, texts] = await Promise.all([
        answered(tables.entries.getAllKeys()),
        answered(tables.entries.getAll()),
      ]);
      return {
        seq: checkpointSeq,
        entries: keys.map((key, index) => [key as string, JSON.parse(texts[index] as string) as Json] as const),
      };
    });
  }

  /** Who follows a log may come to its end after it was closed. */
  async #look<T>(work: (tables: Tables) => Promise<T>): Promise<T> {
    if (!this.#isClosed) return await transact(this.#database, 'readonly', work);
    await this.#last.catch(() => {});
    const database = await openDatabase(this.#name);
    try {
      return await transact(database, 'readonly', work);
    } finally {
      database.close();
    }
  }
}
