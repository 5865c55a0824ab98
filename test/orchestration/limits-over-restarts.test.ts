import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';
import { restartAfter } from '../support/restart.ts';

const rate = { count: 2, perMs: 10_000 };

test('a rate goes on counting over a restart', async () => {
  const config = { limits: { deploy: { rate } } };
  const before = await simulate({ config });
  before.hub.register({ id: 'a', type: 'dev', run: [] });
  const start = before.environment.now();
  for (let index = 0; index < 4; index++) before.hub.submit({ type: 'deploy' });
  await before.advance(1000);
  expect(recordsOf(before, 'task.completed')).toHaveLength(2);

  const after = await restartAfter(before, 1000, { config });
  after.hub.register({ id: 'a', type: 'dev', run: [] });
  await after.run();
  expect(recordsOf(after, 'task.assigned').map(({ at }) => at - start)).toEqual([0, 0, 5000, 10_000]);
  await expectFoldEqual(after);
});

test('what ran is given back with the restart, so its room is free', async () => {
  const config = { limits: { build: { concurrency: 1 } } };
  const before = await simulate({ config });
  before.hub.register({ id: 'a', type: 'dev', run: [{ stall: true }] });
  for (const id of ['t1', 't2']) before.hub.submit({ id, type: 'build' });
  await before.settle();

  const after = await restartAfter(before, 1000, { config });
  for (const id of ['a', 'b']) after.hub.register({ id, type: 'dev', run: [{ work: 10 }] });
  await after.settle();
  expect([after.hub.task('t1')?.status, after.hub.task('t2')?.status]).toEqual(['running', 'queued']);
  await after.run();
  expect(after.hub.projectState().counters.completed).toBe(2);
  await expectFoldEqual(after);
});

test('a limit that went and comes again finds no ghosts', async () => {
  const config = { limits: { build: { concurrency: 1 } } };
  const run = [{ stall: true }] as const;
  let simulation = await simulate({ config });
  simulation.hub.register({ id: 'a', type: 'dev', run });
  simulation.hub.submit({ id: 't1', type: 'build' });
  await simulation.settle();
  for (const next of [{}, config]) {
    simulation = await restartAfter(simulation, 1000, { config: next });
    simulation.hub.register({ id: 'a', type: 'dev', run });
    await simulation.settle();
    expect(simulation.hub.task('t1')?.status).toBe('running');
  }
  await expectFoldEqual(simulation);
});

test('another rate takes over the tokens that were left', async () => {
  const before = await simulate({ config: { limits: { deploy: { rate: { count: 4, perMs: 40_000 } } } } });
  before.hub.register({ id: 'a', type: 'dev', run: [] });
  for (let index = 0; index < 3; index++) before.hub.submit({ type: 'deploy' });
  await before.settle();
  const start = before.environment.now();

  const after = await restartAfter(before, 0, { config: { limits: { deploy: { rate: { count: 2, perMs: 1000 } } } } });
  after.hub.register({ id: 'a', type: 'dev', run: [] });
  for (let index = 0; index < 3; index++) after.hub.submit({ type: 'deploy' });
  await after.run();
  const starts = recordsOf(after, 'task.assigned').map(({ at }) => at - start);
  expect(starts.slice(3)).toEqual([0, 500, 1000]);
  await expectFoldEqual(after);
});

test.each([1000, 90_000])(
  'a slower rate keeps a task waiting longer, and not for ever, %d ms after the last (I7, I27)',
  async (downMs) => {
    const limits = (perMs: number) => ({ config: { limits: { deploy: { rate: { count: 1, perMs } } } } });
    const before = await simulate(limits(60_000));
    before.hub.register({ id: 'a', type: 'dev', run: [] });
    const start = before.environment.now();
    before.hub.submit({ type: 'deploy' });
    await before.advance(downMs);

    const after = await restartAfter(before, 0, limits(600_000));
    after.hub.register({ id: 'a', type: 'dev', run: [] });
    after.hub.submit({ type: 'deploy' });
    await after.run();
    expect(recordsOf(after, 'task.assigned').map(({ at }) => at - start)).toEqual([0, 600_000]);
    await expectFoldEqual(after);
  },
);

test('a type that has waited under a slow rate waits no longer than the new one says', async () => {
  const limits = (perMs: number) => ({ config: { limits: { deploy: { rate: { count: 1, perMs } } } } });
  const before = await simulate(limits(600_000));
  before.hub.register({ id: 'a', type: 'dev', run: [] });
  const start = before.environment.now();
  for (let index = 0; index < 2; index++) before.hub.submit({ type: 'deploy' });
  await before.advance(1000);

  const after = await restartAfter(before, 0, limits(60_000));
  after.hub.register({ id: 'a', type: 'dev', run: [] });
  await after.run();
  expect(recordsOf(after, 'task.assigned').map(({ at }) => at - start)).toEqual([0, 60_000]);
  await expectFoldEqual(after);
});
