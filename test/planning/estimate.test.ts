import { expect, test } from 'vitest';
import { estimatePlan } from '../../src/hub/estimate.ts';
import { stagesOf } from '../../src/hub/stages.ts';
import type { Plan } from '../../src/machines/plan.ts';
import { chain, plan, subtask } from '../support/plans.ts';

const estimate = (one: Plan) => {
  const staging = stagesOf(one.subtasks);
  return estimatePlan(one, 'stages' in staging ? staging.stages : []);
};

test('time is stage by stage: each takes as long as its longest subtask', () => {
  const one = plan(
    subtask('slow', { minutes: { min: 20, max: 25 } }),
    subtask('quick', { minutes: { min: 1, max: 30 } }),
    subtask('small', { minutes: { min: 2, max: 3 } }),
    subtask('last', { minutes: { min: 5, max: 10 }, dependencies: ['quick'] }),
  );

  expect(estimate(one)).toMatchObject({
    minutes: { min: 25, max: 40 },
    criticalPath: { subtasks: ['quick', 'last'], minutes: { min: 6, max: 40 } },
  });
});

test('tokens and workers are counted, masters named once, in the order of the plan', () => {
  const one = plan(
    subtask('a', { owner: 'security', tokens: 7 }),
    subtask('b', { tokens: 8 }),
    subtask('c', { tokens: 0 }),
  );

  expect(estimate(one)).toMatchObject({
    subtasks: 3,
    workers: 3,
    tokens: 15,
    masters: ['security', 'development'],
    parallelism: 3,
    parallelizationPossible: true,
  });
});

test('a chain cannot be run in parallel; each link but the last holds the next one up', () => {
  expect(estimate(chain('a', 'b', 'c'))).toMatchObject({
    parallelism: 1,
    parallelizationPossible: false,
    bottlenecks: ['stage_2: Implement b must wait for Implement a'],
  });
});

test('a bottleneck is where everything waits for one', () => {
  const one = plan(
    subtask('a'),
    ...['b', 'c', 'd'].map((id) => subtask(id, { dependencies: ['a'] })),
    subtask('e', { dependencies: ['b', 'c', 'd'], title: 'Audit' }),
  );

  expect(estimate(one).bottlenecks).toEqual(['stage_3: Audit must wait for Implement b, Implement c, Implement d']);
});

test('a plan of nothing takes nothing', () => {
  expect(estimate(plan())).toEqual({
    subtasks: 0,
    minutes: { min: 0, max: 0 },
    tokens: 0,
    masters: [],
    workers: 0,
    parallelism: 0,
    parallelizationPossible: false,
    criticalPath: { subtasks: [], minutes: { min: 0, max: 0 } },
    bottlenecks: [],
  });
});
