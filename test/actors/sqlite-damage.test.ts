/** SQLite files that are damaged, of another version, or of somebody else. */
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { BrokenChain, checkedRecords } from '../../src/actors/hash-chain.ts';
import { openToWrite, statement } from '../../src/actors/sqlite-file.ts';
import { openSqliteLog } from '../../src/actors/sqlite-log.ts';
import { migrate, readableVersion } from '../../src/actors/sqlite-schema.ts';
import { sqliteStore } from '../../src/actors/sqlite-store.ts';
import { StoreConflict } from '../../src/actors/store.ts';
import { load, recordAt, recordsAt } from '../support/store-records.ts';

const folder = mkdtempSync(join(tmpdir(), 'xstate-hub-damage-'));
let files = 0;
const newPath = () => join(folder, `${++files}.db`);

/** A closed log with so many records and a checkpoint. */
function logWith(count: number): string {
  const path = newPath();
  const store = sqliteStore({ path });
  store.append(0, recordsAt(1, count));
  store.checkpoints.save(count, new Map([['entry', 'a checkpointed entry']]));
  store.close();
  return path;
}

/** A copy with one bit flipped: at a place, or in the first of what `text` has. */
function flipped(path: string, where: number | string): string {
  const bytes = readFileSync(path);
  const place = typeof where === 'number' ? where : bytes.indexOf(where);
  expect(place).toBeGreaterThanOrEqual(0);
  bytes[place] = (bytes[place] ?? 0) ^ (1 << (place % 8));
  const copy = newPath();
  writeFileSync(copy, bytes);
  return copy;
}

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

const brokenAt = (call: () => unknown) => (thrownBy(call) as BrokenChain).seq;

describe('a byte that flips (I15)', () => {
  let path: string;
  beforeAll(() => {
    path = logWith(40);
  });

  test('in a record: the log does not open, and its number is told', () => {
    const copy = flipped(path, 'phase 17');
    expect(thrownBy(() => sqliteStore({ path: copy }))).toBeInstanceOf(BrokenChain);
    expect(brokenAt(() => sqliteStore({ path: copy }))).toBe(17);
  });

  test('anywhere: what is read is what was written, or nothing', () => {
    const bytes = readFileSync(path).length;
    let found = 0;
    for (let place = 3; place < bytes; place += 211) {
      const copy = flipped(path, place);
      const read: unknown[] = [];
      const error = thrownBy(() => {
        const log = openSqliteLog(copy);
        for (const { record } of checkedRecords(log.rows, log.behind)) read.push(record);
      });
      expect(read).toEqual(recordsAt(1, read.length));
      if (error === undefined) expect(read.length).toBe(40);
      else found++;
      rmSync(copy);
    }
    expect(found).toBeGreaterThan(20);
  });

  test('long ago: whoever reads it is told, and nothing more is written (X2)', () => {
    const copy = flipped(logWith(1500), 'phase 17');
    const store = sqliteStore({ path: copy });
    expect(brokenAt(() => [...store.read(1)])).toBe(17);
    expect(brokenAt(() => store.append(1500, [recordAt(1501)]))).toBe(17);
    store.close();
  });

  test('in a checkpoint: it is not loaded', async () => {
    const store = sqliteStore({ path: flipped(path, 'checkpointed entry') });
    await expect(load(store)).rejects.toThrow('the checkpoint is damaged: its entry entry does not match its hash');
    store.close();
  });
});

test.each([
  ['a record is missing', 'delete from records where seq = 5', 5],
  ['the last one is missing', 'delete from records where seq = 9', 9],
  ['all are missing', 'delete from records', 1],
  ['one is another', "update records set text = replace(text, 'phase 3', 'phase 4') where seq = 3", 3],
  ['two have changed places', 'update records set seq = case seq when 2 then -3 else -2 end where seq in (2, 3)', 2],
])('somebody was at the file: %s (I15)', (_what, sql, seq) => {
  const path = logWith(9);
  const file = openToWrite(path);
  expect(() => file.exec(sql)).toThrow(/records (leave when they are pruned|do not change)/);
  file.exec(`drop trigger records_kept; drop trigger records_fixed; ${sql}`);
  if (sql.includes('-3')) file.exec('update records set seq = -seq where seq < 0');
  file.close();
  expect(brokenAt(() => sqliteStore({ path }))).toBe(seq);
});

