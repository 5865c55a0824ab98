import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { handDriver } from '../support/hand-driver.ts';
import { recordsOf } from '../support/log.ts';
import { rejection } from '../support/refusals.ts';

test('its task goes back to where it stood in the queue, under a new lease (Q2, I18)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'a1', type: 'dev', run: driver.run });
  const first = hub.submit({ type: 'first' });
  const second = hub.submit({ type: 'second' });
  const third = hub.submit({ type: 'third' });
  await simulation.settle();
  expect(hub.queue().map(({ id }) => id)).toEqual([second.id, third.id]);

  hub.unregister('a1', 'laid off');
  await simulation.settle();
  expect(driver.last.context.signal.aborted).toBe(true);
  expect(hub.queue().map(({ id }) => id)).toEqual([first.id, second.id, third.id]);
  expect(hub.task(first.id)).toMatchObject({ status: 'queued', agentId: null, attempts: 1 });
  expect(recordsOf(simulation, 'task.returned')).toMatchObject([{ payload: { taskId: first.id, reason: 'laid off' } }]);

  hub.register({ id: 'a2', type: 'dev', run: [{ return: 'done' }] });
  await simulation.run();
  expect(await first.result).toMatchObject({ status: 'completed', agentId: 'a2', attempts: 2 });
  const order = recordsOf(simulation, 'task.completed').map(({ payload }) => payload.taskId);
  expect(order).toEqual([first.id, second.id, third.id]);
  await expectFoldEqual(simulation);
});

test('what it asked and the gates that it opened end with the reason', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({
    id: 'dev',
    type: 'dev',
    run: [{ escalate: { reason: 'which way?', wait: false } }, { consult: { type: 'expert', question: 'how?' } }],
  });
  const task = hub.submit({ type: 'x' });
  await simulation.run();
  expect([hub.gates().length, hub.consultations().length]).toEqual([1, 1]);

  hub.unregister('dev', 'gone home');
  await simulation.run();
  expect([hub.gates().length, hub.consultations().length]).toEqual([0, 0]);
  expect(recordsOf(simulation, 'gate.cancelled')).toMatchObject([{ payload: { reason: 'gone home' } }]);
  expect(recordsOf(simulation, 'consultation.cancelled')).toMatchObject([{ payload: { reason: 'gone home' } }]);
  expect(hub.task(task.id)?.status).toBe('queued');
  await expectFoldEqual(simulation);
});

test('a gate that holds an agent without a task is cancelled with it', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'dev', type: 'dev', run: [] });
  const gate = hub.escalate('is it still needed?', null, { agentId: 'dev' });
  hub.unregister('dev', 'no');
  await simulation.settle();
  expect(await gate.outcome).toEqual({ status: 'cancelled', reason: 'no' });
  await expectFoldEqual(simulation);
});

test('its unread messages become dead letters (I21)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'dev', type: 'dev', run: [] });
  await hub.send({ to: 'dev', type: 'note', body: 1 });
  await hub.send({ to: 'dev', type: 'note', body: 2 });
  hub.unregister('dev');
  await simulation.settle();
  expect(hub.deadLetters()).toMatchObject([
    { from: 'hub', to: 'dev', reason: 'recipientGone', payload: { messageType: 'note', body: 1 } },
    { from: 'hub', to: 'dev', reason: 'recipientGone', payload: { messageType: 'note', body: 2 } },
  ]);
  await expectFoldEqual(simulation);
});

test('who waits for its messages hears that it is gone', async () => {
  const { hub, settle } = await simulate();
  hub.register({ id: 'dev', type: 'dev', run: [] });
  const next = hub.as('dev').inbox.next();
  hub.unregister('dev');
  await settle();
  expect((await rejection(next)).code).toBe('unknownAgent');
});

test('whoever still speaks for it is not heard (I2)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'dev', type: 'dev', run: [] });
  hub.register({ id: 'qa', type: 'qa', run: [] });
  const dev = hub.as('dev');
  hub.unregister('dev');
  expect((await rejection(dev.send({ to: 'qa', type: 'note' }))).code).toBe('unknownAgent');
  expect((await rejection(dev.consult('qa', 'hello?'))).code).toBe('unknownAgent');
  await expectFoldEqual(simulation);
  expect(hub.inbox('qa')).toEqual([]);
});

test('its id is free again', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'dev', type: 'dev', run: [] });
  hub.unregister('dev');
  expect(hub.agent('dev')).toBeUndefined();
  hub.register({ id: 'dev', type: 'qa', run: [] });
  expect(hub.agent('dev')).toMatchObject({ type: 'qa', status: 'idle', inbox: 0 });
  await expectFoldEqual(simulation);
});

test('who comes back at once, under the same id, is driven by the new driver and not by the old one', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const register = (result: string) => hub.register({ id: 'dev', type: 'dev', run: [{ return: result }] });
  register('old');
  const first = hub.submit({ type: 'x' });
  hub.unregister('dev');
  register('new');
  hub.unregister('dev');
  register('newest');
  await simulation.run();
  expect(await first.result).toMatchObject({ status: 'completed', result: 'newest' });
  await expectFoldEqual(simulation);
});
