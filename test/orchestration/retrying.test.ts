import { expect, test } from 'vitest';
import { NonRetryableError } from '../../src/index.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { handDriver } from '../support/hand-driver.ts';
import { recordsOf, typesOf } from '../support/log.ts';
import { restartAfter } from '../support/restart.ts';

const steady = { jitter: 0, backoffMs: 1000 };

test('a failed task is tried again until an attempt succeeds', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ fail: { message: 'not yet', times: 2 } }, { return: 'ok' }] });
  const task = hub.submit({ type: 'x' });
  await simulation.run();
  expect(await task.result).toMatchObject({ success: true, attempts: 3 });
  expect(recordsOf(simulation, 'task.assigned').map(({ payload }) => payload.attempt)).toEqual([1, 2, 3]);
  await expectFoldEqual(simulation);
});

test('a retry is in the log with agent, attempt, delay and error, and the chart has the deadline', async () => {
  const simulation = await simulate({ config: { retry: steady } });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ fail: 'no disk' }] });
  const task = hub.submit({ id: 't1', type: 'x' });
  await simulation.settle();
  expect(recordsOf(simulation, 'task.retried')[0]?.payload).toEqual({
    taskId: 't1',
    agentId: 'a',
    attempt: 1,
    delayMs: 1000,
    error: { code: 'driver', message: 'no disk' },
  });
  const retryAt = simulation.environment.now() + 1000;
  expect(task.actor?.getSnapshot()).toMatchObject({
    value: 'retrying',
    context: { retryAt, agentId: null, lease: null },
  });
  expect(hub.task('t1')).toMatchObject({ status: 'pending', state: 'retrying', attempts: 1 });
  expect(hub.picture().deadlines).toContainEqual({ kind: 'retry', subject: 't1', dueAt: retryAt });
  await simulation.step();
  expect(typesOf(simulation).slice(-6, -3)).toEqual(['deadline.passed', 'task.enqueued', 'task.assigned']);
  expect(task.actor?.getSnapshot().context.retryAt).not.toBe(retryAt);
  await expectFoldEqual(simulation);
});

test('after the last attempt it fails with the last error', async () => {
  const simulation = await simulate({ config: { retry: { maxAttempts: 2 } } });
  const { hub } = simulation;
  let attempt = 0;
  hub.register({
    id: 'a',
    type: 'dev',
    run: () => {
      throw new Error(`failure ${++attempt}`);
    },
  });
  const task = hub.submit({ type: 'x' });
  await simulation.run();
  expect(await task.result).toMatchObject({
    success: false,
    attempts: 2,
    error: { code: 'driver', message: 'failure 2' },
  });
  await expectFoldEqual(simulation);
});

test.each([
  [1, 1],
  [5, 5],
])('a task can have its own number of attempts: %i', async (maxAttempts, attempts) => {
  const simulation = await simulate();
  simulation.hub.register({ id: 'a', type: 'dev', run: [{ fail: 'no' }] });
  const task = simulation.hub.submit({ type: 'x', metadata: { maxAttempts } });
  await simulation.run();
  expect(await task.result).toMatchObject({ attempts });
});

test.each<[string, () => unknown, string]>([
  [
    'an error that says so',
    () => {
      throw new NonRetryableError('bad request');
    },
    'driver',
  ],
  ['a result that is none', () => () => {}, 'invalidResult'],
])('%s is not tried again', async (_what, run, code) => {
  const simulation = await simulate();
  simulation.hub.register({ id: 'a', type: 'dev', run });
  const task = simulation.hub.submit({ type: 'x' });
  await simulation.run();
  expect(await task.result).toMatchObject({ success: false, attempts: 1, error: { code } });
  expect(recordsOf(simulation, 'task.retried')).toEqual([]);
});

test('a person’s no is not tried again', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({
    id: 'a',
    type: 'dev',
    run: async (_task, context) => {
      if ((await context.escalate('may I?').outcome).status !== 'approved')
        throw new NonRetryableError('was told not to');
    },
  });
  const task = hub.submit({ type: 'x' });
  await simulation.settle();
  hub.decideGate(hub.gates()[0]?.id ?? '', { decision: 'reject', by: 'ann' });
  await simulation.run();
  expect(await task.result).toMatchObject({ success: false, attempts: 1 });
});

test('the deadline is over all attempts, waits included', async () => {
  const simulation = await simulate({ config: { retry: { ...steady, maxAttempts: 100, factor: 1 } } });
  simulation.hub.register({ id: 'a', type: 'dev', run: [{ work: 500 }, { fail: 'no' }] });
  const task = simulation.hub.submit({ type: 'x', metadata: { timeoutMs: 3200 } });
  await simulation.run();
  expect(await task.result).toMatchObject({ error: { code: 'timeout' }, durationMs: 3200, attempts: 3, agentId: 'a' });
  await expectFoldEqual(simulation);
});

test('a deadline that passes between two attempts ends it', async () => {
  const simulation = await simulate({ config: { retry: steady } });
  simulation.hub.register({ id: 'a', type: 'dev', run: [{ fail: 'no' }] });
  const task = simulation.hub.submit({ type: 'x', metadata: { timeoutMs: 700 } });
  await simulation.run();
  expect(await task.result).toMatchObject({ error: { code: 'timeout' }, durationMs: 700, attempts: 1, agentId: null });
  expect(simulation.hub.picture().deadlines).toEqual([]);
  await expectFoldEqual(simulation);
});

