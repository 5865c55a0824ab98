/** Or2: when a subtask fails for good, the planner is asked once how else it could be done; then a person. */
import { expect, test } from 'vitest';
import type { Planner } from '../../src/hub/planner.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';
import { choose, gateOf, oneAttempt, statusesOf, team } from '../support/orchestrations.ts';
import { chain, plan, subtask } from '../support/plans.ts';

const never = () => new Promise(() => {});

async function failed(revise: Planner['revise'], given = chain('a', 'b')) {
  const planner = { plan: never, ...(revise && { revise }) };
  const simulation = await simulate({ config: oneAttempt, planner });
  const workers = team(simulation);
  simulation.hub.orchestrate({ id: 'one', title: 'One', plan: given });
  await simulation.settle();
  const fail = async (id: string) => {
    workers.at(id).fail(new Error(`no ${id}`));
    await simulation.settle();
  };
  await fail('a');
  return { ...simulation, workers, fail };
}

test('what the planner answers takes its place, and who waited for it waits for all of that', async () => {
  const simulation = await failed(() => [subtask('a1'), subtask('a2', { dependencies: ['a1'] })]);
  const { hub, workers, settle } = simulation;
  expect(statusesOf(hub, 'one')).toEqual({ a: 'replaced', b: 'waiting', a1: 'running', a2: 'waiting' });
  for (const id of ['a1', 'a2']) {
    workers.at(id).finish();
    await settle();
  }
  expect(workers.begun).toEqual(['a', 'a1', 'a2', 'b']);
  expect(hub.gates()).toEqual([]);
  expect(hub.report('one').subtasks.find(({ id }) => id === 'a1')?.replaces).toBe('a');
  await expectFoldEqual(simulation);
});

test('the planner is told why it failed and what came before', async () => {
  const asked: unknown[] = [];
  const { workers, settle, fail } = await failed((one, context) => {
    asked.push([one.id, context.failures, context.results, context.masters]);
    return one.id === 'a' ? [subtask('a1')] : null;
  });
  workers.at('a1').finish('made');
  await settle();
  await fail('b');
  expect(asked).toEqual([
    ['a', ['no a'], {}, ['development']],
    ['b', ['no b'], { a1: 'made' }, ['development']],
  ]);
});

test('it is not asked about its own answer: that is for a person', async () => {
  const { hub, fail } = await failed(() => [subtask('a1')]);
  await fail('a1');
  expect(gateOf(hub, 'a1').reason).toBe('Implement a1: no a1');
});

test('it is not asked again after a person has chosen to try again', async () => {
  let asked = 0;
  const { hub, fail, settle } = await failed(() => {
    asked++;
    return null;
  });
  await choose(hub, 'a', 'retry');
  await settle();
  await fail('a');
  expect(asked).toBe(1);
  expect(gateOf(hub, 'a').context).toMatchObject({ failures: ['no a', 'no a'] });
});

test('a person who turned the subtask down is not got round', async () => {
  const simulation = await simulate({ planner: { plan: never, revise: () => [subtask('a1')] } });
  const { hub, settle } = simulation;
  const workers = team(simulation);
  hub.orchestrate({ id: 'one', title: 'One', plan: plan(subtask('a')) });
  await settle();
  workers.at('a').context.escalate('may I delete it?');
  await settle();
  await hub.decideGate(hub.gates()[0]?.id ?? '', { decision: 'reject', by: 'ann', reason: 'never' });
  await settle();
  expect(statusesOf(hub, 'one')).toEqual({ a: 'blocked' });
  expect(recordsOf(simulation, 'orchestration.revision')).toEqual([]);
});

test.each<[string, Planner['revise'], RegExp]>([
  ['has no answer', () => null, /^Implement a: no a$/],
  ['cannot revise', undefined, /^Implement a: no a$/],
  ['answers undefined', () => undefined, /^Implement a: no a$/],
  ['throws', () => Promise.reject(new Error('out of tokens')), /no a \(the planner failed: out of tokens\)/],
  ['answers nonsense', () => 'try harder', /no a \(the planner's answer was of no use: the revision is not valid/],
  ['answers nothing', () => [], /expected at least one subtask/],
  ['answers what is in use', () => [subtask('b')], /b is in use/],
  ['answers a ring', () => [subtask('x', { dependencies: ['x'] })], /x → x/],
  ['names nobody', () => [subtask('x', { owner: 'nobody' })], /nobody/],
  ['answers what is no JSON', () => [() => {}], /the planner failed: .*not JSON/],
])('when the planner %s, a person is asked', async (_how, revise, reason) => {
  const simulation = await failed(revise);
  const { hub } = simulation;
  expect(gateOf(hub, 'a').reason).toMatch(reason);
  expect(hub.report('one').status).toBe('blocked');
  await expectFoldEqual(simulation);
});

test('when the planner hangs, a person is asked, and its answer then changes nothing', async () => {
  let answer: (value: unknown) => void = () => {};
  let signal: AbortSignal | undefined;
  const simulation = await failed((_subtask, context) => {
    signal = context.signal;
    return new Promise((resolve) => {
      answer = resolve;
    });
  });
  const { hub, advance, settle } = simulation;
  await advance(300_000 - 1);
  expect(hub.gates()).toEqual([]);
  await advance(1);
  expect(gateOf(hub, 'a').reason).toMatch(/no a \(the planner did not answer in time\)$/);
  expect(signal?.aborted).toBe(true);
  answer([subtask('a1')]);
  await settle();
  expect(statusesOf(hub, 'one')).toEqual({ a: 'blocked', b: 'waiting' });
  await expectFoldEqual(simulation);
});

test('each of several has the planner for as long', async () => {
  const simulation = await failed(never, plan(subtask('a'), subtask('b')));
  const { hub, advance, fail } = simulation;
  await advance(100_000);
  await fail('b');
  await advance(200_000);
  expect(statusesOf(hub, 'one')).toEqual({ a: 'blocked', b: 'failed' });
  await advance(100_000);
  expect(statusesOf(hub, 'one')).toEqual({ a: 'blocked', b: 'blocked' });
  await expectFoldEqual(simulation);
});

test('siblings go on meanwhile', async () => {
  const { workers, hub, settle } = await failed(never, plan(subtask('a'), subtask('b')));
  workers.at('b').finish();
  await settle();
  expect(statusesOf(hub, 'one')).toEqual({ a: 'failed', b: 'completed' });
});
