/** Or3: cancelling an orchestration reaches all that it began; cancelling one subtask is a question for a person. */
import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { choose, gateOf, noReviser, oneAttempt, statusesOf, team } from '../support/orchestrations.ts';
import { plan, subtask } from '../support/plans.ts';

const parts = plan(
  ...['working', 'asking', 'waiting', 'queued', 'failing'].map((id) =>
    subtask(id, { owner: id === 'queued' ? 'rare' : 'development' }),
  ),
  subtask('later', { dependencies: ['working'] }),
);

async function allAtOnce() {
  const simulation = await simulate({ config: oneAttempt, planner: noReviser });
  const { hub, settle } = simulation;
  const workers = team(simulation);
  hub.register({ id: 'rare', type: 'rare', run: [{ stall: true }] });
  hub.submit({ type: 'x', requirements: { agentType: 'rare' } });
  const handle = hub.orchestrate({ id: 'one', title: 'One', plan: parts });
  await settle();
  void workers.at('asking').context.consult('nobody', 'how?');
  workers.at('waiting').context.escalate('may I?');
  workers.at('failing').fail(new Error('no'));
  await settle();
  return { ...simulation, workers, handle };
}

test('all are reached: at work, in the queue, asking a specialist, waiting for a person, blocked', async () => {
  const simulation = await allAtOnce();
  const { hub, workers, handle, settle } = simulation;
  expect(hub.gates()).toHaveLength(2);
  expect(handle.cancel('no longer wanted')).toBe(true);
  await settle();
  expect(await handle.result).toMatchObject({ status: 'cancelled', reason: 'no longer wanted' });
  expect(statusesOf(hub, 'one')).toEqual({
    working: 'cancelled',
    asking: 'cancelled',
    waiting: 'cancelled',
    queued: 'cancelled',
    failing: 'blocked',
    later: 'waiting',
  });
  expect([hub.gates(), hub.consultations(), hub.queue()]).toEqual([[], [], []]);
  for (const id of ['working', 'asking', 'waiting']) expect(workers.at(id).context.signal.aborted).toBe(true);
  await expectFoldEqual(simulation);
});

test('who was at it is free for others at once', async () => {
  const { hub, handle, settle } = await allAtOnce();
  handle.cancel();
  const other = hub.submit({ type: 'x', payload: { subtaskId: 'other' }, requirements: { agentType: 'development' } });
  await settle();
  expect(hub.task(other.id)?.status).toBe('running');
});

test('it is cancelled once, and cannot be paused or resumed then', async () => {
  const { hub, handle } = await allAtOnce();
  handle.cancel();
  expect(handle.cancel()).toBe(false);
  for (const act of [hub.cancelOrchestration, hub.pauseOrchestration, hub.resumeOrchestration]) {
    expect(() => act('one')).toThrow(expect.objectContaining({ code: 'conflict' }));
    expect(() => act('other')).toThrow(expect.objectContaining({ code: 'unknownOrchestration' }));
  }
});

test('while the planner thinks, it is told that nobody waits any more', async () => {
  let signal: AbortSignal | undefined;
  let answer: (plan: unknown) => void = () => {};
  const simulation = await simulate({
    planner: {
      plan: (_request, context) => {
        signal = context.signal;
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
    },
  });
  const { hub, settle } = simulation;
  const { result, cancel } = hub.orchestrate({ title: 'One', orchestrationRequired: true });
  await settle();
  cancel();
  await settle();
  expect(signal?.aborted).toBe(true);
  answer(plan(subtask('a')));
  await settle();
  expect((await result).report).toMatchObject({ status: 'cancelled', subtasks: [] });
  expect(hub.tasks()).toEqual([]);
  await expectFoldEqual(simulation);
});

test('a subtask that is cancelled by itself blocks, and a person can have it done after all', async () => {
  const simulation = await allAtOnce();
  const { hub, settle } = simulation;
  hub.cancel('one.working', 'wrong branch');
  await settle();
  expect(gateOf(hub, 'working').reason).toBe('Implement working: was cancelled: wrong branch');
  await choose(hub, 'working', 'retry');
  await settle();
  expect(statusesOf(hub, 'one')).toMatchObject({ working: 'running', asking: 'running' });
  await expectFoldEqual(simulation);
});

test('a result that comes after the end is fenced', async () => {
  const { hub, workers, handle, settle } = await allAtOnce();
  handle.cancel();
  workers.at('working').finish('done!');
  await settle();
  expect(hub.deadLetters()).toMatchObject([{ reason: 'staleLease' }]);
  expect(statusesOf(hub, 'one')).toMatchObject({ working: 'cancelled' });
});
