import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';
import { refusal } from '../support/refusals.ts';
import { restartAfter } from '../support/restart.ts';

const soon = { delayMs: 60_000 };

test('a delayed task is pending, and comes into the queue when its time has come', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ return: 'ok' }] });
  const start = simulation.environment.now();
  const task = hub.submit({ type: 'x', metadata: soon });
  await simulation.advance(59_999);
  expect(hub.task(task.id)).toMatchObject({ status: 'pending', attempts: 0 });
  expect(hub.pendingCount()).toBe(0);
  await simulation.run();
  expect(recordsOf(simulation, 'task.enqueued')[0]?.at).toBe(start + 60_000);
  expect(await task.result).toMatchObject({ success: true, durationMs: 60_000, latencyMs: 0 });
  await expectFoldEqual(simulation);
});

test('all that happens to a delayed task has one correlation', async () => {
  const simulation = await simulate();
  simulation.hub.register({ id: 'a', type: 'dev', run: [] });
  simulation.hub.submit({ type: 'x', metadata: soon });
  await simulation.run();
  const about = simulation.records().filter(({ type }) => type.startsWith('task.') || type === 'deadline.passed');
  expect(about.length).toBeGreaterThan(5);
  expect(new Set(about.map(({ correlationId }) => correlationId)).size).toBe(1);
});

test('the deadline counts from submission, the delay included', async () => {
  const simulation = await simulate();
  const task = simulation.hub.submit({ type: 'x', metadata: { ...soon, timeoutMs: 1000 } });
  await simulation.run();
  expect(await task.result).toMatchObject({ error: { code: 'timeout' }, durationMs: 1000 });
  expect(recordsOf(simulation, 'task.enqueued')).toEqual([]);
  await expectFoldEqual(simulation);
});

test('a delayed task can be cancelled, and its time passes without a trace', async () => {
  const simulation = await simulate();
  const task = simulation.hub.submit({ type: 'x', metadata: soon });
  task.cancel();
  await simulation.run();
  expect(await task.result).toMatchObject({ status: 'cancelled' });
  expect(recordsOf(simulation, 'deadline.passed')).toEqual([]);
  await expectFoldEqual(simulation);
});

test('nobody can be given a task whose time has not come', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [] });
  const { id } = hub.submit({ type: 'x', metadata: soon });
  expect(refusal(() => hub.assign(id, 'a')).code).toBe('conflict');
});

test('a delay goes on over a restart, and one that ended meanwhile ends at once', async () => {
  const before = await simulate();
  before.hub.submit({ id: 'early', type: 'x', metadata: { delayMs: 1000 } });
  before.hub.submit({ id: 'late', type: 'x', metadata: { delayMs: 100_000 } });
  await before.settle();
  const after = await restartAfter(before, 50_000);
  await after.settle();
  expect(after.hub.task('early')?.status).toBe('pending');
  await after.step();
  expect(after.environment.now()).toBe(before.environment.now() + 50_000);
  expect([after.hub.task('early')?.status, after.hub.task('late')?.status]).toEqual(['queued', 'pending']);
  await after.run();
  expect(recordsOf(after, 'task.enqueued').at(-1)?.at).toBe(before.environment.now() + 100_000);
  await expectFoldEqual(after);
});

test('the same delayed task under the same key is the same task, however late it is said again', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const input = { type: 'x', metadata: soon, idempotencyKey: 'k' };
  const first = hub.submit(input);
  await simulation.advance(10_000);
  expect(hub.submit(input).id).toBe(first.id);
  expect(refusal(() => hub.submit({ ...input, metadata: {} })).code).toBe('conflict');
  expect(recordsOf(simulation, 'task.submit')).toHaveLength(1);
});
