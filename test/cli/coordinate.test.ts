/** `xstate-hub coordinate` on the command line: what it takes, what it says, how it exits. */
import { cpSync } from 'node:fs';
import { expect, test } from 'vitest';
import { coordinate } from '../../src/cli/coordinate.ts';
import { main } from '../../src/cli/main.ts';
import { runCommand, type World } from '../support/command.ts';
import { parserTask, project } from '../support/coordination-folder.ts';
import { temporaryFiles } from '../support/temporary-files.ts';

const file = temporaryFiles();
const call = (args: readonly string[], world: World = {}) =>
  runCommand((io) => main([coordinate], ['coordinate', ...args], io), world);
const agents = (steps: string) =>
  file(
    `agents-${Math.random()}.yaml`,
    `agents: [{ id: dev, type: development, script: [${steps}] }, { id: ops, type: cicd, script: [${steps}] }]`,
  );

test('the example works as its file says', async () => {
  const at = project();
  cpSync(new URL('../../examples/coordination', import.meta.url), at.directory, { recursive: true });
  const { exitCode, stdout, stderr } = await call([at.directory, '--once', '--agents', `${at.directory}/agents.yaml`]);

  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  expect(stdout.split('\n')[0]).toBe(`coordinating ${at.directory}`);
  expect(stdout).toMatch(/\d\d:\d\d:\d\d {2}task-1 {2}simple: goes to development\n/);
  expect(stdout).toMatch(/orch-task-2 {2}planned: 6 subtasks in 5 stages\n/);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('nothing is left to do: 1 completed');
  expect(at.json('task-queue.json').tasks).toMatchObject([{ assigned_to: 'development' }, { status: 'completed' }]);
});

test('--once exits with 1 when something waits for a person, and says where to decide', async () => {
  const at = project();
  at.queue(parserTask());
  const { exitCode, stdout } = await call([
    at.directory,
    '--once',
    '--agents',
    agents('{ fail: { message: no, retry: false } }'),
  ]);

  expect(exitCode).toBe(1);
  expect(stdout).toContain(
    'parser-001-design waits for a person: no; decide in coordination/orchestrator/decisions/orch-task-1.parser-001-design.gate1.json',
  );
  expect(stdout).toContain('nothing is left to do: 0 completed, 1 waiting for a person');
});

test('--once exits with 1 when something failed or was refused', async () => {
  const at = project();
  at.queue({ id: 'odd', title: 'Xyzzy the frobnicator', status: 'pending' }, { id: 'no-title' }, parserTask('a:b'));
  const { exitCode, stdout, stderr } = await call([at.directory, '--once']);

  expect(exitCode).toBe(1);
  expect(stdout).toContain('nothing is left to do: 0 completed, 1 failed, 2 refused');
  expect(stderr.split('\n')).toHaveLength(3);
});

test.each([
  [undefined, 'coordination/task-queue.json: there is no such file'],
  ['{ "tasks": [', 'coordination/task-queue.json:1: not JSON'],
])('--once with the queue %j exits with 2', async (queue, told) => {
  const at = project();
  if (queue !== undefined) at.write('task-queue.json', queue);
  const { exitCode, stderr } = await call([at.directory, '--once']);

  expect(exitCode).toBe(2);
  expect(stderr).toContain(told);
});

test('Ctrl-C ends it: 130 with --once, since not all is done, and 0 for the daemon', async () => {
  const at = project();
  at.queue(parserTask());
  const signal = AbortSignal.abort();

  expect((await call([at.directory, '--once', '--grace', '1ms'], { signal })).exitCode).toBe(130);
  expect((await call([at.directory, '--grace', '1ms'], { signal })).exitCode).toBe(0);
});

test('a project that is not there, or leads out, is refused', async () => {
  expect(await call(['/no/such/project'])).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: '/no/such/project: there is no folder /no/such\n',
  });
});

test('agents are refused with file and line', async () => {
  const at = project();
  const bad = file('bad.yaml', 'agents:\n  - id: dev\n    type: development\n    script:\n      - work: soon\n');
  const twice = file('twice.yaml', 'agents:\n  - { id: dev, type: a }\n  - { id: dev, type: b }\n');

  expect((await call([at.directory, '--agents', bad])).stderr).toContain(
    `${bad}:5: agents.0.script.0.work: expected a duration`,
  );
  expect((await call([at.directory, '--agents', twice])).stderr).toContain(`${twice}:3: `);
  expect(await call([at.directory, '--agents', 'none.yaml', '--json'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('"code":"unreadable"'),
  });
});

test.each([
  [[], 'which project?'],
  [['a', 'b'], 'one directory at a time'],
  [['a', '--grace', 'soon'], '--grace takes a time'],
  [['a', '--onec'], "Unknown option '--onec'"],
])('the command line %j is refused', async (args, told) => {
  const { exitCode, stderr } = await call(args);

  expect(stderr).toContain(told);
  expect(exitCode).toBe(2);
});
