import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { readLog } from '../../src/actors/import-log.ts';
import { sqliteStore } from '../../src/actors/sqlite-store.ts';
import { log } from '../../src/cli/log.ts';
import { main } from '../../src/cli/main.ts';
import { run } from '../../src/cli/run.ts';
import { jsonlStore } from '../../src/coordination/jsonl-store.ts';
import { logHash } from '../../src/index.ts';
import { runCommand, type World } from '../support/command.ts';
import { temporaryFiles } from '../support/temporary-files.ts';

const file = temporaryFiles();
const call = async (args: readonly string[], world: World = {}) => {
  const { exitCode: code, ...written } = await runCommand((io) => main([run, log], args, io), world);
  return { code, ...written };
};
const scenario = new URL('../../scenarios/late-answer.yaml', import.meta.url).pathname;
const store = `sqlite:${file('kept.db')}`;
const jsonl = file('kept.jsonl');
let hash: string;
let records: number;

beforeAll(async () => {
  const { stdout } = await call(['run', scenario, '--json', '--store', store, '--log', jsonl]);
  ({ hash, records } = JSON.parse(stdout).log);
});

const parsed = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('run --store keeps the log, and what is shown of it is what was', async () => {
  const { stdout, code } = await call(['log', 'show', store, '--json']);
  const shown = parsed(stdout);
  expect(shown.length).toBe(records + 2); // The hub's end is behind what the run reports.
  expect(logHash(shown.slice(0, records))).toBe(hash);
  expect(code).toBe(0);
});

test('show takes a range and a type, for people and for programs', async () => {
  const range = await call(['log', 'show', store, '--from', '3', '--to', '5', '--json']);
  expect(parsed(range.stdout).map(({ seq }) => seq)).toEqual([3, 4, 5]);
  const types = await call(['log', 'show', jsonl, '--type', 'deadletter.*', '--json']);
  expect(new Set(parsed(types.stdout).map(({ type }) => type))).toEqual(
    new Set(['deadletter.added', 'deadletter.accept']),
  );
  const lines = await call(['log', 'show', store, '--type', 'deadletter.added']);
  expect(lines.stdout).toMatch(/^ +\d+ {2}2026-01-01T.+Z {2}hub → hub +deadletter.added {2}staleLease: task.result/);
  expect(await call(['log', 'show', store, '--type', 'agent.pause'])).toEqual({ code: 0, stdout: '', stderr: '' });
  const agents = await call(['log', 'show', store, '--type', 'agent.register']);
  expect(agents.stdout).toMatch(/agent\.register {2}\S+-1: \S/);
});

