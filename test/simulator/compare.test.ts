/** The hub's picture of itself beside the oracle's: where they differ, something is wrong with one of them (I13, I21). */
import { expect, test } from 'vitest';
import type { Picture } from '../../src/hub/picture.ts';
import { differences } from '../../src/simulator/compare.ts';
import { poisoned } from '../../src/simulator/poison.ts';
import { modelOf } from '../../src/simulator/take.ts';
import { simulate } from '../../src/testing.ts';

async function inTheMiddle() {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'dev', type: 'dev', run: [{ escalate: { reason: 'may I?' } }] });
  hub.register({ id: 'qa', type: 'qa', run: [{ consult: { type: 'expert', question: 'how?', timeout: '1h' } }] });
  hub.submit({ id: 't1', type: 'x', requirements: { agentType: 'dev' } });
  hub.submit({ id: 't2', type: 'x', requirements: { agentType: 'qa' } });
  hub.submit({ id: 't3', type: 'x', metadata: { timeoutMs: 7_200_000 }, requirements: { agentType: 'nobody' } });
  await simulation.settle();
  void hub.send({ to: 'dev', type: 'note' });
  await simulation.settle();
  return { model: modelOf(simulation.records()), picture: hub.picture() };
}

test('of a hub that is well, both tell the same', async () => {
  const { model, picture } = await inTheMiddle();
  expect(differences(model, picture)).toEqual([]);
  expect(picture.gates).toHaveLength(1);
  expect(picture.consultations).toHaveLength(1);
});

const changed: readonly [string, (picture: Picture) => Partial<Picture>][] = [
  ['a task that is missing', ({ tasks }) => ({ tasks: tasks.slice(1) })],
  ['a task that stands elsewhere', ({ tasks }) => ({ tasks: tasks.map((task) => ({ ...task, status: 'queued' })) })],
  ['an agent that does something else', ({ status }) => ({ status: { ...status, agents: status.agents.slice(1) } })],
  ['a queue in another order', () => ({ queue: [] })],
  ['a gate that is gone', () => ({ gates: [] })],
  ['a consultation that is gone', () => ({ consultations: [] })],
  ['a dead letter from nowhere', () => ({ deadLetters: [{ letterSeq: 9 }] as never })],
  ['a deadline that was moved', ({ deadlines }) => ({ deadlines: deadlines.map((one) => ({ ...one, dueAt: 1 })) })],
];

test.each(changed)('%s is seen', async (_what, change) => {
  const { model, picture } = await inTheMiddle();
  expect(differences(model, { ...picture, ...change(picture) })).not.toEqual([]);
});

test('whoever looks at a clock or draws a number while a log is folded is found out (I14)', () => {
  for (const look of [
    () => Date.now(),
    () => Math.random(),
    () => setTimeout(() => {}, 0),
    () => queueMicrotask(() => {}),
  ]) {
    expect(() => poisoned(look)).toThrow('while a log was folded');
  }
  expect(poisoned(() => 1)).toBe(1);
  expect(Math.random()).toBeLessThan(1);
});
