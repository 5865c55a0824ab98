/** The dashboard's events, in the task orchestrator's words. */
import { expect, test } from 'vitest';
import { type DashboardEvent, dashboardEvent } from '../../src/hub/dashboard.ts';
import { type Simulation, simulate } from '../../src/testing.ts';
import { choose, noReviser, oneAttempt, team } from '../support/orchestrations.ts';
import { chain, plan, subtask } from '../support/plans.ts';

const eventsOf = (simulation: Simulation): DashboardEvent[] =>
  simulation.records().flatMap((record) => dashboardEvent(record) ?? []);

test('an orchestration from its request to its end', async () => {
  const simulation = await simulate({ planner: noReviser });
  const { hub, advance } = simulation;
  hub.register({ id: 'dev', type: 'development', run: [{ work: '5m' }] });
  hub.orchestrate({ id: 'one', title: 'One', plan: chain('a', 'b') });
  await advance(600_000);
  const at = (minutes: number) => `2026-01-01T00:${String(minutes).padStart(2, '0')}:00Z`;
  const event = (minutes: number, type: string, more: object = {}) => ({
    timestamp: at(minutes),
    type,
    orchestration_id: 'one',
    ...more,
  });
  const started = (id: string) => ({ subtask_id: id, task_id: `one.${id}`, assigned_to: 'development' });
  const completed = (id: string) => ({
    subtask_id: id,
    task_id: `one.${id}`,
    agent_id: 'dev',
    attempts: 1,
    duration_ms: 300_000,
  });
  expect(eventsOf(simulation)).toEqual([
    event(0, 'orchestration_requested', { title: 'One' }),
    event(0, 'orchestration_started', { subtasks: 2, stages: 2 }),
    event(0, 'stage_started', { stage: 1, subtasks: ['a'] }),
    event(0, 'subtask_started', started('a')),
    event(5, 'subtask_completed', completed('a')),
    event(5, 'stage_completed', { stage: 1 }),
    event(5, 'stage_started', { stage: 2, subtasks: ['b'] }),
    event(5, 'subtask_started', started('b')),
    event(10, 'subtask_completed', completed('b')),
    event(10, 'stage_completed', { stage: 2 }),
    event(10, 'orchestration_completed', { duration_ms: 600_000 }),
  ]);
});

test('what goes wrong, what a person decides, and the other ends', async () => {
  const simulation = await simulate({ config: oneAttempt, planner: noReviser });
  const { hub, settle, advance } = simulation;
  const workers = team(simulation);
  const begin = async (id: string, ...ids: string[]) => {
    hub.orchestrate({ id, title: id, plan: plan(...ids.map((each) => subtask(each))) });
    await settle();
  };
  await begin('one', 'a', 'b');
  workers.at('a').fail(new Error('no'));
  await settle();
  await choose(hub, 'a', 'replace', [subtask('a1')]);
  hub.pauseOrchestration('one');
  hub.resumeOrchestration('one');
  await advance(1_200_000);
  hub.cancelOrchestration('one', 'enough');
  await begin('two', 'c');
  workers.at('c').fail(new Error('no'));
  await settle();
  await hub.decideGate(hub.gates()[0]?.id ?? '', { decision: 'reject', by: 'ann' });
  await settle();
  const known = eventsOf(simulation).filter(({ type }) => !/started|requested/.test(type));
  expect(known.map(({ timestamp: _at, orchestration_id: id, ...event }) => [id, event])).toMatchObject([
    ['one', { type: 'subtask_failed', subtask_id: 'a', task_id: 'one.a', reason: 'no' }],
    ['one', { type: 'orchestration_blocked', subtask_id: 'a', gate_id: 'one.a.gate1', reason: 'no' }],
    ['one', { type: 'subtask_replaced', subtask_id: 'a', by: 'ann', subtasks: ['a1'] }],
    ['one', { type: 'orchestration_unblocked', subtask_id: 'a', choice: 'replace', by: 'ann' }],
    ['one', { type: 'orchestration_paused', reason: 'paused' }],
    ['one', { type: 'orchestration_resumed' }],
    ['one', { type: 'zombie_detected', subtask_id: 'b', agent_id: 'development-team', silent_ms: 1_200_000 }],
    ['one', { type: 'subtask_failed', subtask_id: 'b' }],
    ['one', { type: 'orchestration_blocked', subtask_id: 'b' }],
    ['one', { type: 'zombie_detected', subtask_id: 'a1' }],
    ['one', { type: 'subtask_failed', subtask_id: 'a1' }],
    ['one', { type: 'orchestration_blocked', subtask_id: 'a1' }],
    ['one', { type: 'orchestration_cancelled', reason: 'enough', duration_ms: 1_200_000 }],
    ['two', { type: 'subtask_failed', subtask_id: 'c' }],
    ['two', { type: 'orchestration_blocked', subtask_id: 'c' }],
    ['two', { type: 'orchestration_failed', reason: 'rejected by ann' }],
  ]);
});

test('a subtask that is called off with the whole is told', async () => {
  const simulation = await simulate({ planner: noReviser });
  team(simulation);
  simulation.hub.orchestrate({ id: 'one', title: 'One', plan: plan(subtask('a')) }).cancel('enough');
  await simulation.settle();
  expect(eventsOf(simulation)).toContainEqual(
    expect.objectContaining({ type: 'subtask_cancelled', subtask_id: 'a', reason: 'enough' }),
  );
});

test('what is not about an orchestration is no event, and the same record gives the same event again', async () => {
  const simulation = await simulate();
  simulation.hub.register({ id: 'dev', type: 'dev', run: [{ fail: 'no' }] });
  simulation.hub.submit({ type: 'x', metadata: { maxAttempts: 1 } });
  await simulation.run();
  expect(eventsOf(simulation)).toEqual([]);
  const other = await simulate({ planner: noReviser });
  team(other);
  other.hub.orchestrate({ title: 'One', plan: plan(subtask('a')) });
  await other.settle();
  expect(eventsOf(other)).toEqual(eventsOf(other));
  for (const event of eventsOf(other)) expect(JSON.parse(JSON.stringify(event))).toEqual(event);
});
