/** The store of browsers, in one: the same suite as every store, and who may write. */
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Store, StoreConflict } from '../../src/actors/store.ts';
import { storeConformance } from '../support/store-conformance.ts';
import { append, load, readAll, recordAt, recordsAt, save } from '../support/store-records.ts';
import { browserStore, loadStores } from './support/browser-store.ts';
import { builtPage } from './support/built-page.ts';

const built = builtPage('./');
let page: Page;
let names = 0;
const nameOf = new WeakMap<Store, string>();

async function open(name = `log-${++names}`, keepTail?: number, of = page): Promise<Store> {
  const store = await browserStore(of, { name, waitMs: 300, ...(keepTail !== undefined && { keepTail }) });
  nameOf.set(store, name);
  return store;
}

/** Another page of the same browser, which shares what is stored. */
async function anotherPage(): Promise<Page> {
  const other = await page.context().newPage();
  await other.goto(`${built.url}indexeddb.js`);
  await loadStores(other);
  return other;
}

beforeAll(async () => {
  page = await (await built.browser.newContext()).newPage();
  await page.goto(`${built.url}indexeddb.js`);
  await loadStores(page);
});

storeConformance('the IndexedDB store', () => open(), {
  async pruned(left) {
    const store = await open(undefined, left);
    await append(store, 0, recordsAt(1, 5));
    await save(store, 5, {});
    return store;
  },
  reopen: (closed) => open(nameOf.get(closed)),
});

describe('the IndexedDB store', () => {
  test('has one writer: a second page is kept out, and let in when the first has closed (Id2)', async () => {
    const first = await open('shared');
    await append(first, 0, recordsAt(1, 2));
    const other = await anotherPage();
    await expect(open('shared', undefined, other)).rejects.toBeInstanceOf(StoreConflict);
    await first.close();
    const second = await open('shared', undefined, other);
    expect(await readAll(second)).toEqual(recordsAt(1, 2));
    await append(second, 2, recordsAt(3, 3));
    await other.close();
  });

  test('a page that is gone without a word leaves its log whole, and the next one goes on', async () => {
    const other = await anotherPage();
    const left = await open('left behind', undefined, other);
    await append(left, 0, recordsAt(1, 3));
    await save(left, 2, { a: 1 });
    await other.close();
    const store = await open('left behind');
    expect(await readAll(store)).toEqual(recordsAt(1, 3));
    expect(await load(store)).toEqual({ seq: 2, entries: { a: 1 } });
  });

  test('without locks, whoever came last writes, and the one before writes nothing any more (Id1, Id3)', async () => {
    const other = await anotherPage();
    for (const one of [page, other]) {
      await one.evaluate(() => Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true }));
    }
    const first = await open('no locks');
    await append(first, 0, recordsAt(1, 1));
    const second = await open('no locks', undefined, other);
    await expect(append(first, 1, recordsAt(2, 2))).rejects.toThrow('another writer has taken over');
    await append(second, 1, [{ ...recordAt(2), from: 'somebody-else' }]);
    await expect(append(first, 1, recordsAt(2, 2))).rejects.toBeInstanceOf(StoreConflict);
    expect((await readAll(second)).map(({ from }) => from)).toEqual(['client', 'somebody-else']);
  });

  test('every transaction that writes is strict (Ib1)', async () => {
    const seen = await page.evaluate(async () => {
      const asked: unknown[] = [];
      const { transaction } = IDBDatabase.prototype;
      IDBDatabase.prototype.transaction = function (...args: Parameters<IDBDatabase['transaction']>) {
        const made = transaction.apply(this, args);
        if (made.mode === 'readwrite') asked.push(made.durability);
        return made;
      };
      const store = await globalThis.indexedDbStore({ name: 'strict' });
      await store.append(0, []);
      await store.checkpoints.save(0, new Map([['a', 1]]));
      await store.close();
      IDBDatabase.prototype.transaction = transaction;
      return asked;
    });
    expect(seen).toEqual(['strict', 'strict', 'strict']);
  });
});
