/** A hub that remembers nothing of what has ended runs orchestrations to their ends all the same. */
import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { choose, noReviser, oneAttempt, team } from '../support/orchestrations.ts';
import { chain, plan, subtask } from '../support/plans.ts';

const options = { config: { ...oneAttempt, keepFinished: 0 }, planner: noReviser };

test('results reach the dependants, and the outcome has the whole report', async () => {
  const simulation = await simulate(options);
  const { hub, settle } = simulation;
  hub.register({ id: 'dev', type: 'development', run: async (task) => task.payload });
  const { result } = hub.orchestrate({ id: 'one', title: 'One', plan: chain('a', 'b') });
  await settle();
  expect(await result).toMatchObject({
    status: 'completed',
    report: { subtasks: [{ id: 'a' }, { id: 'b', result: { results: { a: { subtaskId: 'a' } } } }] },
  });
  expect(() => hub.report('one')).toThrow(expect.objectContaining({ code: 'unknownOrchestration' }));
  await expectFoldEqual(simulation);
});

test('failures are asked about', async () => {
  const simulation = await simulate(options);
  const { hub, settle } = simulation;
  const workers = team(simulation);
  const { result } = hub.orchestrate({ id: 'one', title: 'One', plan: plan(subtask('a'), subtask('b')) });
  await settle();
  for (const id of ['a', 'b']) workers.at(id).fail(new Error('no'));
  await settle();
  hub.unregister('development-team');
  for (const id of ['a', 'b']) await choose(hub, id, 'skip');
  expect((await result).status).toBe('completed');
});

test('two subtasks that fail within one message are both asked about', async () => {
  const simulation = await simulate(options);
  const { hub, settle } = simulation;
  team(simulation);
  hub.orchestrate({ id: 'one', title: 'One', plan: plan(subtask('a'), subtask('b')) });
  await settle();
  hub.unregister('development-team');
  await settle();
  expect(hub.gates()).toHaveLength(2);
  await expectFoldEqual(simulation);
});

test('every one of many that end at once is told its own outcome', async () => {
  const simulation = await simulate(options);
  const { hub, settle } = simulation;
  hub.register({ id: 'dev', type: 'development', concurrency: 50, run: async () => null });
  const ends = ['completed', 'cancelled', 'failed'] as const;
  const handles = Array.from({ length: 30 }, (_, index) => {
    const end = ends[index % 3];
    const more = end === 'failed' ? { masters: ['nobody'] } : { plan: plan(subtask('a')) };
    const handle = hub.orchestrate({ title: `Do ${index}`, ...more });
    if (end === 'cancelled') handle.cancel();
    return handle;
  });
  await settle();
  const outcomes = await Promise.all(handles.map(({ result }) => result));
  expect(outcomes.map(({ status }) => status)).toEqual(handles.map((_, index) => ends[index % 3]));
  expect(outcomes.map(({ report }) => report.title)).toEqual(handles.map((_, index) => `Do ${index}`));
});

test('an id that is forgotten can be taken again', async () => {
  const simulation = await simulate(options);
  const { hub, settle } = simulation;
  hub.register({ id: 'dev', type: 'development', run: async () => null });
  for (let time = 0; time < 2; time++) {
    const { result } = hub.orchestrate({ id: 'one', title: 'One', plan: plan(subtask('a')) });
    await settle();
    expect((await result).status).toBe('completed');
  }
  expect(hub.orchestrations().completed).toBe(2);
});

test('as many are remembered as have together as many subtasks as finished tasks are remembered', async () => {
  const simulation = await simulate({ config: { keepFinished: 5 }, planner: noReviser });
  const { hub, settle } = simulation;
  hub.register({ id: 'dev', type: 'development', run: async () => null });
  for (const id of ['one', 'two', 'three']) {
    hub.orchestrate({ id, title: id, plan: plan(subtask('a'), subtask('b')) });
    await settle();
  }
  expect(hub.picture().orchestrations.map(({ title }) => title)).toEqual(['two', 'three']);
  await expectFoldEqual(simulation);
});

test('what has ended holds no statechart any more', async () => {
  const simulation = await simulate({ planner: noReviser });
  const { hub, settle } = simulation;
  hub.register({ id: 'dev', type: 'development', run: async () => null });
  const { actor } = hub.orchestrate({ id: 'one', title: 'One', plan: plan(subtask('a')) });
  await settle();
  expect(actor?.getSnapshot()).toMatchObject({ status: 'done', value: 'completed' });
  expect(hub.report('one').status).toBe('completed');
});
