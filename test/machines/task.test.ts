import { describe, expect, test } from 'vitest';
import { taskStatus } from '../../src/machines/status.ts';
import { type TaskEvent, taskMachine } from '../../src/machines/task.ts';
import { after } from '../support/charts.ts';

const given = (...events: TaskEvent[]) => after(taskMachine, { taskId: 't', dueAt: 5000 }, events);
const enqueued: TaskEvent = { type: 'task.enqueued' };
const assigned = (agentId = 'a', lease = 3): TaskEvent => ({ type: 'task.assigned', agentId, lease });
const started: TaskEvent = { type: 'task.started' };
const running = [enqueued, assigned(), started];
const consultation = (what: 'opened' | 'closed', consultationId = 'c'): TaskEvent => ({
  type: `consultation.${what}`,
  consultationId,
});
const gate = (what: 'opened' | 'closed', gateId = 'g'): TaskEvent => ({ type: `gate.${what}`, gateId });

test('a task is submitted, queued, assigned, works and is completed', () => {
  const { paths, context } = given(...running, { type: 'task.completed' });
  expect(paths).toEqual(['pending', 'queued', 'assigned', 'running.working', 'completed']);
  expect(context).toMatchObject({ agentId: 'a', lease: 3, attempts: 1, dueAt: 5000 });
});

describe('leases (T2, I18)', () => {
  test('a returned task belongs to nobody, and its next assignment counts', () => {
    const returned = given(...running, { type: 'task.returned' });
    expect(returned.path).toBe('queued');
    expect(returned.context).toMatchObject({ agentId: null, lease: null, attempts: 1 });
    const again = given(...running, { type: 'task.returned' }, assigned('b', 9), started);
    expect(again.context).toMatchObject({ agentId: 'b', lease: 9, attempts: 2 });
  });

  test('a task can be returned before it was started', () => {
    expect(given(enqueued, assigned(), { type: 'task.returned' }).path).toBe('queued');
  });

  test('a task that was returned has nothing open', () => {
    const { context } = given(...running, consultation('opened'), gate('opened'), { type: 'task.returned' });
    expect(context).toMatchObject({ consultations: [], gates: [] });
  });
});

describe('waiting (T3)', () => {
  test('a task consults as long as one consultation is open', () => {
    const { paths } = given(
      ...running,
      consultation('opened', 'c1'),
      consultation('opened', 'c2'),
      consultation('closed', 'c1'),
      consultation('closed', 'c2'),
    );
    expect(paths.slice(3)).toEqual([
      'running.working',
      'running.consulting',
      'running.consulting',
      'running.consulting',
      'running.working',
    ]);
  });

  test('a task awaits a human as long as one gate is open', () => {
    const { paths } = given(
      ...running,
      gate('opened', 'g1'),
      gate('opened', 'g2'),
      gate('closed', 'g1'),
      gate('closed', 'g2'),
    );
    expect(paths.slice(4)).toEqual([
      'running.awaitingHuman',
      'running.awaitingHuman',
      'running.awaitingHuman',
      'running.working',
    ]);
  });

  test('gates win over consultations, and what is still open afterwards decides where it goes on', () => {
    const open = [...running, consultation('opened'), gate('opened')];
    expect(given(...open).path).toBe('running.awaitingHuman');
    expect(given(...open, gate('closed')).path).toBe('running.consulting');
    expect(given(...open, consultation('closed')).path).toBe('running.awaitingHuman');
    expect(given(...open, consultation('closed'), gate('closed')).path).toBe('running.working');
    expect(given(...running, gate('opened'), consultation('opened'), gate('closed')).path).toBe('running.consulting');
  });
});

describe('retrying', () => {
  const retried: TaskEvent = { type: 'task.retried', retryAt: 9000 };

  test('a task that is to be tried again waits, free of its agent, until it is queued again', () => {
    const waiting = given(...running, gate('opened'), retried);
    expect(waiting.path).toBe('retrying');
    expect(waiting.context).toMatchObject({ agentId: null, lease: null, gates: [], retryAt: 9000, attempts: 1 });
    const queued = given(...running, retried, enqueued);
    expect(queued.path).toBe('queued');
    expect(queued.context.retryAt).toBeNull();
  });

  test.each(['failed', 'cancelled'] as const)('a task that waits to be tried again can be %s', (end) => {
    expect(given(...running, retried, { type: `task.${end}` }).path).toBe(end);
  });
});

describe('endings (T1, I3)', () => {
  const places: [string, TaskEvent[]][] = [
    ['pending', []],
    ['queued', [enqueued]],
    ['assigned', [enqueued, assigned()]],
    ['running.working', running],
    ['running.consulting', [...running, consultation('opened')]],
    ['running.awaitingHuman', [...running, gate('opened')]],
  ];

  test.each(places)('a task that is %s can fail and be cancelled', (path, events) => {
    expect(given(...events).path).toBe(path);
    for (const end of ['failed', 'cancelled'] as const) {
      expect(given(...events, { type: `task.${end}` }).path).toBe(end);
    }
  });

  test.each(places)('a task that is %s is completed only if it runs', (path, events) => {
    const { path: ended } = given(...events, { type: 'task.completed' });
    expect(ended).toBe(path.startsWith('running') ? 'completed' : path);
  });

  test.each(['completed', 'failed', 'cancelled'] as const)('a %s task is final', (end) => {
    const { snapshot, status } = given(...running, { type: `task.${end}` });
    expect(status).toBe('done');
    expect(snapshot.can({ type: 'task.cancelled' }) || snapshot.can({ type: 'task.enqueued' })).toBe(false);
  });
});

test('the status words of the requirements', () => {
  const words = [
    [given(), 'pending'],
    [given(enqueued), 'queued'],
    [given(enqueued, assigned()), 'assigned'],
    [given(...running), 'running'],
    [given(...running, consultation('opened')), 'running'],
    [given(...running, gate('opened')), 'running'],
    [given(...running, { type: 'task.retried', retryAt: 1 }), 'pending'],
    [given(...running, { type: 'task.completed' }), 'completed'],
    [given(...running, { type: 'task.failed' }), 'failed'],
    [given(...running, { type: 'task.cancelled' }), 'cancelled'],
  ] as const;
  for (const [{ snapshot }, word] of words) expect(taskStatus(snapshot.value)).toBe(word);
});
