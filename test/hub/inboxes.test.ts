import { describe, expect, test } from 'vitest';
import type { InboxMessage } from '../../src/actors/driver.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { handDriver } from '../support/hand-driver.ts';
import { recordsOf } from '../support/log.ts';
import { rejection } from '../support/refusals.ts';

async function pair() {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [] });
  hub.register({ id: 'b', type: 'dev', run: [] });
  return { simulation, hub, a: hub.as('a'), b: hub.as('b') };
}

test('a message goes from agent to agent, through the log, with its sender (I8)', async () => {
  const { simulation, hub, a, b } = await pair();
  const sent = await a.send({ to: 'b', type: 'greeting', body: { hello: 'b' } });
  const [record] = recordsOf(simulation, 'message.send');
  expect(record).toMatchObject({ from: 'a', to: 'b', payload: { messageType: 'greeting', body: { hello: 'b' } } });
  expect(sent).toEqual({ status: 'queued', seq: record?.seq });
  expect(hub.agent('b')?.inbox).toBe(1);
  expect(await b.inbox.next()).toEqual({
    seq: record?.seq,
    at: record?.at,
    from: 'a',
    type: 'greeting',
    body: { hello: 'b' },
  });
  await expectFoldEqual(simulation);
});

test('a message is delivered at once to who waits for it', async () => {
  const { simulation, a, b } = await pair();
  const next = b.inbox.next();
  expect(await a.send({ to: 'b', type: 'note' })).toMatchObject({ status: 'delivered' });
  expect(await next).toMatchObject({ from: 'a', body: null });
  await expectFoldEqual(simulation);
});

test('nothing is handed out before it is durable (M3, I5)', async () => {
  const { simulation, hub, b } = await pair();
  void hub.send({ to: 'b', type: 'note' });
  expect(hub.inbox('b')).toHaveLength(1);
  expect(b.inbox.peek()).toEqual([]);
  await simulation.settle();
  expect(b.inbox.peek()).toHaveLength(1);
});

test('messages of one sender arrive in the order in which they were sent (I9)', async () => {
  const { simulation, hub, a, b } = await pair();
  const [fromA, fromHub] = [
    [0, 1, 2, 3],
    [10, 11, 12],
  ];
  for (const body of fromA) void a.send({ to: 'b', type: 'note', body });
  for (const body of fromHub) void hub.send({ to: 'b', type: 'note', body });
  await simulation.settle();
  const read: InboxMessage[] = [];
  for await (const message of b.inbox) if (read.push(message) === 7) break;
  expect(read.filter(({ from }) => from === 'a').map(({ body }) => body)).toEqual(fromA);
  expect(read.filter(({ from }) => from === 'hub').map(({ body }) => body)).toEqual(fromHub);
  expect(read.map(({ seq }) => seq)).toEqual(read.map(({ seq }) => seq).sort((x, y) => x - y));
  await expectFoldEqual(simulation);
});

test('the hub speaks to an agent, and an agent to the hub', async () => {
  const { simulation, hub, a } = await pair();
  expect(await hub.send({ to: 'a', type: 'order', body: 1 })).toMatchObject({ status: 'queued' });
  expect(hub.inbox('a')).toMatchObject([{ from: 'hub', type: 'order', body: 1 }]);
  const heard: unknown[] = [];
  hub.on('message.send', (record) => heard.push([record.from, record.to, record.payload.body]));
  expect(await a.send({ to: 'hub', type: 'report', body: 2 })).toMatchObject({ status: 'queued' });
  expect(heard).toEqual([['a', 'hub', 2]]);
  expect(hub.deadLetters()).toEqual([]);
  await expectFoldEqual(simulation);
});

test('who speaks for an agent goes on when that is registered anew, and not in between (M3)', async () => {
  const { simulation, hub, a, b } = await pair();
  const waits = a.inbox.next();
  hub.unregister('a');
  expect(await rejection(waits)).toMatchObject({ code: 'unknownAgent' });
  expect(await rejection(a.inbox.next())).toMatchObject({ code: 'unknownAgent' });
  expect(a.inbox.peek()).toEqual([]);
  hub.register({ id: 'a', type: 'dev', run: [] });
  await simulation.settle();
  const next = a.inbox.next();
  expect(await b.send({ to: 'a', type: 'note', body: 'hello' })).toMatchObject({ status: 'delivered' });
  expect(await next).toMatchObject({ from: 'b', body: 'hello' });
  await b.send({ to: 'a', type: 'note', body: 'again' });
  expect(await a.inbox.next()).toMatchObject({ body: 'again' });
  expect(hub.agent('a')?.inbox).toBe(1);
  await expectFoldEqual(simulation);
});

