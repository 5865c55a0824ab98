/** The table of runs that the browser keeps for this page. */
import type { Intervention, Origin } from '../engine/protocol.ts';
import type { View } from './place.ts';

export interface KeptRun {
  /** Also the name of the log that is kept of it. */
  readonly key: string;
  /** The tab that it belongs to. */
  readonly session: string;
  readonly order: number;
  readonly title: string;
  /** What was done to it. */
  readonly interventions: readonly Intervention[];
  readonly head: number;
  readonly position: number;
  /** What is shown of it; null when another run, or none, is looked at. */
  readonly shown: { readonly view: View; readonly selection: string | null } | null;
  /** In ms since the epoch. */
  readonly savedAt: number;
}

/** Origins stand by themselves: they may be large files, and never change. */
const tables = ['runs', 'origins'] as const;

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open('xstate-hub inspector', 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('runs', { keyPath: 'key' });
    request.result.createObjectStore('origins');
  };
  return answered(request);
}

const answered = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

type Tables = Record<(typeof tables)[number], IDBObjectStore>;

async function transact<T>(mode: IDBTransactionMode, work: (tables: Tables) => T): Promise<T> {
  const database = await open();
  try {
    const transaction = database.transaction(tables, mode, { durability: 'strict' });
    const over = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('the browser broke off'));
    });
    const result = work({ runs: transaction.objectStore('runs'), origins: transaction.objectStore('origins') });
    await over;
    return result;
  } finally {
    database.close();
  }
}

export async function allKept(): Promise<readonly KeptRun[]> {
  const request = await transact('readonly', ({ runs }) => runs.getAll() as IDBRequest<KeptRun[]>);
  return request.result;
}

/** As it was when the run was opened, without what was done to it since. */
export async function originOf(key: string): Promise<Origin | undefined> {
  const request = await transact('readonly', ({ origins }) => origins.get(key) as IDBRequest<Origin | undefined>);
  return request.result;
}

/**
 * Puts down runs and forgets others, all at once.
 *
 * @param begun the origins of those that were not kept before
 */
export async function keep(
  kept: readonly KeptRun[],
  gone: readonly string[],
  begun: ReadonlyMap<string, Origin> = new Map(),
): Promise<void> {
  await transact('readwrite', ({ runs, origins }) => {
    for (const key of gone) {
      runs.delete(key);
      origins.delete(key);
    }
    for (const run of kept) runs.put(run);
    for (const [key, origin] of begun) origins.put(origin, key);
  });
}

/** Forgets the log of a run; when somebody has it open, as soon as they let go. */
export function forgetLog(key: string): void {
  indexedDB.deleteDatabase(key);
}
