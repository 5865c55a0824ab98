import { expect, test } from 'vitest';
import type { AgentQuery, Hub } from '../../src/index.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { refusal } from '../support/refusals.ts';

/** Three agents, of which one works, one has failed and one has done well. */
async function team() {
  const simulation = await simulate({ config: { retry: { maxAttempts: 1 } } });
  const { hub } = simulation;
  hub.register({
    id: 'ann',
    type: 'dev',
    name: 'Ann',
    modelFamily: 'human',
    taskTypes: ['feature'],
    languages: ['ts', 'go'],
    capabilities: ['api'],
    concurrency: 4,
    run: [{ stall: true }],
  });
  hub.register({ id: 'bob', type: 'dev', languages: ['ts'], specialisations: ['oauth'], run: [{ fail: 'no' }] });
  hub.register({ id: 'eve', type: 'qa', languages: ['go'], run: [{ rate: 1 }, { return: 'ok' }] });
  hub.submit({ id: 'long', type: 'feature', requirements: { capabilities: ['api'] } });
  hub.submit({ type: 'fix', requirements: { specialisations: ['oauth'] } });
  hub.submit({ type: 'test', requirements: { agentType: 'qa' } });
  await simulation.settle();
  return simulation;
}

const idsOf = (hub: Hub, query: AgentQuery) => hub.agents(query).map(({ id }) => id);

test.each<[AgentQuery, string[]]>([
  [{}, ['ann', 'bob', 'eve']],
  [{ type: 'dev' }, ['ann', 'bob']],
  [{ type: 'ops' }, []],
  [{ status: 'active' }, ['ann']],
  [{ taskType: 'fix' }, ['bob', 'eve']],
  [{ taskType: 'feature' }, ['ann', 'bob', 'eve']],
  [{ capability: 'api' }, ['ann']],
  [{ language: 'ts' }, ['ann', 'bob']],
  [{ language: 'ts', specialisation: 'oauth' }, ['bob']],
  [{ language: 'rust' }, []],
  [{ maxLoad: 0 }, ['bob', 'eve']],
  [{ maxLoad: 0.25 }, ['ann', 'bob', 'eve']],
  [{ minSuccessRate: 0 }, ['eve', 'ann', 'bob']],
  [{ minSuccessRate: 0.8 }, ['eve', 'ann']],
  [{ minSuccessRate: 0.81 }, ['eve']],
])('agents(%j) are %j', async (query, expected) => {
  const { hub } = await team();
  expect(idsOf(hub, query)).toEqual(expected);
});

test('a profile says what the agent is, what it does now, and how well it has done', async () => {
  const simulation = await team();
  const { hub } = simulation;
  expect(hub.agent('ann')).toMatchObject({
    name: 'Ann',
    modelFamily: 'human',
    taskTypes: ['feature'],
    tasks: ['long'],
    load: 0.25,
    performance: { taskCount: 0, successRate: 0.8, averageQuality: 0.7, averageLatencyMs: 5000 },
  });
  expect(hub.agent('eve')).toMatchObject({
    completed: 1,
    failed: 0,
    load: 0,
    lastHeardAt: simulation.environment.now(),
  });
  expect(hub.agent('eve')?.performance.averageQuality).toBeCloseTo((5 * 0.7 + 1) / 6);
  expect(hub.agent('bob')?.performance.successRate).toBeCloseTo((5 * 0.8 + 0) / 6);
  await expectFoldEqual(simulation);
});

test('what is told of an agent’s performance cannot be changed from outside', async () => {
  const { hub } = await team();
  for (const id of ['ann', 'eve']) expect(Object.isFrozen(hub.agent(id)?.performance)).toBe(true);
});

test('an agent beyond the limit is refused with busy, and one that leaves makes room', async () => {
  const simulation = await simulate({ config: { maxAgents: 2 } });
  const { hub } = simulation;
  for (const id of ['a', 'b']) hub.register({ id, type: 'dev', run: [] });
  const late = () => hub.register({ id: 'c', type: 'dev', run: [] });
  expect(refusal(late).code).toBe('busy');
  expect(hub.agents()).toHaveLength(2);
  hub.unregister('a');
  expect(late().id).toBe('c');
  await expectFoldEqual(simulation);
});

test('an agent that was lost comes back even when the registry is full', async () => {
  const { hub } = await simulate({ config: { maxAgents: 1 } });
  hub.register({ id: 'a', type: 'dev', run: [] });
  hub.reportLost('a');
  expect(hub.register({ id: 'a', type: 'dev', run: [] }).status).toBe('idle');
});

test('a task goes to nobody whose task types, languages or specialisations it does not ask for', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'narrow', type: 'dev', taskTypes: ['fix'], languages: ['go'], run: [] });
  hub.submit({ id: 'type', type: 'feature', requirements: { languages: ['go'] } });
  hub.submit({ id: 'language', type: 'fix', requirements: { languages: ['go', 'ts'] } });
  hub.submit({ id: 'specialisation', type: 'fix', requirements: { specialisations: ['oauth'] } });
  hub.submit({ id: 'fits', type: 'fix', requirements: { languages: ['go'] } });
  await simulation.run();
  expect(hub.queue().map(({ id }) => id)).toEqual(['type', 'language', 'specialisation']);
  expect(hub.task('fits')?.status).toBe('completed');
  await expectFoldEqual(simulation);
});
