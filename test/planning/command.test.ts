import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { plan } from '../../src/cli/plan.ts';
import { runCommand, type World } from '../support/command.ts';
import { temporaryFiles } from '../support/temporary-files.ts';

const file = temporaryFiles();
const call = (args: readonly string[], world: World = {}) =>
  runCommand((io) => main([plan], ['plan', ...args], io), world);
const planExample = new URL('../../examples/plan-auth.json', import.meta.url).pathname;
const requestExample = new URL('../../examples/request.yaml', import.meta.url).pathname;

const subtask = (subtask_id: string, change: object = {}) => ({
  subtask_id,
  title: `Implement ${subtask_id}`,
  assigned_to: 'development',
  dependencies: [],
  estimated_duration_minutes: 10,
  estimated_tokens: 1000,
  success_criteria: 'All its tests pass',
  ...change,
});
const planFile = (name: string, ...subtasks: object[]) =>
  file(name, JSON.stringify({ task_title: 'A plan', subtasks }, null, 1));
const chain = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    subtask(`t${index}`, { dependencies: index === 0 ? [] : [`t${index - 1}`] }),
  );
const circle = () =>
  planFile(
    'circle.json',
    subtask('a', { dependencies: ['c'] }),
    subtask('b', { dependencies: ['a'] }),
    subtask('c', { dependencies: ['b'] }),
  );

