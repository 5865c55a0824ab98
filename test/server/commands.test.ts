import { expect, test } from 'vitest';
import type { OperatorCommand } from '../../src/line/commands.ts';
import { rejection } from '../support/refusals.ts';
import { attach, attachMessage, call, logOf, servedHub } from '../support/served-hub.ts';

test('what a person does is done, and stands in the log with the name (Oc2)', async () => {
  await using served = await servedHub();
  const { hub, server } = served;
  hub.register({ id: 'dev', type: 'dev', run: () => new Promise(() => {}) });
  const gate = hub.escalate('go on?', { rows: 3 });
  const { contentHash = '' } = hub.gates()[0] ?? {};
  using ann = attach(server);
  await ann.line.attached;
  const act = (name: string, ...args: OperatorCommand['args']) => ann.line.command({ name, args, as: 'ann' });

  expect(await act('decideGate', gate.id, { decision: 'approve', by: 'ann', reason: 'fine', contentHash })).toBeNull();
  expect(await gate.outcome).toMatchObject({ status: 'approved', by: 'ann', reason: 'fine' });
  const { id } = (await act('submit', { type: 'x' })) as { id: string };
  await act('cancel', id, 'not needed');
  const again = (await act('resubmit', id)) as { id: string };
  await act('pauseAgent', 'dev', 'lunch');
  await act('resumeAgent', 'dev');
  expect(await act('send', { to: 'dev', type: 'note', body: { n: 1 } })).toMatchObject({ status: 'queued' });
  await act('pause');
  await act('resume');

  expect(hub.task(id)).toMatchObject({ status: 'cancelled', reason: 'not needed' });
  expect(hub.task(again.id)?.status).toBe('running');
  const done = (await logOf(hub)).filter(({ from }) => from === 'client:ann').map(({ type }) => type);
  expect(done).toEqual([
    ...['gate.decide', 'task.submit', 'task.cancel', 'task.submit', 'agent.pause', 'agent.resume'],
    ...['message.send', 'hub.pause', 'hub.resume'],
  ]);
});

test.each<[string, OperatorCommand, object]>([
  ['what is no command', { name: 'stop', args: [] }, { code: 'forbidden', path: 'name' }],
  ['what every object has', { name: 'constructor', args: [] }, { code: 'forbidden' }],
  ['arguments of another shape', { name: 'cancel', args: [7] }, { code: 'invalid', path: 'args.0' }],
  ['too few', { name: 'decideGate', args: ['g'] }, { code: 'invalid', path: 'args' }],
  ['too many', { name: 'resume', args: ['now'] }, { code: 'invalid', path: 'args' }],
  ['a task that is not there', { name: 'cancel', args: ['t9'] }, { code: 'unknownTask', path: 'taskId' }],
  ['a gate that is not there', { name: 'decideGate', args: ['g9', {}] }, { code: 'unknownGate', path: 'gateId' }],
  ['a task without a type', { name: 'submit', args: [{}] }, { code: 'invalid', path: 'type' }],
  ['nobody to send to', { name: 'send', args: [{ to: 'x', type: 'y' }] }, { code: 'unknownRecipient', path: 'to' }],
  ['a name that is none', { name: 'pause', args: [], as: 'a b' }, {}],
])('%s is refused with code, path and message, and changes nothing (Oc1)', async (_what, command, error) => {
  await using served = await servedHub();
  const before = await logOf(served.hub);
  using one = attach(served.server);
  await one.line.attached;
  const refused = await rejection(one.line.command(command));
  expect(refused).toMatchObject(error);
  expect(refused.message).not.toBe('');
  expect(await logOf(served.hub)).toEqual(before);
});

test('a decision in the name of somebody else is refused, and changes nothing (Oc2)', async () => {
  await using served = await servedHub();
  const gate = served.hub.escalate('go on?');
  await gate.accepted;
  const before = await logOf(served.hub);
  using ann = attach(served.server);
  await ann.line.attached;
  const args = [gate.id, { decision: 'approve', by: 'bob' }];
  expect(await rejection(ann.line.command({ name: 'decideGate', args, as: 'ann' }))).toMatchObject({
    code: 'forbidden',
    path: 'by',
    expected: 'ann',
  });
  expect(await logOf(served.hub)).toEqual(before);
});

test('a gate is decided once, whoever is quicker; the other one is told', async () => {
  await using served = await servedHub();
  const gate = served.hub.escalate('go on?');
  using ann = attach(served.server);
  using bob = attach(served.server);
  await Promise.all([ann.line.attached, bob.line.attached]);
  const decide = (one: typeof ann, by: string) =>
    one.line.command({ name: 'decideGate', args: [gate.id, { decision: 'approve', by }], as: by });
  const [first, second] = await Promise.allSettled([decide(ann, 'ann'), decide(bob, 'bob')]);
  expect([first.status, second.status].sort()).toEqual(['fulfilled', 'rejected']);
  const refused = first.status === 'rejected' ? first : (second as PromiseRejectedResult);
  expect(refused.reason).toMatchObject({ code: 'gateClosed' });
  const { records } = bob;
  await bob.until(() => records.some(({ type }) => type === 'deadletter.added'));
  expect(records.filter(({ type }) => type === 'gate.approved')).toHaveLength(1);
});

test("who has a person's token acts under that name and no other", async () => {
  await using served = await servedHub({ people: { ann: 'token-of-ann' } });
  const { hub, server } = served;
  using ann = attach({ ...server, token: 'token-of-ann', hubUrl: server.hubUrl });
  expect(await ann.line.attached).toMatchObject({ person: 'ann' });
  await ann.line.command({ name: 'pause', args: [] });
  expect((await logOf(hub)).at(-1)).toMatchObject({ type: 'hub.pause', from: 'client:ann' });
  const asBob = ann.line.command({ name: 'resume', args: [], as: 'bob' });
  expect(await rejection(asBob)).toMatchObject({ code: 'forbidden', path: 'as' });
});

test('commands are taken one after another, as they were given (Cn3)', async () => {
  await using served = await servedHub();
  const caller = await call(served.server.hubUrl);
  caller.say(attachMessage);
  for (let id = 0; id < 200; id++) {
    caller.say({ kind: 'command', id, name: 'submit', args: [{ id: `t${id}`, type: 'x' }] });
  }
  const answers = () => caller.messages.filter(({ kind }) => kind === 'answer');
  await caller.until(() => answers().length === 200);
  expect(answers().map(({ id }) => id)).toEqual(Array.from({ length: 200 }, (_, id) => id));
  const submitted = (await logOf(served.hub)).flatMap((one) => (one.type === 'task.submit' ? one.payload.taskId : []));
  expect(submitted).toEqual(Array.from({ length: 200 }, (_, id) => `t${id}`));
  caller.socket.close();
});
