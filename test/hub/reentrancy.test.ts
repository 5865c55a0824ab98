import { expect, test } from 'vitest';
import type { TaskHandle } from '../../src/hub/task-commands.ts';
import type { HubError } from '../../src/index.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf, typesOf } from '../support/log.ts';
import { refusal, rejection } from '../support/refusals.ts';

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
    said.push(hub.submit({ id: 'taken', type: 'y' }), hub.submit({ type: 'x' }));
    hub.cancel('nothing');
  });
  hub.pause();
  await simulation.settle();
  const [duplicate, first] = said as [TaskHandle, TaskHandle];
  expect((await rejection(duplicate.accepted)).code).toBe('duplicate');
  await first.accepted;
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

test('the same key and body twice in the middle of a turn is the same task, for whoever speaks; another body is a conflict (I4)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const given = { type: 'x', payload: 1, idempotencyKey: 'k' };
  const said: TaskHandle[] = [];
  const refused: HubError[] = [];
  const subscription = hub.actor.subscribe(() => {
    subscription.unsubscribe();
    said.push(hub.submit(given), hub.submit(given), hub.operator('ann').submit(given));
    refused.push(refusal(() => hub.submit({ ...given, payload: 2 })));
    refused.push(refusal(() => hub.submit({ ...given, id: 'another' })));
  });
  hub.pause();
  said.push(hub.submit(given));
  await Promise.all(said.map(({ accepted }) => accepted));
  const [first] = recordsOf(simulation, 'task.submit');
  expect(recordsOf(simulation, 'task.submit')).toHaveLength(1);
  expect(said.map(({ id }) => id)).toEqual(Array(4).fill(first?.payload.taskId));
  expect(refused).toMatchObject(Array(2).fill({ code: 'conflict', path: 'idempotencyKey' }));
  said[1]?.cancel('enough');
  const outcomes = await Promise.all(said.map(({ result }) => result));
  expect(outcomes).toMatchObject(Array(4).fill({ taskId: said[0]?.id, status: 'cancelled', reason: 'enough' }));
  await expectFoldEqual(simulation);
});

test('what is refused when its turn comes is refused for all who said the same, and its key is free (I4)', async () => {
  const simulation = await simulate({ config: { maxQueued: 1 } });
  const { hub } = simulation;
  const given = { type: 'x', idempotencyKey: 'k' };
  const said: TaskHandle[] = [];
  hub.submit({ id: 'first', type: 'x' });
  const subscription = hub.actor.subscribe(() => {
    subscription.unsubscribe();
    said.push(hub.submit(given), hub.submit(given));
  });
  hub.pause();
  for (const { accepted, result } of said) {
    expect((await rejection(accepted)).code).toBe('busy');
    expect((await rejection(result)).code).toBe('busy');
  }
  hub.cancel('first');
  expect(hub.task(hub.submit(given).id)?.status).toBe('queued');
  await expectFoldEqual(simulation);
});
