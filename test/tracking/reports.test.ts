import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { HubRecord, RecordOf } from '../../src/machines/messages.ts';
import { readScenario, runScenario, type Simulation, simulate } from '../../src/testing.ts';
import { createTracker, type Tracker } from '../../src/tracking.ts';
import { byHand, Scribe } from './records.ts';

const authSystem = readScenario(
  readFileSync(new URL('../../scenarios/auth-system.yaml', import.meta.url), 'utf8'),
  'auth-system.yaml',
);
const start = Date.UTC(2026, 0, 1);
const feed = (tracker: Tracker, records: readonly HubRecord[]) => {
  for (const record of records) tracker.record(record);
};

describe('the authentication system, followed', () => {
  test('counts what happened, by agent, by type and in all', async () => {
    const tracker = createTracker();
    const { outcome, records } = await runScenario(authSystem, { onStart: ({ hub }) => tracker.follow(hub) });
    const count = (type: string) => records.filter((record) => record.type === type).length;

    expect(outcome).toBe('passed');
    expect(tracker.report({ window: '7d' }).counts).toEqual({
      submitted: 6,
      invalid: 0,
      routed: count('task.assigned'),
      started: count('task.started'),
      completed: 6,
      failed: 0,
      cancelled: 0,
      retried: 0,
      returned: 0,
      consulted: 1,
      escalated: 1,
      tripped: 0,
    });
    expect(tracker.report({ window: '7d', agent: 'backend-1' }).counts).toMatchObject({ completed: 1, consulted: 1 });
    expect(tracker.report({ window: '7d', agent: 'security-1' }).counts).toMatchObject({ completed: 1, escalated: 1 });
    expect(tracker.report({ window: '7d', taskType: 'implementation' }).counts.completed).toBe(2);
    expect(tracker.report({ window: '7d', agent: 'frontend-1', taskType: 'implementation' })).toMatchObject({
      agent: 'frontend-1',
      taskType: 'implementation',
      counts: { completed: 1 },
      successRate: 1,
    });
    expect(tracker.report({ window: '7d', agent: 'frontend-1', taskType: 'audit' }).counts.completed).toBe(0);
    expect(tracker.agents()).toEqual(['architect-1', 'backend-1', 'frontend-1', 'security-1', 'tester-1', 'writer-1']);
    expect(tracker.taskTypes()).toEqual(['audit', 'design', 'documentation', 'implementation', 'test']);
    expect(tracker.size().unfinishedTasks).toBe(0);
  });

  test('measures what the records say', async () => {
    const tracker = createTracker();
    const { records } = await runScenario(authSystem, { onStart: ({ hub }) => tracker.follow(hub) });
    const at = (type: string, taskId: string) =>
      records.find((record) => record.type === type && (record.payload as { taskId?: string }).taskId === taskId)?.at ??
      0;
    const execution = at('task.completed', 'auth-001-design') - at('task.started', 'auth-001-design');

    expect(execution).toBeGreaterThan(600_000);
    expect(tracker.report({ window: '24h', taskType: 'design' })).toMatchObject({
      waitingMs: { count: 1, p50: at('task.started', 'auth-001-design') - at('task.submit', 'auth-001-design') },
      executionMs: { count: 1, mean: execution, max: execution, p50: execution, p99: execution },
      durationMs: { count: 1, p50: at('task.completed', 'auth-001-design') - at('task.submit', 'auth-001-design') },
    });
  });

  test('Q1: a tracker changes nothing of the run', async () => {
    const alone = await runScenario(authSystem);
    const followed = await runScenario(authSystem, { onStart: ({ hub }) => createTracker().follow(hub) });

    expect(followed.log.hash).toBe(alone.log.hash);
  });

  test('Q2: the same log once more counts nothing twice, and gives the same from a file', async () => {
    const tracker = createTracker();
    const { records } = await runScenario(authSystem, { onStart: ({ hub }) => tracker.follow(hub) });
    const fromFile = createTracker();
    feed(fromFile, JSON.parse(JSON.stringify(records)));
    feed(fromFile, records);

    expect(fromFile.report({ window: '7d' })).toEqual(tracker.report({ window: '7d' }));
    expect(fromFile.toJsonLines()).toBe(tracker.toJsonLines());
  });
});

