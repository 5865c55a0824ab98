/** What a subtask's agent is told. */
import { expect, test } from 'vitest';
import type { Handoff } from '../../src/hub/handoff.ts';
import { maxJsonBytes } from '../../src/machines/json.ts';
import type { Subtask } from '../../src/machines/plan.ts';
import { simulate } from '../../src/testing.ts';
import { choose, noReviser, oneAttempt, team } from '../support/orchestrations.ts';
import { plan, subtask } from '../support/plans.ts';

async function working(...subtasks: readonly Subtask[]) {
  const simulation = await simulate({ config: oneAttempt, planner: noReviser });
  const workers = team(simulation);
  simulation.hub.orchestrate({ id: 'one', title: 'Build the shop', plan: plan(...subtasks) });
  await simulation.settle();
  const handoff = (id: string) => workers.at(id).task.payload as unknown as Handoff;
  const finish = async (id: string, result: unknown) => {
    workers.at(id).finish(result);
    await simulation.settle();
  };
  return { ...simulation, workers, handoff, finish };
}

const backend = subtask('backend', {
  dependencies: ['design'],
  description: 'With JWT',
  files: ['server/auth.js'],
});

test('an agent is told its work, what came before with the results, what waits for it and what runs beside it', async () => {
  const { handoff, finish } = await working(
    subtask('design'),
    backend,
    subtask('frontend', { dependencies: ['design'] }),
    subtask('tests', { dependencies: ['backend', 'frontend'] }),
  );
  await finish('design', { document: 'docs/auth.md' });
  expect(handoff('backend')).toEqual({
    orchestrationId: 'one',
    subtaskId: 'backend',
    title: 'Implement backend',
    description: 'With JWT',
    successCriteria: 'The tests of backend pass',
    files: ['server/auth.js'],
    orchestrationContext: 'Part of: Build the shop',
    dependenciesCompleted: ['design'],
    dependenciesSkipped: [],
    results: { design: { document: 'docs/auth.md' } },
    resultsLeftOut: [],
    nextSubtasks: ['tests'],
    relatedSubtasks: ['frontend'],
  });
});

test('the results of all dependencies reach the dependant, a result that is null too', async () => {
  const { handoff, finish } = await working(
    subtask('a'),
    subtask('b'),
    subtask('c'),
    subtask('d', { dependencies: ['a', 'b'] }),
  );
  await finish('a', [1, 2]);
  await finish('b', null);
  await finish('c', 'of no interest to d');
  expect(handoff('d').results).toEqual({ a: [1, 2], b: null });
});

test('a dependency that was skipped is named as such, and gives no result', async () => {
  const { handoff, workers, hub, settle } = await working(subtask('a'), subtask('b', { dependencies: ['a'] }));
  workers.at('a').fail(new Error('no'));
  await settle();
  await choose(hub, 'a', 'skip');
  await settle();
  expect(handoff('b')).toMatchObject({ dependenciesCompleted: [], dependenciesSkipped: ['a'], results: {} });
});

test('what replaced a dependency gives its results instead, and so does what replaced that', async () => {
  const { handoff, finish, workers, hub, settle } = await working(
    subtask('a'),
    subtask('b', { dependencies: ['a'] }),
    subtask('c', { dependencies: ['b'] }),
  );
  const replaced = async (id: string, ...by: string[]) => {
    workers.at(id).fail(new Error('no'));
    await settle();
    await choose(
      hub,
      id,
      'replace',
      by.map((each) => subtask(each)),
    );
    await settle();
  };
  await replaced('a', 'a1', 'a2');
  await replaced('a2', 'a3');
  await finish('a1', 1);
  await finish('a3', 3);
  expect(handoff('b').results).toEqual({ a1: 1, a3: 3 });
  await replaced('b', 'b1');
  expect(handoff('b1').results).toEqual({ a1: 1, a3: 3 });
  await finish('b1', 'b');
  expect(handoff('c').results).toEqual({ b1: 'b' });
});

test('results that would make the message too large are left out by name, in whatever letters they are written', async () => {
  const { handoff, finish } = await working(
    subtask('a'),
    subtask('b'),
    subtask('c'),
    subtask('d', { dependencies: ['a', 'b', 'c'] }),
  );
  const large = '漢'.repeat(50_000);
  await finish('a', large);
  await finish('b', large);
  await finish('c', 'small');
  expect(handoff('d')).toMatchObject({
    dependenciesCompleted: ['a', 'b', 'c'],
    results: { a: large, c: 'small' },
    resultsLeftOut: ['b'],
  });
  expect(Buffer.byteLength(JSON.stringify(handoff('d')))).toBeLessThanOrEqual(maxJsonBytes);
});

test('of many subtasks beside it and behind it, the first hundred are named', async () => {
  const ids = Array.from({ length: 250 }, (_, index) => `s${index}`);
  const { handoff } = await working(
    ...ids.map((id) => subtask(id)),
    ...ids.map((id) => subtask(`${id}-next`, { dependencies: ['s0'] })),
  );
  expect(handoff('s0').nextSubtasks).toHaveLength(100);
  expect(handoff('s1').relatedSubtasks).toHaveLength(100);
  expect(handoff('s1').nextSubtasks).toEqual([]);
});
