/** hub.orchestrations(): what the task orchestrator keeps in current.json. */
import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { noReviser, oneAttempt, team } from '../support/orchestrations.ts';
import { chain, plan, subtask } from '../support/plans.ts';

test('nothing at first', async () => {
  const { hub, environment } = await simulate();
  expect(hub.orchestrations()).toEqual({
    active: 0,
    total: 0,
    completed: 0,
    failed: 0,
    cancelled: 0,
    current: [],
    lastUpdate: environment.now(),
  });
});

test('each that is at work, with its stage, its progress, its active subtasks and its health', async () => {
  const simulation = await simulate({ config: oneAttempt, planner: noReviser });
  const { hub, settle, advance, environment } = simulation;
  const workers = team(simulation);
  hub.orchestrate({ id: 'one', title: 'One', plan: chain('a', 'b', 'c') });
  hub.orchestrate({ id: 'two', title: 'Two', plan: plan(subtask('x'), subtask('y')) });
  await advance(1000);
  for (const id of ['a', 'b']) {
    workers.at(id).finish();
    await settle();
  }
  workers.at('x').fail(new Error('no'));
  await settle();
  expect(hub.orchestrations()).toEqual({
    active: 2,
    total: 2,
    completed: 0,
    failed: 0,
    cancelled: 0,
    lastUpdate: environment.now(),
    current: [
      {
        id: 'one',
        title: 'One',
        status: 'running',
        currentStage: 3,
        progressPercent: 66,
        activeSubtasks: ['c'],
        blockedSubtasks: [],
        health: 'healthy',
      },
      {
        id: 'two',
        title: 'Two',
        status: 'blocked',
        currentStage: 1,
        progressPercent: 0,
        activeSubtasks: ['y'],
        blockedSubtasks: ['x'],
        health: 'blocked',
      },
    ],
  });
});

test('nothing is at a hundred percent before all of it is done', async () => {
  const simulation = await simulate({ planner: noReviser });
  const { hub, settle } = simulation;
  const workers = team(simulation, 'development', 300);
  const ids = Array.from({ length: 201 }, (_, index) => `s${index}`);
  hub.orchestrate({ id: 'one', title: 'One', plan: plan(...ids.map((id) => subtask(id))) });
  await settle();
  for (const id of ids.slice(1)) workers.at(id).finish();
  await settle();
  expect(hub.orchestrations().current[0]?.progressPercent).toBe(99);
});

test('it counts how those that are over ended, and health tells of zombies', async () => {
  const simulation = await simulate({ planner: { plan: () => null } });
  const { hub, settle, advance } = simulation;
  hub.register({ id: 'dev', type: 'development', run: [{ work: '1h' }] });
  hub.orchestrate({ title: 'Fails', orchestrationRequired: true });
  await settle();
  hub.orchestrate({ title: 'Cancelled', plan: plan(subtask('a')) }).cancel();
  hub.orchestrate({ title: 'Zombie', plan: plan(subtask('a')) });
  await advance(21 * 60_000);
  expect(hub.orchestrations()).toMatchObject({
    active: 1,
    total: 3,
    completed: 0,
    failed: 1,
    cancelled: 1,
    current: [{ title: 'Zombie', health: 'degraded' }],
  });
});
