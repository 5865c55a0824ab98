import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { log } from '../../src/cli/log.ts';
import { main } from '../../src/cli/main.ts';
import { run } from '../../src/cli/run.ts';
import { readScenario, runScenario } from '../../src/testing.ts';
import { runCommand } from '../support/command.ts';
import { temporaryFiles } from '../support/temporary-files.ts';

const file = temporaryFiles();
const jsonl = file('jwt-question.jsonl');
const call = (...args: readonly string[]) => runCommand((io) => main([run, log], args, io), {});

beforeAll(async () => {
  const scenario = new URL('../../scenarios/jwt-question.yaml', import.meta.url).pathname;
  await call('run', scenario, '--json', '--log', jsonl);
});

test('a trace is JSON with a slice for what an agent did', async () => {
  const { stdout, exitCode } = await call('log', 'export', jsonl, '--as', 'trace');
  expect(exitCode).toBe(0);
  const { traceEvents } = JSON.parse(stdout);
  expect(traceEvents).toContainEqual(expect.objectContaining({ ph: 'X', cat: 'agent', name: 'active.waiting' }));
});

test('a sequence is Mermaid, in a file if one is named', async () => {
  const out = file('sequence.mmd');
  expect((await call('log', 'export', jsonl, '--as', 'sequence', '--out', out)).stdout).toBe('');
  expect(readFileSync(out, 'utf8')).toMatch(/^sequenceDiagram\n {2}participant hub as hub\n/);
});

test('a test is a scenario that passes, and a file that runs it', async () => {
  const folder = dirname(jsonl);
  const { stdout, exitCode } = await call('log', 'export', jsonl, '--as', 'test', '--out', folder);
  expect(exitCode).toBe(0);
  expect(stdout.trimEnd().split('\n')).toEqual([
    `${folder}/jwt-question.scenario.yaml`,
    `${folder}/jwt-question.test.ts`,
  ]);
  expect(readdirSync(folder)).toContain('jwt-question.test.ts');
  const scenario = readScenario(readFileSync(`${folder}/jwt-question.scenario.yaml`, 'utf8'));
  expect((await runScenario(scenario)).outcome).toBe('passed');
});

test('what cannot be is refused: another format, a test without a folder', async () => {
  expect(await call('log', 'export', jsonl, '--as', 'pdf')).toMatchObject({ exitCode: 2 });
  const { stderr, exitCode } = await call('log', 'export', jsonl, '--as', 'test');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('give their folder with --out');
});
