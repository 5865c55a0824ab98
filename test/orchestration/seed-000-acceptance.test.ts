/** The acceptance criteria of seed 000, one test each, under their own words. */
import { expect, test } from 'vitest';
import { backoffMs } from '../../src/hub/retry.ts';
import { capabilityMatch, type EventName, type HubRecord } from '../../src/index.ts';
import { simulate } from '../../src/testing.ts';
import { createTracker } from '../../src/tracking.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf, typesOf } from '../support/log.ts';
import { refusal } from '../support/refusals.ts';
import { goodSpec } from '../support/working-spec.ts';

test('1. Task orchestrator accepts and processes task requests', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'reviewer', type: 'reviewer', run: [{ work: 2500 }, { rate: 0.95 }, { return: 'well done' }] });
  const task = hub.submit({
    id: 'task-123',
    type: 'code-review',
    payload: { code: '…', requirements: '…' },
    metadata: { priority: 'high', timeoutMs: 300_000 },
  });
  await simulation.run();
  expect(await task.result).toMatchObject({
    taskId: 'task-123',
    success: true,
    result: 'well done',
    quality: 0.95,
    latencyMs: 2500,
    agentId: 'reviewer',
    attempts: 1,
  });
  await expectFoldEqual(simulation);
});

test('2. Tasks go through complete lifecycle (PENDING → COMPLETED)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const states: string[] = [];
  const task = hub.submit({ type: 'code-review', metadata: { delayMs: 1000 } });
  const look = () => states.push(hub.task(task.id)?.status ?? 'unknown');
  look();
  for (const event of ['task.enqueued', 'task.routed', 'task.started', 'task.completed'] as const) hub.on(event, look);
  hub.register({ id: 'a', type: 'dev', run: [{ return: 'done' }] });
  task.actor?.subscribe(look);
  await simulation.run();
  expect([...new Set(states)]).toEqual(['pending', 'queued', 'assigned', 'running', 'completed']);
  await expectFoldEqual(simulation);
});

test('3. Invalid tasks are rejected with proper error messages', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const error = refusal(() => hub.submit({ id: 't1', type: 'code-review', spec: { ...goodSpec(), risk_tier: 5 } }));
  expect(error.code).toBe('invalidSpec');
  expect(error.message).toContain('risk_tier');
  expect(error.faults).toEqual([expect.objectContaining({ field: 'risk_tier', suggestion: '3' })]);
  expect(hub.task('t1')).toMatchObject({ status: 'cancelled', faults: error.faults });
  await expectFoldEqual(simulation);
});

test('4. Failed tasks are retried with exponential backoff', async () => {
  const retry = { maxAttempts: 4, backoffMs: 1000, factor: 2, maxBackoffMs: 30_000, jitter: 0 };
  const simulation = await simulate({ config: { retry } });
  simulation.hub.register({
    id: 'a',
    type: 'dev',
    run: [{ fail: { message: 'not yet', times: 3 } }, { return: 'ok' }],
  });
  const task = simulation.hub.submit({ type: 'x' });
  await simulation.run();
  expect(await task.result).toMatchObject({ success: true, attempts: 4, durationMs: 7000 });
  const delays = recordsOf(simulation, 'task.retried').map(({ payload }) => payload.delayMs);
  expect(delays).toEqual([1000, 2000, 4000]);
  expect(delays).toEqual([1, 2, 3].map((attempt) => backoffMs(attempt, retry, 0)));
  await expectFoldEqual(simulation);
});

test('5. All ARBITER components are properly integrated', async () => {
  const simulation = await simulate({ router: capabilityMatch() });
  const { hub } = simulation;
  const tracker = createTracker();
  tracker.follow(hub);
  hub.register({ id: 'generalist', type: 'dev', languages: ['ts', 'go', 'rust'], run: [{ return: 1 }] });
  hub.register({ id: 'specialist', type: 'dev', languages: ['ts'], run: [{ rate: 0.9 }, { return: 1 }] });
  const task = hub.submit({ type: 'feature', spec: goodSpec(), requirements: { languages: ['ts'] } });
  await simulation.run();

  expect(hub.agents({ language: 'go' }).map(({ id }) => id)).toEqual(['generalist']); // ARBITER-001, the registry
  const [routed] = recordsOf(simulation, 'task.assigned'); // ARBITER-002, routing
  expect(routed?.payload).toMatchObject({ agentId: 'specialist', routing: { strategy: 'capabilityMatch' } });
  expect(recordsOf(simulation, 'task.validated')).toHaveLength(1); // ARBITER-003, validation
  expect(tracker.report({ agent: 'specialist' }).counts).toMatchObject({ completed: 1 }); // ARBITER-004, tracking
  expect(hub.agent('specialist')?.performance).toMatchObject({ taskCount: 1, ratedCount: 1 });
  expect(await task.result).toMatchObject({ success: true, agentId: 'specialist' });
  await expectFoldEqual(simulation);
});

