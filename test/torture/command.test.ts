/** A sample of what `npm run torture` does, and how it tells of a loss. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { tortureCommand } from '../../src/torture/command.ts';
import { hasStrace } from '../../src/torture/strace.ts';
import { built } from '../support/built.ts';
import { temporaryFiles } from '../support/temporary-files.ts';

const file = temporaryFiles();
let worker: string;

beforeAll(() => {
  worker = join(built(), 'torture', 'worker.js');
}, 120_000);

async function run(args: readonly string[], more: { worker?: string; hasStrace?: boolean } = {}) {
  let [stdout, stderr] = ['', ''];
  const exit = await tortureCommand(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    isTTY: false,
    now: () => performance.now(),
    worker,
    ...more,
  });
  return { exit, stdout, stderr };
}

test('nothing is lost and nothing is done twice, whatever is done to a hub (I1, I5, I15, I16, I24)', {
  timeout: 600_000,
}, async () => {
  const { exit, stdout, stderr } = await run(['--quick', '--json']);
  expect([exit, stderr.includes('LOSS') ? stderr : '']).toEqual([0, '']);
  const { kinds } = JSON.parse(stdout);
  expect(Object.keys(kinds)).toEqual(['kills', 'writes', 'errors', 'hubs', 'stops', 'flips']);
  const all = hasStrace() ? Object.values(kinds) : [kinds.kills, kinds.hubs, kinds.stops, kinds.flips];
  for (const kind of all) {
    expect(kind).toMatchObject({ lost: 0, duplicated: 0 });
    const { records, acknowledged, effects } = kind as { [what: string]: number };
    expect(Math.min(records ?? 0, acknowledged ?? 0, effects ?? 0)).toBeGreaterThan(10);
  }
  expect(kinds.flips.faults.noticed).toBeGreaterThan(50);
});

test('without strace, what needs it is skipped, and said to be', async () => {
  const { exit, stdout } = await run(['writes', 'errors'], { hasStrace: false });
  expect(exit).toBe(0);
  expect(stdout).toMatch(/^writes: skipped: strace is not there .*\nerrors: skipped: /);
});

test('the first loss ends it: what was seen is kept, and how to see it again is said', async () => {
  const liar = file(
    'liar.mjs',
    `import { appendFileSync } from 'node:fs';
     const { effects, life } = JSON.parse(process.argv[2]);
     appendFileSync(effects, JSON.stringify({ kind: 'wrote', life, fromSeq: 1, toSeq: 1, lastId: 'never' }) + '\\n');
     console.log(JSON.stringify({ say: 'open', life, seq: 1, picture: 'none' }));
     setInterval(() => {}, 1000);`,
  );
  const { exit, stderr, stdout } = await run(['kills', '--seed', '7', '--round', '3'], { worker: liar });
  expect([exit, stdout]).toEqual([1, '']);
  expect(stderr).toContain('kills, round 3: LOSS\nI15: the log cannot be read');
  expect(stderr).toContain('again: npm run torture -- kills --seed 7 --round 3');
  const folder = /evidence: (.+)/.exec(stderr)?.[1] ?? '';
  const verdict = JSON.parse(readFileSync(join(folder, 'verdict.json'), 'utf8'));
  expect(verdict.violations).toMatchObject([{ invariant: 'I15' }]);
  expect(existsSync(join(folder, 'effects.jsonl'))).toBe(true);
  rmSync(folder, { recursive: true });
});

test.each([
  ['a kind that there is not', ['drowning']],
  ['no number of rounds', ['--rounds', 'many']],
  ['a round before the first', ['--round', '0']],
  ['an unknown flag', ['--gently']],
])('%s is bad input', async (_what, args) => {
  const { exit, stdout, stderr } = await run(args);
  expect([exit, stdout]).toEqual([2, '']);
  expect(stderr).toContain('npm run torture -- [names]');
});

test('--help says what is done', async () => {
  const { exit, stdout } = await run(['--help']);
  expect(exit).toBe(0);
  for (const name of ['kills', 'writes', 'errors', 'hubs', 'stops', 'flips']) expect(stdout).toContain(`  ${name} `);
});
