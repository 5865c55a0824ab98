import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';

const requirements = { agentType: 'qa', languages: ['ts'], capabilities: ['api'], specialisations: ['oauth'] };

test('a task that nobody can do waits, unless asked otherwise, and is done when somebody comes', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [] });
  const task = hub.submit({ type: 'x', requirements: { agentType: 'qa' } });
  await simulation.run();
  expect(hub.task(task.id)?.status).toBe('queued');
  hub.register({ id: 'b', type: 'qa', run: [] });
  await simulation.run();
  expect(await task.result).toMatchObject({ success: true, agentId: 'b' });
  await expectFoldEqual(simulation);
});

test('asked to fail, it fails at once and says what there is nobody for', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'qa', languages: ['ts'], run: [] });
  const task = hub.submit({ type: 'x', requirements, metadata: { ifNoAgent: 'fail' } });
  await simulation.settle();
  expect(await task.result).toMatchObject({
    success: false,
    attempts: 0,
    agentId: null,
    error: { code: 'noAgent', message: 'no registered agent can do it: qa for x with api, ts, oauth' },
  });
  expect(recordsOf(simulation, 'task.enqueued')).toEqual([]);
  await expectFoldEqual(simulation);
});

test('asked to fail, it still waits for somebody who is only busy, paused or gone for a while', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ return: 1 }] });
  hub.reportLost('a');
  const task = hub.submit({ type: 'x', metadata: { ifNoAgent: 'fail' } });
  await simulation.settle();
  expect(hub.task(task.id)?.status).toBe('queued');
  hub.register({ id: 'a', type: 'dev', run: [{ return: 2 }] });
  await simulation.run();
  expect(await task.result).toMatchObject({ success: true, result: 2 });
  await expectFoldEqual(simulation);
});

test('a task for anybody names its type when there is nobody', async () => {
  const simulation = await simulate();
  const { result } = simulation.hub.submit({ type: 'x', metadata: { ifNoAgent: 'fail' } });
  expect(await result).toMatchObject({ error: { message: 'no registered agent can do it: any agent for x' } });
});