test('6. Performance tracking captures all lifecycle events', async () => {
  const simulation = await simulate();
  const tracker = createTracker();
  tracker.follow(simulation.hub);
  simulation.hub.register({ id: 'a', type: 'dev', run: [{ work: 10 }, { fail: { message: 'no', times: 1 } }] });
  simulation.hub.submit({ id: 't1', type: 'x' });
  await simulation.run();
  const kinds = tracker.events().map(({ kind }) => kind);
  for (const kind of ['submitted', 'routed', 'started', 'retried', 'completed']) expect(kinds).toContain(kind);
  expect(tracker.report().counts).toMatchObject({ submitted: 1, started: 2, retried: 1, completed: 1, failed: 0 });
});

test('7. Error conditions are handled gracefully', async () => {
  const simulation = await simulate({ config: { retry: { maxAttempts: 2, backoffMs: 10 } } });
  const { hub } = simulation;
  const nobody = hub.submit({ type: 'x', requirements: { agentType: 'qa' }, metadata: { ifNoAgent: 'fail' } });
  hub.register({ id: 'broken', type: 'dev', run: [{ fail: 'no disk' }] });
  const failing = hub.submit({ type: 'x' });
  const late = hub.submit({ type: 'x', metadata: { timeoutMs: 5 }, requirements: { agentType: 'ops' } });
  await simulation.run();
  expect(await nobody.result).toMatchObject({ success: false, error: { code: 'noAgent' } });
  expect(await failing.result).toMatchObject({ success: false, attempts: 2, error: { message: 'no disk' } });
  expect(await late.result).toMatchObject({ success: false, error: { code: 'timeout' } });
  hub.unregister('broken');
  hub.register({ id: 'whole', type: 'dev', run: [{ return: 'fine' }] });
  const next = hub.submit({ type: 'x' });
  await simulation.run();
  expect(await next.result).toMatchObject({ success: true });
  await expectFoldEqual(simulation);
});

test('8. End-to-end tests demonstrate full workflow', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ work: 100 }, { return: 'done' }] });
  hub.submit({ id: 't1', type: 'feature', spec: goodSpec() });
  await simulation.run();
  expect(typesOf(simulation)).toEqual([
    'hub.started',
    'agent.register',
    'task.submit',
    'task.validated',
    'task.enqueued',
    'task.assigned',
    'task.started',
    'task.result',
    'task.completed',
  ]);
  expect(
    new Set(
      simulation
        .records()
        .slice(2)
        .map(({ correlationId }) => correlationId),
    ).size,
  ).toBe(1);
  await expectFoldEqual(simulation);
});

test('9. High throughput (1000+ tasks/minute)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const tracker = createTracker();
  tracker.follow(hub);
  for (let index = 0; index < 20; index++) hub.register({ id: `a${index}`, type: 'dev', run: [{ work: 1000 }] });
  for (let index = 0; index < 1000; index++) hub.submit({ type: 'x' });
  await simulation.advance(60_000);
  expect(hub.projectState().counters).toMatchObject({ submitted: 1000, completed: 1000, failed: 0 });
  expect(tracker.report().executionMs).toMatchObject({ count: 1000, max: 1000 });
});

/** What seed 000 and the requirements call events, and what makes each happen. */
const events = [
  'task.submitted',
  'task.validated',
  'task.enqueued',
  'task.dequeued',
  'task.routed',
  'task.started',
  'task.retried',
  'task.completed',
  'task.failed',
] as const satisfies readonly EventName[];

test('10. All tests passing (unit + integration): every event can be listened to, and arrives', async () => {
  const simulation = await simulate({ config: { retry: { maxAttempts: 2 } } });
  const { hub } = simulation;
  const heard = new Map<string, HubRecord[]>(events.map((event) => [event, []]));
  for (const event of events) hub.on(event, (record) => heard.get(event)?.push(record));
  hub.register({ id: 'a', type: 'dev', run: [{ fail: { message: 'no', times: 1 } }, { return: 1 }] });
  hub.register({ id: 'b', type: 'qa', run: [{ fail: 'never' }] });
  hub.submit({ id: 'good', type: 'x', spec: goodSpec(), requirements: { agentType: 'dev' } });
  hub.submit({ id: 'bad', type: 'x', requirements: { agentType: 'qa' } });
  await simulation.run();
  const counts = Object.fromEntries([...heard].map(([event, records]) => [event, records.length]));
  expect(counts).toEqual({
    'task.submitted': 2,
    'task.validated': 1,
    'task.enqueued': 4,
    'task.dequeued': 4,
    'task.routed': 4,
    'task.started': 4,
    'task.retried': 2,
    'task.completed': 1,
    'task.failed': 1,
  });
  for (const record of [...heard.values()].flat()) expect(record.payload).toHaveProperty('taskId');
});
