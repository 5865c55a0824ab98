import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byHand } from '../../src/hub/routing.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';
import { refusal } from '../support/refusals.ts';

test('tasks are worked on by priority, and in order of submission within one (Q1, I6)', async () => {
  const priorities = fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(priorities, async (wanted) => {
      const simulation = await simulate();
      const tasks = wanted.map((priority, index) => {
        return simulation.hub.submit({ id: `t${index}`, type: 'x', metadata: { priority } });
      });
      simulation.hub.register({ id: 'a', type: 'dev', run: [{ work: '1m' }] });
      await simulation.run();
      const expected = tasks.map(({ id }, index) => ({ id, index, priority: wanted[index] ?? 0 }));
      expected.sort((a, b) => b.priority - a.priority || a.index - b.index);
      const order = recordsOf(simulation, 'task.completed').map(({ payload }) => payload.taskId);
      expect(order).toEqual(expected.map(({ id }) => id));
      await expectFoldEqual(simulation);
    }),
    { numRuns: 25 },
  );
});

test('the words for priorities: critical before high before normal before low', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  for (const priority of ['low', 'normal', 'critical', 'high'] as const) {
    hub.submit({ id: priority, type: 'x', metadata: { priority } });
  }
  hub.submit({ id: 'unsaid', type: 'x' });
  expect(hub.queue().map(({ id, priority }) => [id, priority])).toEqual([
    ['critical', 10],
    ['high', 8],
    ['normal', 5],
    ['unsaid', 5],
    ['low', 2],
  ]);
  expect(hub.peek()?.id).toBe('critical');
  expect(hub.pendingCount()).toBe(5);
  expect(hub.status().queue).toEqual({ queued: 5, processing: 0, total: 5, next: 'critical' });
  await expectFoldEqual(simulation);
});

test('a task waits for an agent that is all of what it asks', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const requirements = { agentType: 'dev', capabilities: ['sql'], languages: ['rust'] };
  const task = hub.submit({ type: 'x', requirements });
  hub.register({ id: 'other-type', type: 'qa', capabilities: ['sql'], languages: ['rust'], run: [] });
  hub.register({ id: 'less-able', type: 'dev', capabilities: [], languages: ['rust'], run: [] });
  hub.register({ id: 'other-tongue', type: 'dev', capabilities: ['sql'], languages: ['go'], run: [] });
  await simulation.run();
  expect(hub.task(task.id)?.status).toBe('queued');
  hub.register({ id: 'right', type: 'dev', capabilities: ['api', 'sql'], languages: ['go', 'rust'], run: [] });
  await simulation.run();
  expect(await task.result).toMatchObject({ status: 'completed', agentId: 'right' });
  await expectFoldEqual(simulation);
});

test('a task that nobody can do holds up nobody else', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [] });
  const stuck = hub.submit({ type: 'x', metadata: { priority: 'critical' }, requirements: { agentType: 'qa' } });
  const able = hub.submit({ type: 'x', metadata: { priority: 'low' } });
  await simulation.run();
  expect(await able.result).toMatchObject({ status: 'completed' });
  expect(hub.queue().map(({ id }) => id)).toEqual([stuck.id]);
  await expectFoldEqual(simulation);
});

test('tasks go to whoever has been free longest', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  for (const id of ['a', 'b', 'c']) hub.register({ id, type: 'dev', run: [{ work: '1m' }] });
  const agents: (string | null | undefined)[] = [];
  for (let round = 0; round < 6; round++) {
    const task = hub.submit({ type: 'x' });
    await simulation.run();
    agents.push((await task.result).agentId);
  }
  expect(agents).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  await expectFoldEqual(simulation);
});