describe('a plan', () => {
  test('its stages, estimate and findings, for people', async () => {
    const { exitCode, stdout, stderr } = await call([planExample]);

    expect(stdout).toBe(
      [
        'stage 1',
        '  auth-001-design    development/planner         10-15 min  Design authentication architecture',
        'stage 2  2 at once',
        '  auth-002-backend   development/implementation  20-30 min  Backend Implementation',
        '  auth-003-frontend  development/implementation  20-30 min  Frontend Implementation',
        'stage 3',
        '  auth-004-tests     development/test            15-20 min  Tests',
        'stage 4',
        '  auth-005-security  security/audit              10-15 min  Security Audit',
        'stage 5',
        '  auth-006-docs      development/documentation   10 min     Documentation',
        '',
        'estimate',
        '  subtasks      6, each with a worker; at most 2 at once',
        '  time          65-90 minutes',
        '  tokens        75,000',
        '  masters       development, security',
        '  critical path auth-001-design → auth-002-backend → auth-004-tests → auth-005-security → auth-006-docs (65-90 min)',
        '  bottleneck    stage_3: Tests must wait for Backend Implementation, Frontend Implementation',
        '  bottleneck    stage_4: Security Audit must wait for Tests',
        '',
        `${planExample}:24: warning: longSubtask: auth-002-backend takes up to 30 minutes, more than the 20 that it should`,
        '    try: split it, if it can be',
        `${planExample}:39: warning: longSubtask: auth-003-frontend takes up to 30 minutes, more than the 20 that it should`,
        '    try: split it, if it can be',
        '',
        `${planExample}: valid: 2 warnings`,
        '',
      ].join('\n'),
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  test('--json has valid, errors, warnings, stages and estimate, and nothing else', async () => {
    const { exitCode, stdout } = await call([planExample, '--json']);

    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      valid: true,
      errors: [],
      warnings: [
        expect.objectContaining({ rule: 'longSubtask', subtaskId: 'auth-002-backend' }),
        expect.objectContaining({ rule: 'longSubtask', subtaskId: 'auth-003-frontend' }),
      ],
      stages: [
        ['auth-001-design'],
        ['auth-002-backend', 'auth-003-frontend'],
        ['auth-004-tests'],
        ['auth-005-security'],
        ['auth-006-docs'],
      ],
      estimate: {
        subtasks: 6,
        minutes: { min: 65, max: 90 },
        tokens: 75_000,
        masters: ['development', 'security'],
        workers: 6,
        parallelism: 2,
        parallelizationPossible: true,
        criticalPath: {
          subtasks: ['auth-001-design', 'auth-002-backend', 'auth-004-tests', 'auth-005-security', 'auth-006-docs'],
          minutes: { min: 65, max: 90 },
        },
        bottlenecks: [expect.stringContaining('stage_3'), expect.stringContaining('stage_4')],
      },
    });
  });

  test('with a cycle: exit 1, and the cycle is printed as a path with its line', async () => {
    const path = circle();
    const people = await call([path]);
    const machine = await call([path, '--json']);

    expect(people.exitCode).toBe(1);
    expect(people.stdout).toContain(`${path}:4: error: cycle: subtasks wait for each other: a → c → b → a`);
    expect(people.stdout).toContain(`${path}: not valid: 1 error\n`);
    expect(machine.exitCode).toBe(1);
    expect(JSON.parse(machine.stdout)).toMatchObject({
      valid: false,
      errors: [{ rule: 'cycle', subtaskId: 'a', message: expect.stringContaining('a → c → b → a') }],
      stages: [],
      estimate: null,
    });
  });

  test.each([
    ['an unknown dependency', [subtask('a', { dependencies: ['x'] })], 'unknownDependency'],
    ['one id twice', [subtask('a'), subtask('a')], 'duplicateId'],
    ['eleven stages', chain(11), 'tooManyStages'],
    ['two owners', [subtask('a', { assigned_to: ['development', 'security'] })], 'exactlyOneOwner'],
    ['minutes that are none', [subtask('a', { estimated_duration_minutes: 'soon' })], 'reading'],
  ])('with %s: exit 1', async (_name, subtasks, rule) => {
    const { exitCode, stdout } = await call([planFile('bad.json', ...subtasks), '--json']);
    const { valid, errors } = JSON.parse(stdout);

    expect({ exitCode, valid }).toEqual({ exitCode: 1, valid: false });
    expect(errors[0].rule).toBe(rule);
  });

  test('ten stages are fine', async () => {
    expect((await call([planFile('ten.json', ...chain(10))])).exitCode).toBe(0);
  });

  test('in YAML, with the line of what is wrong', async () => {
    const path = file(
      'plan.yaml',
      `task_title: Two things
subtasks:
  - subtask_id: a
    assigned_to: development
    success_criteria: All its tests pass
    estimated_duration_minutes: 10-15 min
    estimated_tokens: 100
    title: Implement a
    colour: red
  - subtask_id: b
    assigned_to: [development, security]
`,
    );
    const { exitCode, stdout } = await call([path]);

    expect(exitCode).toBe(1);
    expect(stdout).toContain(`${path}:9: warning: reading: subtasks.0.colour: is not known here and left out`);
    expect(stdout).toContain(`${path}:11: error: exactlyOneOwner: subtasks.1.assigned_to: expected exactly one owner`);
  });

  test('from what comes in on stdin', async () => {
    const stdin = (text: string) => Readable.from([text]) as unknown as NodeJS.ReadStream;
    const text = readFileSync(planExample, 'utf8');
    const { exitCode, stdout } = await call(['-', '--json'], { stdin: stdin(text) });
    expect([exitCode, stdout]).toEqual([0, (await call([planExample, '--json'])).stdout]);
    expect(await call(['-'], { stdin: stdin('name: x') })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('stdin: neither a request'),
    });
  });

  test('limits come from the configuration', async () => {
    const config = file('hub.yaml', 'orchestration: { limits: { maxMinutes: 25 } }');
    const { exitCode, stdout } = await call([planExample, '--config', config]);

    expect(exitCode).toBe(1);
    expect(stdout).toContain('tooManyMinutes: auth-002-backend takes up to 30 minutes, and 25 are the most');
  });
});