test.each([
  ['sqlite', () => store, 'ok', 'is whole'],
  ['JSON lines', () => jsonl, 'none', 'is in order; its lines have no hashes'],
])('verify says of a log in %s what it is', async (_kind, name, chain, said) => {
  const { stdout, code } = await call(['log', 'verify', name(), '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ chain, open: 0, lost: 0, duplicated: 0, deadLetters: 1 });
  expect(Object.keys(JSON.parse(stdout))).toEqual([
    'records',
    'chain',
    'accepted',
    'terminal',
    'open',
    'lost',
    'duplicated',
    'deadLetters',
  ]);
  expect(code).toBe(0);
  const told = await call(['log', 'verify', name()]);
  expect(told.stdout).toContain(said);
});

test('verify names the record whose byte has flipped: exit 1 (I15)', async () => {
  const bytes = readFileSync(file('kept.db'));
  const place = bytes.indexOf('staleLease","to"'); // In the record; the checkpoint has it as well, in another order.
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  writeFileSync(file('flipped.db'), bytes);
  const seq = parsed((await call(['log', 'show', store, '--type', 'deadletter.added', '--json'])).stdout)[0].seq;
  const { stdout, code } = await call(['log', 'verify', `sqlite:${file('flipped.db')}`, '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ chain: { brokenAt: seq }, records: expect.any(Number) });
  expect(code).toBe(1);
  const told = await call(['log', 'verify', `sqlite:${file('flipped.db')}`]);
  expect(told.stdout).toContain(`is damaged at record ${seq}`);
  const show = await call(['log', 'show', `sqlite:${file('flipped.db')}`]);
  expect([show.code, show.stderr]).toEqual([2, expect.stringContaining(`damaged at record ${seq}`)]);
});

test('verify finds what is cut out of JSON lines, a line that is none, and a task that ended twice', async () => {
  const lines = readFileSync(jsonl, 'utf8').trimEnd().split('\n');
  const verify = async (name: string, text: string[]) => {
    const { stdout, code } = await call(['log', 'verify', file(name, text.join('\n')), '--json']);
    return { ...JSON.parse(stdout), code };
  };
  expect(await verify('gap.jsonl', lines.toSpliced(6, 1))).toMatchObject({ chain: { brokenAt: 7 }, code: 1 });
  expect(await verify('bad.jsonl', lines.toSpliced(6, 1, '{'))).toMatchObject({ chain: { brokenAt: 7 }, code: 1 });
  const end = JSON.parse(lines.findLast((line) => line.includes('"task.completed"')) ?? '');
  const twice = [...lines, JSON.stringify({ ...end, seq: lines.length + 1 })];
  expect(await verify('twice.jsonl', twice)).toMatchObject({ chain: 'none', duplicated: 1, code: 1 });
});

describe('JSON lines with hashes, as coordinate keeps them,', () => {
  const kept = file('hashed.jsonl');
  beforeAll(async () => {
    const hashed = await jsonlStore(kept);
    await hashed.append(0, readLog(readFileSync(jsonl, 'utf8').split('\n')));
    await hashed.close();
  });

  test('are whole, shown, exported and imported', async () => {
    expect(JSON.parse((await call(['log', 'verify', kept, '--json'])).stdout)).toMatchObject({ chain: 'ok' });
    expect((await call(['log', 'export', kept])).stdout).toBe((await call(['log', 'export', jsonl])).stdout);
    const shown = await call(['log', 'show', kept, '--type', 'deadletter.added']);
    expect(shown.stdout).toBe((await call(['log', 'show', jsonl, '--type', 'deadletter.added'])).stdout);
    const target = `sqlite:${file('from-lines.db')}`;
    expect((await call(['log', 'import', target, kept])).code).toBe(0);
    expect((await call(['log', 'export', target])).stdout).toBe((await call(['log', 'export', jsonl])).stdout);
  });

  test('of which a letter is another are damaged, wherever they begin (I15)', async () => {
    const flipped = readFileSync(kept, 'utf8').replace('12 rows', '13 rows');
    const seq = flipped.split('\n').findIndex((line) => line.includes('13 rows')) + 1;
    for (const text of [flipped, flipped.slice(flipped.indexOf('\n') + 1)]) {
      const name = file('flipped.jsonl', text);
      const { stdout, code } = await call(['log', 'verify', name, '--json']);
      expect([JSON.parse(stdout), code]).toEqual([expect.objectContaining({ chain: { brokenAt: seq } }), 1]);
      for (const args of [
        ['show', name],
        ['export', name],
      ]) {
        const { code, stderr } = await call(['log', ...args]);
        expect([code, stderr]).toEqual([2, expect.stringContaining(`damaged at record ${seq}`)]);
      }
    }
    const { code, stderr } = await call(['log', 'import', `sqlite:${file('none.db')}`, file('flipped.jsonl', flipped)]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`damaged at record ${seq}`)]);
  });
});

test('a log goes out, without its secrets, and into another store', async () => {
  const out = file('out.jsonl');
  expect((await call(['log', 'export', store, '--out', out])).code).toBe(0);
  const target = `sqlite:${file('copy.db')}`;
  const imported = await call(['log', 'import', target, out, '--json']);
  expect(JSON.parse(imported.stdout)).toEqual({ records: records + 2 });
  const copy = await call(['log', 'export', target]);
  expect(copy.stdout).toBe(readFileSync(out, 'utf8'));
  expect((await call(['log', 'import', target, out])).stderr).toContain('the store is not empty');

  expect(copy.stdout).toContain('12 rows');
  const redacted = await call(['log', 'export', store, '--redact', 'result,results,plan.subtasks,successCriteria']);
  expect(redacted.stdout).not.toContain('12 rows');
  expect(redacted.stdout).toContain('"result":"[redacted]"');
});

test('a log is shown while a hub has it, and another hub is refused: exit 2', async () => {
  const path = file('busy.db');
  const open = sqliteStore({ path });
  expect((await call(['log', 'verify', `sqlite:${path}`])).code).toBe(0);
  const { code, stderr } = await call(['run', scenario, '--json', '--store', `sqlite:${path}`]);
  expect([code, JSON.parse(stderr)]).toEqual([2, { error: expect.objectContaining({ code: 'conflict' }) }]);
  open.close();
});

test('a log of another project is refused, and free for its own afterwards', async () => {
  const other = new URL('../../scenarios/priorities.yaml', import.meta.url).pathname;
  const { code, stderr } = await call(['run', other, '--store', store]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('the store holds the project')]);
  sqliteStore({ path: file('kept.db') }).close();
});

test.each([
  [['log'], 'expected one of show, verify, export, import'],
  [['log', 'show'], 'which log?'],
  [['log', 'show', 'kept.db'], 'expected sqlite:FILE, or a file that ends in .jsonl'],
  [['log', 'show', 'sqlite:a.db', 'b.db'], '"b.db" is one too many'],
  [['log', 'show', 'sqlite:a.db', '--from', '0'], '--from takes the number of a record'],
  [['log', 'show', 'sqlite:a.db', '--from', '5', '--to', '3'], '--from 5 is behind --to 3'],
  [
    ['log', 'show', 'sqlite:a.db', '--type', 'task.complete'],
    'no message is a task.complete; did you mean task.completed?',
  ],
  [['log', 'show', 'sqlite:a.db', '--type', 'taks.*'], 'no message is a taks.*'],
  [['log', 'verify', 'sqlite:a.db', '--type', 'task.*'], 'log verify has no --type'],
  [['log', 'export', 'sqlite:a.db', '--json'], 'log export has no --json'],
  [['log', 'import', 'sqlite:a.db'], 'import what?'],
  [['log', 'import', 'a.jsonl', scenario], 'only sqlite:FILE can be written to'],
  [['log', 'verify', 'sqlite:none.db'], 'there is no such file'],
  [['log', 'verify', 'sqlite:test'], 'test is a folder'],
  [['run', scenario, '--store', 'sqlite:test'], 'is a folder'],
  [['run', scenario, '--store', 'sqlite:none/a.db'], 'there is no folder none'],
  [['log', 'verify', 'none.jsonl'], 'there is no such file'],
  [['log', 'import', `sqlite:${file('new.db')}`, 'none.jsonl'], 'there is no such file'],
  [['run', scenario, scenario, '--store', 'sqlite:a.db'], '--store takes one scenario'],
  [['run', scenario, '--store', 'a.jsonl'], '--store takes sqlite:FILE'],
])('%j is refused', async (args, message) => {
  const { code, stderr } = await call(args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});

test('looking for a log makes none', async () => {
  await call(['log', 'verify', `sqlite:${file('absent.db')}`]);
  await call(['log', 'verify', file('text.jsonl', 'hello')]);
  expect(existsSync(file('absent.db'))).toBe(false);
  const wrong = await call(['log', 'verify', `sqlite:${file('letter.db', 'a letter to a friend '.repeat(99))}`]);
  expect(wrong.code).toBe(2);
});

test('what is exported does not take the place of the log that it comes from', async () => {
  const { code, stderr } = await call(['log', 'export', store, '--out', file('kept.db')]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('it is what is read, and would be gone')]);
  expect((await call(['log', 'verify', store])).code).toBe(0);
});

test('a test goes into a folder that is made for it; what cannot be written is named, and not what was read', async () => {
  const { code } = await call(['log', 'export', jsonl, '--as', 'test', '--out', file('tests/of/kept')]);
  expect([code, existsSync(file('tests/of/kept/kept.scenario.yaml'))]).toEqual([0, true]);
  const { stderr } = await call(['log', 'export', jsonl, '--out', file('none/out.jsonl')]);
  expect(stderr).toBe(`${file('none/out.jsonl')} cannot be written: there is no folder ${file('none')}\n`);
});

test('lines that are no records are told with their file, and make no store', async () => {
  const garbage = file('garbage.jsonl', 'hello');
  for (const action of [['verify'], ['show'], ['import', `sqlite:${file('fresh.db')}`]]) {
    const { code, stderr } = await call(['log', ...action, garbage]);
    expect([code, stderr]).toEqual([2, `${garbage}: line 1 is not JSON\n`]);
  }
  expect(existsSync(file('fresh.db'))).toBe(false);
});
