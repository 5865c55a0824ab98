/** Or1: when a subtask begins, by stages and as a DAG. */
import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';
import { team } from '../support/orchestrations.ts';
import { plan, subtask } from '../support/plans.ts';

/** a and b in the first stage; c waits for a only, d for both. */
const diamond = plan(
  subtask('a'),
  subtask('b'),
  subtask('c', { dependencies: ['a'] }),
  subtask('d', { dependencies: ['a', 'b'] }),
);

async function begun(mode: 'stages' | 'dag') {
  const simulation = await simulate();
  const workers = team(simulation);
  simulation.hub.orchestrate({ id: 'one', title: 'One', plan: diamond, mode });
  await simulation.settle();
  workers.at('a').finish();
  await simulation.settle();
  return { ...simulation, workers };
}

test('by stages, nothing of the second stage begins before all of the first is done', async () => {
  const { workers, settle } = await begun('stages');
  expect(workers.begun).toEqual(['a', 'b']);
  workers.at('b').finish();
  await settle();
  expect(workers.begun).toEqual(['a', 'b', 'c', 'd']);
});

test('as a DAG, a subtask begins as soon as what it depends on is done', async () => {
  const { workers, settle } = await begun('dag');
  expect(workers.begun).toEqual(['a', 'b', 'c']);
  workers.at('b').finish();
  await settle();
  expect(workers.begun).toEqual(['a', 'b', 'c', 'd']);
});

test('as a DAG, the second stage can begin before the first is over, and the log says both', async () => {
  const simulation = await begun('dag');
  const { workers, settle } = simulation;
  for (const id of ['b', 'c']) workers.at(id).finish();
  await settle();
  workers.at('d').finish();
  await settle();
  const steps = simulation
    .records()
    .filter(({ type }) => type.startsWith('orchestration.stage'))
    .map(({ type, payload }) => [type.slice('orchestration.'.length), (payload as { stage: number }).stage]);
  expect(steps).toEqual([
    ['stageStarted', 1],
    ['stageStarted', 2],
    ['stageCompleted', 1],
    ['stageCompleted', 2],
  ]);
  await expectFoldEqual(simulation);
});

test('stages that the author gave hold, even when fewer would do', async () => {
  const simulation = await simulate();
  const workers = team(simulation);
  const givenStages = [['a'], ['b'], ['c', 'd']];
  simulation.hub.orchestrate({ id: 'one', title: 'One', plan: { ...diamond, givenStages } });
  await simulation.settle();
  expect(workers.begun).toEqual(['a']);
  expect(recordsOf(simulation, 'orchestration.planned')[0]?.payload.stages).toEqual(givenStages);
});

test('a subtask asks for its owner, its worker type, its capabilities and the priority of the whole', async () => {
  const simulation = await simulate();
  team(simulation);
  const demanding = subtask('a', { workerType: 'planner', capabilities: ['uml'] });
  simulation.hub.orchestrate({ title: 'One', plan: plan(demanding), priority: 'high' });
  await simulation.settle();
  expect(recordsOf(simulation, 'task.submit')[0]?.payload).toMatchObject({
    type: 'planner',
    priority: 8,
    requirements: { agentType: 'development', capabilities: ['uml'] },
  });
});
