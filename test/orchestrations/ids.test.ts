/** Id1: the tasks and gates of subtasks have ids that nobody else has, whatever those of others are. */
import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { expectInvariants } from '../support/invariants.ts';
import { recordsOf } from '../support/log.ts';
import { choose, noReviser, oneAttempt, team } from '../support/orchestrations.ts';
import { plan, subtask } from '../support/plans.ts';

const idsOf = (simulation: Awaited<ReturnType<typeof simulate>>) =>
  recordsOf(simulation, 'task.submit').map(({ payload }) => payload.taskId);

test('an id says whose it is', async () => {
  const simulation = await simulate({ planner: noReviser });
  team(simulation);
  simulation.hub.orchestrate({ id: 'auth', title: 'Auth', plan: plan(subtask('design')) });
  await simulation.settle();
  expect(idsOf(simulation)).toEqual(['auth.design']);
});

test('a task that has the id already is left alone', async () => {
  const simulation = await simulate({ planner: noReviser });
  const { hub, settle } = simulation;
  hub.submit({ id: 'one.a', type: 'x', requirements: { agentType: 'other' } });
  const workers = team(simulation);
  hub.orchestrate({ id: 'one', title: 'One', plan: plan(subtask('a')) });
  await settle();
  workers.at('a').finish();
  await settle();
  expect(idsOf(simulation)).toEqual(['one.a', 'one.a.2']);
  expect(hub.task('one.a')?.status).toBe('queued');
  expect(hub.report('one').status).toBe('completed');
  await expectFoldEqual(simulation);
});

test('two orchestrations whose names run together do not meet', async () => {
  const simulation = await simulate({ config: oneAttempt, planner: noReviser });
  const { hub, settle } = simulation;
  const workers = team(simulation);
  hub.orchestrate({ id: 'a', title: 'One', plan: plan(subtask('b.c')) });
  hub.orchestrate({ id: 'a.b', title: 'Two', plan: plan(subtask('c')) });
  await settle();
  for (const id of ['b.c', 'c']) workers.at(id).fail(new Error('no'));
  await settle();
  expect(new Set(idsOf(simulation)).size).toBe(2);
  expect(new Set(hub.gates().map(({ id }) => id)).size).toBe(2);
  for (const id of ['b.c', 'c']) await choose(hub, id, 'skip');
  expect(hub.orchestrations().completed).toBe(2);
  expectInvariants(simulation.records());
});

test('ids as long as they may be fit, also those of the tasks that come after, and of gates', async () => {
  const simulation = await simulate({ config: oneAttempt, planner: noReviser });
  const { hub, settle } = simulation;
  const workers = team(simulation);
  const long = (end: string) => `${'x'.repeat(126)}${end}`;
  hub.orchestrate({
    id: 'o'.repeat(48),
    title: 'One',
    plan: plan(subtask(long('a')), subtask(long('b')), subtask('1')),
  });
  await settle();
  for (let time = 0; time < 11; time++) {
    workers.at(long('b')).fail(new Error('no'));
    await settle();
    await choose(hub, long('b'), 'retry');
    await settle();
  }
  const ids = idsOf(simulation);
  expect(new Set(ids).size).toBe(14);
  for (const id of ids) expect(id.length).toBeLessThanOrEqual(128);
  for (const id of [long('a'), long('b'), '1']) workers.at(id).finish();
  await settle();
  expect(hub.orchestrations().completed).toBe(1);
  await expectFoldEqual(simulation);
});