test.each([
  ['where it ends', 'update log set last_seq = 5'],
  ['what was pruned', 'update log set pruned_seq = 2'],
  ['where its checkpoint stands', 'update log set checkpoint_seq = 3'],
  ['all of it', 'delete from log'],
])('what a log says of itself is under a seal: %s (I15)', (_what, sql) => {
  const path = logWith(9);
  const file = openToWrite(path);
  file.exec(sql);
  file.close();
  expect(thrownBy(() => sqliteStore({ path }))).toBeInstanceOf(Error);
  expect(brokenAt(() => openSqliteLog(path))).toBe(1);
});

test('records with a gap cannot be written, by whatever program (I15)', () => {
  const file = openToWrite(logWith(3));
  expect(() => file.exec("insert into records values (5, '{}', '')")).toThrow('records are gapless');
  expect(() => file.exec("insert into records values (0, '{}', '')")).toThrow('records are gapless');
  file.close();
});

describe('versions', () => {
  test('a newer one is refused, and told', () => {
    const path = logWith(2);
    const file = openToWrite(path);
    file.exec('pragma user_version = 99');
    file.close();
    const refusal = expect.objectContaining({ code: 'invalid', message: expect.stringContaining('version 99') });
    expect(thrownBy(() => sqliteStore({ path }))).toEqual(refusal);
    expect(thrownBy(() => openSqliteLog(path))).toEqual(refusal);
  });

  test('an older one is brought up to date, step by step, all or nothing', () => {
    const path = newPath();
    const file = openToWrite(path);
    const steps = ['create table one (a integer) strict', 'alter table one add column b integer', 'create table three'];
    migrate(file, path, steps.slice(0, 1));
    file.exec('insert into one values (1)');
    migrate(file, path, steps.slice(0, 2));
    expect(readableVersion(file, path, 2)).toBe(2);
    expect(statement(file, 'select a, b from one').get()).toMatchObject({ a: 1, b: null });
    file.exec('begin');
    expect(() => migrate(file, path, steps)).toThrow('incomplete input');
    file.exec('rollback');
    expect(readableVersion(file, path, 3)).toBe(2);
    file.close();
  });

  test("somebody else's database is refused, and nothing in it changes", () => {
    const path = newPath();
    const file = openToWrite(path);
    file.exec('create table theirs (a integer)');
    file.close();
    const before = readFileSync(path);
    expect(() => sqliteStore({ path })).toThrow('is not a log of xstate-hub');
    expect(readFileSync(path)).toEqual(before);
    expect(existsSync(`${path}-wal`)).toBe(false);
  });
});

describe('two stores on one file in one process (I16)', () => {
  test('the second is refused, by whatever name, until the first is closed', () => {
    const path = newPath();
    const first = sqliteStore({ path });
    symlinkSync(path, `${path}-link`);
    for (const name of [path, `${path}-link`, join(folder, 'none', '..', `${files}.db`)]) {
      expect(thrownBy(() => sqliteStore({ path: name }))).toBeInstanceOf(StoreConflict);
    }
    first.close();
    sqliteStore({ path }).close();
  });

  test('a copy of this package takes over when the lease is over, and the first then writes nothing', async () => {
    vi.resetModules();
    const another = await import('../../src/actors/sqlite-store.ts');
    const path = newPath();
    let now = 1_000_000;
    const first = sqliteStore({ path, leaseMs: 1000, now: () => now });
    first.append(0, recordsAt(1, 2));
    now += 999;
    expect(() => another.sqliteStore({ path, leaseMs: 1000, now: () => now })).toThrow('1970-01-01T00:16:41.000Z');
    first.append(2, recordsAt(3, 3)); // Every append renews it.
    now += 999;
    expect(() => another.sqliteStore({ path, leaseMs: 1000, now: () => now })).toThrow('belongs to process');
    now += 1;
    const second = another.sqliteStore({ path, leaseMs: 1000, now: () => now });
    expect(thrownBy(() => first.append(3, recordsAt(4, 4)))).toBeInstanceOf(StoreConflict);
    expect(thrownBy(() => first.checkpoints.save(1, new Map([['a', 1]])))).toBeInstanceOf(StoreConflict);
    expect([...second.read(1)]).toEqual(recordsAt(1, 3));
    expect(second.checkpoints.load()).toBeUndefined();
    second.append(3, recordsAt(4, 4));
    first.close();
    second.append(4, recordsAt(5, 5)); // The first one's end does not end its lease.
    second.close();
  });

  test('a late writer whom nobody has followed goes on', () => {
    let now = 1_000_000;
    const store = sqliteStore({ path: newPath(), leaseMs: 1000, now: () => now });
    now += 60_000;
    store.append(0, recordsAt(1, 1));
    expect([...store.read(1)]).toEqual(recordsAt(1, 1));
    store.close();
  });
});
