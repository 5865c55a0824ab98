import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';

/** Two agents that are at tasks of their own ask each other. */
async function ring(timeoutMs?: number) {
  const simulation = await simulate();
  const { hub } = simulation;
  for (const [id, other] of [
    ['left', 'right'],
    ['right', 'left'],
  ] as const) {
    hub.register({
      id,
      type: id,
      run: (_task, { consult }) => consult(other, 'and you?', null, timeoutMs === undefined ? {} : { timeoutMs }),
      answer: () => 'I am fine',
    });
  }
  const tasks = ['left', 'right'].map((agentType) => hub.submit({ type: 'x', requirements: { agentType } }));
  await simulation.run();
  await expectFoldEqual(simulation);
  return Promise.all(tasks.map(({ result }) => result));
}

test('two tasks whose agents wait for each other do not wait for ever: who closes the ring is told (C3)', async () => {
  const [left, right] = await ring();

  expect(right).toMatchObject({ result: { status: 'unavailable', reason: 'every left waits for this answer itself' } });
  expect(left).toMatchObject({ result: { status: 'answered', by: 'right', answer: 'I am fine' } });
});

test('a ring with deadlines breaks by itself', async () => {
  const outcomes = await ring(60_000);

  expect(outcomes.map((outcome) => outcome.status)).toEqual(['completed', 'completed']);
  expect(outcomes).toContainEqual(expect.objectContaining({ result: { status: 'expired' } }));
});
