import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Command, UsageError } from '../../src/cli/command.ts';
import { main } from '../../src/cli/main.ts';
import { runCommand } from '../support/command.ts';

const greet: Command = {
  name: 'greet',
  summary: 'say hello',
  usage: 'Usage: xstate-hub greet [NAME]\n\nSays hello.\n',
  async run([name], { stdout }) {
    if (name === undefined) throw new UsageError('whom?');
    if (name === 'nobody') return 1;
    if (name === 'bug') throw new TypeError('a fault of ours');
    stdout.write(`hello ${name}\n`);
    return 0;
  },
};

const run = (...args: string[]) => runCommand((io) => main([greet], args, io));

test('a command gets the words behind its name, and its exit code is the answer', async () => {
  expect(await run('greet', 'world')).toEqual({ exitCode: 0, stdout: 'hello world\n', stderr: '' });
  expect((await run('greet', 'nobody')).exitCode).toBe(1);
});

test.each([['--help'], ['-h'], ['help']])('%s lists the commands', async (word) => {
  const { exitCode, stdout } = await run(word);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^Usage: xstate-hub COMMAND/);
  expect(stdout).toMatch(/greet +say hello/);
});

test.each([
  ['help', 'greet'],
  ['greet', '--help'],
  ['greet', 'world', '-h'],
])('%s %s says all about one command', async (...args) => {
  expect(await run(...args)).toEqual({ exitCode: 0, stdout: greet.usage, stderr: '' });
});

test("behind -- a word is the command's own", async () => {
  expect((await run('greet', 'world', '--', '--help')).stdout).toBe('hello world\n');
});

test("--version is the package's", async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(await run('--version')).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
});

test('no word at all: the list, on stderr, and exit code 2', async () => {
  const { exitCode, stdout, stderr } = await run();
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain('greet');
});

test.each([
  [['dance'], 'unknown command "dance"'],
  [['--dance'], 'unknown option "--dance"'],
  [['help', 'dance'], 'unknown command "dance"'],
])('L1 %j: what is not known, what is, and exit code 2', async (args, message) => {
  const { exitCode, stdout, stderr } = await run(...args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).toContain('greet');
});

test('a usage error: its message, the usage line and exit code 2', async () => {
  const { exitCode, stderr } = await run('greet');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('xstate-hub greet: whom?');
  expect(stderr).toContain('Usage: xstate-hub greet [NAME]');
});

test('a fault of ours is not dressed up as a usage error', async () => {
  await expect(run('greet', 'bug')).rejects.toThrow('a fault of ours');
});
