import { describe, expect, test } from 'vitest';
import { type ConsultOptions, Decline } from '../../src/actors/driver.ts';
import type { AgentDefinition } from '../../src/hub/agent-commands.ts';
import type { Hub } from '../../src/hub/hub.ts';
import { simulate, simulationStart } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf, typesOf } from '../support/log.ts';
import { refusal } from '../support/refusals.ts';

/** An agent that does nothing but ask an expert; its result is what it was answered. */
function asker(hub: Hub, id: string, options: ConsultOptions = {}) {
  hub.register({
    id,
    type: id,
    run: async (_task, { consult }) => consult('expert', `${id} asks`, { of: id }, options),
  });
  return hub.submit({ id: `task-of-${id}`, type: 'x', requirements: { agentType: id } });
}
const expert = (id: string, answer: AgentDefinition['answer']): AgentDefinition => ({
  id,
  type: 'expert',
  run: [{ work: '1h' }],
  ...(answer !== undefined && { answer }),
});

test('task and requester wait while the first free specialist answers', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'mute', type: 'expert', run: [] });
  hub.register(expert('e1', [{ work: '5m' }, { return: { safe: true } }]));
  hub.register(expert('e2', [{ return: 'not asked' }]));
  const task = asker(hub, 'dev');
  await simulation.settle();
  expect(hub.task(task.id)?.state).toBe('running.consulting');
  expect(hub.agent('dev')?.state).toBe('active.waiting');
  expect(hub.agent('e1')?.state).toBe('active.answering');
  expect(hub.consultations()).toMatchObject([
    {
      state: 'asked',
      from: 'dev',
      taskId: task.id,
      specialistType: 'expert',
      specialistId: 'e1',
      question: 'dev asks',
      context: { of: 'dev' },
      dueAt: null,
    },
  ]);
  await simulation.run();
  expect(await task.result).toMatchObject({
    durationMs: 300_000,
    result: { status: 'answered', by: 'e1', answer: { safe: true } },
  });
  expect(hub.agents().map(({ state }) => state)).toEqual(['idle', 'idle', 'idle', 'idle']);
  expect(typesOf(simulation).slice(-7)).toEqual([
    'task.started',
    'consultation.request',
    'consultation.asked',
    'consultation.answer',
    'consultation.answered',
    'task.result',
    'task.completed',
  ]);
  await expectFoldEqual(simulation);
});

test('the specialist sees who asks, what and by when, and can do all but escalate', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const seen: unknown[] = [];
  hub.register(
    expert('e1', async (question, context) => {
      seen.push(question, Object.keys(context).sort());
      await context.send({ to: question.from, type: 'note', body: 'thinking' });
      return 'so';
    }),
  );
  asker(hub, 'dev', { timeoutMs: 60_000 });
  await simulation.run();
  expect(seen).toEqual([
    {
      id: expect.stringMatching(/^[0-9A-Za-z]{16}$/),
      from: 'dev',
      specialistType: 'expert',
      question: 'dev asks',
      context: { of: 'dev' },
      dueAt: simulationStart + 60_000,
    },
    ['agentId', 'consult', 'heartbeat', 'inbox', 'now', 'send', 'signal', 'sleep'],
  ]);
  expect(hub.inbox('dev')).toMatchObject([{ from: 'e1', body: 'thinking' }]);
  await expectFoldEqual(simulation);
});

test('when nobody is free, questions wait in line, first come first served', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register(expert('e1', [{ work: '1m' }, { return: 'ok' }]));
  const tasks = ['a', 'b', 'c'].map((id) => asker(hub, id));
  await simulation.settle();
  expect(hub.consultations().map(({ from, state }) => [from, state])).toEqual([
    ['a', 'asked'],
    ['b', 'requested'],
    ['c', 'requested'],
  ]);
  await simulation.run();
  const outcomes = await Promise.all(tasks.map(({ result }) => result));
  expect(outcomes.map(({ durationMs }) => durationMs)).toEqual([60_000, 120_000, 180_000]);
  await expectFoldEqual(simulation);
});

