/** Whatever can pile up has a bound, and who comes to it is told so before anything is taken (I20). */
import { expect, test } from 'vitest';
import { maxJsonBytes, maxJsonDepth } from '../../src/machines/json.ts';
import { simulate } from '../../src/testing.ts';
import { refusal, rejection } from '../support/refusals.ts';

const never = () => new Promise(() => {});

test('the size and the depth of what is said', async () => {
  const { hub } = await simulate();
  const submit = (payload: unknown) => hub.submit({ type: 'x', payload });
  let deep: unknown = 1;
  for (let level = 0; level < maxJsonDepth; level++) deep = [deep];
  expect(refusal(() => submit('x'.repeat(maxJsonBytes)))).toMatchObject({ code: 'tooLarge', path: 'payload' });
  expect(refusal(() => submit(deep))).toMatchObject({ code: 'tooDeep' });
  expect(hub.tasks()).toEqual([]);
});

test('tasks that wait, agents, schedules, orchestrations', async () => {
  const { hub } = await simulate({
    config: { maxQueued: 2, maxAgents: 2, maxSchedules: 1, maxOrchestrations: 1 },
    planner: { plan: never },
  });
  const task = { type: 'x', requirements: { agentType: 'nobody' } };
  const agent = (id: string) => hub.register({ id, type: 'dev', run: never });
  const schedule = (id: string) => hub.schedule({ id, task: { type: 'x' }, everyMs: 1000 });
  const orchestrate = (id: string) => hub.orchestrate({ id, title: 'Build it', orchestrationRequired: true });
  for (const make of [() => hub.submit(task), () => hub.submit(task)]) make();
  agent('a');
  agent('b');
  schedule('s');
  expect(refusal(() => hub.submit(task))).toMatchObject({ code: 'busy', message: expect.stringContaining('2 tasks') });
  expect(refusal(() => agent('c'))).toMatchObject({ code: 'busy', message: expect.stringContaining('2 agents') });
  expect(refusal(() => schedule('t'))).toMatchObject({ code: 'busy', message: expect.stringContaining('1 schedules') });
  for (const { id } of hub.tasks()) hub.cancel(id);
  orchestrate('o');
  const seq = hub.actor.getSnapshot().context.seq;
  expect(refusal(() => orchestrate('p'))).toMatchObject({
    code: 'busy',
    message: '1 orchestrations are at work, and no more are taken',
  });
  expect(hub.actor.getSnapshot().context.seq).toBe(seq);
  hub.unschedule('s');
  hub.cancelOrchestration('o');
  schedule('t');
  orchestrate('p');
});

test('the gates of one agent: the next one is refused, to a driver and to whoever speaks for it, until one closes', async () => {
  const { hub, settle } = await simulate({ config: { gatesPerAgent: 2 } });
  const refused: unknown[] = [];
  hub.register({
    id: 'eager',
    type: 'dev',
    async run(_task, context) {
      const gates = ['one', 'two'].map((reason) => context.escalate(reason));
      refused.push(refusal(() => context.escalate('three')));
      await Promise.all(gates.map(({ outcome }) => outcome));
      await context.escalate('four').outcome;
      return 'done';
    },
  });
  hub.register({ id: 'other', type: 'qa', run: never });
  const { result } = hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
  await settle();
  expect(refused).toMatchObject([{ code: 'busy', message: '2 gates of eager are open, and no more are taken' }]);
  expect(refusal(() => hub.escalate('five', null, { agentId: 'eager' })).code).toBe('busy');
  expect(hub.gates().map(({ reason }) => reason)).toEqual(['one', 'two']);
  await hub.escalate('another', null, { agentId: 'other' }).accepted; // Each has its own.
  for (const { id, agentId } of hub.gates()) {
    if (agentId === 'eager') await hub.decideGate(id, { decision: 'approve', by: 'ann' });
  }
  await settle();
  const [, four] = hub.gates();
  expect(four?.reason).toBe('four');
  await hub.decideGate(four?.id ?? '', { decision: 'approve', by: 'ann' });
  expect(await result).toMatchObject({ status: 'completed' });
});

test('the questions of one agent', async () => {
  const { hub, settle } = await simulate({ config: { questionsPerAgent: 2 } });
  hub.register({ id: 'asks', type: 'dev', run: never });
  hub.register({ id: 'knows', type: 'qa', run: never, answer: never });
  const ask = () => hub.as('asks').consult('qa', 'how?');
  void ask();
  void ask();
  await settle();
  expect(await rejection(ask())).toMatchObject({
    code: 'busy',
    message: '2 questions of asks are open, and no more are taken',
  });
  expect(hub.consultations()).toHaveLength(2);
});

test('messages that wait, and dead letters: the rest is kept with the reason, the oldest are let go with a record', async () => {
  const { hub, records } = await simulate({ config: { inboxLimit: 1, deadLetterLimit: 2 } });
  hub.register({ id: 'a', type: 'dev', run: never });
  const outcomes = [];
  for (let count = 0; count < 4; count++) outcomes.push(await hub.send({ to: 'a', type: 'note' }));
  expect(outcomes.map(({ status }) => status)).toEqual(['queued', 'rejected', 'rejected', 'rejected']);
  expect(outcomes[1]).toMatchObject({ reason: 'inboxFull' });
  expect(hub.inbox('a')).toHaveLength(1);
  expect(hub.deadLetters()).toHaveLength(2);
  expect(records().filter(({ type }) => type === 'deadletter.purge')).toHaveLength(1);
});
