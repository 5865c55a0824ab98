/** A second hub on the log of the first, in each state of an orchestration: it goes on where it was. */
import { expect, test } from 'vitest';
import type { Planner } from '../../src/hub/planner.ts';
import type { Simulation } from '../../src/testing.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';
import { choose, gateOf, noReviser, oneAttempt, statusesOf, team } from '../support/orchestrations.ts';
import { chain, plan, subtask } from '../support/plans.ts';
import { restartAfter } from '../support/restart.ts';

const never = () => new Promise(() => {});
const config = { ...oneAttempt, orchestration: { maxAttempts: 2 } };
const options = { config, planner: noReviser };
const hour = 3_600_000;

async function planning(planner: Planner) {
  const first = await simulate({ planner });
  team(first);
  first.hub.orchestrate({ id: 'one', title: 'One', orchestrationRequired: true });
  await first.settle();
  return first;
}

async function begun(given = chain('a', 'b')) {
  const first = await simulate(options);
  const workers = team(first);
  first.hub.orchestrate({ id: 'one', title: 'One', plan: given });
  await first.settle();
  return { first, workers };
}

async function blocked() {
  const { first, workers } = await begun(plan(subtask('a'), subtask('b')));
  for (let attempt = 0; attempt < 2; attempt++) {
    workers.at('a').fail(new Error('no'));
    await first.advance(1000);
  }
  return first;
}

const isOver = ({ hub }: Simulation) => expect(hub.report('one').status).toBe('completed');

test('planning: the planner is asked again, and its answer is run', async () => {
  const first = await planning({ plan: never });
  const second = await restartAfter(first, hour, { planner: { plan: () => plan(subtask('a')) } });
  const workers = team(second);
  await second.settle();
  workers.at('a').finish();
  await second.settle();
  isOver(second);
  await expectFoldEqual(second);
});

test('planning: the planner has all of its time again, however long nothing ran', async () => {
  const first = await planning({ plan: never });
  await first.advance(200_000);
  const second = await restartAfter(first, hour, { planner: { plan: never } });
  await second.advance(299_999);
  expect(second.hub.report('one').status).toBe('planning');
  await second.advance(1);
  expect(second.hub.report('one')).toMatchObject({
    status: 'failed',
    reason: 'the planner did not answer in time',
  });
});

test('running: the subtasks at work go back to the queue, and what is done stays done', async () => {
  const { first, workers } = await begun();
  workers.at('a').finish('made');
  await first.settle();
  const second = await restartAfter(first, hour, options);
  const others = team(second);
  await second.settle();
  expect(others.begun).toEqual(['b']);
  expect(others.at('b').task.payload).toMatchObject({ results: { a: 'made' } });
  others.at('b').finish();
  await second.settle();
  isOver(second);
  await expectFoldEqual(second);
});

test('blocked: the gate is still there and can be decided', async () => {
  const second = await restartAfter(await blocked(), hour, options);
  const workers = team(second);
  await second.settle();
  expect(gateOf(second.hub, 'a').reason).toBe('Implement a: no');
  await choose(second.hub, 'a', 'retry');
  await second.settle();
  for (const id of ['a', 'b']) workers.at(id).finish();
  await second.settle();
  isOver(second);
  await expectFoldEqual(second);
});

test('paused: it stays paused, with its subtasks kept back, until it is resumed', async () => {
  const { first } = await begun();
  first.hub.pauseOrchestration('one');
  await first.settle();
  const second = await restartAfter(first, hour, options);
  const workers = team(second);
  await second.run();
  expect(workers.begun).toEqual([]);
  expect(second.hub.report('one').status).toBe('paused');
  await expectFoldEqual(second);
  second.hub.resumeOrchestration('one');
  await second.settle();
  expect(workers.begun).toEqual(['a']);
});

async function revising() {
  const first = await simulate({ config: oneAttempt, planner: { plan: never, revise: never } });
  const workers = team(first);
  first.hub.orchestrate({ id: 'one', title: 'One', plan: plan(subtask('a')) });
  await first.settle();
  workers.at('a').fail(new Error('no'));
  await first.settle();
  return first;
}

test('revising: the planner is asked again, and its answer takes the place', async () => {
  const second = await restartAfter(await revising(), hour, {
    config: oneAttempt,
    planner: { plan: never, revise: () => [subtask('a1')] },
  });
  await second.settle();
  expect(statusesOf(second.hub, 'one')).toEqual({ a: 'replaced', a1: 'running' });
  await expectFoldEqual(second);
});

test('revising: a planner that hangs again is given up, after as long as the first time', async () => {
  const second = await restartAfter(await revising(), hour, {
    config: oneAttempt,
    planner: { plan: never, revise: never },
  });
  await second.advance(299_999);
  expect(statusesOf(second.hub, 'one')).toEqual({ a: 'failed' });
  await second.advance(1);
  expect(statusesOf(second.hub, 'one')).toEqual({ a: 'blocked' });
});

test('revising: when the planner of now cannot revise, a person is asked', async () => {
  const second = await restartAfter(await revising(), hour, { planner: noReviser });
  await second.settle();
  expect(gateOf(second.hub, 'a').reason).toBe('Implement a: no');
  expect(recordsOf(second, 'deadline.passed')).toEqual([]);
});

test('over: it is remembered, and its id is taken', async () => {
  const { first, workers } = await begun(plan(subtask('a')));
  workers.at('a').finish('made');
  await first.settle();
  const second = await restartAfter(first, hour, options);
  expect(second.hub.report('one')).toEqual(first.hub.report('one'));
  expect(second.hub.orchestrations()).toMatchObject({ active: 0, total: 1, completed: 1 });
  expect(() => second.hub.orchestrate({ id: 'one', title: 'Again' })).toThrow(
    expect.objectContaining({ code: 'duplicate' }),
  );
});

test('the log alone says how it stands: no planner is needed to fold it', async () => {
  await expectFoldEqual(await blocked());
  await expectFoldEqual(await revising());
});
