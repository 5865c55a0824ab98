/** Whoever submits a task again hears its outcome when that is durable, and not when it is only folded (I5). */
import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { handDriver } from '../support/hand-driver.ts';
import { failingStore, heldStore } from '../support/stores.ts';

const task = { id: 't', type: 'x', idempotencyKey: 'k' };

test('an outcome waits for its commit, however often it is asked for', async () => {
  const { store, hold, letThrough } = heldStore();
  const { hub, settle } = await simulate({ store });
  const driver = handDriver();
  hub.register({ id: 'dev', type: 'dev', run: driver.run });
  hub.submit(task);
  await settle();
  hold();
  driver.last.finish('done');
  await new Promise(setImmediate);
  expect(hub.task('t')?.status).toBe('completed');
  const heard: unknown[] = [];
  hub.submit(task).result.then((outcome) => heard.push(outcome.status));
  await new Promise(setImmediate);
  expect(heard).toEqual([]);
  letThrough();
  await settle();
  expect(heard).toEqual(['completed']);
});

test('an outcome that cannot be kept is not told', async () => {
  const { store } = failingStore(4, 'rejects');
  const { hub, settle } = await simulate({ store });
  const driver = handDriver();
  hub.register({ id: 'dev', type: 'dev', run: driver.run });
  hub.submit(task);
  await settle();
  driver.last.finish('done');
  await Promise.resolve();
  const again = hub.submit(task);
  await expect(again.result).rejects.toMatchObject({ code: 'storeFailed' });
});
