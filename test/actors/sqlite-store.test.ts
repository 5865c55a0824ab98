import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sqliteStore } from '../../src/actors/sqlite-store.ts';
import type { Store } from '../../src/actors/store.ts';
import { refusal } from '../support/refusals.ts';
import { storeConformance } from '../support/store-conformance.ts';
import { load, readAll, recordsAt } from '../support/store-records.ts';

const folder = mkdtempSync(join(tmpdir(), 'xstate-hub-sqlite-'));
let files = 0;
const newPath = () => join(folder, `${++files}.db`);
const paths = new WeakMap<Store, string>();

function create(keepTail?: number) {
  const path = newPath();
  const store = sqliteStore({ path, ...(keepTail !== undefined && { keepTail }) });
  paths.set(store, path);
  return store;
}

storeConformance('the SQLite store', () => create(), {
  pruned(left) {
    const store = create(left);
    store.append(0, recordsAt(1, 5));
    store.checkpoints.save(5, new Map());
    return store;
  },
  reopen: (closed) => sqliteStore({ path: paths.get(closed) ?? '' }),
});

test('a checkpoint lets go of what is behind it and not in the tail (S5)', async () => {
  const store = create(2);
  store.append(0, recordsAt(1, 10));
  store.checkpoints.save(6, new Map([['a', 1]]));
  expect(await readAll(store)).toEqual(recordsAt(7, 10));
  store.checkpoints.save(10, new Map());
  expect(await readAll(store)).toEqual(recordsAt(9, 10));
  store.append(10, recordsAt(11, 12));
  expect(await readAll(store)).toEqual(recordsAt(9, 12));
  store.close();

  const again = sqliteStore({ path: paths.get(store) ?? '', keepTail: 2 });
  expect(await readAll(again)).toEqual(recordsAt(9, 12));
  expect(await load(again)).toEqual({ seq: 10, entries: { a: 1 } });
  again.close();
});

test('a reader whose records are pruned under its hands is told so, and the store goes on', async () => {
  const store = create(0);
  store.append(0, recordsAt(1, 2500));
  const reader = store.read(1)[Symbol.iterator]();
  reader.next();
  store.checkpoints.save(2500, new Map());
  expect(() => {
    while (!reader.next().done);
  }).toThrow('was pruned while it was to be read');
  store.append(2500, recordsAt(2501, 2501));
  expect(await readAll(store)).toEqual(recordsAt(2501, 2501));
});

test('the file is for its owner alone', () => {
  const store = create();
  expect(statSync(paths.get(store) ?? '').mode & 0o077).toBe(0);
});

describe('what cannot be is refused by the one error class of the doors', () => {
  const nowhere = join(folder, 'none', 'log.db');
  const letter = newPath();
  writeFileSync(letter, 'this is no database, but a letter to a friend '.repeat(100));

  test.each([
    ['a folder that is not there', nowhere, `${nowhere}: there is no folder ${join(folder, 'none')}`],
    ['a folder', folder, `${folder} is a folder`],
    ['a file of another kind', letter, `${letter} is not a log of xstate-hub: it is not a database`],
    ['no name', '', 'path: expected the name of a file, found ""'],
    ['no path', undefined, 'path: is required'],
  ])('%s', (_what, path, message) => {
    expect(refusal(() => sqliteStore({ path: path as string }))).toMatchObject({
      code: 'invalid',
      path: 'path',
      expected: expect.stringContaining('a file'),
      message,
    });
  });

  test('no options at all, and options that are none', () => {
    const message = 'expected the options of a store: { path }, found nothing';
    expect(refusal(() => sqliteStore(undefined as never))).toMatchObject({ code: 'invalid', message });
    const typo = { path: newPath(), leaseMS: 5 };
    expect(refusal(() => sqliteStore(typo))).toMatchObject({
      code: 'invalid',
      path: 'leaseMS',
      message: 'leaseMS: is not known here; did you mean leaseMs?',
    });
    expect(refusal(() => sqliteStore({ path: newPath(), keepTail: -1 })).message).toBe(
      'keepTail: expected a number from 0, found -1',
    );
  });

  test('a file that another writer holds, and a damaged one: with a code', () => {
    const path = newPath();
    const first = sqliteStore({ path });
    expect(refusal(() => sqliteStore({ path }))).toMatchObject({ name: 'StoreConflict', code: 'conflict' });
    first.append(0, recordsAt(1, 1));
    first.close();
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill('X', bytes.indexOf('phase 1'), bytes.indexOf('phase 1') + 1));
    expect(refusal(() => sqliteStore({ path }))).toMatchObject({ name: 'BrokenChain', code: 'storeFailed', seq: 1 });
  });
});
