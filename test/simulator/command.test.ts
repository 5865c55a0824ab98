/** `npm run simulate`, without a process. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { simulateCommand } from '../../src/simulator/command.ts';
import { drawPlan } from '../../src/simulator/draw.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'simulate-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function run(...args: string[]) {
  let [stdout, stderr] = ['', ''];
  let now = 0;
  const exit = await simulateCommand(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    isTTY: false,
    now: () => (now += 1000),
    directory,
  });
  return { exit, stdout, stderr };
}

test('--json prints one object, and progress goes elsewhere', async () => {
  const { exit, stdout, stderr } = await run('--seeds', '12', '--json');
  expect(exit).toBe(0);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ seeds: 12, violations: 0, faultsInjected: expect.any(Object) });
  expect(report.transitionsCovered).toBeGreaterThan(50);
  expect(report.secondsPerSeed).toBeGreaterThan(0);
  expect(stderr).toContain('of 12, 0 with violations');
});

test('without --json, people can read it', async () => {
  const { exit, stdout } = await run('--seeds', '2', '--from', '5');
  expect(exit).toBe(0);
  expect(stdout).toContain('2 seeds from 5: nothing failed');
});

test('a plan is replayed', async () => {
  const file = join(directory, 'plan.json');
  writeFileSync(file, JSON.stringify(drawPlan(3)));
  const first = await run('--replay', file, '--json');
  expect(first.exit).toBe(0);
  expect(JSON.parse(first.stdout)).toMatchObject({ seed: 3, violations: [] });
  expect((await run('--replay', file, '--json')).stdout).toBe(first.stdout);
});

test.each([
  ['no number of seeds', ['--seeds', 'many']],
  ['too few seeds', ['--seeds', '0']],
  ['an unknown flag', ['--fast']],
  ['a file that is not there', ['--replay', 'nowhere.json']],
])('%s is bad input', async (_what, args) => {
  const { exit, stdout, stderr } = await run(...args);
  expect([exit, stdout]).toEqual([2, '']);
  expect(stderr).toContain('--replay F');
});

test('a file that is no plan is bad input, with the place', async () => {
  const file = join(directory, 'bad.json');
  for (const [text, told] of [
    ['{', 'is not JSON'],
    [JSON.stringify({ ...drawPlan(1), router: 'none' }), 'router'],
    [JSON.stringify({ ...drawPlan(1), actions: [{ at: 0, do: 'dance' }] }), 'actions.0'],
  ] as const) {
    writeFileSync(file, text);
    const { exit, stderr } = await run('--replay', file);
    expect(exit).toBe(2);
    expect(stderr).toContain(told);
  }
  expect(readFileSync(file, 'utf8')).toContain('dance');
});
