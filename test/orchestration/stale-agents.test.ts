import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';
import { restartAfter } from '../support/restart.ts';

const hour = 3_600_000;
const config = { staleAgentMs: hour };

test('an idle agent of which nothing was heard for so long is unregistered', async () => {
  const simulation = await simulate({ config });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [] });
  await simulation.advance(hour - 1);
  expect(hub.agents()).toHaveLength(1);
  await simulation.advance(1);
  expect(hub.agents()).toEqual([]);
  expect(recordsOf(simulation, 'agent.unregistered')[0]?.payload).toMatchObject({ reason: 'nothing was heard of it' });
  await expectFoldEqual(simulation);
});

test('any sign of life counts from when it came', async () => {
  const simulation = await simulate({ config });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [] });
  await simulation.advance(hour / 2);
  hub.as('a').heartbeat();
  await simulation.advance(hour - 1);
  expect(hub.agents()).toHaveLength(1);
  await simulation.advance(1);
  expect(hub.agents()).toEqual([]);
  await expectFoldEqual(simulation);
});

test('an agent that has work is kept, however silent, and has its time when the work is done', async () => {
  const simulation = await simulate({ config });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ work: 5 * hour }] });
  hub.submit({ id: 't1', type: 'x' });
  await simulation.advance(5 * hour);
  expect(hub.task('t1')?.status).toBe('completed');
  expect(hub.agents()).toHaveLength(1);
  await simulation.advance(2 * hour);
  expect(hub.agents()).toEqual([]);
  await expectFoldEqual(simulation);
});

test('without the setting nobody is ever stale', async () => {
  const simulation = await simulate();
  simulation.hub.register({ id: 'a', type: 'dev', run: [] });
  await simulation.advance(10_000 * hour);
  expect(simulation.hub.agents()).toHaveLength(1);
});

test('a restart gives everybody their time to show up again, and a setting that is new holds for all', async () => {
  const before = await simulate();
  for (const id of ['a', 'b']) before.hub.register({ id, type: 'dev', run: [] });
  await before.settle();
  const after = await restartAfter(before, 100 * hour, { config });
  await after.advance(hour / 2);
  expect(after.hub.agents()).toHaveLength(2);
  after.hub.register({ id: 'a', type: 'dev', run: [] });
  await after.advance(hour / 2);
  expect(after.hub.agents().map(({ id }) => id)).toEqual(['a']);
  await after.advance(hour);
  expect(after.hub.agents()).toEqual([]);
  await expectFoldEqual(after);
});
