import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';
import { restartAfter } from '../support/restart.ts';

test('a task that keeps losing its agents fails, and says so (I19)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  for (const id of ['a', 'b', 'c', 'd']) hub.register({ id, type: 'dev', run: [{ crash: true }] });
  const task = hub.submit({ type: 'x' });
  await simulation.run();
  expect(await task.result).toMatchObject({
    attempts: 3,
    agentId: 'c',
    error: { code: 'agentLost', message: 'crashed' },
  });
  expect(recordsOf(simulation, 'task.returned')).toHaveLength(2);
  expect(hub.agents().map(({ state }) => state)).toEqual(['unreachable', 'unreachable', 'unreachable', 'idle']);
  await expectFoldEqual(simulation);
});

test('losses and failures count together', async () => {
  const simulation = await simulate({ config: { retry: { maxAttempts: 3 } } });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ crash: true }] });
  const task = hub.submit({ type: 'x' });
  await simulation.settle();
  hub.register({ id: 'b', type: 'dev', run: [{ fail: 'no' }] });
  await simulation.run();
  expect(await task.result).toMatchObject({ attempts: 3, error: { code: 'driver' } });
  expect(recordsOf(simulation, 'task.retried').map(({ payload }) => payload.attempt)).toEqual([2]);
  await expectFoldEqual(simulation);
});

test('a task that never had an agent is not lost, however often the hub is restarted', async () => {
  let simulation = await simulate();
  simulation.hub.submit({ id: 't1', type: 'x' });
  for (let restarts = 0; restarts < 5; restarts++) {
    await simulation.settle();
    simulation = await restartAfter(simulation, 1000);
  }
  expect(simulation.hub.task('t1')).toMatchObject({ status: 'queued', attempts: 0 });
});
