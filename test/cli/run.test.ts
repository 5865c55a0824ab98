import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { run } from '../../src/cli/run.ts';
import { logHash } from '../../src/index.ts';
import { runCommand, type World } from '../support/command.ts';

const scenario = (name: string) => new URL(`../../scenarios/${name}.yaml`, import.meta.url).pathname;
const call = async (args: readonly string[], world: World = {}) => {
  const { exitCode: code, ...written } = await runCommand((io) => main([run], ['run', ...args], io), world);
  return { code, ...written };
};
const folder = mkdtempSync(join(tmpdir(), 'xstate-hub-'));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const small = `
name: small
description: one agent, one task
agents: [{ id: dev-1, type: dev, script: [{ work: 5m }, { escalate: { reason: "ship\\u202eit?", context: { build: 7 } } }] }]
humans: [{ id: ann, decision: approve, after: 5m }]
tasks: [{ id: t1, type: fix }]
expect: [{ task: { id: t1, status: completed } }]
`;

test('--json prints one object, with the same hash for the same seed', async () => {
  const [first, again, other] = [
    await call([scenario('jwt-question'), '--json']),
    await call([scenario('jwt-question'), '--json']),
    await call([scenario('jwt-question'), '--json', '--seed', '77']),
  ];

  const result = JSON.parse(first.stdout);
  expect(result).toMatchObject({
    scenario: 'jwt-question',
    seed: 4,
    outcome: 'passed',
    tasks: { completed: 1, failed: 0, cancelled: 0 },
    log: { records: 14, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    expectations: expect.arrayContaining([{ ok: true, text: expect.any(String) }]),
  });
  expect(Object.keys(result)).toEqual(['scenario', 'seed', 'outcome', 'tasks', 'virtualMs', 'log', 'expectations']);
  expect(again.stdout).toBe(first.stdout);
  expect(JSON.parse(other.stdout)).toMatchObject({ seed: 77, outcome: 'passed' });
  expect(JSON.parse(other.stdout).log.hash).not.toBe(result.log.hash);
  expect([first.code, again.code, other.code]).toEqual([0, 0, 0]);
});

test('plain lines tell what happens, and the report what was expected', async () => {
  const { stdout, code } = await call([scenario('jwt-question')]);

  expect(stdout).toContain('0:10:00  backend-1 → hub                consultation.request  security-expert: "Is this');
  expect(stdout).toContain('passed jwt-question\n  ✓ task task-1: status completed, agent backend-1, attempts 1\n');
  expect(stdout).not.toContain('\u001b[');
  expect(code).toBe(0);
  expect(stdout.split('\n\n')[0]?.split('\n')).toHaveLength(14);
  expect(stdout).toContain('14 records');
});

test('several scenarios end with a summary', async () => {
  const { stdout } = await call([scenario('jwt-question'), scenario('priorities')]);

  expect(stdout.trimEnd().split('\n').at(-1)).toBe('2 scenarios: 2 passed');
});

test('an expectation that does not hold: exit 1, and it says what is so', async () => {
  const { stdout, code } = await call([file('wrong.yaml', small.replace('status: completed', 'status: failed'))]);

  expect(stdout).toContain('✗ task t1: status failed: status is completed');
  expect(code).toBe(1);
});

test('bad input: exit 2, with every bad file named, and nothing runs', async () => {
  const bad = file('bad.yaml', small.replace('work: 5m', 'work: soon'));
  const { stdout, stderr, code } = await call([scenario('jwt-question'), bad, join(folder, 'none.yaml')]);

  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain(`${bad}:4: agents.0.script.0.work: expected a duration`);
  expect(stderr).toContain('none.yaml: there is no such file');
});

test('bad input with --json is one object on stderr', async () => {
  const { stderr } = await call([file('bad.yaml', 'name: ['), '--json']);

  expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'invalid', file: join(folder, 'bad.yaml') } });
});

