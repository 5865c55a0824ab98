import { expect, test } from 'vitest';
import { type SimulationOptions, simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { handDriver } from '../support/hand-driver.ts';
import { recordsOf } from '../support/log.ts';
import { refusal, rejection } from '../support/refusals.ts';

/** Agents a and b; b's inbox is full of two messages, and a third one from a is dead. */
async function overfull(config: SimulationOptions['config'] = {}) {
  const simulation = await simulate({ config: { inboxLimit: 2, ...config } });
  const { hub } = simulation;
  for (const id of ['a', 'b']) hub.register({ id, type: 'dev', run: [] });
  for (const body of [1, 2]) await hub.send({ to: 'b', type: 'note', body });
  const outcome = await hub.as('a').send({ to: 'b', type: 'note', body: 3 });
  return { simulation, hub, outcome, letterSeq: outcome.seq };
}

test('a full inbox takes nothing more; what is left over is kept with the reason (I20, I21)', async () => {
  const { simulation, hub, outcome } = await overfull();
  expect(outcome).toEqual({ status: 'rejected', reason: 'inboxFull', seq: outcome.seq });
  expect(hub.inbox('b').map(({ body }) => body)).toEqual([1, 2]);
  expect(hub.deadLetters()).toEqual([
    {
      letterSeq: outcome.seq,
      from: 'a',
      to: 'b',
      messageType: 'message.send',
      payload: { messageType: 'note', body: 3 },
      reason: 'inboxFull',
      at: simulation.environment.now(),
      place: expect.any(Number),
    },
  ]);
  await expectFoldEqual(simulation);
});

test('a dead letter can be sent again, from its first sender, when there is room', async () => {
  const { simulation, hub, letterSeq } = await overfull();
  const b = hub.as('b');
  await b.inbox.next();
  await b.inbox.next();
  expect(await hub.replayDeadLetter(letterSeq)).toMatchObject({ status: 'queued' });
  expect(await b.inbox.next()).toMatchObject({ from: 'a', type: 'note', body: 3 });
  expect(hub.deadLetters()).toEqual([]);
  expect((await rejection(hub.replayDeadLetter(letterSeq))).code).toBe('unknownLetter');
  await expectFoldEqual(simulation);
});

test('what is sent again in the name of an agent that was lost is no sign of life from it', async () => {
  const { simulation, hub, letterSeq } = await overfull();
  hub.unregister('b');
  hub.register({ id: 'b', type: 'other', run: [] });
  hub.reportLost('a', 'its process is gone');
  const task = hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
  await simulation.advance(1000);
  const heardAt = hub.agent('a')?.lastHeardAt;
  expect(await hub.replayDeadLetter(letterSeq)).toMatchObject({ status: 'queued' });
  expect(hub.inbox('b')).toMatchObject([{ from: 'a', type: 'note', body: 3 }]);
  expect(hub.agent('a')).toMatchObject({ state: 'unreachable', lastHeardAt: heardAt });
  expect(hub.task(task.id)?.status).toBe('queued');
  await hub.as('a').send({ to: 'b', type: 'note', body: 4 });
  await simulation.settle();
  expect(hub.task(task.id)?.status).toBe('completed');
  await expectFoldEqual(simulation);
});

test('one that is sent again in vain is dead again', async () => {
  const { simulation, hub, letterSeq } = await overfull();
  const again = await hub.replayDeadLetter(letterSeq);
  expect(again).toMatchObject({ status: 'rejected', reason: 'inboxFull' });
  expect(hub.deadLetters()).toMatchObject([{ letterSeq: again.seq, from: 'a', reason: 'inboxFull' }]);
  expect(await hub.replayDeadLetter(again.seq)).toMatchObject({ status: 'rejected', reason: 'inboxFull' });
  await expectFoldEqual(simulation);
});

test('one whose recipient is gone stays dead', async () => {
  const { simulation, hub, letterSeq } = await overfull();
  hub.unregister('b');
  expect((await rejection(hub.replayDeadLetter(letterSeq))).code).toBe('unknownRecipient');
  expect(hub.deadLetters()).toHaveLength(3);
  await expectFoldEqual(simulation);
});

test('dead letters can be purged, one or all', async () => {
  const { simulation, hub, letterSeq } = await overfull();
  hub.unregister('b');
  expect(hub.purgeDeadLetters(letterSeq)).toBe(1);
  expect(refusal(() => hub.purgeDeadLetters(letterSeq)).code).toBe('unknownLetter');
  expect(hub.deadLetters()).toHaveLength(2);
  expect(hub.purgeDeadLetters()).toBe(2);
  expect(hub.purgeDeadLetters()).toBe(0);
  expect(hub.deadLetters()).toEqual([]);
  await expectFoldEqual(simulation);
});

test('beyond their limit the oldest are purged, with a record each (I20)', async () => {
  const { simulation, hub } = await overfull({ deadLetterLimit: 2 });
  for (const body of [4, 5, 6]) await hub.as('a').send({ to: 'b', type: 'note', body });
  expect(hub.deadLetters().map(({ payload }) => (payload as { body: number }).body)).toEqual([5, 6]);
  expect(recordsOf(simulation, 'deadletter.purge').map(({ from }) => from)).toEqual(['hub', 'hub']);
  await expectFoldEqual(simulation);
});

test('what was about work that is over cannot be sent again', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'a', type: 'dev', run: driver.run });
  const task = hub.submit({ type: 'x' });
  await simulation.settle();
  task.cancel();
  driver.last.finish('too late');
  await simulation.settle();
  const [letter] = hub.deadLetters();
  expect((await rejection(hub.replayDeadLetter(letter?.letterSeq ?? 0))).code).toBe('conflict');
  expect(hub.deadLetters()).toHaveLength(1);
  await expectFoldEqual(simulation);
});

test('progress that comes too late is a dead letter too (K1)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'a', type: 'dev', run: driver.run });
  const task = hub.submit({ type: 'x' });
  await simulation.settle();
  task.cancel();
  driver.last.context.progress(90); // The cancellation is not durable yet, so the signal is silent.
  await simulation.settle();
  expect(hub.deadLetters()).toMatchObject([{ messageType: 'task.progressed', reason: 'staleLease' }]);
  await expectFoldEqual(simulation);
});
