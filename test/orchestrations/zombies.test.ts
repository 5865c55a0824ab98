/** A subtask at work for 20 minutes without any progress is taken back, and its agent is fenced. */
import { expect, test } from 'vitest';
import { capabilityMatch } from '../../src/hub/routing.ts';
import { type SimulationOptions, simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';
import { gateOf, noReviser, team } from '../support/orchestrations.ts';
import { plan, subtask } from '../support/plans.ts';

const minutes = (count: number) => count * 60_000;

async function atWork(options: SimulationOptions = {}) {
  const simulation = await simulate({ planner: noReviser, ...options });
  const workers = team(simulation, 'development', 1);
  simulation.hub.orchestrate({ id: 'one', title: 'One', plan: plan(subtask('a')) });
  await simulation.settle();
  const zombies = () => recordsOf(simulation, 'task.zombie').length;
  return { ...simulation, workers, zombies };
}

test('after 20 minutes without progress it is a zombie, and not a moment before', async () => {
  const { advance, zombies } = await atWork();
  await advance(minutes(20) - 1);
  expect(zombies()).toBe(0);
  await advance(1);
  expect(zombies()).toBe(1);
});

test('progress resets the clock', async () => {
  const { advance, zombies, workers } = await atWork();
  await advance(minutes(15));
  workers.at('a').context.progress(50);
  await advance(minutes(15));
  expect(zombies()).toBe(0);
  await advance(minutes(5));
  expect(zombies()).toBe(1);
});

test('a heartbeat is a sign of life and no progress', async () => {
  const { advance, zombies, workers } = await atWork();
  await advance(minutes(15));
  workers.at('a').context.heartbeat();
  await advance(minutes(5));
  expect(zombies()).toBe(1);
});

test('the clock stands while it waits for a specialist, and begins anew with the answer', async () => {
  const { hub, advance, zombies, workers } = await atWork();
  void workers.at('a').context.consult('expert', 'how?');
  await advance(minutes(60));
  expect(zombies()).toBe(0);
  hub.register({ id: 'expert', type: 'expert', run: [], answer: [{ return: 'so' }] });
  await advance(minutes(19));
  expect(zombies()).toBe(0);
  await advance(minutes(1));
  expect(zombies()).toBe(1);
});

test('the clock stands while it waits for a person, and begins anew with the decision', async () => {
  const { hub, advance, zombies, workers } = await atWork();
  workers.at('a').context.escalate('may I?');
  await advance(minutes(60));
  expect(zombies()).toBe(0);
  await hub.decideGate(hub.gates()[0]?.id ?? '', { decision: 'approve', by: 'ann' });
  await advance(minutes(20));
  expect(zombies()).toBe(1);
});

test('while it waits in the queue no clock runs', async () => {
  const simulation = await simulate();
  const { hub, advance } = simulation;
  hub.register({ id: 'other', type: 'development', taskTypes: ['other'], run: [] });
  hub.orchestrate({ id: 'one', title: 'One', plan: plan(subtask('a')) });
  await advance(minutes(300));
  expect(recordsOf(simulation, 'task.zombie')).toEqual([]);
});

test('whoever had it is called off and fenced, and somebody else gets it, even if a router would like him more', async () => {
  const simulation = await atWork({ router: capabilityMatch() });
  const { hub, advance, workers, settle } = simulation;
  const zombie = workers.at('a');
  hub.register({ id: 'rescuer', type: 'development', capabilities: ['much', 'more'], run: [{ return: 'rescued' }] });
  await advance(minutes(20));
  expect(zombie.context.signal.aborted).toBe(true);
  zombie.finish('too late');
  await settle();
  expect(hub.report('one')).toMatchObject({
    status: 'completed',
    zombies: 1,
    retries: 1,
    subtasks: [{ id: 'a', agentId: 'rescuer', result: 'rescued', attempts: 2 }],
  });
  expect(hub.deadLetters()).toMatchObject([{ reason: 'staleLease', messageType: 'task.result' }]);
  await expectFoldEqual(simulation);
});

test('whoever had it gets it again when there is nobody else', async () => {
  const { advance, workers } = await atWork();
  await advance(minutes(20));
  expect(workers.at('a').task.attempt).toBe(2);
});

test('a zombie every time is a failure like any other: a person is asked', async () => {
  const { hub, advance, zombies } = await atWork();
  await advance(minutes(60));
  expect(zombies()).toBe(3);
  expect(hub.report('one').status).toBe('blocked');
  expect(gateOf(hub, 'a').reason).toBe('Implement a: no progress for 20m');
});

test('how long is a setting', async () => {
  const { advance, zombies } = await atWork({ config: { orchestration: { noProgressMs: 1000 } } });
  await advance(1000);
  expect(zombies()).toBe(1);
});
