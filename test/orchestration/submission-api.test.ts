import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { handDriver } from '../support/hand-driver.ts';
import { recordsOf } from '../support/log.ts';
import { refusal } from '../support/refusals.ts';
import { goodSpec } from '../support/working-spec.ts';

test('everything that can be said of a task stands in the log as it was said', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const requirements = { agentType: 'dev', capabilities: ['api'], languages: ['ts'], specialisations: ['oauth'] };
  hub.submit({
    id: 't1',
    type: 'feature',
    payload: { files: ['a.ts'] },
    metadata: { priority: 'high', timeoutMs: 300_000, delayMs: 60_000, maxAttempts: 7, ifNoAgent: 'wait' },
    requirements,
    spec: goodSpec(),
    idempotencyKey: 'k1',
  });
  await simulation.settle();
  expect(recordsOf(simulation, 'task.submit')[0]?.payload).toEqual({
    taskId: 't1',
    type: 'feature',
    payload: { files: ['a.ts'] },
    priority: 8,
    timeoutMs: 300_000,
    startAt: simulation.environment.now() + 60_000,
    maxAttempts: 7,
    ifNoAgent: 'wait',
    requirements,
    spec: goodSpec(),
    idempotencyKey: 'k1',
  });
  await expectFoldEqual(simulation);
});

test.each([
  ['low', 2],
  ['normal', 5],
  ['high', 8],
  ['critical', 10],
  [-1000, -1000],
  [undefined, 5],
] as const)('the priority %s is %i', async (priority, number) => {
  const { hub } = await simulate();
  const { id } = hub.submit({ type: 'x', metadata: priority === undefined ? {} : { priority } });
  expect(hub.task(id)?.priority).toBe(number);
});

test('the result says whether, how well, how long, who, and at which attempt', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({
    id: 'a',
    type: 'dev',
    run: [
      { work: 300 },
      { fail: { message: 'no', times: 1 } },
      { work: 200 },
      { rate: 0.75 },
      { return: { built: 3 } },
    ],
  });
  const { result } = hub.submit({ id: 't1', type: 'x', metadata: { maxAttempts: 2 } });
  await simulation.run();
  const [retried] = recordsOf(simulation, 'task.retried');
  expect(await result).toEqual({
    taskId: 't1',
    status: 'completed',
    success: true,
    result: { built: 3 },
    quality: 0.75,
    latencyMs: 500,
    durationMs: 800 + (retried?.payload.delayMs ?? 0),
    agentId: 'a',
    attempts: 2,
  });
});

test('a task that never began has no latency, and one that nobody rated has no quality', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const task = hub.submit({ type: 'x' });
  await simulation.advance(500);
  task.cancel('not wanted');
  await simulation.settle();
  expect(await task.result).toEqual({
    taskId: task.id,
    status: 'cancelled',
    success: false,
    reason: 'not wanted',
    quality: null,
    latencyMs: null,
    durationMs: 500,
    agentId: null,
    attempts: 0,
  });
});

test('who asks later for the outcome gets the same', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ work: 5 }, { rate: 0.5 }, { return: 'ok' }] });
  const first = hub.submit({ type: 'x', idempotencyKey: 'k' });
  await simulation.run();
  expect(await hub.submit({ type: 'x', idempotencyKey: 'k' }).result).toEqual(await first.result);
});

test('the driver hears of the attempt and of the deadline', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'a', type: 'dev', run: driver.run });
  hub.submit({ type: 'x', metadata: { timeoutMs: 60_000 } });
  await simulation.settle();
  const dueAt = simulation.environment.now() + 60_000;
  driver.last.fail(new Error('no'));
  await simulation.until(() => driver.calls.length === 2);
  expect(driver.calls.map(({ task }) => [task.attempt, task.dueAt])).toEqual([
    [1, dueAt],
    [2, dueAt],
  ]);
});

test.each([
  ['metadata.delayMs', { delayMs: -1 }],
  ['metadata.maxAttempts', { maxAttempts: 0 }],
  ['metadata.ifNoAgent', { ifNoAgent: 'hope' }],
  ['metadata.timeout', { timeout: 5 }],
])('%s that cannot be is refused, and nothing changes', async (path, metadata) => {
  const simulation = await simulate();
  expect(refusal(() => simulation.hub.submit({ type: 'x', metadata } as never))).toMatchObject({
    code: 'invalid',
    path,
  });
  expect(simulation.records()).toHaveLength(1);
});
