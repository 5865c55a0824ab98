import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areAllStuck, type Wait, type Waiting } from '../../src/hub/consultation-rings.ts';
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

test('a ring of many that ask their own type costs no more than there are agents (C3, Rg2)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const tasks = Array.from({ length: 40 }, (_, index) => {
    hub.register({
      id: `qa-${index}`,
      type: 'qa',
      run: async (_task, { sleep, consult }) => {
        await sleep(1000 + index);
        return (await consult('qa', 'is it right?')).status;
      },
      answer: () => 'yes',
    });
    return hub.submit({ type: 'x' });
  });
  await simulation.run();

  const results = (await Promise.all(tasks.map(({ result }) => result))).map(
    (outcome) => 'result' in outcome && outcome.result,
  );
  expect(results).toEqual([...Array(39).fill('answered'), 'unavailable']);
  await expectFoldEqual(simulation);
});

const ids = ['a', 'b', 'c', 'd', 'e'];
const types = ['x', 'y', 'z'];
const wait: fc.Arbitrary<Wait> = fc.record({
  specialistType: fc.constantFrom(...types),
  specialistId: fc.option(fc.constantFrom(...ids)),
});
const world = fc.record({
  typeOf: fc.tuple(...ids.map(() => fc.constantFrom(...types))),
  waits: fc.tuple(...ids.map(() => fc.array(wait, { maxLength: 3 }))),
  asking: fc.subarray(ids),
});

test('who is stuck is what a walk along every way says (Rg1)', () => {
  fc.assert(
    fc.property(world, ({ typeOf, waits, asking }) => {
      const waiting: Waiting = {
        specialistsOf: (type) => ids.filter((_id, index) => typeOf[index] === type),
        waitsOf: (id) => waits[ids.indexOf(id)] ?? [],
      };
      const areStuck = (type: string, behind: readonly string[]): boolean => {
        const specialists = waiting.specialistsOf(type);
        return specialists.length > 0 && specialists.every((id) => isStuck(id, behind));
      };
      const isStuck = (id: string, behind: readonly string[]): boolean =>
        behind.includes(id) ||
        waiting
          .waitsOf(id)
          .some(({ specialistType, specialistId }) =>
            specialistId === null ? areStuck(specialistType, [...behind, id]) : isStuck(specialistId, [...behind, id]),
          );
      for (const type of types) expect(areAllStuck(waiting, type, asking)).toBe(areStuck(type, asking));
    }),
    { numRuns: 1000 },
  );
});