test('a recipient has to exist', async () => {
  const { simulation, hub, a } = await pair();
  expect(await rejection(a.send({ to: 'nobody', type: 'note' }))).toMatchObject({
    code: 'unknownRecipient',
    path: 'to',
  });
  expect(await rejection(hub.send({ to: 'nobody', type: 'note' }))).toMatchObject({ code: 'unknownRecipient' });
  expect(await rejection(a.send({ to: 'client', type: 'note' }))).toMatchObject({ code: 'unknownRecipient' });
  await simulation.settle();
  expect(recordsOf(simulation, 'message.send')).toEqual([]);
});

test('a message has to be JSON with a type', async () => {
  const { simulation, a } = await pair();
  expect((await rejection(a.send({ to: 'b', type: 'note', body: () => 1 }))).code).toBe('notJson');
  expect((await rejection(a.send({ to: 'b', type: '' }))).code).toBe('invalid');
  expect((await rejection(a.send({ to: 'b', type: 'note', body: 'x'.repeat(300_000) }))).code).toBe('tooLarge');
  await simulation.settle();
  expect(recordsOf(simulation, 'message.send')).toEqual([]);
});

test('a message waits for an agent that is busy, paused or lost', async () => {
  const { simulation, hub, b } = await pair();
  hub.pauseAgent('b');
  expect(await hub.send({ to: 'b', type: 'note' })).toMatchObject({ status: 'queued' });
  hub.resumeAgent('b');
  expect(await b.inbox.next()).toMatchObject({ type: 'note' });
  await expectFoldEqual(simulation);
});

describe('acknowledgement (M1, M3)', () => {
  test('a message leaves the inbox when the next one is asked for', async () => {
    const { simulation, hub, b } = await pair();
    for (const body of [1, 2]) await hub.send({ to: 'b', type: 'note', body });
    await b.inbox.next();
    expect(hub.inbox('b').map(({ body }) => body)).toEqual([1, 2]);
    expect(b.inbox.peek().map(({ body }) => body)).toEqual([2]);
    await b.inbox.next();
    expect(hub.inbox('b').map(({ body }) => body)).toEqual([2]);
    await expectFoldEqual(simulation);
    expect(recordsOf(simulation, 'message.acknowledge')).toMatchObject([{ from: 'b' }]);
  });

  test('all that were taken side by side are acknowledged', async () => {
    const { simulation, hub, b } = await pair();
    const both = Promise.all([b.inbox.next(), b.inbox.next()]);
    for (const body of [1, 2, 3]) await hub.send({ to: 'b', type: 'note', body });
    expect((await both).map(({ body }) => body)).toEqual([1, 2]);
    expect((await b.inbox.next()).body).toBe(3);
    expect(hub.inbox('b').map(({ body }) => body)).toEqual([3]);
    await expectFoldEqual(simulation);
  });

  test('the last one is acknowledged when the work is done', async () => {
    const { simulation, hub } = await pair();
    const driver = handDriver();
    hub.register({ id: 'c', type: 'reader', run: driver.run });
    hub.submit({ type: 'x', requirements: { agentType: 'reader' } });
    await hub.send({ to: 'c', type: 'note' });
    await driver.last.context.inbox.next();
    expect(hub.inbox('c')).toHaveLength(1);
    driver.last.finish();
    await simulation.settle();
    expect(hub.inbox('c')).toEqual([]);
    await expectFoldEqual(simulation);
  });

  test('it goes back when the work fails, and is handed out again', async () => {
    const { simulation, hub } = await pair();
    const driver = handDriver();
    hub.register({ id: 'c', type: 'reader', run: driver.run });
    for (let count = 0; count < 3; count++) hub.submit({ type: 'x', requirements: { agentType: 'reader' } });
    await hub.send({ to: 'c', type: 'note', body: 'precious' });
    expect(await driver.last.context.inbox.next()).toMatchObject({ body: 'precious' });
    driver.last.fail(new Error('dropped it'));
    await simulation.settle();
    expect(await driver.last.context.inbox.next()).toMatchObject({ body: 'precious' });
    hub.cancel(driver.last.task.id);
    driver.last.fail(new Error('called off'));
    await simulation.settle();
    expect(driver.calls).toHaveLength(3);
    expect(await driver.last.context.inbox.next()).toMatchObject({ body: 'precious' });
    await expectFoldEqual(simulation);
  });

  test('a driver that is done takes no more, even if it had asked', async () => {
    const { simulation, hub } = await pair();
    const driver = handDriver();
    hub.register({ id: 'c', type: 'reader', run: driver.run });
    for (let count = 0; count < 2; count++) hub.submit({ type: 'x', requirements: { agentType: 'reader' } });
    await simulation.settle();
    const unheard = rejection(driver.last.context.inbox.next());
    driver.last.finish();
    await simulation.settle();
    await hub.send({ to: 'c', type: 'note', body: 'for the second' });
    expect(await driver.last.context.inbox.next()).toMatchObject({ body: 'for the second' });
    expect((await unheard).message).toBe('the work is done');
    await expectFoldEqual(simulation);
  });
});