test('what an attempt has open is closed before the next', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'a', type: 'dev', run: driver.run });
  hub.register({ id: 'expert', type: 'expert', run: [], answer: [{ stall: true }] });
  const task = hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
  await simulation.settle();
  const [question, gate] = [driver.last.context.consult('expert', 'how?'), driver.last.context.escalate('may I?')];
  question.catch(() => {});
  gate.outcome.catch(() => {});
  await simulation.settle();
  expect(hub.task(task.id)).toMatchObject({ state: 'running.awaitingHuman' });
  driver.last.fail(new Error('gave up'));
  await simulation.settle();
  const end = typesOf(simulation).slice(-4);
  expect(end).toEqual(['task.error', 'consultation.cancelled', 'gate.cancelled', 'task.retried']);
  expect([hub.consultations(), hub.gates()]).toEqual([[], []]);
  expect(hub.agents().map(({ status }) => status)).toEqual(['idle', 'idle']);
  await simulation.until(() => driver.calls.length === 2);
  expect(hub.task(task.id)).toMatchObject({ state: 'running.working', waitsFor: [] });
  await expectFoldEqual(simulation);
});

test('a task can be cancelled between two attempts', async () => {
  const simulation = await simulate();
  simulation.hub.register({ id: 'a', type: 'dev', run: [{ fail: 'no' }] });
  const task = simulation.hub.submit({ type: 'x' });
  await simulation.settle();
  expect(task.cancel('enough')).toBe(true);
  await simulation.run();
  expect(await task.result).toMatchObject({ status: 'cancelled', reason: 'enough', attempts: 1, agentId: null });
  expect(recordsOf(simulation, 'task.assigned')).toHaveLength(1);
  expect(simulation.hub.picture().deadlines).toEqual([]);
  await expectFoldEqual(simulation);
});

test('an answer under the lease of an earlier attempt is a dead letter (I17)', async () => {
  const simulation = await simulate({ config: { retry: { ...steady, maxAttempts: 5 } } });
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'a', type: 'dev', run: driver.run });
  hub.register({ id: 'b', type: 'dev', run: driver.run });
  const task = hub.submit({ type: 'x' });
  await simulation.settle();
  hub.reportLost('a');
  await simulation.until(() => driver.calls.length === 2);
  const [first, second] = driver.calls;
  first?.finish('late');
  await simulation.settle();
  expect(hub.deadLetters()).toMatchObject([{ from: 'a', messageType: 'task.result', reason: 'staleLease' }]);
  second?.finish('right');
  await simulation.settle();
  expect(await task.result).toMatchObject({ result: 'right', agentId: 'b', attempts: 2 });
  await expectFoldEqual(simulation);
});

test('between two attempts the agent is free for others, and the task keeps its priority and its place (Q2)', async () => {
  const simulation = await simulate({ config: { retry: steady } });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ work: 600 }, { fail: { message: 'no', times: 1 } }] });
  hub.submit({ id: 'first', type: 'x', metadata: { priority: 7 } });
  for (const id of ['second', 'third', 'fourth'])
    hub.submit({ id, type: 'x', metadata: { priority: 7, maxAttempts: 1 } });
  hub.submit({ id: 'urgent', type: 'x', metadata: { priority: 9, delayMs: 1500, maxAttempts: 1 } });
  await simulation.run();
  expect(recordsOf(simulation, 'task.assigned').map(({ payload }) => payload.taskId)).toEqual([
    'first',
    'second',
    'third',
    'urgent',
    'first',
    'fourth',
  ]);
  await expectFoldEqual(simulation);
});

test('a priority that is given between two attempts counts from the next', async () => {
  const simulation = await simulate({ config: { retry: steady } });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ fail: { message: 'no', times: 1 } }] });
  const task = hub.submit({ type: 'x' });
  await simulation.settle();
  hub.prioritise(task.id, 9);
  hub.pause();
  await simulation.run();
  expect(hub.queue()).toMatchObject([{ id: task.id, priority: 9 }]);
  await expectFoldEqual(simulation);
});

test('a wait goes on over a restart', async () => {
  const before = await simulate({ config: { retry: steady } });
  before.hub.register({ id: 'a', type: 'dev', run: [{ fail: 'no' }] });
  before.hub.submit({ id: 't1', type: 'x' });
  await before.settle();
  const dueAt = before.environment.now() + 1000;
  const after = await restartAfter(before, 400);
  expect(after.hub.task('t1')?.state).toBe('retrying');
  await after.run();
  expect(after.environment.now()).toBe(dueAt);
  after.hub.register({ id: 'a', type: 'dev', run: [{ return: 'ok' }] });
  await after.run();
  expect(after.hub.task('t1')).toMatchObject({ status: 'completed', attempts: 2 });
  await expectFoldEqual(after);
});

test('each failed attempt counts against the agent that failed, not against who succeeds', async () => {
  const simulation = await simulate({ config: { retry: steady } });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ work: 100 }, { fail: 'no' }] });
  const task = hub.submit({ type: 'x' });
  await simulation.until(() => hub.task(task.id)?.state === 'retrying');
  hub.pauseAgent('a');
  hub.register({ id: 'b', type: 'dev', run: [{ work: 200 }, { return: 'ok' }] });
  await simulation.run();
  expect(await task.result).toMatchObject({ agentId: 'b', latencyMs: 200 });
  expect(['a', 'b'].map((id) => hub.agent(id)?.performance.taskCount)).toEqual([1, 1]);
  expect(hub.agent('a')?.performance.successRate).toBeCloseTo((5 * 0.8) / 6);
  expect(hub.agent('b')?.performance.successRate).toBeCloseTo((5 * 0.8 + 1) / 6);
  await expectFoldEqual(simulation);
});
