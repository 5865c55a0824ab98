/** A SQLite store in processes that are killed, stopped and starved: nothing that was acknowledged is lost (I1, I5). */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { sqliteStore } from '../../src/actors/sqlite-store.ts';
import { built } from '../support/built.ts';
import { type StoreProcess, type StoreProcessOptions, storeProcess } from '../support/store-process.ts';
import { readAll } from '../support/store-records.ts';

const folder = mkdtempSync(join(tmpdir(), 'xstate-hub-kills-'));
let files = 0;
const newPath = () => join(folder, `${++files}.db`);
const running: StoreProcess[] = [];
const start = (path: string, options?: StoreProcessOptions) => {
  const started = storeProcess(path, options);
  running.push(started);
  return started;
};
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

beforeAll(() => {
  built();
}, 120_000);

afterEach(async () => {
  for (const one of running.splice(0)) {
    one.child.kill('SIGCONT');
    await one.kill();
  }
});

test('killed at any moment, it has all that was acknowledged, and goes on (I1, I5, I15)', {
  timeout: 120_000,
}, async () => {
  const path = newPath();
  let acknowledged = 0;
  for (let round = 0; round < 8; round++) {
    const writer = start(path, { options: { leaseMs: 60_000 } });
    const found = Number((await writer.said('open')).slice(5));
    expect(found).toBeGreaterThanOrEqual(acknowledged);
    await sleep(40 * Math.random());
    await writer.kill();
    acknowledged = Math.max(found, writer.acknowledged());
  }
  const store = sqliteStore({ path });
  const records = await readAll(store);
  expect(acknowledged).toBeGreaterThan(0);
  expect(records.length).toBeGreaterThanOrEqual(acknowledged);
  expect(records.map(({ seq }) => seq)).toEqual(records.map((_record, index) => index + 1));
  store.close();
});

test('whoever opens a log that has a writer is refused, and told by whom and until when (I16)', async () => {
  const path = newPath();
  const writer = start(path, { paceMs: -1, options: { leaseMs: 900 } });
  await writer.said('open');
  await sleep(1500); // Longer than its lease: an idle writer keeps it.
  expect(() => sqliteStore({ path })).toThrow(
    new RegExp(`belongs to process ${writer.child.pid} on .+ until 20\\d\\d-.+T.+Z`),
  );
  await writer.kill();
  const store = sqliteStore({ path }); // A process that is gone keeps nobody out.
  store.close();
});

test('a writer that was stopped past its lease writes nothing any more (I16)', { timeout: 60_000 }, async () => {
  const path = newPath();
  const first = start(path, { paceMs: 5, options: { leaseMs: 300 } });
  await first.said('open');
  await sleep(100);
  // Not in the middle of a commit, where it would hold SQLite's own lock.
  for (let tries = 0; ; tries++) {
    first.child.kill('SIGSTOP');
    await sleep(600);
    const second = start(path, { paceMs: -1, options: { leaseMs: 60_000 } });
    if ((await Promise.race([second.said('open'), second.said('refused')])).startsWith('open')) break;
    expect(tries).toBeLessThan(5);
    first.child.kill('SIGCONT');
    await sleep(50);
  }
  const before = first.acknowledged();
  first.child.kill('SIGCONT');
  expect(await first.said('error')).toBe(
    'error StoreConflict another writer has taken over this log; this one writes nothing any more',
  );
  expect(await first.said('then')).toContain('StoreConflict');
  expect(first.acknowledged()).toBe(before);
});

test('a full disk: it stops, acknowledges nothing, and has what it had (I24)', { timeout: 60_000 }, async () => {
  const path = newPath();
  const writer = start(path, { mostBlocks: 200, options: { leaseMs: 60_000 } });
  expect(await writer.said('error')).toMatch(/^error SqliteError .*(full|I\/O error)/);
  expect(await writer.said('then')).toMatch(/^then SqliteError/);
  const acknowledged = writer.acknowledged();
  expect(writer.lines.at(-1)).toMatch(/^then/);
  await writer.kill();

  const store = sqliteStore({ path });
  const records = await readAll(store);
  expect(records.length).toBeGreaterThanOrEqual(acknowledged);
  store.append(records.length, []);
  store.close();
});
