/** The table of runs that the browser keeps for this page. */
import type { Origin } from '../engine/protocol.ts';
import type { View } from './place.ts';

export interface KeptRun {
  /** Also the name of the log that is kept of it. */
  readonly key: string;
  /** The tab that it belongs to. */
  readonly session: string;
  readonly order: number;
  readonly title: string;
  /** With what was done to it. */
  readonly origin: Origin;
  readonly head: number;
  readonly position: number;
  /** What is shown of it; null when another run, or none, is looked at. */
  readonly shown: { readonly view: View; readonly selection: string | null } | null;
  /** In ms since the epoch. */
  readonly savedAt: number;
}

const table = 'runs';

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open('xstate-hub inspector', 1);
  request.onupgradeneeded = () => request.result.createObjectStore(table, { keyPath: 'key' });
  return answered(request);
}

const answered = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function withTable<T>(mode: IDBTransactionMode, work: (runs: IDBObjectStore) => T): Promise<T> {
  const database = await open();
  try {
    const transaction = database.transaction(table, mode, { durability: 'strict' });
    const over = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('the browser broke off'));
    });
    const result = work(transaction.objectStore(table));
    await over;
    return result;
  } finally {
    database.close();
  }
}

export async function allKept(): Promise<readonly KeptRun[]> {
  const request = await withTable('readonly', (runs) => runs.getAll() as IDBRequest<KeptRun[]>);
  return request.result;
}

/** Puts down runs and forgets others, all at once. */
export async function keep(runs: readonly KeptRun[], gone: readonly string[]): Promise<void> {
  await withTable('readwrite', (kept) => {
    for (const key of gone) kept.delete(key);
    for (const run of runs) kept.put(run);
  });
}

/** Forgets the log of a run; when somebody has it open, as soon as they let go. */
export function forgetLog(key: string): void {
  indexedDB.deleteDatabase(key);
}
