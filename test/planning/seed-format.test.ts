import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkPlan } from '../../src/hub/plan-rules.ts';
import { kindOf, readPlan, readQueued, readRequest, readSubtask, surveyPlan } from '../../src/hub/seed-format.ts';
import { HubError } from '../../src/machines/errors.ts';
import { refusal } from '../support/refusals.ts';

/** The subtask template of the task orchestrator's description, word for word. */
const template = {
  subtask_id: 'auth-001-design',
  parent_task_id: 'task-1762342920',
  title: 'Design authentication architecture',
  description: 'Create architectural design for JWT-based auth system with role-based access control',
  assigned_to: 'development',
  worker_type: 'planner',
  dependencies: [],
  estimated_duration_minutes: 15,
  estimated_tokens: 5000,
  files_affected: ['docs/auth-architecture.md'],
  success_criteria: 'Architecture document created with API endpoints, database schema, and security considerations',
  status: 'pending',
  created_at: '2025-11-05T18:00:00Z',
};
const part = (subtask_id: string, change: object = {}) => ({ ...template, subtask_id, ...change });
const example = JSON.parse(readFileSync(new URL('../../examples/plan-auth.json', import.meta.url), 'utf8'));

test('the template is read whole, and nothing in it is unknown', () => {
  expect(readSubtask(template)).toEqual({
    value: {
      id: 'auth-001-design',
      title: template.title,
      description: template.description,
      owner: 'development',
      workerType: 'planner',
      capabilities: [],
      dependencies: [],
      minutes: { min: 15, max: 15 },
      tokens: 5000,
      files: ['docs/auth-architecture.md'],
      successCriteria: template.success_criteria,
    },
    warnings: [],
  });
});

test('the example is read whole, with the stages that it gives', () => {
  const { value, warnings } = readPlan(example);

  expect(warnings).toEqual([]);
  expect(value.title).toBe('Add authentication system with security audit');
  expect(value.givenStages).toEqual([
    ['auth-001-design'],
    ['auth-002-backend', 'auth-003-frontend'],
    ['auth-004-tests'],
    ['auth-005-security'],
    ['auth-006-docs'],
  ]);
  expect(checkPlan(value)).toMatchObject({ valid: true, stages: value.givenStages });
});

describe('a subtask as people write it', () => {
  test.each([
    [15, 15, 15],
    ['15', 15, 15],
    ['10-15', 10, 15],
    ['10–15 min', 10, 15],
    ['10 - 15 minutes', 10, 15],
    ['10 to 15 min', 10, 15],
    ['1-1.5 hours', 60, 90],
    [[10, 15], 10, 15],
    [{ min: 10, max: 15 }, 10, 15],
    ['0', 0, 0],
  ])('%j minutes', (written, min, max) => {
    expect(readSubtask(part('a', { estimated_duration_minutes: written })).value.minutes).toEqual({ min, max });
  });

  test.each([-1, Number.NaN, 'soon', '15-10', [15, 10], [10], [1, 2, 3], ['1', '2'], true, {}, '1e9'])(
    '%j minutes are refused',
    (written) => {
      expect(refusal(() => readSubtask(part('a', { estimated_duration_minutes: written })))).toMatchObject({
        code: 'invalid',
        path: 'estimated_duration_minutes',
        expected: 'minutes, such as 15, "10-15", "10-15 min" or [10, 15]',
      });
    },
  );

  test('one word for a list, lines for text, one owner in a list', () => {
    const written = part('a', {
      dependencies: 'b',
      files_affected: 'a.js',
      success_criteria: ['All tests pass', 'No lint errors'],
      assigned_to: ['security'],
      worker_type: 'Security Auditor',
    });

    expect(readSubtask(written).value).toMatchObject({
      dependencies: ['b'],
      files: ['a.js'],
      successCriteria: 'All tests pass; No lint errors',
      owner: 'security',
      workerType: 'Security-Auditor',
    });
  });

  test('our own names do as well', () => {
    const { value } = readSubtask(template);

    expect(readSubtask(value)).toEqual({ value, warnings: [] });
  });

  test('what is missing is taken as usual, with a warning each', () => {
    const { value, warnings } = readSubtask({ subtask_id: 'a', assigned_to: 'development' });

    expect(value).toMatchObject({ title: 'a', minutes: { min: 20, max: 20 }, tokens: 0, successCriteria: '' });
    expect(warnings.map(({ path }) => path)).toEqual(['title', 'minutes', 'tokens']);
  });

  test('K1 what is not known is left out with a warning that says what may have been meant', () => {
    const { warnings } = readSubtask(part('a', { asigned_by: 'x', colour: 'red' }));

    expect(warnings.map(({ path, message }) => `${path} ${message}`)).toEqual([
      'asigned_by is not known here and left out; did you mean assigned_to?',
      'colour is not known here and left out',
    ]);
  });

  test.each([
    [['development', 'security']],
    ['development, security'],
    ['development and security'],
    ['development & security'],
  ])('two owners break "exactly one owner": %j', (assigned_to) => {
    const error = refusal(() => readPlan({ subtasks: [part('a'), part('b', { assigned_to })] }));

    expect(error).toMatchObject({ code: 'invalid', path: 'subtasks.1.assigned_to', expected: 'exactly one owner' });
    expect(error.message).toContain('found 2 owners: development, security');
  });

  test.each([[undefined], [null], [''], [[]], [7], [{}], [[7]]])('no owner: %j', (assigned_to) => {
    expect(refusal(() => readSubtask(part('a', { assigned_to })))).toMatchObject({ expected: 'exactly one owner' });
  });
});

