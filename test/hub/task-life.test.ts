import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';

test('a task goes to an idle agent of the asked type, and its result comes back', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'qa-1', type: 'qa', run: [] });
  hub.register({ id: 'backend-1', type: 'backend', run: [{ work: '5m' }, { return: { endpoints: 3 } }] });

  const task = hub.submit({ type: 'implement_api', requirements: { agentType: 'backend' } });
  await simulation.run();

  expect(await task.result).toEqual({
    status: 'completed',
    success: true,
    latencyMs: 300_000,
    quality: null,
    taskId: task.id,
    agentId: 'backend-1',
    attempts: 1,
    durationMs: 300_000,
    result: { endpoints: 3 },
  });
  expect(simulation.records().map(({ type }) => type)).toEqual([
    'hub.started',
    'agent.register',
    'agent.register',
    'task.submit',
    'task.enqueued',
    'task.assigned',
    'task.started',
    'task.result',
    'task.completed',
  ]);
  await expectFoldEqual(simulation);
});
