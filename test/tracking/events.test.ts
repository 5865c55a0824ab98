import { describe, expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { createTracker } from '../../src/tracking.ts';
import { byHand, Scribe } from './records.ts';

const start = Date.UTC(2026, 0, 1);
const salt = 'a salt that nobody knows';

function playing(options: Parameters<typeof createTracker>[0], tasks: number) {
  const tracker = createTracker(options);
  const scribe = new Scribe();
  for (let index = 0; index < tasks; index++) {
    for (const record of scribe.task({ at: start + index * 1000, agent: `agent-${index}` })) tracker.record(record);
  }
  return { tracker, scribe };
}

describe('the raw events', () => {
  test('are exported as JSON lines, since a time if asked', () => {
    const { tracker } = playing({}, 3);
    const lines = tracker.toJsonLines().trimEnd().split('\n');

    expect(lines.map((line) => JSON.parse(line))).toEqual(tracker.events());
    expect(lines).toHaveLength(12);
    expect(
      tracker
        .toJsonLines({ since: start + 2000 })
        .trimEnd()
        .split('\n'),
    ).toHaveLength(5);
    expect(tracker.toJsonLines({ since: start + 60_000 })).toBe('');
    expect(JSON.parse(lines[3] ?? '')).toEqual({
      seq: 5,
      at: start + 1000,
      kind: 'completed',
      taskId: 'task-1',
      taskType: 'build',
      agentId: 'agent-0',
      attempt: 1,
      durationMs: 1000,
      executionMs: 1000,
    });
  });

  test('Q3: are the newest so many', () => {
    const { tracker } = playing({ eventLimit: 10 }, 1000);

    expect(tracker.events()).toHaveLength(10);
    expect(tracker.events().at(-1)).toMatchObject({ kind: 'completed', agentId: 'agent-999' });
    expect(playing({ eventLimit: 0 }, 10).tracker.events()).toEqual([]);
  });
});

describe('Q3: bounds', () => {
  test('G3: unfinished tasks beyond the limit are forgotten, and what becomes of them still counts', () => {
    const tracker = createTracker({ taskLimit: 10 });
    const scribe = new Scribe();
    for (let index = 0; index < 100; index++) {
      for (const record of scribe.submit(`t${index}`, 'build', start)) tracker.record(record);
    }
    expect(tracker.size().unfinishedTasks).toBe(10);
    const payload = { taskId: 't0', agentId: 'ann', attempts: 1, durationMs: 5, latencyMs: null, quality: null };
    tracker.record(scribe.record({ type: 'task.completed', from: 'hub', at: start + 5, payload }));

    expect(tracker.report().counts).toMatchObject({ submitted: 100, completed: 1 });
    expect(tracker.events().at(-1)).toMatchObject({ kind: 'completed', taskType: null, durationMs: 5 });
  });

  test('N2: beyond the memory that it may take, the agents that were silent longest are let go, the whole never', () => {
    const { tracker } = playing({ memoryLimitBytes: 200_000 }, 2000);
    const { bytes, evicted, series } = tracker.size();

    expect(bytes).toBeLessThanOrEqual(200_000);
    expect(evicted).toBeGreaterThan(1900);
    expect(series).toBe(2000 - evicted + 1 + 1); // One for everything, one for tasks that no agent has yet.
    expect(tracker.report({ window: '7d' }).counts.completed).toBe(2000);
    expect(tracker.report({ window: '7d', agent: 'agent-1999' }).counts.completed).toBe(1);
    expect(tracker.report({ window: '7d', agent: 'agent-0' }).counts.completed).toBe(0);
  });
});

describe('anonymised', () => {
  test('no id of a task, agent, consultation or gate is left anywhere', async () => {
    const tracker = createTracker({ anonymise: { salt } });
    const simulation = await simulate();
    const { hub } = simulation;
    tracker.follow(hub);
    hub.register({ id: 'backend-1', type: 'dev', run: [{ consult: { type: 'law', question: 'May I?' } }] as never });
    hub.register({ id: 'lawyer-1', type: 'law', run: () => null, answer: () => 'yes' });
    hub.submit({ type: 'secret-free', id: 'task-of-ann', requirements: { agentType: 'dev' } });
    const { id: gateId } = hub.escalate('is it?', null, { agentId: 'lawyer-1' });
    await simulation.settle();
    await hub.decideGate(gateId, { decision: 'approve', by: 'ann' });
    await simulation.run();
    const ids = ['backend-1', 'lawyer-1', 'task-of-ann', gateId];
    const told = [tracker.toJsonLines(), tracker.toPrometheus(), JSON.stringify(tracker.agents())].join('');

    for (const id of ids) expect(told).not.toContain(id);
    expect(tracker.events().filter(({ kind }) => kind === 'consulted')).toHaveLength(1);
    expect(tracker.report({ agent: 'backend-1' })).toMatchObject({ counts: { completed: 1 } });
    expect(tracker.report({ agent: 'backend-1' }).agent).not.toBe('backend-1');
  });

  test('the same salt gives the same pseudonyms, another salt others', () => {
    const agents = (with_: string) => playing({ anonymise: { salt: with_ } }, 3).tracker.agents();

    expect(agents(salt)).toEqual(agents(salt));
    expect(new Set([...agents(salt), ...agents(`${salt}!`)]).size).toBe(6);
  });

  test('the agents that a router passed over are anonymised too', () => {
    const tracker = createTracker({ anonymise: { salt } });
    const scribe = new Scribe();
    const routing = { ...byHand, alternatives: [{ agentId: 'bob-7', score: 1, reason: 'bob-7 is slow' }] };
    const payload = { taskId: 't', agentId: 'ann', attempt: 1, routing };
    tracker.record(scribe.record({ type: 'task.assigned', from: 'hub', at: start, payload }));

    expect(tracker.toJsonLines()).toContain('"alternatives":[{"agentId":"');
    expect(tracker.toJsonLines()).not.toContain('bob-7');
  });
});

test('a tracker that has stopped following hears nothing more', async () => {
  const { hub, settle } = await simulate();
  const tracker = createTracker();
  const stop = tracker.follow(hub);
  hub.submit({ type: 'a' });
  await settle();
  stop();
  hub.submit({ type: 'b' });
  await settle();

  expect(tracker.taskTypes()).toEqual(['a']);
});
