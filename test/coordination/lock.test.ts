import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { describe, expect, onTestFinished, test } from 'vitest';
import { takeLock } from '../../src/coordination/lock.ts';
import { temporaryFiles } from '../support/temporary-files.ts';

const file = temporaryFiles();
let locks = 0;
const place = () => file(`lock-${++locks}.json`);
const now = () => Date.now();

async function taken(path: string) {
  const lock = await takeLock(path, now);
  onTestFinished(() => lock.release());
  return lock;
}

/** The id of a process that is gone. */
const gone = (): number => spawnSync(process.execPath, ['-e', '0']).pid;

test('one has it, until it is released', async () => {
  const path = place();
  const lock = await taken(path);
  await expect(takeLock(path, now)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(`process ${process.pid} on ${hostname()}`),
  });
  await lock.release();

  expect(existsSync(path)).toBe(false);
  await taken(path);
});

test('of many who want it at once exactly one gets it, also over one who is gone', async () => {
  for (const before of [undefined, JSON.stringify({ pid: gone(), host: hostname(), began: null })]) {
    const path = place();
    if (before !== undefined) writeFileSync(path, before);
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(path, now)));
    const won = outcomes.filter(({ status }) => status === 'fulfilled');

    expect(won).toHaveLength(1);
    expect(JSON.parse(readFileSync(path, 'utf8')).pid).toBe(process.pid);
  }
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
    await expect(takeLock(path, now)).rejects.toThrow('process 1 on elsewhere coordinates this folder');
    utimesSync(path, now() / 1000 - 61, now() / 1000 - 61);

    await taken(path);
  });
});

test('of a process that is there it is not, whatever its file looks like', async () => {
  const path = place();
  writeFileSync(path, JSON.stringify({ pid: process.ppid, host: hostname(), began: null }));

  await expect(takeLock(path, now)).rejects.toMatchObject({ code: 'conflict' });
});

test('touching it keeps it, and releasing takes away only our own', async () => {
  const path = place();
  const lock = await takeLock(path, now);
  utimesSync(path, 1, 1);
  await lock.touch();
  const other = JSON.stringify({ pid: 1, host: 'elsewhere', began: null });
  writeFileSync(path, other);
  await lock.release();

  expect(readFileSync(path, 'utf8')).toBe(other);
});
