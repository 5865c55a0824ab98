/** Oc2: while an orchestration is paused nothing new begins, and what is at work goes on. */
import { expect, test } from 'vitest';
import { Deferred } from '../../src/hub/deferred.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { choose, noReviser, oneAttempt, statusesOf, team } from '../support/orchestrations.ts';
import { chain, plan, subtask } from '../support/plans.ts';

async function running(given = chain('a', 'b'), concurrency = 100) {
  const simulation = await simulate({ planner: noReviser });
  const workers = team(simulation, 'development', concurrency);
  const handle = simulation.hub.orchestrate({ id: 'one', title: 'One', plan: given });
  await simulation.settle();
  const finish = async (id: string) => {
    workers.at(id).finish();
    await simulation.settle();
  };
  return { ...simulation, workers, finish, handle };
}

test('the next subtask waits until it is resumed', async () => {
  const simulation = await running();
  const { hub, workers, finish, settle } = simulation;
  hub.pauseOrchestration('one');
  await finish('a');
  expect(workers.begun).toEqual(['a']);
  expect(hub.orchestrations().current[0]).toMatchObject({ status: 'paused', progressPercent: 50 });
  hub.resumeOrchestration('one');
  await settle();
  expect(workers.begun).toEqual(['a', 'b']);
  await expectFoldEqual(simulation);
});

test('a subtask that is in the queue is given to nobody, and others pass it by', async () => {
  const simulation = await running(plan(subtask('a'), subtask('b'), subtask('c')), 1);
  const { hub, workers, finish, settle } = simulation;
  hub.pauseOrchestration('one');
  const other = hub.submit({
    type: 'subtask',
    payload: { subtaskId: 'other' },
    requirements: { agentType: 'development' },
  });
  await finish('a');
  expect(workers.begun).toEqual(['a', 'other']);
  await finish('other');
  expect([hub.task(other.id)?.status, hub.task('one.b')?.status]).toEqual(['completed', 'queued']);
  expect(() => hub.assign('one.b', 'development-team')).toThrow(expect.objectContaining({ code: 'conflict' }));
  await expectFoldEqual(simulation);
  hub.resumeOrchestration('one');
  await settle();
  for (const id of ['b', 'c']) await finish(id);
  expect(hub.report('one').status).toBe('completed');
});

test('a subtask that fails while it is paused is not tried again before it is resumed', async () => {
  const { hub, workers, run, settle } = await running(plan(subtask('a')));
  hub.pauseOrchestration('one');
  workers.at('a').fail(new Error('no'));
  await run();
  expect(workers.begun).toEqual(['a']);
  hub.resumeOrchestration('one');
  await settle();
  expect(workers.begun).toEqual(['a', 'a']);
});

test('when the last subtask ends while it is paused, it is completed', async () => {
  const { hub, finish, handle } = await running(plan(subtask('a')));
  hub.pauseOrchestration('one');
  await finish('a');
  expect((await handle.result).status).toBe('completed');
  expect(hub.orchestrations().active).toBe(0);
});

test('what a person decides meanwhile counts, and is done when it is resumed', async () => {
  const simulation = await simulate({ config: oneAttempt, planner: noReviser });
  const { hub, settle } = simulation;
  const workers = team(simulation);
  hub.orchestrate({ id: 'one', title: 'One', plan: plan(subtask('a'), subtask('b')) });
  await settle();
  for (const id of ['a', 'b']) workers.at(id).fail(new Error('no'));
  await settle();
  hub.pauseOrchestration('one');
  await choose(hub, 'a', 'retry');
  await settle();
  expect(statusesOf(hub, 'one')).toEqual({ a: 'waiting', b: 'blocked' });
  hub.resumeOrchestration('one');
  await settle();
  expect(hub.report('one').status).toBe('blocked');
  expect(statusesOf(hub, 'one')).toEqual({ a: 'running', b: 'blocked' });
  await expectFoldEqual(simulation);
});

test('while the planner thinks: it goes on thinking, and its plan is not begun before it is resumed', async () => {
  const answer = new Deferred<unknown>();
  const simulation = await simulate({ planner: { plan: () => answer.promise } });
  const { hub, settle } = simulation;
  const workers = team(simulation);
  const { id } = hub.orchestrate({ title: 'One', orchestrationRequired: true });
  hub.pauseOrchestration(id);
  answer.resolve(plan(subtask('a')));
  await settle();
  expect(hub.report(id)).toMatchObject({ status: 'paused', subtasks: [{ id: 'a', status: 'waiting' }] });
  hub.resumeOrchestration(id);
  await settle();
  expect(workers.begun).toEqual(['a']);
  await expectFoldEqual(simulation);
});

test('resuming what is not paused changes nothing: not while it is planned, not while it runs', async () => {
  const { hub, settle } = await simulate({ planner: { plan: () => new Promise(() => {}) } });
  const { id } = hub.orchestrate({ title: 'One', orchestrationRequired: true });
  await settle();
  hub.resumeOrchestration(id);
  expect(hub.report(id).status).toBe('planning');
  const other = await running();
  other.hub.resumeOrchestration('one');
  await other.settle();
  expect(other.workers.begun).toEqual(['a']);
});
