/**
 * A clock that is set back: deadlines come late by as much as it went, and are not forgotten (I12, I27). Where it is
 * behind the log itself, the hub's time goes on from the log's.
 */
import { expect, test } from 'vitest';
import type { Environment } from '../../src/actors/environment.ts';
import { promisesSettled } from '../../src/actors/simulated-environment.ts';
import { memoryStore, type Store } from '../../src/actors/store.ts';
import { createHub } from '../../src/hub/create-hub.ts';
import { simulatedEnvironment } from '../../src/testing.ts';

const minute = 60_000;

const day = 86_400_000;

/** A world whose clock can be wrong, by so many ms. */
function worldWithClock() {
  const world = simulatedEnvironment(1);
  const clock = { skew: 0 };
  const environment: Environment = {
    ...world,
    now: () => world.now() + clock.skew,
    wakeAt: (time, wake) => world.wakeAt(time - clock.skew, wake),
  };
  /** Lets all pass that is due within so many ms, and nothing behind that. */
  const pass = async (ms: number) => {
    const end = world.now() + ms;
    let isOver = false;
    await promisesSettled();
    world.wakeAt(end, () => {
      isOver = true;
    });
    while (!isOver || (world.next() ?? Number.POSITIVE_INFINITY) <= end) {
      world.step();
      await promisesSettled();
    }
  };
  return { world, clock, environment, pass };
}

test.each([1, 30_000])('a timer that rings %i ms before its deadline rings again', async (byMs) => {
  const { world, clock, environment } = worldWithClock();
  const hub = await createHub({ project: 'p', environment });
  const task = hub.submit({ type: 'x', metadata: { timeoutMs: minute } });
  await hub.settled();
  clock.skew = -byMs;
  world.step();
  expect(hub.task(task.id)?.status).toBe('queued');
  expect(world.step()).toBe(true);
  await promisesSettled();
  expect(hub.task(task.id)?.error?.code).toBe('timeout');
  expect(world.now() - (hub.task(task.id)?.submittedAt ?? 0)).toBe(minute + byMs);
  expect(world.next()).toBeUndefined();
});

/** A hub that has taken one record while its clock was a day ahead. */
async function aheadOnce(store: Store = memoryStore()) {
  const world = worldWithClock();
  const hub = await createHub({
    project: 'p',
    environment: world.environment,
    store,
    config: { retry: { jitter: 0 } },
  });
  world.clock.skew = day;
  hub.updateProject({ phase: 'ahead' });
  await hub.settled();
  world.clock.skew = 0;
  return { ...world, hub };
}

test('a clock that was ahead once: the time goes on from the log, and what is due from then on is due in its time', async () => {
  const { hub, pass } = await aheadOnce();
  hub.register({
    id: 'a',
    type: 'dev',
    run: async ({ attempt }) => {
      if (attempt === 1) throw new Error('a hiccup');
      return 'done';
    },
  });
  const retried = hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
  const delayed = hub.submit({ type: 'x', requirements: { agentType: 'dev' }, metadata: { delayMs: 2 * minute } });
  const hasty = hub.submit({ type: 'x', requirements: { agentType: 'none' }, metadata: { timeoutMs: minute } });
  hub.schedule({ id: 's', everyMs: minute, task: { type: 'x', requirements: { agentType: 'none' } } });
  await pass(minute - 1);
  expect(hub.task(retried.id)).toMatchObject({ status: 'completed', attempts: 2 });
  expect(hub.task(hasty.id)?.status).toBe('queued');
  expect(hub.schedules()).toMatchObject([{ fired: 0 }]);
  await pass(1);
  expect(hub.task(hasty.id)?.error?.code).toBe('timeout');
  expect(hub.schedules()).toMatchObject([{ fired: 1 }]);
  await pass(minute - 1);
  expect(hub.task(delayed.id)?.attempts).toBe(0);
  await pass(1);
  expect(hub.task(delayed.id)?.attempts).toBe(1);
  const times: number[] = [];
  for await (const { at } of hub.log()) times.push(at);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test('a hub that is started on a log that is ahead of its clock goes on from there, too', async () => {
  const store = memoryStore();
  const { hub, environment, pass } = await aheadOnce({ ...store, close() {} });
  await hub.stop();
  const again = await createHub({ project: 'p', environment, store });
  const task = again.submit({ type: 'x', metadata: { timeoutMs: minute } });
  await pass(minute - 1);
  expect(again.task(task.id)?.status).toBe('queued');
  await pass(1);
  expect(again.task(task.id)?.error?.code).toBe('timeout');
});

test('what was to be due before is due on the time of the log, too', async () => {
  const { world, clock, environment, pass } = worldWithClock();
  const hub = await createHub({ project: 'p', environment });
  const task = hub.submit({ type: 'x', metadata: { timeoutMs: 2 * day } });
  clock.skew = day;
  hub.updateProject({ phase: 'ahead' });
  clock.skew = 0;
  hub.updateProject({ phase: 'right again' });
  const dueAt = hub.task(task.id)?.dueAt;
  await pass(day - 1);
  expect(hub.task(task.id)?.status).toBe('queued');
  await pass(1);
  expect(hub.task(task.id)).toMatchObject({ status: 'failed', finishedAt: dueAt });
  expect(world.next()).toBeUndefined();
});
