import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { machines } from '../../src/cli/machines.ts';
import { main } from '../../src/cli/main.ts';
import { agentMachine, taskMachine, toJson, toMermaid } from '../../src/machines/index.ts';
import { runCommand } from '../support/command.ts';

const run = (...args: string[]) => runCommand((io) => main([machines], ['machines', ...args], io));

test('without a format, an outline of the states and what leads where', async () => {
  const { exitCode, stdout } = await run('task');
  expect(exitCode).toBe(0);
  const lines = stdout.split('\n');
  expect(lines[0]).toBe('task  begins in pending');
  expect(lines).toContain('  running  begins in running.working');
  expect(lines).toContain('    task.started → running');
  expect(lines).toContain('      consultation.closed [isLastConsultation] → running.working  / closeConsultation');
  expect(lines).toContain('      consultation.opened  / openConsultation');
  expect(lines).toContain('  cancelled  final');
});

test('without a name, all charts', async () => {
  const { stdout } = await run();
  const heads = stdout.split('\n').filter((line) => /^\w/.test(line));
  expect(heads.map((line) => line.split(' ')[0])).toEqual([
    'hub',
    'task',
    'agent',
    'consultation',
    'gate',
    'orchestration',
  ]);
});

test('--mermaid prints one diagram alone, and several as Markdown', async () => {
  expect((await run('agent', '--mermaid')).stdout).toBe(toMermaid(agentMachine));
  const { stdout } = await run('--mermaid');
  expect(stdout).toContain(`### task\n\n\`\`\`mermaid\n${toMermaid(taskMachine)}\`\`\`\n`);
  expect(stdout.match(/```mermaid/g)).toHaveLength(6);
});

test('--json prints one description alone, and several as an array', async () => {
  expect(JSON.parse((await run('--json', 'task')).stdout)).toEqual(toJson(taskMachine));
  const all = JSON.parse((await run('--json')).stdout) as { id: string }[];
  expect(all.map(({ id }) => id)).toEqual(['hub', 'task', 'agent', 'consultation', 'gate', 'orchestration']);
});

test('colours only in a terminal, and not when NO_COLOR is set', async () => {
  const outline = (isTTY: boolean, env = {}) => runCommand((io) => machines.run(['gate'], io), { isTTY, env });
  const plain = (await outline(false)).stdout;
  const coloured = (await outline(true)).stdout;
  expect(coloured).not.toBe(plain);
  expect(stripVTControlCharacters(coloured)).toBe(plain);
  expect((await outline(true, { NO_COLOR: '1' })).stdout).toBe(plain);
  expect((await outline(true, { TERM: 'dumb' })).stdout).toBe(plain);
});

test.each([
  [['nobody'], 'there is no chart "nobody"; the charts are hub, task, agent, consultation, gate'],
  [['task', 'gate'], '"gate" is one too many'],
  [['--colour'], "Unknown option '--colour'"],
])('bad input %j: a message and exit code 2', async (args, message) => {
  const { exitCode, stdout, stderr } = await run(...args);
  expect(exitCode).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain(message);
  expect(stderr).toContain('Usage: xstate-hub machines');
});

test('bad input with --json: an error in JSON', async () => {
  const { exitCode, stderr } = await run('--json', '--mermaid');
  expect(exitCode).toBe(2);
  expect(JSON.parse(stderr)).toEqual({ error: { code: 'usage', message: 'either --mermaid or --json' } });
});
