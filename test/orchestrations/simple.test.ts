/** A request that is simple goes straight to its master; no planner is asked. */
import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';
import { noReviser } from '../support/orchestrations.ts';
import { plan, subtask } from '../support/plans.ts';

async function requested(input: { title: string; masters?: string[] }, ...masters: string[]) {
  const simulation = await simulate({ planner: noReviser });
  const { hub } = simulation;
  for (const type of masters) hub.register({ id: `${type}-1`, type, run: [{ work: '5m' }, { return: 'done' }] });
  const { result } = hub.orchestrate({ id: 'one', ...input });
  await simulation.run();
  return { ...simulation, outcome: await result };
}

test.each([
  ['Scan repository for security vulnerabilities', 'security'],
  ['Fix bug in dashboard/server/index.js line 42', 'development'],
  ['List all repositories in the portfolio', 'inventory'],
])('%s: one task, for %s', async (title, master) => {
  const simulation = await requested({ title }, 'development', 'security', 'inventory');
  expect(simulation.outcome).toMatchObject({
    status: 'completed',
    report: { subtasks: [{ title, owner: master, agentId: `${master}-1`, result: 'done' }] },
  });
  expect(recordsOf(simulation, 'orchestration.analysed')[0]?.payload).toMatchObject({ complexity: 'simple', master });
  expect(recordsOf(simulation, 'task.submit')).toHaveLength(1);
  expect(recordsOf(simulation, 'orchestration.plan')).toEqual([]);
  await expectFoldEqual(simulation);
});

test('the master that the request names gets it', async () => {
  const { outcome } = await requested({ title: 'Look at it', masters: ['design'] }, 'design');
  expect(outcome.report.subtasks[0]?.agentId).toBe('design-1');
});

test('when there is no such master, it fails with the name, and nothing starts', async () => {
  const { outcome, hub } = await requested({ title: 'Scan repository for security vulnerabilities' }, 'development');
  expect(outcome).toMatchObject({ status: 'failed', reason: expect.stringContaining('security') });
  expect(hub.tasks()).toEqual([]);
});

test('when somebody wants it taken apart all the same, the planner is asked', async () => {
  const { hub, settle } = await simulate({ planner: { plan: () => new Promise(() => {}) } });
  hub.register({ id: 'dev', type: 'development', run: [] });
  hub.orchestrate({ id: 'one', title: 'Fix bug in a.js line 42', orchestrationRequired: true });
  await settle();
  expect(hub.report('one').status).toBe('planning');
});

test('with a plan by hand its words are not asked: the plan says whose work it is', async () => {
  const simulation = await simulate({ planner: noReviser });
  const { hub } = simulation;
  for (const type of ['design', 'audit']) hub.register({ id: `${type}-1`, type, run: [{ return: 'done' }] });
  const byHand = plan(subtask('draw', { owner: 'design' }), subtask('look', { owner: 'audit' }));
  const { id, result } = hub.orchestrate({ title: 'Fix bug in dashboard/server/index.js line 42', plan: byHand });
  await simulation.run();
  expect(recordsOf(simulation, 'orchestration.analysed')[0]?.payload).toEqual({
    orchestrationId: id,
    complexity: 'complex',
    level: 'medium',
    reasons: [{ rule: 'plan', text: 'a plan of 2 subtasks is given' }],
    domains: [],
    masters: ['design', 'audit'],
    master: null,
  });
  expect((await result).report.reasons).toEqual(['a plan of 2 subtasks is given']);
});