describe('a measure', () => {
  const steps = async (): Promise<{ simulation: Simulation; tracker: Tracker }> => {
    const simulation = await simulate();
    const tracker = createTracker();
    tracker.follow(simulation.hub);
    return { simulation, tracker };
  };

  test('of waiting is from the queue to the start, anew for each attempt', async () => {
    const { simulation, tracker } = await steps();
    const { hub } = simulation;
    hub.register({ id: 'slow', type: 'builder', run: [{ work: 60_000 }, { return: 1 }] as never });
    hub.submit({ type: 'build', id: 'first' });
    hub.submit({ type: 'build', id: 'second' });
    await simulation.advance(10_000);
    hub.reportLost('slow', 'no sign of life');
    await simulation.advance(5000);
    hub.as('slow').heartbeat();
    await simulation.run();

    const starts = tracker.events().filter(({ kind }) => kind === 'started');
    expect(starts.map(({ taskId, attempt, waitingMs }) => ({ taskId, attempt, waitingMs }))).toEqual([
      { taskId: 'first', attempt: 1, waitingMs: 0 },
      { taskId: 'first', attempt: 2, waitingMs: 5000 },
      { taskId: 'second', attempt: 1, waitingMs: 75_000 },
    ]);
    expect(tracker.report({ agent: 'slow' }).counts).toMatchObject({ returned: 1, started: 3, completed: 2 });
    expect(tracker.report().executionMs).toMatchObject({ count: 2, p50: 60_000 });
  });

  test('of a failed task has the code of its failure; one that nobody had counts for no agent', async () => {
    const { simulation, tracker } = await steps();
    const { hub } = simulation;
    hub.submit({ type: 'build', metadata: { timeoutMs: 1000 } });
    await simulation.run();

    expect(tracker.events().at(-1)).toMatchObject({
      kind: 'failed',
      agentId: null,
      taskType: 'build',
      error: 'timeout',
    });
    expect(tracker.report({ taskType: 'build' })).toMatchObject({
      counts: { failed: 1, started: 0 },
      successRate: 0,
      executionMs: null,
      durationMs: { p50: 1000 },
    });
    expect(tracker.agents()).toEqual([]);
  });

  test('of a consultation within a consultation is that of the task which began it', async () => {
    const { simulation, tracker } = await steps();
    const { hub } = simulation;
    const asking = (type: string) => async (_: unknown, context: { consult(type: string, text: string): unknown }) =>
      context.consult(type, 'Is it so?');
    hub.register({ id: 'builder', type: 'builder', run: asking('architect') });
    hub.register({ id: 'architect', type: 'architect', run: () => null, answer: asking('lawyer') });
    hub.register({ id: 'lawyer', type: 'lawyer', run: () => null, answer: () => 'it is' });
    hub.submit({ type: 'build', id: 'house', requirements: { agentType: 'builder' } });
    await simulation.run();

    expect(tracker.events().filter(({ kind }) => kind === 'consulted')).toMatchObject([
      { agentId: 'builder', taskId: 'house', taskType: 'build', specialistType: 'architect' },
      { agentId: 'architect', taskId: 'house', taskType: 'build', specialistType: 'lawyer' },
    ]);
  });

  test('G1: is what the last record says where the start was not seen', () => {
    const tracker = createTracker();
    const [, , , , completed] = new Scribe().task({ at: start, runMs: 700, quality: 0.9 });
    feed(tracker, [completed as HubRecord]);

    expect(tracker.report()).toMatchObject({
      counts: { started: 0, completed: 1 },
      quality: { count: 1, mean: 0.9 },
      executionMs: { p50: 700 },
      waitingMs: null,
    });
  });

  test('of a task that waits again is not that of the attempt before', () => {
    const scribe = new Scribe();
    const tracker = createTracker();
    feed(tracker, scribe.task({ at: start, taskId: 't', runMs: 700 }).slice(0, 4));
    const at = start + 700;
    feed(tracker, [
      scribe.record({ type: 'task.returned', from: 'hub', at, payload: { taskId: 't', reason: 'lost' } }),
      scribe.record({
        type: 'task.cancelled',
        from: 'hub',
        at: at + 5000,
        payload: { taskId: 't', agentId: null, attempts: 1, durationMs: 5700, latencyMs: 5700, quality: null },
      }),
    ]);

    expect(tracker.events().at(-1)).not.toHaveProperty('executionMs');
  });

  test('of a routing has who was chosen, by what, and who was passed over', async () => {
    const { simulation, tracker } = await steps();
    const { hub } = simulation;
    for (const id of ['ann', 'bob']) hub.register({ id, type: 'builder', run: () => 1 });
    hub.submit({ type: 'build' });
    await simulation.run();
    const routed = simulation.records().find(({ type }) => type === 'task.assigned') as RecordOf<'task.assigned'>;
    const { reason: _reason, alternatives, ...routing } = routed.payload.routing;

    expect(tracker.events().find(({ kind }) => kind === 'routed')).toMatchObject({
      agentId: routed.payload.agentId,
      attempt: 1,
      routing: { ...routing, alternatives: alternatives.map(({ agentId, score }) => ({ agentId, score })) },
    });
  });

  test('of a retry comes from the run, and a breaker that trips counts for its agent', async () => {
    const { simulation, tracker } = await steps();
    const { hub } = simulation;
    hub.register({
      id: 'clumsy',
      type: 'builder',
      run: async (_task, context) => {
        await context.sleep(1000);
        throw new Error('again');
      },
    });
    hub.submit({ type: 'build' });
    await simulation.run();
    const count = (type: string) => simulation.records().filter((record) => record.type === type).length;
    const { counts, executionMs } = tracker.report({ window: '24h', agent: 'clumsy' });

    expect(count('task.retried')).toBeGreaterThan(0);
    expect(counts).toMatchObject({ retried: count('task.retried'), failed: 1, tripped: count('agent.tripped') });
    expect(executionMs).toMatchObject({ count: counts.started, p50: 1000 });
  });

  test('of a task that the validator refuses counts it as submitted, invalid and cancelled', async () => {
    const { simulation, tracker } = await steps();
    expect(() => simulation.hub.submit({ type: 'build', spec: { id: 'nonsense' } })).toThrow(
      expect.objectContaining({ code: 'invalidSpec' }),
    );
    await simulation.run();

    expect(tracker.report({ taskType: 'build' }).counts).toMatchObject({ submitted: 1, invalid: 1, cancelled: 1 });
  });

  test('of a retried execution counts against the attempts, not against the tasks', () => {
    const scribe = new Scribe();
    const tracker = createTracker();
    const at = (ms: number) => start + ms;
    const assign = (ms: number, attempt: number) =>
      scribe.record({
        type: 'task.assigned',
        from: 'hub',
        at: at(ms),
        payload: { taskId: 't', agentId: 'ann', attempt, routing: byHand },
      });
    const begin = (ms: number, lease: number) =>
      scribe.record({ type: 'task.started', from: 'ann', at: at(ms), payload: { taskId: 't', lease } });
    feed(tracker, scribe.submit('t', 'build', start));
    const first = assign(0, 1);
    feed(tracker, [first, begin(0, first.seq)]);
    const error = { code: 'driver', message: 'no luck' };
    feed(tracker, [
      scribe.record({
        type: 'task.retried',
        from: 'hub',
        at: at(300),
        payload: { taskId: 't', agentId: 'ann', attempt: 1, delayMs: 1000, error },
      }),
      scribe.record({ type: 'task.enqueued', from: 'hub', at: at(1300), payload: { taskId: 't' } }),
    ]);
    const second = assign(1500, 2);
    feed(tracker, [
      second,
      begin(1500, first.seq),
      begin(1500, second.seq),
      scribe.record({
        type: 'task.completed',
        from: 'hub',
        at: at(2000),
        payload: { taskId: 't', agentId: 'ann', attempts: 2, durationMs: 2000, latencyMs: 500, quality: null },
      }),
    ]);

    expect(tracker.report({ agent: 'ann' })).toMatchObject({
      counts: { started: 2, retried: 1, completed: 1, failed: 0 },
      successRate: 1,
      attemptSuccessRate: 0.5,
      executionMs: { count: 2, p50: 300, max: 500 },
      waitingMs: { count: 2, max: 200 },
      durationMs: { count: 1, max: 2000 },
    });
    expect(tracker.events().find(({ kind }) => kind === 'retried')).toMatchObject({
      agentId: 'ann',
      attempt: 1,
      delayMs: 1000,
      error: 'driver',
      executionMs: 300,
    });
  });

  test('of a cancelled task says nothing of how long work takes', () => {
    const tracker = createTracker();
    feed(tracker, new Scribe().task({ at: start, outcome: 'cancelled', runMs: 1 }));

    expect(tracker.report()).toMatchObject({ counts: { cancelled: 1 }, executionMs: null, durationMs: null });
    expect(tracker.events().at(-1)).toMatchObject({ kind: 'cancelled', executionMs: 1, durationMs: 1 });
  });
});