test('a queued task can be moved up and down', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  for (const id of ['t1', 't2', 't3']) hub.submit({ id, type: 'x' });
  hub.prioritise('t3', 9);
  expect(hub.queue().map(({ id }) => id)).toEqual(['t3', 't1', 't2']);
  hub.prioritise('t1', -1);
  expect(hub.queue().map(({ id }) => id)).toEqual(['t3', 't2', 't1']);
  hub.prioritise('t1', 5);
  expect(hub.queue().map(({ id }) => id)).toEqual(['t3', 't1', 't2']);
  expect(refusal(() => hub.prioritise('nothing', 5)).code).toBe('unknownTask');
  expect(refusal(() => hub.prioritise('t1', 1001)).code).toBe('invalid');
  await expectFoldEqual(simulation);
});

test('the new priority of a task that runs counts when it comes back', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ stall: true }] });
  hub.submit({ id: 'running', type: 'x' });
  hub.submit({ id: 'waiting', type: 'x' });
  await simulation.settle();
  hub.prioritise('running', 1);
  hub.unregister('a');
  expect(hub.queue().map(({ id, priority }) => [id, priority])).toEqual([
    ['waiting', 5],
    ['running', 1],
  ]);
  await expectFoldEqual(simulation);
});

test('a task can be given by hand to a free agent, past the router and the order', async () => {
  const simulation = await simulate({ router: byHand });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ work: '1m' }] });
  hub.register({ id: 'b', type: 'dev', run: [{ work: '1m' }] });
  const first = hub.submit({ type: 'x' });
  const second = hub.submit({ type: 'x' });
  await simulation.run();
  expect(hub.queue()).toHaveLength(2);

  hub.assign(second.id, 'b');
  expect(hub.task(second.id)).toMatchObject({ status: 'assigned', agentId: 'b', attempts: 1 });
  expect(refusal(() => hub.assign(first.id, 'b')).code).toBe('conflict');
  expect(refusal(() => hub.assign(second.id, 'a')).code).toBe('conflict');
  expect(refusal(() => hub.assign('nothing', 'a')).code).toBe('unknownTask');
  expect(refusal(() => hub.assign(first.id, 'nobody')).code).toBe('unknownAgent');
  await simulation.run();
  expect(await second.result).toMatchObject({ status: 'completed', agentId: 'b' });
  expect(refusal(() => hub.assign(second.id, 'a'))).toMatchObject({ code: 'conflict' });
  expect(hub.task(first.id)?.status).toBe('queued');
  await expectFoldEqual(simulation);
});

test('agents can pull: dequeue gives the first task to whoever asks', async () => {
  const simulation = await simulate({ router: byHand });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ work: '1m' }] });
  expect(hub.dequeue('a')).toBeUndefined();
  hub.submit({ id: 'low', type: 'x', metadata: { priority: 'low' } });
  hub.submit({ id: 'high', type: 'x', metadata: { priority: 'high' } });
  expect(hub.dequeue('a')).toMatchObject({ id: 'high', status: 'assigned', agentId: 'a' });
  expect(hub.status().queue).toEqual({ queued: 1, processing: 1, total: 2, next: 'low' });
  expect(refusal(() => hub.dequeue('a')).code).toBe('conflict');
  await simulation.run();
  expect(hub.dequeue('a')?.id).toBe('low');
  await simulation.run();
  expect(hub.tasks().map(({ status }) => status)).toEqual(['completed', 'completed']);
  await expectFoldEqual(simulation);
});

test('who pulls gets the first task that it can do; by hand it can be given any', async () => {
  const simulation = await simulate({ router: byHand });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', taskTypes: ['code'], languages: ['python'], concurrency: 2, run: [] });
  hub.submit({ id: 'rust', type: 'code', requirements: { languages: ['rust'] } });
  hub.submit({ id: 'audit', type: 'audit' });
  hub.submit({ id: 'python', type: 'code', requirements: { languages: ['python'] } });
  expect(hub.dequeue('a')).toMatchObject({ id: 'python', agentId: 'a' });
  expect(hub.dequeue('a')).toBeUndefined();
  hub.assign('audit', 'a');
  expect(hub.task('audit')?.agentId).toBe('a');
  await simulation.run();
  expect(hub.queue().map(({ id }) => id)).toEqual(['rust']);
  await expectFoldEqual(simulation);
});
