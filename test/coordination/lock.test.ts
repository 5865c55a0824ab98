import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { describe, expect, onTestFinished, test } from 'vitest';
import { realEnvironment } from '../../src/actors/environment.ts';
import { takeLock } from '../../src/coordination/lock.ts';
import { contentHash } from '../../src/machines/hash.ts';
import { temporaryFiles } from '../support/temporary-files.ts';

const file = temporaryFiles();
let locks = 0;
const place = () => file(`lock-${++locks}.json`);
const environment = realEnvironment();
const { now } = environment;

async function taken(path: string) {
  const lock = await takeLock(path, environment);
  onTestFinished(() => lock.release());
  return lock;
}

/** The id of a process that is gone. */
const gone = (): number => spawnSync(process.execPath, ['-e', '0']).pid;

test('one has it, until it is released', async () => {
  const path = place();
  const lock = await taken(path);
  await expect(takeLock(path, environment)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(`process ${process.pid}, this one, coordinates this folder`),
  });
  await lock.release();

  expect(existsSync(path)).toBe(false);
  await taken(path);
});

test('of many in one process who want it at once exactly one gets it', async () => {
  const path = place();
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => taken(path)));

  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('while somebody else takes a stale one away it waits, and does not touch what is there then (Lk2)', async () => {
  const path = place();
  const stale = JSON.stringify({ pid: gone(), host: hostname(), began: null });
  const claim = `${path}.${contentHash(stale).slice(0, 16)}`;
  writeFileSync(path, stale);
  writeFileSync(claim, '');
  const taking = takeLock(path, environment);
  taking.catch(() => {});
  const theirs = JSON.stringify({ pid: process.ppid, host: hostname(), began: null });
  await new Promise((resolve) => setImmediate(resolve));
  expect(readFileSync(path, 'utf8')).toBe(stale);
  writeFileSync(path, theirs);
  unlinkSync(claim);

  await expect(taking).rejects.toMatchObject({ code: 'conflict' });
  expect(readFileSync(path, 'utf8')).toBe(theirs);
});

test('a claim of somebody who is gone, too, is no claim after a minute', async () => {
  const path = place();
  const stale = JSON.stringify({ pid: gone(), host: hostname(), began: null });
  const claim = `${path}.${contentHash(stale).slice(0, 16)}`;
  writeFileSync(path, stale);
  writeFileSync(claim, '');
  utimesSync(claim, now() / 1000 - 61, now() / 1000 - 61);

  await taken(path);
});

describe('a stale one is taken over (Lk1):', () => {
  test.each([
    ['of a process that is gone', () => ({ pid: gone(), host: hostname(), began: null })],
    [
      'of an earlier process with an id that somebody else has now',
      () => ({ pid: process.ppid, host: hostname(), began: '1' }),
    ],
    ['of an earlier process with our own id', () => ({ pid: process.pid, host: hostname(), began: null })],
    ['without a process', () => ({ host: hostname() })],
    ['that is torn', () => '{"pid":'],
  ])('%s', async (_what, holder) => {
    const path = place();
    const text = holder();
    writeFileSync(path, typeof text === 'string' ? text : JSON.stringify(text));
    await taken(path);

    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid, host: hostname() });
  });

  test('of another machine, when it was not touched for a minute', async () => {
    const path = place();
    writeFileSync(path, JSON.stringify({ pid: 1, host: 'elsewhere', began: null }));
    await expect(takeLock(path, environment)).rejects.toThrow('process 1 on elsewhere coordinates this folder');
    utimesSync(path, now() / 1000 - 61, now() / 1000 - 61);

    await taken(path);
  });
});

test('of a process that is there it is not, whatever its file looks like', async () => {
  const path = place();
  writeFileSync(path, JSON.stringify({ pid: process.ppid, host: hostname(), began: null }));

  await expect(takeLock(path, environment)).rejects.toMatchObject({ code: 'conflict' });
});

test('touching it keeps it, and releasing takes away only our own', async () => {
  const path = place();
  const lock = await takeLock(path, environment);
  utimesSync(path, 1, 1);
  await lock.touch();
  const other = JSON.stringify({ pid: 1, host: 'elsewhere', began: null });
  writeFileSync(path, other);
  await lock.release();

  expect(readFileSync(path, 'utf8')).toBe(other);
});
