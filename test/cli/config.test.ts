import { expect, test } from 'vitest';
import { config } from '../../src/cli/config.ts';
import { main } from '../../src/cli/main.ts';
import { runCommand, type World } from '../support/command.ts';
import { temporaryFiles } from '../support/temporary-files.ts';

const file = temporaryFiles();
const call = (args: readonly string[], world: World = {}) =>
  runCommand((io) => main([config], ['config', ...args], io), world);
/** The line of a key, its columns apart. */
const row = (stdout: string, key: string) =>
  stdout
    .split('\n')
    .find((line) => line.startsWith(`${key} `))
    ?.split(/ {2,}/);

test('a table: key, value, where it comes from, what it is for', async () => {
  const path = file('hub.yaml', 'keepFinished: 7\nworkingSpec:\n  tier1: { maxFiles: 3 }\n');
  const { exitCode, stdout } = await call(['--config', path], { env: { XSTATE_HUB_INBOX_LIMIT: '5' } });

  expect(exitCode).toBe(0);
  expect(stdout.split('\n')[0]).toMatch(/^key +value +from +what it is for$/);
  expect(row(stdout, 'keepFinished')?.slice(0, 3)).toEqual(['keepFinished', '7', `${path}:1`]);
  expect(row(stdout, 'inboxLimit')?.slice(0, 3)).toEqual(['inboxLimit', '5', 'XSTATE_HUB_INBOX_LIMIT']);
  expect(row(stdout, 'deadLetterLimit')?.slice(0, 3)).toEqual(['deadLetterLimit', '10000', 'default']);
  expect(row(stdout, 'workingSpec.tier1.maxFiles')).toEqual([
    'workingSpec.tier1.maxFiles',
    '3',
    `${path}:3`,
    'most files that work in risk tier 1 may change',
  ]);
  expect(stdout).not.toContain('\u001b[');
});

test('on a terminal, what somebody set stands out', async () => {
  const { stdout } = await call([], { isTTY: true, env: { XSTATE_HUB_INBOX_LIMIT: '5' } });

  expect(stdout).toContain('\u001b[1minboxLimit');
  expect(stdout).not.toContain('\u001b[1mkeepFinished');
});

test('--json is the configuration, and every setting', async () => {
  const { stdout } = await call(['--json'], { env: { XSTATE_HUB_INBOX_LIMIT: '5' } });
  const printed = JSON.parse(stdout);

  expect(printed.config).toMatchObject({ inboxLimit: 5, workingSpec: { tier2: { maxFiles: 50 } } });
  expect(printed.settings).toContainEqual({
    key: 'inboxLimit',
    value: 5,
    default: 1000,
    origin: { source: 'environment', variable: 'XSTATE_HUB_INBOX_LIMIT' },
    variable: 'XSTATE_HUB_INBOX_LIMIT',
    type: 'a whole number, at least 1',
    description: expect.any(String),
  });
});

test('XSTATE_HUB_CONFIG names the file, and --config is stronger', async () => {
  const env = { XSTATE_HUB_CONFIG: file('env.yaml', 'inboxLimit: 11') };

  expect(row((await call([], { env })).stdout, 'inboxLimit')?.[1]).toBe('11');
  const other = file('option.json', '{ "inboxLimit": 12 }');
  expect(row((await call(['--config', other], { env })).stdout, 'inboxLimit')?.[1]).toBe('12');
});

test.each<[string, readonly string[], World['env'], string]>([
  ['no such file', ['--config', file('none.yaml')], {}, 'none.yaml: there is no such file'],
  ['a folder', ['--config', file('.')], {}, 'it is a folder'],
  ['not YAML', ['--config', file('broken.yaml', 'a: [')], {}, 'not YAML'],
  ['an unknown key', ['--config', file('key.yaml', '\ninboxLimt: 1')], {}, 'key.yaml:2: inboxLimt: is not known here'],
  ['a wrong type', [], { XSTATE_HUB_INBOX_LIMIT: 'x' }, 'inboxLimit: expected a whole number, at least 1, found "x"'],
  ['an unknown variable', [], { XSTATE_HUB_X: '1' }, 'XSTATE_HUB_X: is not known here; did you mean'],
  ['a word too many', ['hub.yaml'], {}, '"hub.yaml" is one too many'],
])('%s: exit 2, and it says what and where', async (_name, args, env, message) => {
  const { exitCode, stdout, stderr } = await call(args, { env: { ...env } });

  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(message);
});

test('refused with --json: one object on stderr', async () => {
  const { exitCode, stderr } = await call(['--json'], { env: { XSTATE_HUB_INBOX_LIMIT: 'x' } });

  expect(exitCode).toBe(2);
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'invalid', path: 'inboxLimit', file: 'environment' } });
});
