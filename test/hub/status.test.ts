import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { handDriver } from '../support/hand-driver.ts';

test('the status is the whole picture', async () => {
  const simulation = await simulate({ project: 'auth' });
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'dev', type: 'dev', run: driver.run });
  hub.register({ id: 'qa', type: 'qa', run: [{ fail: 'broken' }] });
  hub.submit({ id: 'running', type: 'x', requirements: { agentType: 'dev' } });
  hub.submit({ id: 'failed', type: 'x', metadata: { maxAttempts: 1 }, requirements: { agentType: 'qa' } });
  hub.submit({ id: 'next', type: 'x', requirements: { agentType: 'dev' } });
  hub.submit({ id: 'later', type: 'x', metadata: { priority: 'low' }, requirements: { agentType: 'dev' } });
  hub.submit({ id: 'cancelled', type: 'x' }).cancel();
  hub.escalate('well?');
  await simulation.settle();
  void driver.last.context.consult('expert', 'how?');
  driver.last.context.progress(40, 'nearly half');
  await simulation.settle();
  hub.updateProject({ phase: 'build' });

  const status = hub.status();
  expect(status).toMatchObject({
    project: 'auth',
    state: 'running',
    queue: { queued: 2, processing: 1, total: 3, next: 'next' },
    tasks: { pending: 0, queued: 2, assigned: 0, running: 1, completed: 0, failed: 1, cancelled: 1 },
    consultations: 1,
    gates: 1,
    deadLetters: 0,
    projectState: { phase: 'build', progress: 0.4 },
  });
  expect(status.agents.map(({ id, state, currentTask }) => [id, state, currentTask])).toEqual([
    ['dev', 'active.waiting', 'running'],
    ['qa', 'idle', null],
  ]);
  await simulation.settle();
  expect(status.seq).toBe(simulation.records().length);
  expect(hub.task('running')).toMatchObject({
    state: 'running.consulting',
    progress: { percent: 40, note: 'nearly half' },
    waitsFor: [hub.consultations()[0]?.id],
  });
  expect(JSON.parse(JSON.stringify(status))).toEqual(status);
  await expectFoldEqual(simulation);
});

test('what is shown is a copy: nobody can change the hub with it', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'dev', type: 'dev', run: [] });
  await hub.send({ to: 'dev', type: 'note' });
  (hub.inbox('dev') as unknown[]).pop();
  (hub.agents() as unknown[]).pop();
  Object.assign(hub.agent('dev') ?? {}, { status: 'stopped' });
  Object.assign(hub.status().queue, { queued: 99 });
  expect(hub.inbox('dev')).toHaveLength(1);
  expect(hub.agent('dev')?.status).toBe('idle');
  expect(hub.status().queue.queued).toBe(0);
  await expectFoldEqual(simulation);
});

test('finished tasks are remembered up to a bound, and then forgotten with their gates (F2, I26)', async () => {
  const simulation = await simulate({ config: { keepFinished: 3 } });
  const { hub } = simulation;
  hub.register({
    id: 'dev',
    type: 'dev',
    run: [{ escalate: { reason: 'r', ladder: [{ after: 1, action: 'approve' }] } }],
  });
  for (let index = 0; index < 10; index++) hub.submit({ id: `t${index}`, type: 'x' });
  await simulation.run();
  expect(hub.tasks().map(({ id }) => id)).toEqual(['t7', 't8', 't9']);
  expect(Object.keys(hub.picture().closedGates)).toHaveLength(3);
  expect(hub.task('t0')).toBeUndefined();
  expect(hub.status().tasks.completed).toBe(10);
  await expectFoldEqual(simulation);
});
