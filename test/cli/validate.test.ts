import { expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { validate } from '../../src/cli/validate.ts';
import { runCommand, type World } from '../support/command.ts';
import { temporaryFiles } from '../support/temporary-files.ts';
import { goodSpec, tierOne } from '../support/working-spec.ts';

const file = temporaryFiles();
const call = (args: readonly string[], world: World = {}) =>
  runCommand((io) => main([validate], ['validate', ...args], io), world);
const specFile = (name: string, spec: object) => file(name, JSON.stringify(spec));
const example = new URL('../../examples/working-spec.yaml', import.meta.url).pathname;

test('the example is valid, and its tier says what it asks for', async () => {
  const { exitCode, stdout, stderr } = await call([example]);

  expect(stdout).toBe(
    [
      'Tier 2 asks for',
      '  branch coverage of at least 80 %',
      '  a mutation score of at least 50 %',
      '  at most 50 files and 2000 lines changed',
      '  a contract for each interface that changes, with its tests',
      '',
      `${example}: valid`,
      '',
    ].join('\n'),
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});

test('faults come with file, line and what to write instead, in the order of the lines', async () => {
  const path = file(
    'faults.yaml',
    `id: feat-1
title: Sign in
risk_tier: 5
mode: docs
blast_radius: { modules: [], data_migration: false }
operational_rollback_slo: 5m
scope:
  in: []
invariants: []
acceptance:
  - id: A1
    given: ''
    when: she enters it
    then: she is in
  - { id: A2, given: a, when: b }
non_functional: {}
contracts: []
owner: ann
`,
  );
  const { exitCode, stdout } = await call([path]);

  expect(exitCode).toBe(1);
  expect(stdout).toBe(
    [
      `${path}:1: error: id: expected capital letters, a hyphen and a number, found "feat-1"`,
      '    try: a prefix and a number, such as PROJ-001, FEAT-002 or FIX-003',
      `${path}:3: error: risk_tier: expected one of 1, 2, 3, found 5`,
      '    try: 3',
      `${path}:4: error: mode: expected one of feature, refactor, fix, doc, chore, found "docs"`,
      '    try: doc',
      `${path}:8: error: scope.in: expected at least 1 entry, found an empty list`,
      '    try: the files or folders that the work may touch',
      `${path}:9: warning: invariants: no invariants: nothing says what must stay true`,
      '    try: one to three statements about what must stay true',
      `${path}:12: error: acceptance.0.given: expected text that is not empty, found ""`,
      '    try: what is so before',
      `${path}:15: error: acceptance.1.then: is required`,
      '    try: what can be seen to be so afterwards',
      `${path}:18: error: owner: is not known here`,
      '    try: what is your own goes under metadata',
      '',
      `${path}: not valid: 7 errors, 1 warning`,
      '',
    ].join('\n'),
  );
});

test('a warning alone leaves it valid', async () => {
  const { exitCode, stdout } = await call([specFile('warned.json', { ...goodSpec(), acceptance: [] })]);

  expect(exitCode).toBe(0);
  expect(stdout).toContain('warned.json:1: warning: acceptance: no acceptance criteria');
  expect(stdout).toMatch(/: valid: 1 warning\n$/);
});

test('tier 1 is told of its review, and what is missing', async () => {
  const { exitCode, stdout } = await call([specFile('one.json', { ...tierOne(), rollback: [] })]);

  expect(exitCode).toBe(1);
  expect(stdout).toContain('error: rollback: tier 1 has to say how it is taken back');
  expect(stdout).toContain('Tier 1 asks for\n  branch coverage of at least 90 %\n');
  expect(stdout).toContain("\n  a person's review\n");
});

test('--json prints valid, errors and warnings, and nothing else', async () => {
  const good = await call([example, '--json']);
  const bad = await call([specFile('bad.json', { ...goodSpec(), risk_tier: 5, acceptance: [] }), '--json']);

  expect(JSON.parse(good.stdout)).toEqual({ valid: true, errors: [], warnings: [] });
  expect(JSON.parse(bad.stdout)).toEqual({
    valid: false,
    errors: [{ field: 'risk_tier', message: 'expected one of 1, 2, 3, found 5', suggestion: '3' }],
    warnings: [{ field: 'acceptance', message: expect.any(String), suggestion: expect.any(String) }],
  });
  expect([good.exitCode, bad.exitCode]).toEqual([0, 1]);
});

test('budgets come from the configuration', async () => {
  const config = file('hub.yaml', 'workingSpec: { tier2: { maxFiles: 10, branchCoverage: 95 } }');
  const { exitCode, stdout } = await call([example, '--config', config]);

  expect(exitCode).toBe(1);
  expect(stdout).toContain('change_budget.max_files: 20 files are more than the 10 of tier 2');
  expect(stdout).toContain('branch coverage of at least 95 %');
  expect((await call([example], { env: { XSTATE_HUB_CONFIG: config } })).exitCode).toBe(1);
  expect((await call([example], { env: { XSTATE_HUB_WORKING_SPEC_TIER2_MAX_LOC: '10' } })).exitCode).toBe(1);
});

test('an experiment is over when the clock says so', async () => {
  const experiment = (year: number) => ({ enabled: true, rationale: 'to see', expires_at: `${year}-01-01` });
  const spec = (year: number) => ({ ...goodSpec(), risk_tier: 3, experimental_mode: experiment(year) });

  expect((await call([specFile('over.json', spec(2020))])).exitCode).toBe(1);
  expect((await call([specFile('on.json', spec(9000))])).exitCode).toBe(0);
});

test.each(['', '# nothing', '7', '- id: FEAT-1', 'just words'])('YAML that is no spec, %j: exit 1', async (text) => {
  const { exitCode, stdout } = await call([file('none.yaml', text)]);

  expect(exitCode).toBe(1);
  expect(stdout).toContain('none.yaml:1: error: expected a working spec: a mapping of fields\n');
});

test.each([
  ['not YAML', file('broken.yaml', 'id: [\ntitle: "x'), /broken\.yaml:\d+:\d+: not YAML: /],
  ['one key twice', file('twice.yaml', 'id: A-1\nid: A-2'), /twice\.yaml:2:1: not YAML: .*unique/],
  ['no such file', file('none-such.yaml'), /none-such\.yaml: there is no such file/],
  ['a folder', file('.'), /it is a folder/],
])('%s: exit 2, and nothing on stdout', async (_name, path, message) => {
  const { exitCode, stdout, stderr } = await call([path]);

  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(message);
});

test('not readable with --json: one object on stderr', async () => {
  const { exitCode, stderr } = await call([file('gone.yaml'), '--json']);

  expect(exitCode).toBe(2);
  expect(JSON.parse(stderr)).toEqual({
    error: { code: 'unreadable', message: expect.stringContaining('no such file'), file: file('gone.yaml') },
  });
});

test('a configuration that cannot be: exit 2, before the spec is read', async () => {
  const { exitCode, stderr } = await call([file('gone.yaml')], { env: { XSTATE_HUB_INBOX_LIMT: '1' } });

  expect(exitCode).toBe(2);
  expect(stderr).toContain('did you mean XSTATE_HUB_INBOX_LIMIT?');
});

test.each([
  [[], 'which spec?'],
  [['a.yaml', 'b.yaml'], 'one spec at a time'],
  [['a.yaml', '--jsno'], "Unknown option '--jsno'"],
])('the command line %j is refused', async (args, message) => {
  const { exitCode, stderr } = await call(args);

  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
});

test('what a spec says cannot pose as something else on a terminal', async () => {
  const { stdout } = await call([specFile('dark.json', { ...goodSpec(), 'ow\u202ener\u001b[2J': 1 })]);

  expect(stdout).toContain('ow<U+202E>ner<U+001B>[2J: is not known here');
});