describe('K2 what cannot be read', () => {
  test('is told with all that is wrong, each with its path as it was written', () => {
    const { plan, faults } = surveyPlan({
      task_title: 7,
      subtasks: [
        part('a', { estimated_tokens: 'many', files_affected: 7 }),
        'build',
        part('no id', { assigned_to: [] }),
      ],
      execution_plan: { first: ['a'] },
    });

    expect(plan).toBeUndefined();
    expect(faults.map(({ path }) => path)).toEqual([
      'subtasks.0.estimated_tokens',
      'subtasks.0.files_affected',
      'subtasks.1',
      'subtasks.2.assigned_to',
      'subtasks.2.subtask_id',
      'execution_plan',
      'task_title',
    ]);
  });

  test.each([
    [undefined, 'an orchestration plan'],
    [7, 'an orchestration plan'],
    [{}, 'a list of subtasks'],
    [{ subtasks: {} }, 'a list of subtasks'],
    [{ subtasks: [part('a')], execution_plan: 7 }, 'stages, such as'],
    [{ subtasks: [part('../../etc/passwd')] }, 'an id'],
    [{ subtasks: [part('a', { dependencies: ['b', 7] })] }, 'text'],
  ])('%j', (value, expected) => {
    expect(refusal(() => readPlan(value)).expected).toContain(expected);
  });

  test('whatever it is, reading throws nothing but a HubError, and looking throws nothing', () => {
    const json = fc.jsonValue() as fc.Arbitrary<unknown>;
    const odd = fc.oneof(
      json,
      fc.anything(),
      fc.record({
        subtasks: fc.array(fc.oneof(json, fc.record({ subtask_id: json, assigned_to: json, dependencies: json }))),
        execution_plan: json,
      }),
      fc.record({ title: json, files: json, minutes: json }),
    );
    fc.assert(
      fc.property(odd, (value) => {
        kindOf(value);
        surveyPlan(value);
        for (const read of [readPlan, readSubtask, readRequest, readQueued]) {
          try {
            read(value);
          } catch (error) {
            expect(error).toBeInstanceOf(HubError);
          }
        }
      }),
    );
  });
});

describe('execution plans', () => {
  const plan = (execution_plan: unknown) =>
    readPlan({ subtasks: [part('a'), part('b')], execution_plan }).value.givenStages;

  test.each([
    ['in the order of their numbers', { stage_10: ['b'], stage_2: ['a'] }, [['a'], ['b']]],
    ['as a list', [['a'], ['b']], [['a'], ['b']]],
    [
      'with one word for a stage, and an empty one',
      { stage_1: 'a', stage_2: null, stage_3: ['b'] },
      [['a'], [], ['b']],
    ],
    ['by number', { 1: ['a', 'b'] }, [['a', 'b']]],
  ])('%s', (_name, written, stages) => {
    expect(plan(written)).toEqual(stages);
  });

  test('none is none', () => {
    expect(plan(undefined)).toBeUndefined();
  });
});

describe('requests', () => {
  test('an entry of the task queue', () => {
    const entry = {
      id: 'task-1762342920',
      title: 'Add authentication system',
      description: 'With JWT',
      status: 'pending',
      priority: 'high',
      orchestration_required: true,
      estimated_duration_minutes: '60-90',
      created_at: '2025-11-05T18:00:00Z',
    };

    expect(readQueued(entry)).toEqual({
      value: {
        id: 'task-1762342920',
        status: 'pending',
        assignedTo: null,
        priority: 'high',
        request: {
          title: 'Add authentication system',
          description: 'With JWT',
          minutes: 90,
          orchestrationRequired: true,
        },
      },
      warnings: [],
    });
    expect(readQueued({ task_id: 'task-2', title: 'x', assigned_to: 'security' }).value).toMatchObject({
      id: 'task-2',
      status: 'pending',
      assignedTo: 'security',
    });
  });

  test.each([[{ title: 'x' }], [{ id: '../x', title: 'x' }], [{ id: 7, title: 'x' }]])(
    'an entry needs an id: %j',
    (entry) => {
      expect(refusal(() => readQueued(entry))).toMatchObject({ code: 'invalid', path: 'id' });
    },
  );

  test('the first line of a description stands for the title', () => {
    expect(readRequest({ description: 'Fix the login.\nIt fails.' }).value.title).toBe('Fix the login.');
  });

  test.each([
    [{}, 'title'],
    [{ title: '' }, 'title'],
    [{ title: 'x', orchestration_required: 'yes' }, 'orchestration_required'],
    [{ title: 'x', files_affected: [7] }, 'files_affected.0'],
    [{ title: 'x', estimated_duration_minutes: 'long' }, 'estimated_duration_minutes'],
  ])('%j is refused', (value, path) => {
    expect(refusal(() => readRequest(value)).path).toBe(path);
  });
});

test.each([
  [{ subtasks: [] }, 'plan'],
  [[template], 'plan'],
  [template, 'plan'],
  [{ title: 'x', subtasks: [] }, 'plan'],
  [{ title: 'x' }, 'request'],
  [{ description: 'x' }, 'request'],
  [[], undefined],
  [['a'], undefined],
  ['just words', undefined],
  [{ name: 'x' }, undefined],
  [null, undefined],
])('%j is a %s', (value, kind) => {
  expect(kindOf(value)).toBe(kind);
});

test('one subtask and a list of them are plans, too', () => {
  expect(readPlan(template).value).toMatchObject({ title: template.title, subtasks: [{ id: 'auth-001-design' }] });
  expect(readPlan([template, part('b')]).value.subtasks.map(({ id }) => id)).toEqual(['auth-001-design', 'b']);
});
