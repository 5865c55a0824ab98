import { expect, test } from 'vitest';
import type { AnswerFunction } from '../../src/actors/driver.ts';
import type { Hub } from '../../src/hub/hub.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';

const asks =
  (type: string): AnswerFunction =>
  async (_question, { consult }) =>
    consult(type, 'and you?');

/** The work on one task: ask somebody of this type. */
function askFirst(hub: Hub, type: string) {
  hub.register({ id: 'dev', type: 'dev', run: async (_task, { consult }) => consult(type, 'well?') });
  return hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
}

test('a specialist can ask a specialist', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a1', type: 'a', run: [], answer: asks('b') });
  hub.register({ id: 'b1', type: 'b', run: [], answer: [{ work: '1m' }, { return: 'the answer' }] });
  const task = askFirst(hub, 'a');
  await simulation.settle();
  expect(hub.agents().map(({ id, state }) => [id, state])).toEqual([
    ['a1', 'active.waiting'],
    ['b1', 'active.answering'],
    ['dev', 'active.waiting'],
  ]);
  await simulation.run();
  expect(await task.result).toMatchObject({
    result: { status: 'answered', by: 'a1', answer: { status: 'answered', by: 'b1', answer: 'the answer' } },
  });
  await expectFoldEqual(simulation);
});

test('nobody is asked who waits for the answer already (C3)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a1', type: 'a', run: [], answer: asks('b') });
  hub.register({ id: 'b1', type: 'b', run: [], answer: asks('a') });
  const task = askFirst(hub, 'a');
  await simulation.run();
  expect(await task.result).toMatchObject({
    result: { answer: { answer: { status: 'unavailable', reason: 'every a waits for this answer itself' } } },
  });
  expect(hub.consultations()).toEqual([]);
  await expectFoldEqual(simulation);
});

test('nor is the one who asks itself', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a1', type: 'a', run: [], answer: asks('a') });
  const task = askFirst(hub, 'a');
  await simulation.run();
  expect(await task.result).toMatchObject({ result: { answer: { status: 'unavailable' } } });
  await expectFoldEqual(simulation);
});

test('another of the same type is asked instead, now or when it is free (C3)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a1', type: 'a', run: [], answer: asks('a') });
  hub.register({ id: 'a2', type: 'a', run: [{ work: '5m' }], answer: [{ return: 'I am the other' }] });
  hub.pauseAgent('a2');
  const task = askFirst(hub, 'a');
  await simulation.run();
  expect(hub.consultations().map(({ from, state }) => [from, state])).toEqual([
    ['dev', 'asked'],
    ['a1', 'requested'],
  ]);
  hub.resumeAgent('a2');
  await simulation.run();
  expect(await task.result).toMatchObject({ result: { by: 'a1', answer: { by: 'a2', answer: 'I am the other' } } });
  await expectFoldEqual(simulation);
});

test('at most five consultations hang on one another (C4)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  for (let level = 1; level <= 7; level++) {
    hub.register({ id: `agent-${level}`, type: `level-${level}`, run: [], answer: asks(`level-${level + 1}`) });
  }
  const task = askFirst(hub, 'level-1');
  await simulation.run();
  expect(recordsOf(simulation, 'consultation.asked')).toHaveLength(5);
  expect(JSON.stringify(await task.result)).toContain('more than 5 consultations hang on one another');
  await expectFoldEqual(simulation);
});

test.each(['cancelled', 'expired', 'declined', 'answered'] as const)(
  'what was asked for the sake of a question ends when that is %s (C5)',
  async (end) => {
    const simulation = await simulate();
    const { hub } = simulation;
    let isCalledOff = false;
    hub.register({
      id: 'a1',
      type: 'a',
      run: [],
      answer: async (_question, { consult, sleep }) => {
        void consult('b', 'and you?');
        await sleep(60_000);
        if (end === 'declined') throw new Error('no');
        if (end !== 'answered') await sleep(600_000);
        return 'never mind the other';
      },
    });
    hub.register({
      id: 'b1',
      type: 'b',
      run: [],
      answer: async (_question, { sleep }) => {
        await sleep(3_600_000).catch(() => {
          isCalledOff = true;
        });
      },
    });
    hub.register({
      id: 'dev',
      type: 'dev',
      run: async (_task, { consult }) => consult('a', 'well?', null, end === 'expired' ? { timeoutMs: 90_000 } : {}),
    });
    const task = hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
    await simulation.advance(30_000);
    expect(hub.consultations()).toHaveLength(2);
    expect(hub.agent('b1')?.state).toBe('active.answering');
    if (end === 'cancelled') task.cancel();
    await simulation.advance(120_000);
    expect(hub.consultations()).toEqual([]);
    expect(isCalledOff).toBe(true);
    expect(hub.agents().map(({ state }) => state)).toEqual(['idle', 'idle', 'idle']);
    expect(recordsOf(simulation, 'consultation.cancelled').at(-1)?.payload.reason).toBe('what it was for is over');
    await expectFoldEqual(simulation);
  },
);
