/** A hub that is paused gives out no work, not by hand either (I10, H1). */
import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { refusal } from '../support/refusals.ts';

test('nothing is assigned or pulled while the hub is paused', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'dev', type: 'dev', run: [] });
  hub.pause();
  hub.submit({ id: 't', type: 'x' });
  expect(refusal(() => hub.assign('t', 'dev')).code).toBe('conflict');
  expect(refusal(() => hub.dequeue('dev')).code).toBe('conflict');
  await simulation.run();
  expect(hub.task('t')?.status).toBe('queued');
  hub.resume();
  await simulation.run();
  expect(hub.task('t')?.status).toBe('completed');
  await expectFoldEqual(simulation);
});