describe('a request', () => {
  test('that is complex: why, and the plan of the rules', async () => {
    const { exitCode, stdout } = await call([requestExample]);

    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      [
        'Add authentication system with security audit and documentation',
        '  complex (high): it has to be orchestrated',
        '  - orchestration is asked for',
        '  - 3 domains: development, security, documentation',
        '  - 2 masters have to work together: development, security',
        '  - it is about something whole: system',
        '  - 90 minutes, more than 30',
        '',
        'stage 1',
      ].join('\n'),
    );
    expect(stdout).toContain('  time          65-90 minutes\n');
  });

  test('that is complex, as JSON: with the analysis and the plan', async () => {
    const { stdout } = await call([requestExample, '--json']);

    expect(JSON.parse(stdout)).toMatchObject({
      valid: true,
      stages: [{}, { length: 2 }, {}, {}, {}],
      estimate: { subtasks: 6 },
      analysis: { complexity: 'complex', level: 'high' },
      plan: { subtasks: { length: 6 } },
    });
  });

  test('that is simple: why, and to whom it goes', async () => {
    const path = file('simple.yaml', 'title: Fix bug in dashboard/server/index.js line 42');
    const { exitCode, stdout } = await call([path]);

    expect(exitCode).toBe(0);
    expect(stdout).toContain('  simple: it goes straight to development\n  - a single domain: development\n');
    expect(JSON.parse((await call([path, '--json'])).stdout)).toMatchObject({
      valid: true,
      stages: [],
      estimate: null,
      analysis: { complexity: 'simple', master: 'development' },
      plan: null,
    });
  });

  test('of which the rules know nothing: exit 1, and what would help', async () => {
    const { exitCode, stdout } = await call([file('vague.yaml', 'title: Make it so')]);

    expect(exitCode).toBe(1);
    expect(stdout).toContain('error: noPlan: there is no rule for "Make it so"');
    expect(stdout).toContain('try: the domains or masters that are needed, or a plan');
  });
});

describe('--mermaid', () => {
  test('draws the stages as boxes and the dependencies as arrows; findings go to stderr', async () => {
    const { exitCode, stdout, stderr } = await call([planExample, '--mermaid']);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^flowchart LR\n {2}subgraph stage_1\["stage 1"\]\n {4}s1\["auth-001-design<br\/>/);
    expect(stdout.match(/subgraph/g)).toHaveLength(5);
    expect(stdout).toMatch(
      / {2}s1 --> s2\n {2}s1 --> s3\n {2}s2 --> s4\n {2}s3 --> s4\n {2}s4 --> s5\n {2}s5 --> s6\n$/,
    );
    expect(stderr).toContain('warning: longSubtask');
  });

  test('of a cycle draws it without boxes', async () => {
    const { exitCode, stdout } = await call([circle(), '--mermaid']);

    expect(exitCode).toBe(1);
    expect(stdout).not.toContain('subgraph');
    expect(stdout).toContain('s3 --> s1\n');
  });

  test('titles cannot end their label', async () => {
    const path = planFile('odd.json', subtask('a', { title: '"] --> x; <b>#1</b>' }), subtask('b'), subtask('c'));

    expect((await call([path, '--mermaid'])).stdout).toContain(
      'a<br/>#34;#93; --#62; x#59; #60;b#62;#35;1#60;/b#62;<br/>',
    );
  });
});

describe('what cannot be read: exit 2, and nothing on stdout', () => {
  test.each([
    ['not YAML', file('broken.json', '{ "subtasks": [ '), /broken\.json:\d+:\d+: not YAML: /],
    ['no such file', file('gone.json'), /gone\.json: there is no such file/],
    ['neither of both', file('other.yaml', 'name: x'), /other\.yaml: neither a request .* nor a plan/],
    ['words', file('words.txt', 'just words'), /neither a request/],
    ['nothing', file('empty.yaml', ''), /neither a request/],
    ['a request of another shape', file('shape.yaml', 'title: { a: b }'), /shape\.yaml: title: expected text/],
  ])('%s', async (_name, path, message) => {
    const { exitCode, stdout, stderr } = await call([path]);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(JSON.parse((await call([path, '--json'])).stderr)).toMatchObject({ error: { file: path } });
  });
});

test.each([
  [[], 'which request or plan?'],
  [['a.json', 'b.json'], 'one file at a time'],
  [['a.json', '--json', '--mermaid'], 'either --mermaid or --json'],
  [['a.json', '--jsno'], "Unknown option '--jsno'"],
])('the command line %j is refused', async (args, message) => {
  const { exitCode, stderr } = await call(args);

  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
});

test('colours in a terminal only, and what a plan says cannot pose as something else', async () => {
  const path = planFile('dark.json', subtask('a', { title: 'x\u001b[2J\u202ey' }), subtask('b'), subtask('c'));

  expect((await call([path], { isTTY: true })).stdout).toContain('\u001b[1mstage 1\u001b[22m');
  expect((await call([path], { isTTY: true, env: { NO_COLOR: '1' } })).stdout).not.toContain('\u001b');
  expect((await call([path])).stdout).toContain('x<U+001B>[2J<U+202E>y');
});
