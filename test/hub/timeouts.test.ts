import { expect, test } from 'vitest';
import type { AgentDefinition } from '../../src/index.ts';
import { simulate, simulationStart } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { handDriver } from '../support/hand-driver.ts';
import { recordsOf } from '../support/log.ts';

test('a task that runs too long fails at its deadline, and its driver is called off', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'a', type: 'dev', run: driver.run });
  const task = hub.submit({ type: 'x', metadata: { timeoutMs: 90_000 } });
  await simulation.settle();
  expect(hub.task(task.id)?.dueAt).toBe(simulationStart + 90_000);
  expect(driver.last.task.dueAt).toBe(simulationStart + 90_000);
  await simulation.advance(89_999);
  expect(hub.task(task.id)?.status).toBe('running');
  await simulation.advance(1);
  expect(await task.result).toMatchObject({
    status: 'failed',
    agentId: 'a',
    durationMs: 90_000,
    error: { code: 'timeout', message: 'not finished within 1m30s' },
  });
  expect(driver.last.context.signal.aborted).toBe(true);
  expect(hub.agent('a')).toMatchObject({ status: 'idle', failed: 1, completed: 0 });
  expect(recordsOf(simulation, 'deadline.passed')).toMatchObject([
    { from: 'clock', payload: { kind: 'task', subject: task.id, dueAt: simulationStart + 90_000 } },
  ]);
  await expectFoldEqual(simulation);
});

test('waiting in the queue counts', async () => {
  const simulation = await simulate();
  const task = simulation.hub.submit({ type: 'x', metadata: { timeoutMs: 1000 } });
  await simulation.run();
  expect(await task.result).toMatchObject({ status: 'failed', agentId: null, error: { code: 'timeout' } });
  expect(simulation.hub.pendingCount()).toBe(0);
  await expectFoldEqual(simulation);
});

test('a task that is done in time leaves no deadline behind', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ work: '1s' }] });
  const task = hub.submit({ type: 'x', metadata: { timeoutMs: 5000 } });
  await simulation.run();
  expect(await task.result).toMatchObject({ status: 'completed', durationMs: 1000 });
  expect(hub.picture().deadlines).toEqual([]);
  expect(simulation.environment.now()).toBe(simulationStart + 1000);
  expect(recordsOf(simulation, 'deadline.passed')).toEqual([]);
  await expectFoldEqual(simulation);
});

test('deadlines pass in order, those of the same moment in the order in which they were set (L1)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  for (const [id, timeoutMs] of Object.entries({ late: 3000, first: 1000, second: 1000, between: 2000 })) {
    hub.submit({ id, type: 'x', metadata: { timeoutMs } });
  }
  await simulation.run();
  const failed = recordsOf(simulation, 'task.failed').map(({ at, payload }) => [payload.taskId, at - simulationStart]);
  expect(failed).toEqual([
    ['first', 1000],
    ['second', 1000],
    ['between', 2000],
    ['late', 3000],
  ]);
  await expectFoldEqual(simulation);
});

test('a deadline years away is still a deadline (I12)', async () => {
  const simulation = await simulate();
  const year = 365 * 86_400_000;
  const task = simulation.hub.submit({ type: 'x', metadata: { timeoutMs: 3 * year } });
  await simulation.run();
  expect(await task.result).toMatchObject({ status: 'failed', durationMs: 3 * year });
});

const impatient = { metadata: { timeoutMs: 60_000 } };
const strict = { breaker: { failures: 1, resetMs: 60_000 } };

test.each<[string, NonNullable<AgentDefinition['run']>]>([
  ['a person', async (_task, { escalate }) => (await escalate('may I?').outcome).status],
  ['a specialist', async (_task, { consult }) => (await consult('expert', 'how?')).status],
])('a task that is out of time while it waits for %s is not held against its agent', async (_whom, run) => {
  const simulation = await simulate({ config: strict });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run });
  const { performance } = hub.agent('a') ?? {};
  const task = hub.submit({ type: 'x', ...impatient });
  await simulation.advance(60_000);
  expect(await task.result).toMatchObject({ status: 'failed', agentId: 'a', error: { code: 'timeout' } });
  expect(hub.agent('a')).toMatchObject({ status: 'idle', breaker: 'closed', failed: 1, performance });
  await expectFoldEqual(simulation);
});

test('one that is out of time at work is held against it', async () => {
  const simulation = await simulate({ config: strict });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ work: '1h' }] });
  const { successRate = 0 } = hub.agent('a')?.performance ?? {};
  const task = hub.submit({ type: 'x', ...impatient });
  await simulation.advance(60_000);
  expect(await task.result).toMatchObject({ status: 'failed', error: { code: 'timeout' } });
  expect(hub.agent('a')?.breaker).toBe('open');
  expect(hub.agent('a')?.performance.successRate).toBeLessThan(successRate);
  await expectFoldEqual(simulation);
});
