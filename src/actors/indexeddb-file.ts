/**
 * IndexedDB with promises, and the tables of a log in it.
 *
 * - Ib1 a transaction that writes is strict: when it is complete, the browser has flushed it to the disk.
 */

/** Tables of a log: `records` by seq, `entries` of checkpoints by key, and one row of facts. */
const tables = ['records', 'entries', 'facts'] as const;

const version = 1;

/** What is known of a log as a whole. */
export interface LogFacts {
  /** Grows with every writer; only the last one's counts. */
  readonly epoch: number;
  readonly lastSeq: number;
  readonly checkpointSeq: number | null;
}

export interface Tables {
  readonly records: IDBObjectStore;
  readonly entries: IDBObjectStore;
  readonly facts: IDBObjectStore;
}

export function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export function openDatabase(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, version);
  request.onupgradeneeded = () => {
    for (const table of tables) request.result.createObjectStore(table);
  };
  return answered(request);
}

/** Runs `work` in one transaction: all of it, or nothing of it, when it throws or the browser cannot write. */
export async function transact<T>(
  database: IDBDatabase,
  mode: 'readonly' | 'readwrite',
  work: (tables: Tables) => Promise<T>,
): Promise<T> {
  const transaction = database.transaction(tables, mode, { durability: 'strict' });
  const over = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('the browser broke off a transaction'));
  });
  over.catch(() => {}); // It is told below.
  try {
    const [records, entries, facts] = tables.map((table) => transaction.objectStore(table));
    const result = await work({ records, entries, facts } as Tables);
    await over;
    return result;
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // It is over already.
    }
    throw error;
  }
}

export const readFacts = async ({ facts }: Tables): Promise<LogFacts> =>
  ((await answered(facts.get(0))) as LogFacts | undefined) ?? { epoch: 0, lastSeq: 0, checkpointSeq: null };
