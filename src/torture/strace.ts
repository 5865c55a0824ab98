/** What strace does to a process, and what it tells of one. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type WriteCounts, wholeRun } from './kind.ts';
import type { Ordeal } from './ordeal.ts';

/** The calls by which something reaches the disk. SQLite makes them, and nobody else in a worker. */
export const writeCalls = ['pwrite64', 'fdatasync', 'fsync', 'ftruncate'] as const;

export const hasStrace = (): boolean => spawnSync('strace', ['--version']).status === 0;

/** Kills a process in place of its nth call. */
export const killAt = (call: string, nth: number): string[] => inject(call, `signal=KILL:when=${nth}`);

/** Has a process's nth call fail, or all from there on. */
export const failAt = (call: string, nth: number, error: 'EIO' | 'ENOSPC', isForGood: boolean): string[] =>
  inject(call, `error=${error}:when=${nth}${isForGood ? '+' : ''}`);

const inject = (call: string, how: string): string[] => [
  ...['-f', '-qqq', '-o', '/dev/null'],
  ...['-e', `trace=${call}`, '-e', `inject=${call}:${how}`],
];

/** How many of these calls a whole run makes, and how many commits it acknowledges. */
export async function countWrites(ordeal: Ordeal): Promise<WriteCounts> {
  const file = join(ordeal.folder, 'strace.txt');
  const victim = ordeal.start(wholeRun, ['-f', '-qqq', '-o', file, '-e', `trace=${writeCalls.join(',')}`]);
  await victim.ended;
  const counts = new Map<string, number>();
  for (const [, call = ''] of readFileSync(file, 'utf8').matchAll(/^\d+ +(\w+)\(/gm)) {
    counts.set(call, (counts.get(call) ?? 0) + 1);
  }
  ordeal.judge(true);
  return counts;
}
