import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acceptPlan, acceptRevision } from '../../src/hub/planner.ts';
import { HubError } from '../../src/machines/errors.ts';
import { chain, plan, subtask } from '../support/plans.ts';
import { refusal } from '../support/refusals.ts';

describe('Q1 an answer as a plan', () => {
  test('is what it was, with its defaults', () => {
    const { workerType: _w, description: _d, files: _f, capabilities: _c, dependencies: _n, ...least } = subtask('a');

    expect(acceptPlan({ title: 'A plan', subtasks: [least, subtask('b'), subtask('c')] })).toEqual(
      plan(subtask('a'), subtask('b'), subtask('c')),
    );
  });

  test.each([
    ['nothing', undefined, 'the planner answered nothing'],
    ['null', null, 'the planner answered nothing'],
    ['words', 'Sure, here is the plan', 'expected a mapping of fields'],
    ['another shape', { steps: [] }, 'subtasks: is required'],
    ['no subtasks', plan(), 'the plan has no subtasks'],
    [
      'a list of owners',
      { ...plan(), subtasks: [{ ...subtask('a'), owner: ['x', 'y'] }] },
      'subtasks.0.owner: expected text',
    ],
    [
      'minutes backwards',
      { ...plan(), subtasks: [subtask('a', { minutes: { min: 9, max: 1 } })] },
      'subtasks.0.minutes.max',
    ],
    ['a cycle', plan(subtask('a', { dependencies: ['a'] })), 'a → a'],
  ])('%s is refused', (_name, answer, message) => {
    const error = refusal(() => acceptPlan(answer));

    expect(error.code).toBe('invalid');
    expect(error.message).toContain(message);
  });

  test('is refused with all that is wrong', () => {
    const error = refusal(() =>
      acceptPlan(plan(subtask('a', { owner: 'sales' }), subtask('a'), subtask('b', { tokens: 90_000 })), {
        owners: ['development'],
      }),
    );

    expect(error.faults.map(({ field }) => field)).toEqual(['a', 'a', 'b']);
    expect(error.message).toMatch(/^the plan is not valid: .*id a; .*sales.*; .*90000 tokens/);
    expect(error.path).toBe('a');
  });

  test('a message tells ten faults, and how many more there are', () => {
    const { message, faults } = refusal(() =>
      acceptPlan(plan(...Array.from({ length: 30 }, (_, index) => subtask(`t${index}`, { successCriteria: '' })))),
    );

    expect(faults).toHaveLength(30);
    expect(message).toMatch(/t9 has no success criterion; and 20 more$/);
  });

  test('that cannot even be read is refused', () => {
    const trap = Object.defineProperty({}, 'title', {
      enumerable: true,
      get: () => {
        throw new TypeError('caught');
      },
    });

    expect(refusal(() => acceptPlan(trap)).message).toBe('the plan cannot be read');
  });

  test('whatever it is, nothing but a HubError is thrown', () => {
    fc.assert(
      fc.property(fc.anything(), (answer) => {
        for (const accept of [() => acceptPlan(answer), () => acceptRevision(answer, subtask('a'))]) {
          try {
            accept();
          } catch (error) {
            expect(error).toBeInstanceOf(HubError);
          }
        }
      }),
    );
  });
});

describe('Q1 an answer as a revision', () => {
  const failed = subtask('b', { dependencies: ['a'] });
  const taken = ['a', 'b', 'c'];

  test('null is none', () => {
    expect(acceptRevision(null, failed)).toEqual([]);
  });

  test('what depends on no other part takes over the dependencies of the whole', () => {
    const parts = chain('b.1', 'b.2').subtasks;

    expect(acceptRevision(parts, failed, { taken })).toEqual([{ ...parts[0], dependencies: ['a'] }, parts[1]]);
    expect(acceptRevision([subtask('b.1', { dependencies: ['a'] })], failed, { taken })[0]?.dependencies).toEqual([
      'a',
    ]);
  });

  test.each([
    ['nothing', undefined, 'the planner answered nothing'],
    ['no parts', [], 'expected at least one subtask, or null'],
    ['a plan', plan(), 'expected a list'],
    ['the same id', [subtask('b')], 'b is in use'],
    ['an id of another', [subtask('c')], 'c is in use'],
    ['one id twice', [subtask('d'), subtask('d')], '2 subtasks have the id d'],
    ['a dependency on what waits for it', [subtask('d', { dependencies: ['c'] })], 'there is no such subtask'],
    ['a cycle', [subtask('d', { dependencies: ['e'] }), subtask('e', { dependencies: ['d'] })], 'd → e → d'],
    ['an owner that does not exist', [subtask('d', { owner: 'sales' })], 'belongs to sales'],
  ])('%s is refused', (_name, answer, message) => {
    expect(refusal(() => acceptRevision(answer, failed, { taken, owners: ['development'] })).message).toContain(
      message,
    );
  });
});
