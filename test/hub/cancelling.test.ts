import { describe, expect, test } from 'vitest';
import type { AgentContext } from '../../src/actors/driver.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { handDriver } from '../support/hand-driver.ts';
import { recordsOf } from '../support/log.ts';
import { refusal, rejection } from '../support/refusals.ts';

test('a queued task is cancelled and leaves the queue', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const task = hub.submit({ type: 'x' });
  expect(task.cancel('not needed')).toBe(true);
  expect(await task.result).toEqual({
    status: 'cancelled',
    success: false,
    latencyMs: null,
    quality: null,
    taskId: task.id,
    agentId: null,
    attempts: 0,
    durationMs: 0,
    reason: 'not needed',
  });
  expect(hub.pendingCount()).toBe(0);
  expect(hub.task(task.id)).toMatchObject({ status: 'cancelled', reason: 'not needed' });
  await expectFoldEqual(simulation);
});

test('a cancellation reaches the AbortSignal of the driver, and the agent is free', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'a', type: 'dev', run: driver.run });
  const task = hub.submit({ type: 'x' });
  await simulation.settle();
  const { context } = driver.last;
  hub.cancel(task.id, 'changed our mind');
  expect(hub.agent('a')?.status).toBe('idle');
  await simulation.settle();
  expect(context.signal.aborted).toBe(true);
  expect(context.signal.reason).toMatchObject({ code: 'conflict' });
  expect(await task.result).toMatchObject({ status: 'cancelled', agentId: 'a', attempts: 1 });
  await expectFoldEqual(simulation);
});

test('after it was called off, every call of the driver is refused', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'a', type: 'dev', run: driver.run });
  const task = hub.submit({ type: 'x' });
  await simulation.settle();
  const { context } = driver.last;
  task.cancel();
  await simulation.settle();
  const records = simulation.records().length;
  const calls: ((context: AgentContext) => unknown)[] = [
    (can) => can.progress(5),
    (can) => can.heartbeat(),
    (can) => can.escalate('help'),
    (can) => can.send({ to: 'hub', type: 'note' }),
    (can) => can.consult('dev', 'why?'),
    (can) => can.sleep(5),
    (can) => can.inbox.next(),
  ];
  for (const call of calls) {
    expect((await rejection(Promise.resolve().then(() => call(context)))).message).toContain('called off');
  }
  expect(simulation.records()).toHaveLength(records);
});

test('what a driver opens between the cancellation and its being durable is refused as well', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const [driver, specialist] = [handDriver(), handDriver()];
  hub.register({ id: 'a', type: 'dev', run: driver.run });
  hub.register({
    id: 'e',
    type: 'expert',
    run: [],
    answer: (_question, context) => specialist.run({} as never, context as never),
  });
  const task = hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
  await simulation.settle();
  void driver.last.context.consult('expert', 'how?');
  await simulation.settle();
  task.cancel();
  expect(driver.last.context.signal.aborted).toBe(false);
  expect(refusal(() => driver.last.context.escalate('may I?')).code).toBe('conflict');
  expect((await rejection(driver.last.context.consult('expert', 'how?'))).code).toBe('conflict');
  expect((await rejection(specialist.last.context.consult('dev', 'and you?'))).message).toContain('called off');
  await simulation.settle();
  expect([hub.gates(), hub.consultations()]).toEqual([[], []]);
  await expectFoldEqual(simulation);
});

test('a result that comes too late is a dead letter, and the outcome stands (I3, I17)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'a', type: 'dev', run: driver.run });
  const task = hub.submit({ type: 'x' });
  await simulation.settle();
  task.cancel('too slow');
  driver.last.finish('here it is');
  await simulation.settle();
  expect(await task.result).toMatchObject({ status: 'cancelled' });
  expect(hub.deadLetters()).toMatchObject([
    { from: 'a', messageType: 'task.result', reason: 'staleLease', payload: { taskId: task.id, result: 'here it is' } },
  ]);
  expect(recordsOf(simulation, 'task.completed')).toEqual([]);
  await expectFoldEqual(simulation);
});

test('a driver that fails because it was called off says nothing more', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: async (_task, context) => context.sleep(60_000) });
  const task = hub.submit({ type: 'x' });
  await simulation.settle();
  task.cancel();
  await simulation.run();
  expect(hub.deadLetters()).toEqual([]);
  expect(recordsOf(simulation, 'task.error')).toEqual([]);
  await expectFoldEqual(simulation);
});

test('everything that the task had open ends before it (K2)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const specialist = { aborted: false };
  hub.register({
    id: 'expert',
    type: 'expert',
    run: [],
    answer: async (_question, { signal, sleep }) => {
      await sleep(3_600_000).finally(() => {
        specialist.aborted = signal.aborted;
      });
    },
  });
  hub.register({
    id: 'dev',
    type: 'dev',
    run: [
      { escalate: { reason: 'one', wait: false } },
      { escalate: { reason: 'two', wait: false } },
      { consult: { type: 'expert', question: 'how?' } },
    ],
  });
  const task = hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
  await simulation.settle();
  expect(hub.task(task.id)).toMatchObject({ state: 'running.awaitingHuman' });
  expect(hub.task(task.id)?.waitsFor).toHaveLength(3);
  expect(hub.agent('expert')?.state).toBe('active.answering');

  task.cancel('never mind');
  await simulation.settle();
  expect(specialist.aborted).toBe(true);
  expect([hub.gates(), hub.consultations()]).toEqual([[], []]);
  expect(hub.agents().map(({ status }) => status)).toEqual(['idle', 'idle']);
  const last = simulation.records().slice(-5);
  expect(last.map(({ type }) => type)).toEqual([
    'task.cancel',
    'consultation.cancelled',
    'gate.cancelled',
    'gate.cancelled',
    'task.cancelled',
  ]);
  await expectFoldEqual(simulation);
});

describe('a task that is over', () => {
  test('cannot be cancelled', async () => {
    const simulation = await simulate();
    const { hub } = simulation;
    hub.register({ id: 'a', type: 'dev', run: [] });
    const task = hub.submit({ type: 'x' });
    await simulation.run();
    expect(task.cancel()).toBe(false);
    expect(refusal(() => hub.cancel(task.id))).toMatchObject({ code: 'conflict', path: 'taskId' });
    expect(refusal(() => hub.cancel('nothing')).code).toBe('unknownTask');
    expect(await task.result).toMatchObject({ status: 'completed' });
    await expectFoldEqual(simulation);
  });
});
