/** A SQLite store whose thread writes everything: it keeps to what every store does, and to what its own does. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { openToWrite } from '../../src/actors/sqlite-file.ts';
import type { SqliteStoreOptions } from '../../src/actors/sqlite-options.ts';
import { sqliteStore } from '../../src/actors/sqlite-store.ts';
import { type Store, StoreConflict } from '../../src/actors/store.ts';
import { built } from '../support/built.ts';
import { storeConformance } from '../support/store-conformance.ts';
import { type StoreProcess, storeProcess } from '../support/store-process.ts';
import { append, load, readAll, recordsAt, save } from '../support/store-records.ts';

const folder = mkdtempSync(join(tmpdir(), 'xstate-hub-thread-'));
let files = 0;
const newPath = () => join(folder, `${++files}.db`);
const paths = new WeakMap<Store, string>();
const running: StoreProcess[] = [];

beforeAll(() => {
  built();
}, 120_000);

afterEach(async () => {
  for (const one of running.splice(0)) await one.kill();
});

const scriptOf = (name: string) => pathToFileURL(join(built(), 'actors', name));

function create(options: Partial<SqliteStoreOptions> = {}) {
  const path = options.path ?? newPath();
  const store = sqliteStore({ ...options, path, thread: { from: 0, script: scriptOf('sqlite-thread.js') } });
  paths.set(store, path);
  return store;
}

storeConformance('the SQLite store, written by its thread,', () => create(), {
  async pruned(left) {
    const store = create({ keepTail: left });
    await append(store, 0, recordsAt(1, 5));
    await save(store, 5, {});
    return store;
  },
  reopen: (closed) => create({ path: paths.get(closed) ?? '' }),
});

test('an append that is written by the thread is not done when it returns', async () => {
  const store = create();
  const appended = store.append(0, recordsAt(1, 100));
  expect(appended).toBeInstanceOf(Promise);
  expect(await readAll(store)).toEqual([]);
  await appended;
  expect(await readAll(store)).toEqual(recordsAt(1, 100));
  await store.close();
});

test('whatever comes while the thread writes is done behind it, in order (X1)', async () => {
  const store = create();
  const done = [append(store, 0, recordsAt(1, 40)), append(store, 40, recordsAt(41, 50)), save(store, 50, { a: 1 })];
  done.push(append(store, 50, recordsAt(51, 51)));
  await Promise.all(done);
  expect(await readAll(store)).toEqual(recordsAt(1, 51));
  expect(await load(store)).toEqual({ seq: 50, entries: { a: 1 } });
  await store.close();
});

test('closing waits for what is being written, and lets the next one in', async () => {
  const store = create();
  const appended = append(store, 0, recordsAt(1, 40));
  await store.close();
  await appended;
  await expect(append(store, 40, recordsAt(41, 41))).rejects.toThrow('closed');
  const next = create({ path: paths.get(store) ?? '' });
  expect(await readAll(next)).toEqual(recordsAt(1, 40));
  await next.close();
});

test('what the thread and the hub write in turn is one chain', async () => {
  const path = newPath();
  const store = sqliteStore({ path, thread: { from: 8, script: scriptOf('sqlite-thread.js') } });
  for (let seq = 0; seq < 200; seq += 1 + (seq % 16))
    await append(store, seq, recordsAt(seq + 1, seq + 1 + (seq % 16)));
  const records = await readAll(store);
  await store.close();
  const again = create({ path });
  expect(await readAll(again)).toEqual(records);
  expect(records).toEqual(recordsAt(1, records.length));
  await again.close();
});

test('a writer whose epoch is over writes nothing more by its thread either (W2)', async () => {
  const store = create();
  await append(store, 0, recordsAt(1, 40));
  const other = openToWrite(paths.get(store) ?? '');
  other.exec('update log set epoch = epoch + 1');
  await expect(append(store, 40, recordsAt(41, 80))).rejects.toBeInstanceOf(StoreConflict);
  await expect(append(store, 40, recordsAt(41, 80))).rejects.toBeInstanceOf(StoreConflict);
  await store.close();
  other.close();
  const records = [];
  for (const record of store.read(1)) records.push(record);
  expect(records).toEqual(recordsAt(1, 40));
});

test('after a fault in the thread nothing is taken any more (X2)', async () => {
  const store = create();
  await append(store, 0, recordsAt(1, 40));
  const other = openToWrite(paths.get(store) ?? '');
  other.exec("create trigger full before insert on records begin select raise(abort, 'the disk is full'); end");
  const first = append(store, 40, recordsAt(41, 80));
  const behind = append(store, 80, recordsAt(81, 81));
  await expect(first).rejects.toThrow('the disk is full');
  await expect(behind).rejects.toThrow('the disk is full');
  other.exec('drop trigger full');
  other.close();
  await expect(append(store, 40, recordsAt(41, 80))).rejects.toThrow('the disk is full');
  await store.close();
});

test('what was ordered behind a fault is not written, even if it could be (S6)', async () => {
  const store = create();
  await append(store, 0, recordsAt(1, 40));
  const other = openToWrite(paths.get(store) ?? '');
  other.exec(
    `create trigger full before insert on records when new.text like '%"seq":41,%' begin select raise(abort, 'no'); end`,
  );
  const orders = [append(store, 40, recordsAt(41, 41)), append(store, 41, recordsAt(42, 42))];
  for (const order of orders) await expect(order).rejects.toThrow('no');
  await store.close();
  other.close();
  expect([...store.read(1)]).toEqual(recordsAt(1, 40));
});

test.each([
  { what: 'throws as it begins', script: "throw new Error('no thread today')", message: 'no thread today' },
  { what: 'ends without a word', script: 'process.exit()', message: 'has ended' },
])('a thread that $what is a fault of the store (Bs2)', async ({ script, message }) => {
  const file = join(folder, `${++files}.mjs`);
  writeFileSync(file, script);
  const store = sqliteStore({ path: newPath(), thread: { from: 0, script: pathToFileURL(file) } });
  await expect(append(store, 0, recordsAt(1, 5))).rejects.toThrow(message);
  await expect(append(store, 0, recordsAt(1, 5))).rejects.toThrow(message);
  await store.close();
});

test('where its script is not there, the hub writes itself', async () => {
  const script = pathToFileURL(join(folder, 'nowhere.js'));
  const store = sqliteStore({ path: newPath(), thread: { from: 0, script } });
  expect(store.append(0, recordsAt(1, 100))).toBeUndefined();
  expect(store.close()).toBeUndefined();
});

test('killed at any moment, it has all that was acknowledged (I1, I5)', { timeout: 120_000 }, async () => {
  const path = newPath();
  let acknowledged = 0;
  for (let round = 0; round < 5; round++) {
    const writer = storeProcess(path, { options: { leaseMs: 60_000, thread: { from: 0 } } });
    running.push(writer);
    const found = Number((await writer.said('open')).slice(5));
    expect(found).toBeGreaterThanOrEqual(acknowledged);
    await writer.said(String(found + 1 + (found % 7))); // The size of its next batch.
    await writer.kill();
    acknowledged = Math.max(found, writer.acknowledged());
  }
  const store = sqliteStore({ path });
  const records = await readAll(store);
  expect(records.length).toBeGreaterThanOrEqual(acknowledged);
  expect(records.map(({ seq }) => seq)).toEqual(records.map((_record, index) => index + 1));
  store.close();
});
