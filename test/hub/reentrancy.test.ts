import { expect, test } from 'vitest';
import type { TaskHandle } from '../../src/hub/task-commands.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf, typesOf } from '../support/log.ts';
import { rejection } from '../support/refusals.ts';

test('what a subscriber says in the middle of a turn waits until the turn is over (Z1)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const said: TaskHandle[] = [];
  hub.actor.subscribe(({ context }) => {
    if (context.seq === 2) said.push(hub.submit({ id: 'inner', type: 'x' }));
  });
  const outer = hub.submit({ id: 'outer', type: 'x' });
  await simulation.settle();
  expect(recordsOf(simulation, 'task.submit').map(({ payload, seq }) => [payload.taskId, seq])).toEqual([
    ['outer', 2],
    ['inner', 4],
  ]);
  expect(typesOf(simulation)).toEqual(['hub.started', 'task.submit', 'task.enqueued', 'task.submit', 'task.enqueued']);
  await said[0]?.accepted;
  hub.register({ id: 'dev', type: 'dev', run: [] });
  await simulation.run();
  expect(await outer.result).toMatchObject({ status: 'completed' });
  expect(await said[0]?.result).toMatchObject({ status: 'completed', taskId: 'inner' });
  await expectFoldEqual(simulation);
});

test('a subscriber to a task can follow it up', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'dev', type: 'dev', run: [] });
  const first = hub.submit({ id: 'first', type: 'x' });
  first.actor?.subscribe({ complete: () => hub.submit({ id: 'second', type: 'x' }) });
  await simulation.run();
  expect(hub.tasks().map(({ id, status }) => [id, status])).toEqual([
    ['first', 'completed'],
    ['second', 'completed'],
  ]);
  await expectFoldEqual(simulation);
});

test('an agent registered in the middle of a turn is there when the turn is over', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const views: unknown[] = [];
  const subscription = hub.actor.subscribe(() => {
    subscription.unsubscribe();
    views.push(hub.register({ id: 'dev', type: 'dev', capabilities: ['api'], run: [] }));
  });
  hub.pause();
  expect(views).toEqual([hub.agent('dev')]);
  expect(hub.agent('dev')).toMatchObject({ status: 'idle', capabilities: ['api'] });
  await expectFoldEqual(simulation);
});

test('a command that is refused in the middle of a turn rejects its promises and changes nothing', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.submit({ id: 'taken', type: 'x' });
  const said: TaskHandle[] = [];
  const subscription = hub.actor.subscribe(() => {
    subscription.unsubscribe();
    const key = { type: 'x', idempotencyKey: 'k' };
    said.push(hub.submit({ id: 'taken', type: 'y' }), hub.submit(key), hub.submit(key));
    hub.cancel('nothing');
  });
  hub.pause();
  await simulation.settle();
  const [duplicate, first, second] = said as [TaskHandle, TaskHandle, TaskHandle];
  expect((await rejection(duplicate.accepted)).code).toBe('duplicate');
  await first.accepted;
  expect((await rejection(second.accepted)).code).toBe('conflict');
  expect((await rejection(second.result)).code).toBe('conflict');
  expect(hub.tasks().map(({ id }) => id)).toEqual(['taken', first.id]);
  await expectFoldEqual(simulation);
});

test('a subscriber that stops the hub in the middle of a turn stops it behind that turn', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const subscription = hub.actor.subscribe(() => {
    subscription.unsubscribe();
    void hub.stop('enough');
  });
  const task = hub.submit({ type: 'x' });
  await hub.stopped;
  expect(typesOf(simulation)).toEqual(['hub.started', 'task.submit', 'task.enqueued', 'hub.stop', 'hub.stopped']);
  await task.accepted;
  expect((await rejection(task.result)).code).toBe('stopped');
  await expectFoldEqual(simulation);
});

test('an abort listener that commands the hub is no turn within a turn (Z1)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({
    id: 'dev',
    type: 'dev',
    run: (_task, { signal }) =>
      new Promise(() => {
        signal.addEventListener('abort', () => hub.submit({ id: 'cleanup', type: 'x' }));
      }),
  });
  const task = hub.submit({ type: 'x' });
  await simulation.settle();
  task.cancel();
  await simulation.settle();
  expect(hub.task('cleanup')?.status).toBe('running');
  await expectFoldEqual(simulation);
});
