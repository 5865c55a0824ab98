/**
 * Stores that live in a page of a real browser, for tests that run in Node: every call goes through to the real one,
 * and what it throws comes back. Values go as JSON text: what carries a page's values would mend half a letter.
 */
import type { JSHandle, Page } from 'playwright-core';
import type { IndexedDbStore, IndexedDbStoreOptions } from '../../../src/actors/indexeddb-store.ts';
import { type Store, StoreConflict } from '../../../src/actors/store.ts';
import type { Json } from '../../../src/machines/json.ts';
import type { HubRecord } from '../../../src/machines/messages.ts';

declare global {
  var indexedDbStore: (options: IndexedDbStoreOptions) => Promise<IndexedDbStore>;
}

/** So many records come one by one, and those behind them together, since each way takes its time. */
const singly = 16;
const atOnce = 500;

/** Loads what was built into a page of the same server. As text: what runs the tests would load it in its own way. */
export async function loadStores(page: Page): Promise<void> {
  await page.evaluate(`import('/indexeddb.js').then((door) => { globalThis.indexedDbStore = door.indexedDbStore })`);
}

/** Opens a store in the page. */
export async function browserStore(page: Page, options: IndexedDbStoreOptions): Promise<Store> {
  const store = await asHere(page.evaluateHandle((options) => globalThis.indexedDbStore(options), options));
  return {
    append: (expectedSeq, records) =>
      asHere(
        store.evaluate(
          (store, { expectedSeq, text, records }) =>
            store.append(expectedSeq, (records as HubRecord[] | null) ?? JSON.parse(text)),
          {
            expectedSeq,
            ...asText(records),
          },
        ),
      ),
    read: (fromSeq) => read(store, fromSeq),
    checkpoints: {
      save: (seq, changes) =>
        asHere(
          store.evaluate((store, [seq, text]) => store.checkpoints.save(seq, new Map(JSON.parse(text))), [
            seq,
            JSON.stringify([...changes]),
          ] as const),
        ),
      async load() {
        const text = await asHere(
          store.evaluate(async (store) => {
            const saved = await store.checkpoints.load();
            return JSON.stringify(saved && { seq: saved.seq, entries: [...saved.entries] });
          }),
        );
        if (text === undefined) return undefined;
        return JSON.parse(text) as { seq: number; entries: [string, Json][] };
      },
    },
    close: () => asHere(store.evaluate((store) => store.close())),
  };
}

async function* read(store: JSHandle<IndexedDbStore>, fromSeq: number): AsyncGenerator<HubRecord, void> {
  const reader = await store.evaluateHandle((store, from) => store.read(from)[Symbol.asyncIterator](), fromSeq);
  const take = async (most: number): Promise<HubRecord[]> => {
    const text = await asHere(
      reader.evaluate(async (reader, most) => {
        const taken = [];
        while (taken.length < most) {
          const { value, done } = await reader.next();
          if (done) break;
          taken.push(value);
        }
        return JSON.stringify(taken);
      }, most),
    );
    return JSON.parse(text);
  };
  try {
    for (let count = 0; ; count++) {
      const records = await take(count < singly ? 1 : atOnce);
      if (records.length === 0) return;
      yield* records;
    }
  } finally {
    await reader.evaluate((reader) => reader.return?.()).then(() => {});
  }
}

/** What has no text, because it goes round in circles, goes as it is. */
function asText(records: readonly HubRecord[]): { text: string; records: unknown } {
  try {
    return { text: JSON.stringify(records), records: null };
  } catch {
    return { text: '', records };
  }
}

/** What is thrown in the page is thrown here, under its own name. */
async function asHere<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const { message } = error as Error;
    throw message.includes('StoreConflict') ? new StoreConflict(message) : error;
  }
}
