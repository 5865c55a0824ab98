/** A clock that is set back while the hub waits: deadlines come late by as much, and are not forgotten (I12, I27). */
import { expect, test } from 'vitest';
import type { Environment } from '../../src/actors/environment.ts';
import { promisesSettled } from '../../src/actors/simulated-environment.ts';
import { createHub } from '../../src/hub/create-hub.ts';
import { simulatedEnvironment } from '../../src/testing.ts';

const minute = 60_000;

test.each([1, 30_000])('a timer that rings %i ms before its deadline rings again', async (byMs) => {
  const world = simulatedEnvironment(1);
  let skew = 0;
  const environment: Environment = {
    ...world,
    now: () => world.now() + skew,
    wakeAt: (time, wake) => world.wakeAt(time - skew, wake),
  };
  const hub = await createHub({ project: 'p', environment });
  const task = hub.submit({ type: 'x', metadata: { timeoutMs: minute } });
  await hub.settled();
  skew = -byMs;
  world.step();
  expect(hub.task(task.id)?.status).toBe('queued');
  expect(world.step()).toBe(true);
  await promisesSettled();
  expect(hub.task(task.id)?.error?.code).toBe('timeout');
  expect(world.now() - (hub.task(task.id)?.submittedAt ?? 0)).toBe(minute + byMs);
  expect(world.next()).toBeUndefined();
});