test('a question waits for a specialist that comes later', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const task = asker(hub, 'dev');
  await simulation.run();
  expect(hub.consultations()).toMatchObject([{ state: 'requested', specialistId: null }]);
  hub.register(expert('e1', [{ return: 'here I am' }]));
  await simulation.run();
  expect(await task.result).toMatchObject({ result: { status: 'answered', by: 'e1' } });
  await expectFoldEqual(simulation);
});

test('questions go before tasks (W2)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register(expert('e1', [{ return: 'so' }]));
  hub.submit({ id: 'first', type: 'x', requirements: { agentType: 'expert' } });
  hub.submit({ id: 'second', type: 'x', metadata: { priority: 1000 }, requirements: { agentType: 'expert' } });
  const question = asker(hub, 'dev');
  await simulation.settle();
  expect(hub.agent('e1')?.currentTask).toBe('first');
  await simulation.until(() => hub.task('second')?.status === 'running');
  expect(hub.task(question.id)?.status).toBe('completed');
  const order = simulation.records().filter(({ type }) => type === 'task.assigned' || type === 'consultation.asked');
  expect(order.slice(-2).map(({ type }) => type)).toEqual(['consultation.asked', 'task.assigned']);
  await simulation.run();
  await expectFoldEqual(simulation);
});

describe('no answer is an answer too (C1)', () => {
  test('refused, when nobody is free and the asker will not wait', async () => {
    const simulation = await simulate();
    const { hub } = simulation;
    const task = asker(hub, 'dev', { ifNone: 'refuse' });
    await simulation.run();
    expect(await task.result).toMatchObject({ result: { status: 'unavailable', reason: 'no expert is free' } });
    await expectFoldEqual(simulation);
  });

  test('refused, when all are busy', async () => {
    const simulation = await simulate();
    const { hub } = simulation;
    hub.register(expert('e1', [{ stall: true }]));
    asker(hub, 'a');
    await simulation.settle();
    const task = asker(hub, 'b', { ifNone: 'refuse' });
    await simulation.settle();
    expect(await task.result).toMatchObject({ result: { status: 'unavailable' } });
    await expectFoldEqual(simulation);
  });

  test('expired in line', async () => {
    const simulation = await simulate();
    const { hub } = simulation;
    const task = asker(hub, 'dev', { timeoutMs: 60_000 });
    await simulation.run();
    expect(await task.result).toMatchObject({ durationMs: 60_000, result: { status: 'expired' } });
    hub.register(expert('e1', [{ return: 'too late' }]));
    await simulation.run();
    expect(recordsOf(simulation, 'consultation.asked')).toEqual([]);
    await expectFoldEqual(simulation);
  });

  test('expired while a specialist thinks, who is called off and free again', async () => {
    const simulation = await simulate();
    const { hub } = simulation;
    const reasons: unknown[] = [];
    hub.register(
      expert('e1', async (_question, { sleep }) => {
        await sleep(600_000).catch((error) => reasons.push(error.message));
        return 'too late';
      }),
    );
    const task = asker(hub, 'dev', { timeoutMs: 60_000 });
    await simulation.run();
    expect(await task.result).toMatchObject({ result: { status: 'expired' } });
    expect(reasons).toEqual(['the work was called off: consultation.expired']);
    expect(hub.agent('e1')?.status).toBe('idle');
    expect(hub.deadLetters()).toMatchObject([{ from: 'e1', messageType: 'consultation.answer', reason: 'staleLease' }]);
    await expectFoldEqual(simulation);
  });

  test.each<[string, AgentDefinition['answer'], string]>([
    ['declined by script', [{ decline: 'not my field' }], 'not my field'],
    ['declined', () => Promise.reject(new Decline('ask another')), 'ask another'],
    ['declined without a reason', () => Promise.reject(new Decline()), 'Decline'],
    ['a specialist that throws', () => Promise.reject(new Error('head hurts')), 'e1 failed: head hurts'],
    ['a specialist that throws no error', () => Promise.reject(null), 'e1 failed: null'],
    ['an answer that is not JSON', () => new Map(), 'e1 failed: "answer" is not JSON: Map'],
  ])('%s', async (_what, answer, reason) => {
    const simulation = await simulate();
    const { hub } = simulation;
    hub.register(expert('e1', answer));
    const task = asker(hub, 'dev');
    await simulation.run();
    expect(await task.result).toMatchObject({ status: 'completed', result: { status: 'unavailable', reason } });
    expect(hub.agent('e1')?.status).toBe('idle');
    await expectFoldEqual(simulation);
  });
});

