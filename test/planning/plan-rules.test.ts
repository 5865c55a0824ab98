import { describe, expect, test } from 'vitest';
import { checkPlan, mostFindings } from '../../src/hub/plan-rules.ts';
import type { Plan } from '../../src/machines/plan.ts';
import { chain, plan, subtask } from '../support/plans.ts';
import { refusal } from '../support/refusals.ts';

type Options = Parameters<typeof checkPlan>[1];

const rulesIn = (one: Plan, options?: Options) => {
  const { errors, warnings } = checkPlan(one, options);
  return { errors: errors.map(({ rule }) => rule), warnings: warnings.map(({ rule }) => rule) };
};
const fine = { errors: [], warnings: [] };
const three = () => chain('a', 'b', 'c');
/** Three subtasks, of which the first is like this. */
const withFirst = (change: Parameters<typeof subtask>[1]) => plan(subtask('a', change), subtask('b'), subtask('c'));
const inStages = (one: Plan, ...givenStages: string[][]): Plan => ({ ...one, givenStages });
const names = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`);

test('a plan without a fault: valid, with its stages', () => {
  expect(checkPlan(three())).toEqual({ valid: true, ...fine, stages: [['a'], ['b'], ['c']] });
});

describe('errors', () => {
  test.each([
    ['noSubtasks', plan(), 'the plan has no subtasks'],
    ['duplicateId', plan(subtask('a'), subtask('b'), subtask('a'), subtask('a')), '3 subtasks have the id a'],
    ['unknownDependency', withFirst({ dependencies: ['design'] }), 'a depends on design, and there is no such subtask'],
    [
      'cycle',
      plan(
        subtask('a', { dependencies: ['c'] }),
        subtask('b', { dependencies: ['a'] }),
        subtask('c', { dependencies: ['b'] }),
      ),
      'subtasks wait for each other: a → c → b → a',
    ],
    ['cycle', withFirst({ dependencies: ['a'] }), 'subtasks wait for each other: a → a'],
    ['dependencyWithinStage', inStages(three(), ['a', 'b'], ['c']), 'b depends on a, and both are in stage 1'],
    ['stageOrder', inStages(three(), ['b'], ['a'], ['c']), 'b is in stage 1, before a in stage 2, on which it depends'],
    ['stageMembers', inStages(three(), ['a'], ['b']), 'c is in no stage'],
    ['stageMembers', inStages(three(), ['a'], ['b'], ['c'], ['c']), 'c is in the stages 2 times'],
    ['stageMembers', inStages(three(), ['a'], ['b'], ['c'], ['d']), 'stage 4 names d, and there is no such subtask'],
    ['tooManyStages', chain(...names(11)), 'the plan has 11 stages, and 10 are the most: the task is too complex'],
    ['noSuccessCriterion', withFirst({ successCriteria: ' ' }), 'a has no success criterion'],
    [
      'emptySuccessCriterion',
      withFirst({ successCriteria: 'It works.' }),
      'the success criterion of a says nothing: "It works."',
    ],
    ['tooManyFiles', withFirst({ files: ['1', '2', '3', '4'] }), 'a changes 4 files, and 3 are the most'],
    ['tooManyMinutes', withFirst({ minutes: { min: 5, max: 31 } }), 'a takes up to 31 minutes, and 30 are the most'],
    ['tooManyTokens', withFirst({ tokens: 20_001 }), 'a takes 20001 tokens, and 20000 are the most'],
  ])('%s', (rule, broken, message) => {
    const { valid, errors } = checkPlan(broken);

    expect(valid).toBe(false);
    expect(errors).toContainEqual(expect.objectContaining({ rule, message }));
    expect(new Set(errors.map((error) => error.rule))).toEqual(new Set([rule]));
  });

  test('unknownOwner, where the owners are known, with who may have been meant', () => {
    const owners = ['development', 'security'];

    expect(rulesIn(withFirst({ owner: 'sales' }))).toEqual(fine);
    expect(checkPlan(withFirst({ owner: 'securty' }), { owners }).errors).toEqual([
      {
        rule: 'unknownOwner',
        subtaskId: 'a',
        message: 'a belongs to securty, and there is no such master; there are development, security',
        suggestion: 'did you mean security?',
      },
    ]);
    expect(checkPlan(three(), { owners: [] }).errors).toHaveLength(3);
  });

  test.each([
    ['10 stages', chain(...names(10))],
    ['3 files, one of them twice', withFirst({ files: ['1', '2', '3', '3'] })],
    ['30 minutes', withFirst({ minutes: { min: 30, max: 30 } })],
    ['20,000 tokens', withFirst({ tokens: 20_000 })],
  ])('%s are no error', (_name, one) => {
    expect(checkPlan(one).errors).toEqual([]);
  });

  test('11 stages say "break it down"', () => {
    expect(checkPlan(chain(...names(11))).errors[0]?.suggestion).toContain('break it down');
  });

  test('a slip in a dependency is seen', () => {
    expect(checkPlan(plan(subtask('design'), subtask('b', { dependencies: ['desing'] }))).errors[0]?.suggestion).toBe(
      'did you mean design?',
    );
  });

  test('a plan with a cycle has no stages', () => {
    expect(checkPlan(withFirst({ dependencies: ['a'] })).stages).toEqual([]);
  });
});

describe('warnings leave a plan valid', () => {
  test.each([
    ['tooFewSubtasks', chain('a', 'b')],
    ['tooManySubtasks', plan(...names(11).map((id) => subtask(id)))],
    ['severalResponsibilities', withFirst({ title: 'Implement the API and write its tests' })],
    ['severalResponsibilities', withFirst({ title: 'Refactor API layer, update tests, and deploy' })],
    ['longSubtask', withFirst({ minutes: { min: 10, max: 21 } })],
    ['unmeasurableCriterion', withFirst({ successCriteria: 'The pages look better' })],
    ['unmeasurableCriterion', withFirst({ successCriteria: 'clean code' })],
    ['looseStages', inStages(plan(subtask('a'), subtask('b'), subtask('c')), ['a'], ['b', 'c'])],
  ])('%s', (rule, one) => {
    const { valid, warnings } = checkPlan(one);

    expect(valid).toBe(true);
    expect(warnings.map((warning) => warning.rule)).toEqual([rule]);
  });

  test.each([
    'Design the API and the database schema',
    'Login and Signup pages',
    'Backend Implementation',
    'Update tests, docs and examples',
    'Write the read and write paths',
  ])('"%s" is one responsibility', (title) => {
    expect(rulesIn(withFirst({ title }))).toEqual(fine);
  });

  test.each([
    'Architecture document created with API endpoints, database schema, and security considerations',
    'All tests pass',
    'p95 under 200 ms',
    'GET /users returns the list',
    'No lint errors are left',
    'Sign-in is faster than before: under 1 s',
  ])('"%s" can be measured', (successCriteria) => {
    expect(rulesIn(withFirst({ successCriteria }))).toEqual(fine);
  });

  test('20 minutes, 3 and 10 subtasks are as they should be', () => {
    expect(rulesIn(withFirst({ minutes: { min: 20, max: 20 } }))).toEqual(fine);
    expect(rulesIn(plan(...names(10).map((id) => subtask(id))))).toEqual(fine);
  });
});

describe('P3 the stages that hold', () => {
  const wide = () => plan(subtask('a'), subtask('b'), subtask('c', { dependencies: ['a'] }));

  test('are those of the author, when they are sound', () => {
    expect(checkPlan(inStages(wide(), ['b'], ['a'], [], ['c'])).stages).toEqual([['b'], ['a'], ['c']]);
  });

  test('are computed when they are not', () => {
    expect(checkPlan(inStages(wide(), ['c'], ['b', 'a'])).stages).toEqual([['a', 'b'], ['c']]);
  });
});

test('limits are configuration', () => {
  const limits = { maxStages: 2, minSubtasks: 4, longMinutes: 5, maxMinutes: 12, maxTokens: 100, maxFiles: 1 };
  const one = three();
  one.subtasks[0]?.files.push('x', 'y');

  expect(rulesIn(one, { limits })).toEqual({
    errors: ['tooManyStages', 'tooManyFiles', ...Array(3).fill('tooManyMinutes'), ...Array(3).fill('tooManyTokens')],
    warnings: ['tooFewSubtasks'],
  });
  expect(refusal(() => checkPlan(one, { limits: { maxFiles: 0 } }))).toMatchObject({ path: 'limits.maxFiles' });
});

test('one is told as one', () => {
  const single = plan(subtask('a', { files: ['x', 'y'] }));
  const { errors, warnings } = checkPlan(single, { limits: { maxFiles: 1 } });
  expect([...errors, ...warnings].map(({ message }) => message)).toEqual([
    'a changes 2 files, and 1 is the most',
    '1 subtask is fewer than 3',
  ]);
});

test('P2 every fault is told, up to a bound', () => {
  const one = plan(...names(300).map((id) => subtask(id, { tokens: 90_000 })));
  const { errors } = checkPlan(one);

  expect(errors).toHaveLength(mostFindings + 1);
  expect(errors.at(-1)).toEqual({ rule: 'more', message: 'and 200 more' });
});

test('every finding says what to do instead', () => {
  const broken = plan(
    subtask('a', { dependencies: ['b', 'ghosts'], files: ['1', '2', '3', '4'], tokens: 90_000, successCriteria: '' }),
    subtask('b', {
      dependencies: ['a'],
      minutes: { min: 1, max: 99 },
      successCriteria: 'done',
      title: 'Test and deploy',
    }),
  );
  const { errors, warnings } = checkPlan(broken);

  for (const { rule, suggestion } of [...errors, ...warnings]) {
    if (rule !== 'unknownDependency') expect(suggestion).toMatch(/\S/);
  }
});
