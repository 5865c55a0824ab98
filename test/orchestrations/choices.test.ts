/** What a person can decide about a subtask that cannot be done: retry, skip, replace, or abort. */
import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';
import { choose, gateOf, noReviser, oneAttempt, statusesOf, team } from '../support/orchestrations.ts';
import { plan, subtask } from '../support/plans.ts';

const parts = plan(subtask('a'), subtask('b'), subtask('c', { dependencies: ['a', 'b'] }));

async function blocked(more: { approvers?: string[] } = {}) {
  const simulation = await simulate({ config: oneAttempt, planner: noReviser });
  const workers = team(simulation);
  const { result } = simulation.hub.orchestrate({ id: 'one', title: 'One', plan: parts, ...more });
  await simulation.settle();
  const fail = async (id: string) => {
    workers.at(id).fail(new Error('no'));
    await simulation.settle();
  };
  const finish = async (id: string) => {
    workers.at(id).finish(id);
    await simulation.settle();
  };
  await fail('a');
  return { ...simulation, workers, fail, finish, result };
}

test('the gate says what failed, whose it is, how it should have been, and what there is to choose from', async () => {
  const { hub } = await blocked();
  expect(gateOf(hub, 'a')).toMatchObject({
    reason: 'Implement a: no',
    orchestrationId: 'one',
    choices: ['retry', 'skip', 'replace'],
    context: {
      orchestration: 'One',
      subtask: 'a',
      owner: 'development',
      successCriteria: 'The tests of a pass',
      failures: ['no'],
    },
  });
});

test('retry: it is begun anew, as a task of its own', async () => {
  const { hub, workers, settle, finish } = await blocked();
  await choose(hub, 'a', 'retry');
  await settle();
  expect(workers.begun).toEqual(['a', 'b', 'a']);
  expect([hub.task('one.a')?.status, hub.task('one.a.2')?.status]).toEqual(['failed', 'running']);
  for (const id of ['a', 'b', 'c']) await finish(id);
  expect(hub.report('one')).toMatchObject({ status: 'completed', retries: 1 });
});

test('skip: who waits for it goes on without', async () => {
  const { hub, workers, settle, finish } = await blocked();
  await finish('b');
  await choose(hub, 'a', 'skip');
  await settle();
  expect(workers.begun).toEqual(['a', 'b', 'c']);
  await finish('c');
  expect(statusesOf(hub, 'one')).toEqual({ a: 'skipped', b: 'completed', c: 'completed' });
});

test('replace: what the person writes takes its place', async () => {
  const simulation = await blocked();
  const { hub, settle, finish } = simulation;
  await finish('b');
  await choose(hub, 'a', 'replace', [subtask('a1'), subtask('a2', { dependencies: ['a1'] })]);
  await settle();
  for (const id of ['a1', 'a2', 'c']) await finish(id);
  expect(statusesOf(hub, 'one')).toEqual({
    a: 'replaced',
    b: 'completed',
    c: 'completed',
    a1: 'completed',
    a2: 'completed',
  });
  expect(recordsOf(simulation, 'orchestration.replaced')[0]?.payload.by).toBe('ann');
  await expectFoldEqual(simulation);
});

test.each<[string, unknown, RegExp]>([
  ['nothing', null, /expected at least one subtask/],
  ['no list', 'later', /revision is not valid/],
  ['somebody unknown', [subtask('x', { owner: 'nobody' })], /nobody/],
  ['an id in use', [subtask('b')], /b is in use/],
  [
    'a ring',
    [subtask('x', { dependencies: ['y'] }), subtask('y', { dependencies: ['x'] })],
    /x → y → x|subtasks wait for each other/,
  ],
])('replace with %s is refused with what is wrong, and the gate stays open', async (_what, answer, message) => {
  const simulation = await blocked();
  const { hub } = simulation;
  const seq = hub.status().seq;
  await expect(choose(hub, 'a', 'replace', answer)).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringMatching(message),
  });
  expect(hub.status().seq).toBe(seq);
  await choose(hub, 'a', 'skip');
  expect(statusesOf(hub, 'one')).toMatchObject({ a: 'skipped' });
});

test('a choice that is none of the choices is refused, and so is none at all', async () => {
  const { hub } = await blocked();
  for (const choice of ['abort', undefined]) {
    const decision = { decision: 'approve' as const, by: 'ann', ...(choice && { choice }) };
    await expect(hub.decideGate(gateOf(hub, 'a').id, decision)).rejects.toMatchObject({ code: 'invalid' });
  }
  expect(hub.gates()).toHaveLength(1);
});

test('abort: everything that it began ends, and the reason says who wanted that', async () => {
  const simulation = await blocked();
  const { hub, workers, result } = simulation;
  const { signal } = workers.at('b').context;
  await hub.decideGate(gateOf(hub, 'a').id, { decision: 'reject', by: 'ann', reason: 'not without a' });
  expect(await result).toMatchObject({ status: 'failed', reason: 'rejected by ann: not without a' });
  expect(signal.aborted).toBe(true);
  expect(statusesOf(hub, 'one')).toEqual({ a: 'blocked', b: 'cancelled', c: 'waiting' });
  await expectFoldEqual(simulation);
});

test('with two blocked at once, it is blocked until both are decided about', async () => {
  const { hub, fail, settle, workers } = await blocked();
  await fail('b');
  await choose(hub, 'a', 'skip');
  await settle();
  expect(hub.report('one').status).toBe('blocked');
  expect(workers.begun).toEqual(['a', 'b']);
  await choose(hub, 'b', 'retry');
  await settle();
  expect(hub.report('one').status).toBe('running');
});

test('with two blocked at once, aborting at one gate closes the other', async () => {
  const { hub, fail } = await blocked();
  await fail('b');
  const { id } = gateOf(hub, 'b');
  await hub.decideGate(gateOf(hub, 'a').id, { decision: 'reject', by: 'ann' });
  expect(hub.gates()).toEqual([]);
  await expect(hub.decideGate(id, { decision: 'approve', by: 'ann', choice: 'skip' })).rejects.toMatchObject({
    code: 'gateClosed',
  });
});

test('siblings go on while a person thinks', async () => {
  const { hub, finish } = await blocked();
  await finish('b');
  expect(statusesOf(hub, 'one')).toEqual({ a: 'blocked', b: 'completed', c: 'waiting' });
});

test('when approvers are named, nobody else may decide', async () => {
  const { hub } = await blocked({ approvers: ['boss'] });
  await expect(choose(hub, 'a', 'skip')).rejects.toMatchObject({ code: 'forbidden' });
  await hub.decideGate(gateOf(hub, 'a').id, { decision: 'approve', by: 'boss', choice: 'skip' });
  expect(statusesOf(hub, 'one')).toMatchObject({ a: 'skipped' });
});

test('a gate is decided once', async () => {
  const { hub } = await blocked();
  const { id } = gateOf(hub, 'a');
  const decisions = ['retry', 'skip'].map((choice) => hub.decideGate(id, { decision: 'approve', by: 'ann', choice }));
  const [first, second] = await Promise.allSettled(decisions);
  expect(first?.status).toBe('fulfilled');
  expect(second).toMatchObject({ status: 'rejected', reason: { code: 'gateClosed' } });
  expect(statusesOf(hub, 'one')).toMatchObject({ a: 'running' });
});