test('a specialist that leaves: the question goes to the next (C2)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register(expert('e1', [{ stall: true }]));
  hub.register(expert('e2', [{ return: 'so' }]));
  const task = asker(hub, 'dev');
  await simulation.settle();
  hub.unregister('e1', 'holiday');
  await simulation.run();
  expect(await task.result).toMatchObject({ result: { status: 'answered', by: 'e2' } });
  expect(recordsOf(simulation, 'consultation.returned')).toMatchObject([{ payload: { reason: 'holiday' } }]);
  await expectFoldEqual(simulation);
});

test('a specialist that crashes: the question waits for the next', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register(expert('e1', [{ crash: true }]));
  const task = asker(hub, 'dev');
  await simulation.run();
  expect(hub.consultations()).toMatchObject([{ state: 'requested' }]);
  expect(hub.agent('e1')?.state).toBe('unreachable');
  hub.register(expert('e2', [{ return: 'so' }]));
  await simulation.run();
  expect(await task.result).toMatchObject({ result: { status: 'answered', by: 'e2' } });
  await expectFoldEqual(simulation);
});

test('several questions of one task can be open at once', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register(expert('e1', [{ work: '1m' }, { return: 1 }]));
  hub.register(expert('e2', [{ work: '2m' }, { return: 2 }]));
  hub.register({
    id: 'dev',
    type: 'dev',
    run: async (_task, { consult }) => Promise.all([consult('expert', 'this?'), consult('expert', 'that?')]),
  });
  const task = hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
  await simulation.advance(60_000);
  expect(hub.task(task.id)).toMatchObject({ state: 'running.consulting' });
  expect(hub.task(task.id)?.waitsFor).toHaveLength(1);
  await simulation.run();
  expect(await task.result).toMatchObject({ durationMs: 120_000, result: [{ answer: 1 }, { answer: 2 }] });
  await expectFoldEqual(simulation);
});

test('an agent can ask without a task', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register(expert('e1', [{ work: '1m' }, { return: 'so' }]));
  hub.register({ id: 'dev', type: 'dev', run: [] });
  const answer = hub.as('dev').consult('expert', 'how?');
  await simulation.settle();
  expect(hub.agent('dev')?.state).toBe('active.waiting');
  await simulation.run();
  expect(await answer).toEqual({ status: 'answered', by: 'e1', answer: 'so' });
  expect(hub.agent('dev')?.state).toBe('idle');
  await expectFoldEqual(simulation);
});

test('a paused specialist is not asked', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register(expert('e1', [{ return: 'so' }]));
  hub.pauseAgent('e1');
  const task = asker(hub, 'dev');
  await simulation.run();
  expect(hub.consultations()).toMatchObject([{ state: 'requested' }]);
  hub.resumeAgent('e1');
  await simulation.run();
  expect(await task.result).toMatchObject({ result: { status: 'answered' } });
  await expectFoldEqual(simulation);
});

test('progress is for tasks: whoever speaks without one is told so', async () => {
  const { hub } = await simulate();
  hub.register({ id: 'dev', type: 'dev', run: [] });
  const context = hub.as('dev') as unknown as { progress(percent: number): void };
  expect(refusal(() => context.progress(5)).code).toBe('conflict');
});
