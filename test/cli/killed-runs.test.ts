/** A run that keeps its log, killed in the middle and started again with the same command. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { built } from '../support/built.ts';
import { temporaryFiles } from '../support/temporary-files.ts';

const file = temporaryFiles();
const scenario = fileURLToPath(new URL('../../scenarios/auth-system.yaml', import.meta.url));
let command: string;

beforeAll(() => {
  command = join(built(), 'cli.js');
}, 120_000);

function call(args: readonly string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [command, ...args], { encoding: 'utf8' });
  return { stdout, stderr, status };
}

/** Ends the command as a power cut would, as soon as it has printed this. */
function killAt(text: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      printed += part;
      if (printed.includes(text)) child.kill('SIGKILL');
    });
    child.once('close', (_code, signal) => {
      if (signal === 'SIGKILL') resolve();
      else reject(new Error(`it ended before it printed "${text}": ${printed.slice(-500)}`));
    });
  });
}

test('killed three times, it ends with the same outcomes; nothing is lost, nothing is done twice (I1, I3)', {
  timeout: 120_000,
}, async () => {
  const store = `sqlite:${file('log.db')}`;
  const run = ['run', scenario, '--store', store, '--speed', '6000'];
  for (const text of ['consultation.asked', 'tests.passed', 'gate.open']) await killAt(text, run);

  const last = call([...run, '--json']);
  const result = JSON.parse(last.stdout);
  const whole = JSON.parse(call(['run', scenario, '--json']).stdout);
  expect(result.expectations.filter(({ ok }: { ok: boolean }) => !ok)).toEqual([]);
  expect(result).toMatchObject({ outcome: 'passed', tasks: whole.tasks, seed: whole.seed });
  expect(result.log.records).toBeGreaterThan(whole.log.records);
  expect(last.status).toBe(0);

  const verified = call(['log', 'verify', store, '--json']);
  expect(JSON.parse(verified.stdout)).toMatchObject({
    chain: 'ok',
    accepted: 6,
    terminal: 6,
    open: 0,
    lost: 0,
    duplicated: 0,
  });
  expect(verified.status).toBe(0);
  const starts = call(['log', 'show', store, '--type', 'hub.started', '--json']).stdout.trimEnd().split('\n');
  expect(starts).toHaveLength(4);
});

test('who reads the first line only learns from the exit code how it went', async () => {
  const text = readFileSync(new URL('../../scenarios/jwt-question.yaml', import.meta.url), 'utf8');
  const failing = file('failing.yaml', text.replace(/within: .*/, 'within: 3m'));
  const { stdout, stderr } = spawnSync(
    'bash',
    ['-c', `"${process.execPath}" "${command}" run "${failing}" | head -1; echo \${PIPESTATUS[0]}`],
    { encoding: 'utf8' },
  );
  expect([stdout.trim().split('\n').at(-1), stderr]).toEqual(['1', '']);
});

test('nor is it a failure when nobody reads what goes to stderr', async () => {
  const plan = file(
    'short.yaml',
    'subtasks: [{ subtask_id: a, title: Do it, assigned_to: dev, success_criteria: All tests pass }]',
  );
  const child = spawn(process.execPath, [command, 'plan', plan, '--mermaid'], { stdio: ['ignore', 'ignore', 'pipe'] });
  child.stderr.destroy();
  expect(await once(child, 'exit')).toEqual([0, null]);
});