test.each([
  [[], 'which scenario?'],
  [['a.yaml', '--seed', 'x'], '--seed takes a whole number'],
  [['a.yaml', '--speed=-1'], '--speed takes a number above 0, or max'],
  [['a.yaml', 'b.yaml', '--log', 'x'], '--log takes one scenario'],
  [['a.yaml', '--sede', '4'], "Unknown option '--sede'"],
])('the command line %j is refused', async (args, message) => {
  const { stderr, code } = await call(args);

  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

test('--log writes the log as JSON lines with the hash that is printed', async () => {
  const log = join(folder, 'log.jsonl');
  const { stdout } = await call([scenario('priorities'), '--json', '--log', log]);

  const records = readFileSync(log, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(logHash(records)).toBe(JSON.parse(stdout).log.hash);
});

/** A terminal at which a person types these lines, one a question. */
function person(lines: readonly string[]) {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const left = [...lines];
  const questions = ['eject?', 'reason (Enter'];
  return {
    isTTY: true,
    columns: 90,
    stdin: stdin as unknown as NodeJS.ReadStream,
    questions,
    onWrite(text: string) {
      if (!questions.some((one) => text.includes(one))) return;
      const line = left.shift();
      if (line === undefined) stdin.end();
      else setImmediate(() => stdin.write(`${line}\n`));
    },
  };
}

test('--ask lets the person decide, shows what there is to decide, and marks deceiving characters', async () => {
  const terminal = person(['what?', 'r', 'not today']);
  const { stdout, code } = await call([file('small.yaml', small), '--ask', '--speed', 'max'], terminal);

  expect(stdout).toContain('A human has to decide: ship<U+202E>it?');
  expect(stdout).toContain('asked by   dev-1, for t1, paused until then');
  expect(stdout).toContain('build      7');
  expect(stdout).toContain('status is failed');
  expect(stdout).toContain('You decided at the gates');
  expect(code).toBe(1);
});

test('--ask offers what there is to choose from when a subtask cannot be done', async () => {
  const terminal = person(['replace', 'skip', '']);
  terminal.questions.push('skip, abort?');
  const { stdout } = await call([scenario('three-failures'), '--ask', '--speed', 'max'], terminal);

  expect(stdout).toContain('A human has to decide: Move: the database is locked');
  expect(stdout).toContain('retry, skip, abort?');
  expect(stdout).toContain('◇');
});

test('a person who leaves without an answer ends the run: exit 130', async () => {
  const { code } = await call([file('small.yaml', small), '--ask', '--speed', 'max'], person([]));

  expect(code).toBe(130);
});

test('--auto wins over --ask, and without a terminal the humans of the scenario decide', async () => {
  const auto = await call([file('small.yaml', small), '--ask', '--auto']);
  const nobody = await call([file('small.yaml', small), '--ask']);

  expect(auto.code).toBe(0);
  expect(nobody.code).toBe(0);
  expect(nobody.stderr).toContain('there is no terminal to ask at');
});

test('Ctrl-C ends a run that plays slowly', async () => {
  const { code } = await call([scenario('priorities'), '--speed', '1'], { signal: AbortSignal.abort() });

  expect(code).toBe(130);
});

test('what is interrupted leaves its log so far, and says so', async () => {
  const log = join(folder, 'interrupted.jsonl');
  const types = () =>
    readFileSync(log, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).type);
  const stopped = new AbortController();
  const byCtrlC = await call([file('small.yaml', small), '--speed', '1', '--log', log], {
    signal: stopped.signal,
    onWrite: (text) => text.includes('task.started') && stopped.abort(),
  });
  expect(byCtrlC).toMatchObject({ code: 130, stderr: `interrupted; the log so far is in ${log}\n` });
  expect(types().at(-1)).toBe('task.started');

  const left = await call([file('small.yaml', small), '--ask', '--speed', 'max', '--log', log], person([]));
  expect(left.code).toBe(130);
  expect(types()).toContain('gate.open');
});

test('another seed for a run that goes on is refused: exit 2', async () => {
  const kept = ['--store', `sqlite:${join(folder, 'seeded.db')}`];
  expect((await call([file('small.yaml', small), ...kept, '--seed', '9'])).code).toBe(0);
  const { code, stdout, stderr } = await call([file('small.yaml', small), ...kept, '--seed', '9']);
  expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining('--seed is for a run that begins')]);
  expect((await call([file('small.yaml', small), ...kept])).code).toBe(0);
});

test('in a terminal the team is shown live, in colour unless NO_COLOR is set', async () => {
  const colourful = await call([scenario('jwt-question'), '--speed', '1000000'], { isTTY: true, columns: 100 });
  const plain = await call([scenario('jwt-question'), '--speed', 'max'], {
    isTTY: true,
    columns: 100,
    env: { NO_COLOR: '1' },
  });

  expect(colourful.stdout).toContain('backend-1');
  expect(colourful.stdout).toContain('\u001b[32m');
  expect(plain.stdout).toContain('1/1 tasks');
  expect(plain.stdout).not.toContain('\u001b[3');
});

test.each([
  ['a folder that is not there', join(folder, 'none', 'log.jsonl'), 'there is no folder'],
  ['a folder', folder, 'it is a folder'],
  ['the scenario itself', file('itself.yaml', small), 'it is what is read'],
])('--log to %s is refused before anything runs', async (_what, path, why) => {
  const played = file('itself.yaml', small);
  const { code, stdout, stderr } = await call([played, '--log', path]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(`${path} cannot be written: ${why}`);
  expect(readFileSync(played, 'utf8')).toBe(small);
});

test('--seed takes a number, and not nothing', async () => {
  const { code, stderr } = await call([scenario('jwt-question'), '--seed', '']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('--seed takes a whole number')]);
});
