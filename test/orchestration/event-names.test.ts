import { expect, test } from 'vitest';
import type { RecordOf } from '../../src/index.ts';
import { simulate } from '../../src/testing.ts';
import { refusal } from '../support/refusals.ts';

test.each([
  ['task.submitted', 'task.submit'],
  ['task.routed', 'task.assigned'],
  ['task.dequeued', 'task.assigned'],
] as const)('%s is another name for %s: the same records, as often', async (alias, type) => {
  const simulation = await simulate();
  const { hub } = simulation;
  const [byAlias, byType]: unknown[][] = [[], []];
  const stop = hub.on(alias, (record) => byAlias?.push(record));
  hub.on(type, (record) => byType?.push(record));
  hub.register({ id: 'a', type: 'dev', run: [] });
  for (let index = 0; index < 3; index++) hub.submit({ type: 'x' });
  await simulation.run();
  expect(byAlias).toHaveLength(3);
  expect(byAlias).toEqual(byType);
  stop();
  hub.submit({ type: 'x' });
  await simulation.run();
  expect([byAlias?.length, byType?.length]).toEqual([3, 4]);
});

test('a listener gets the record, with all that it says', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  let routed: RecordOf<'task.assigned'> | undefined;
  hub.on('task.routed', (record) => {
    routed = record;
  });
  hub.register({ id: 'a', type: 'dev', run: [] });
  const { id } = hub.submit({ type: 'x' });
  await simulation.run();
  expect(routed?.payload).toMatchObject({ taskId: id, agentId: 'a', attempt: 1, routing: { strategy: 'longestFree' } });
});

test('names that every object has, and those of no record, are no events; who listens can be called', async () => {
  const { hub } = await simulate();
  for (const name of ['toString', 'constructor', '__proto__', 'task.done', Symbol('x'), undefined]) {
    expect(refusal(() => hub.on(name as never, () => {}))).toMatchObject({ code: 'invalid', path: 'event' });
  }
  expect(refusal(() => hub.on('*', null as never))).toMatchObject({ code: 'invalid', path: 'listener' });
});
