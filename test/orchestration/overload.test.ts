import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { refusal } from '../support/refusals.ts';

test('a full queue refuses with busy before anything is accepted, and nothing changes', async () => {
  const simulation = await simulate({ config: { maxQueued: 2 } });
  const { hub } = simulation;
  for (const id of ['t1', 't2']) hub.submit({ id, type: 'x' });
  await simulation.settle();
  const [records, picture] = [simulation.records().length, hub.picture()];
  const error = refusal(() => hub.submit({ id: 't3', type: 'x', metadata: { priority: 1000 }, idempotencyKey: 'k' }));
  expect(error).toMatchObject({ code: 'busy', message: '2 tasks are waiting, and no more are taken' });
  await simulation.settle();
  expect(simulation.records()).toHaveLength(records);
  expect(hub.picture()).toEqual(picture);
  hub.cancel('t1');
  expect(hub.submit({ id: 't3', type: 'x', idempotencyKey: 'k' }).id).toBe('t3');
  await expectFoldEqual(simulation);
});

test('what somebody works on does not count, what waits for its time or for another try does', async () => {
  const simulation = await simulate({ config: { maxQueued: 3, retry: { jitter: 0 } } });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ fail: 'no' }] });
  hub.register({ id: 'b', type: 'qa', run: [{ stall: true }] });
  const to = (agentType: string) => ({ type: 'x', requirements: { agentType } });
  hub.submit(to('qa'));
  hub.submit(to('dev'));
  await simulation.settle();
  hub.submit({ ...to('qa'), metadata: { delayMs: 5000 } });
  hub.submit(to('qa'));
  expect(refusal(() => hub.submit(to('qa'))).code).toBe('busy');
  expect(hub.status().tasks).toMatchObject({ pending: 2, queued: 1, running: 1 });
  await expectFoldEqual(simulation);
});

test('from a share of the bound on, what is unimportant is shed, with the reason', async () => {
  const simulation = await simulate({ config: { maxQueued: 10, shedding: { above: 0.5, below: 4 } } });
  const { hub } = simulation;
  const submit = (priority: number) => hub.submit({ type: 'x', metadata: { priority } });
  for (let index = 0; index < 5; index++) submit(3);
  expect(refusal(() => submit(3))).toMatchObject({
    code: 'busy',
    message: '5 tasks are waiting, and none with a priority below 4 is taken',
  });
  for (let index = 0; index < 5; index++) submit(4);
  expect(refusal(() => submit(4)).message).toContain('no more are taken');
  expect(hub.pendingCount()).toBe(10);
  await expectFoldEqual(simulation);
});

test('a task that comes back finds its place even when the queue is full', async () => {
  const simulation = await simulate({ config: { maxQueued: 1 } });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ stall: true }] });
  hub.submit({ id: 't1', type: 'x' });
  hub.submit({ id: 't2', type: 'x' });
  await simulation.settle();
  hub.reportLost('a');
  expect(hub.queue().map(({ id }) => id)).toEqual(['t1', 't2']);
  expect(refusal(() => hub.submit({ type: 'x' })).code).toBe('busy');
  await expectFoldEqual(simulation);
});

test('the same task under the same key is no new task, however full the queue', async () => {
  const { hub } = await simulate({ config: { maxQueued: 1 } });
  const first = hub.submit({ type: 'x', idempotencyKey: 'k' });
  expect(hub.submit({ type: 'x', idempotencyKey: 'k' }).id).toBe(first.id);
});
