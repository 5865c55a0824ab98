/** A task that comes back while its orchestration is paused is neither in the queue nor being worked at (I21, Qu1). */
import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';

test('it does not count as processing, and goes on when the orchestration does', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'dev', type: 'dev', run: [{ work: '1m' }] });
  const plan = {
    title: 'one part',
    subtasks: [
      {
        id: 'part',
        title: 'the part',
        description: 'all of it',
        owner: 'dev',
        minutes: { min: 15, max: 30 },
        tokens: 10,
        files: ['a.ts'],
        successCriteria: 'it is there',
      },
    ],
  };
  hub.orchestrate({ id: 'o', title: 'one part', plan });
  await simulation.advance(1000);
  hub.pauseOrchestration('o');
  hub.reportLost('dev');
  expect(hub.status().queue).toMatchObject({ queued: 0, processing: 0 });
  hub.as('dev').heartbeat();
  await simulation.advance(1000);
  hub.resumeOrchestration('o');
  expect(hub.status().queue).toMatchObject({ queued: 0, processing: 1 });
  await simulation.run();
  expect(hub.report('o').status).toBe('completed');
  await expectFoldEqual(simulation);
});
