import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byHand } from '../../src/index.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';
import { restartAfter } from '../support/restart.ts';

const minute = 60_000;
const config = { aging: { everyMs: minute } };

test('the order of two tasks never changes while they wait', async () => {
  const submission = fc.record({
    priority: fc.integer({ min: -10, max: 10 }),
    waitMs: fc.integer({ min: 0, max: 5 * minute }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(submission, { minLength: 2, maxLength: 20 }), async (submissions) => {
      const simulation = await simulate({ config, router: byHand });
      const { hub } = simulation;
      let order: string[] = [];
      for (const [index, { priority, waitMs }] of submissions.entries()) {
        const id = `t${index}`;
        hub.submit({ id, type: index % 2 === 0 ? 'x' : 'y', metadata: { priority } });
        const now = hub.queue().map((task) => task.id);
        expect(now.filter((other) => other !== id)).toEqual(order);
        order = now;
        await simulation.advance(waitMs);
        expect(hub.queue().map((task) => task.id)).toEqual(order);
      }
    }),
    { numRuns: 50 },
  );
});

test('a task gains one priority for each while that it waits', async () => {
  const simulation = await simulate({ config, router: byHand });
  const { hub } = simulation;
  hub.submit({ id: 'old', type: 'x', metadata: { priority: 5 } });
  await simulation.advance(2 * minute);
  for (const priority of [6, 7, 8]) hub.submit({ id: `new-${priority}`, type: 'x', metadata: { priority } });
  expect(hub.queue().map(({ id }) => id)).toEqual(['new-8', 'old', 'new-7', 'new-6']);
  expect(hub.task('old')?.priority).toBe(5);
  await expectFoldEqual(simulation);
});

test('no task waits for ever while more important ones keep coming (I7)', async () => {
  const simulation = await simulate({ config });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ work: minute }] });
  hub.submit({ type: 'x' });
  const start = simulation.environment.now();
  const humble = hub.submit({ type: 'x', metadata: { priority: 1 } });
  for (let sent = 0; sent < 60; sent++) {
    hub.submit({ type: 'x', metadata: { priority: 10 } });
    await simulation.advance(minute);
  }
  const assigned = recordsOf(simulation, 'task.assigned').find(({ payload }) => payload.taskId === humble.id);
  expect(assigned?.at).toBeLessThanOrEqual(start + 11 * minute);
  await expectFoldEqual(simulation);
});

test('and without aging it does', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ work: minute }] });
  hub.submit({ type: 'x' });
  const humble = hub.submit({ type: 'x', metadata: { priority: 1 } });
  for (let sent = 0; sent < 60; sent++) {
    hub.submit({ type: 'x', metadata: { priority: 10 } });
    await simulation.advance(minute);
  }
  expect(hub.task(humble.id)?.status).toBe('queued');
});

test('every task of a crowd of all priorities starts, the last within the time that all before it take (I7)', async () => {
  const simulation = await simulate({ config });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ work: 1000 }] });
  for (let index = 0; index < 200; index++) hub.submit({ type: 'x', metadata: { priority: index % 11 } });
  await simulation.advance(200_000);
  expect(hub.projectState().counters.completed).toBe(200);
});

test('a delay is no wait: it gains nothing', async () => {
  const simulation = await simulate({ config, router: byHand });
  const { hub } = simulation;
  hub.submit({ id: 'delayed', type: 'x', metadata: { delayMs: 10 * minute } });
  await simulation.advance(9 * minute);
  hub.submit({ id: 'new', type: 'x' });
  await simulation.advance(minute);
  expect(hub.queue().map(({ id }) => id)).toEqual(['new', 'delayed']);
  await expectFoldEqual(simulation);
});

test.each([
  ['switched on', {}, config],
  ['switched off', config, {}],
  ['made faster', config, { aging: { everyMs: 1000 } }],
])('aging that is %s at a restart ranks what waits and what comes alike', async (_what, first, second) => {
  const before = await simulate({ config: first, router: byHand });
  before.hub.submit({ id: 'old-low', type: 'x', metadata: { priority: 1 } });
  before.hub.submit({ id: 'old-high', type: 'x', metadata: { priority: 900 } });
  await before.settle();
  const after = await restartAfter(before, 1000, { config: second, router: byHand });
  after.hub.submit({ id: 'new-higher', type: 'x', metadata: { priority: 1000 } });
  after.hub.submit({ id: 'new-middle', type: 'x', metadata: { priority: 500 } });
  expect(after.hub.queue().map(({ id }) => id)).toEqual(['new-higher', 'old-high', 'new-middle', 'old-low']);
  await expectFoldEqual(after);
});
