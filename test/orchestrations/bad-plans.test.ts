/** Plans by hand that cannot be run are refused with all that is wrong: nothing starts, nothing is lost. */

import { expect, test } from 'vitest';
import { HubError } from '../../src/machines/errors.ts';
import type { PlanInput } from '../../src/machines/plan.ts';
import { simulate } from '../../src/testing.ts';
import { recordsOf } from '../support/log.ts';
import { noReviser, team } from '../support/orchestrations.ts';
import { chain, plan, subtask } from '../support/plans.ts';

async function refused(given: unknown): Promise<HubError> {
  const simulation = await simulate({ planner: noReviser });
  const { hub, settle } = simulation;
  team(simulation);
  const busy = hub.submit({ type: 'x', payload: { subtaskId: 'x' } });
  await settle();
  const { seq } = hub.status();
  try {
    hub.orchestrate({ id: 'one', title: 'One', plan: given as PlanInput });
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    expect(hub.status().seq).toBe(seq);
    expect(hub.task(busy.id)?.status).toBe('running');
    hub.orchestrate({ id: 'one', title: 'One', plan: plan(subtask('a')) });
    return error;
  }
  throw new Error('it was taken');
}

test.each<[string, unknown, RegExp]>([
  [
    'a ring is told as a path',
    plan(
      subtask('a', { dependencies: ['c'] }),
      subtask('b', { dependencies: ['a'] }),
      subtask('c', { dependencies: ['b'] }),
    ),
    /a → c → b → a/,
  ],
  ['a subtask that needs itself', plan(subtask('a', { dependencies: ['a'] })), /a → a/],
  [
    'a dependency that is not there',
    plan(subtask('a', { dependencies: ['z'] })),
    /a depends on z, and there is no such subtask/,
  ],
  ['two subtasks of one id', plan(subtask('a'), subtask('a')), /2 subtasks have the id a/],
  ['eleven stages', chain(...'abcdefghijk'), /11 stages/],
  ['an owner that is not there', plan(subtask('a', { owner: 'developmnt' })), /developmnt.*development/s],
  ['no subtasks', plan(), /no subtasks/],
  ['no success criterion', plan(subtask('a', { successCriteria: '' })), /success/],
  ['a sentence', 'do it', /not valid/],
  ['a worker type that is XState’s own', plan({ ...subtask('a'), workerType: 'xstate.stop' }), /xstate/],
  ['an id that is none', plan({ ...subtask('a'), id: '../a' }), /id/],
])('%s', async (_what, given, message) => {
  const error = await refused(given);
  expect(error.code).toBe('invalid');
  expect(error.message).toMatch(message);
});

test('all that is wrong is told at once', async () => {
  const error = await refused(plan(subtask('a', { owner: 'x', dependencies: ['y'] }), subtask('b', { owner: 'z' })));
  expect(error.faults?.length).toBeGreaterThanOrEqual(3);
});

test('ten stages are well', async () => {
  const simulation = await simulate({ planner: noReviser });
  team(simulation);
  simulation.hub.orchestrate({ id: 'one', title: 'One', plan: chain(...'abcdefghij') });
  await simulation.settle();
  expect(simulation.hub.report('one').status).toBe('running');
});

test.each<[string, object]>([
  ['no title', { title: '' }],
  ['an id that is too long', { title: 'x', id: 'x'.repeat(49) }],
  ['an id that is none', { title: 'x', id: 'a b' }],
  ['a field that does not exist', { title: 'x', stages: 3 }],
  ['a mode that does not exist', { title: 'x', mode: 'waterfall' }],
  ['a priority that cannot be', { title: 'x', priority: 1e9 }],
])('a request with %s is refused', async (_what, input) => {
  const { hub } = await simulate();
  expect(() => hub.orchestrate(input as never)).toThrow(expect.objectContaining({ code: 'invalid' }));
});

test('the same id twice is refused, and the first goes on', async () => {
  const simulation = await simulate({ planner: noReviser });
  const { hub, settle } = simulation;
  team(simulation);
  hub.orchestrate({ id: 'one', title: 'One', plan: plan(subtask('a')) });
  expect(() => hub.orchestrate({ id: 'one', title: 'Two', plan: plan(subtask('b')) })).toThrow(
    expect.objectContaining({ code: 'duplicate' }),
  );
  await settle();
  expect(hub.report('one')).toMatchObject({ title: 'One', status: 'running' });
});

test('when too much waits, no more is taken', async () => {
  const { hub } = await simulate({ config: { maxQueued: 1 } });
  hub.submit({ type: 'x' });
  expect(() => hub.orchestrate({ title: 'One' })).toThrow(expect.objectContaining({ code: 'busy' }));
});

test('a master that has to take part and gets nothing is told of, and the plan is run', async () => {
  const simulation = await simulate();
  simulation.hub.register({ id: 'dev', type: 'development', run: [] });
  const { result } = simulation.hub.orchestrate({ title: 'One', masters: ['reviewer'], plan: plan(subtask('a')) });
  await simulation.run();
  expect((await result).status).toBe('completed');
  expect(recordsOf(simulation, 'orchestration.planned')[0]?.payload.warnings).toContainEqual({
    rule: 'masterWithoutSubtask',
    message: 'reviewer has to take part, and has no subtask',
  });
});
