/** Owners come and go: a subtask waits for its master, whoever that is. */
import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { noReviser, statusesOf, team } from '../support/orchestrations.ts';
import { chain, plan, subtask } from '../support/plans.ts';

test('a subtask whose master has left waits for the next one', async () => {
  const simulation = await simulate({ planner: noReviser });
  const { hub, settle } = simulation;
  const workers = team(simulation);
  hub.orchestrate({ id: 'one', title: 'One', plan: chain('a', 'b') });
  await settle();
  workers.at('a').finish();
  await settle();
  hub.unregister('development-team');
  await settle();
  expect(statusesOf(hub, 'one')).toEqual({ a: 'completed', b: 'running' });
  expect(hub.task('one.b')?.status).toBe('queued');
  hub.register({ id: 'next', type: 'development', run: [{ return: 1 }] });
  await settle();
  expect(hub.report('one')).toMatchObject({ status: 'completed', subtasks: [{}, { agentId: 'next' }] });
  await expectFoldEqual(simulation);
});

test('a master that is out of reach counts: the plan is taken, and its subtasks wait', async () => {
  const { hub } = await simulate({ planner: noReviser });
  hub.register({ id: 'dev', type: 'development', run: [] });
  hub.reportLost('dev');
  hub.orchestrate({ id: 'one', title: 'One', plan: plan(subtask('a')) });
  expect(hub.report('one').status).toBe('running');
});

test('working specs are asked of tasks that people submit, not of subtasks', async () => {
  const simulation = await simulate({ planner: noReviser, config: { requireSpec: true } });
  const { hub, settle } = simulation;
  hub.register({ id: 'dev', type: 'development', run: [{ return: 1 }] });
  const { result } = hub.orchestrate({ title: 'One', plan: plan(subtask('a')) });
  await settle();
  expect((await result).status).toBe('completed');
});
