import { describe, expect, test } from 'vitest';
import { memoryStore } from '../../src/actors/store.ts';
import { foldLog } from '../../src/hub/picture.ts';
import type { HubRecord } from '../../src/machines/messages.ts';
import { type Simulation, simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { handDriver } from '../support/hand-driver.ts';
import { recordsOf } from '../support/log.ts';
import { rejection } from '../support/refusals.ts';
import { storeWith } from '../support/stores.ts';

/** A hub with some of everything going on. */
async function busy(): Promise<Simulation> {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'dev', type: 'dev', run: [{ stall: true }] });
  hub.register({ id: 'asker', type: 'asker', run: [{ consult: { type: 'expert', question: 'how?' } }] });
  hub.register({ id: 'expert', type: 'expert', run: [], answer: [{ stall: true }] });
  hub.register({ id: 'held', type: 'qa', run: [] });
  for (const id of ['t1', 't2', 't3']) hub.submit({ id, type: 'x', requirements: { agentType: 'dev' } });
  hub.submit({ id: 'asking', type: 'x', requirements: { agentType: 'asker' } });
  hub.submit({ id: 'done', type: 'x', requirements: { agentType: 'qa' } });
  await simulation.run();
  hub.submit({
    id: 'urgent',
    type: 'x',
    metadata: { priority: 'high', timeoutMs: 60_000 },
    requirements: { agentType: 'dev' },
  });
  hub.escalate('is it well?', null, { agentId: 'held' });
  await hub.send({ to: 'dev', type: 'note', body: 'keep me' });
  hub.updateProject({ phase: 'building' });
  await simulation.settle();
  return simulation;
}
const restart = (records: Simulation, environmentAt = records.records()) =>
  simulate({ store: storeWith(environmentAt) });

test('a second hub on the log is where the first one was, and gives running work back (I13, Q2)', async () => {
  const before = await busy();
  const after = await restart(before);
  const { hub } = after;
  expect(hub.queue().map(({ id }) => id)).toEqual(['urgent', 't1', 't2', 't3', 'asking']);
  expect(hub.task('t1')).toMatchObject({ status: 'queued', attempts: 1, agentId: null });
  expect(hub.task('done')).toMatchObject({ status: 'completed' });
  expect(hub.agents().map(({ id, state }) => [id, state])).toEqual([
    ['dev', 'unreachable'],
    ['asker', 'unreachable'],
    ['expert', 'unreachable'],
    ['held', 'unreachable'],
  ]);
  expect(hub.consultations()).toEqual([]);
  expect(hub.gates()).toMatchObject([{ reason: 'is it well?', agentId: 'held' }]);
  expect(hub.inbox('dev')).toMatchObject([{ body: 'keep me' }]);
  expect(hub.projectState()).toMatchObject({ phase: 'building' });
  expect(recordsOf(after, 'agent.lost').map(({ payload }) => payload.reason)).toEqual(
    Array(4).fill('the hub was restarted'),
  );
  await expectFoldEqual(after);
});

test('agents show up again, and the same tasks are finished under the same ids', async () => {
  const after = await restart(await busy());
  const { hub } = after;
  hub.register({ id: 'dev', type: 'dev', run: [{ return: 'second time' }] });
  hub.register({ id: 'expert', type: 'expert', run: [], answer: [{ return: 'so' }] });
  hub.register({ id: 'asker', type: 'asker', run: [{ consult: { type: 'expert', question: 'how?' } }] });
  await after.run();
  const finished = hub.tasks().map(({ id, status, attempts }) => [id, status, attempts]);
  expect(finished.toSorted()).toEqual([
    ['asking', 'completed', 2],
    ['done', 'completed', 1],
    ['t1', 'completed', 2],
    ['t2', 'completed', 1],
    ['t3', 'completed', 1],
    ['urgent', 'completed', 1],
  ]);
  expect(recordsOf(after, 'task.submit')).toHaveLength(6);
  expect(await hub.as('dev').inbox.next()).toMatchObject({ body: 'keep me' });
  await expectFoldEqual(after);
});

test('deadlines stand unchanged (I12)', async () => {
  const before = await busy();
  const dueAt = before.hub.task('urgent')?.dueAt;
  const after = await restart(before);
  expect(after.hub.task('urgent')?.dueAt).toBe(dueAt);
  await after.run();
  expect(after.hub.task('urgent')).toMatchObject({ status: 'failed', error: { code: 'timeout' } });
  expect(after.hub.task('urgent')?.finishedAt).toBe(dueAt);
  await expectFoldEqual(after);
});

test('what held an agent holds it when it is back (I10)', async () => {
  const after = await restart(await busy());
  const { hub } = after;
  hub.register({ id: 'held', type: 'qa', run: [] });
  const task = hub.submit({ type: 'x', requirements: { agentType: 'qa' } });
  await after.settle();
  expect(hub.agent('held')?.status).toBe('paused');
  expect(hub.task(task.id)?.status).toBe('queued');
  await hub.decideGate(hub.gates()[0]?.id ?? '', { decision: 'approve', by: 'alice' });
  await after.settle();
  expect(hub.task(task.id)?.status).toBe('completed');
  await expectFoldEqual(after);
});

test('an idempotency key still finds its task, and an id is still taken (I4)', async () => {
  const before = await simulate();
  const first = before.hub.submit({ type: 'x', payload: 1, idempotencyKey: 'k' });
  await before.settle();
  const after = await restart(before);
  expect(after.hub.submit({ type: 'x', payload: 1, idempotencyKey: 'k' }).id).toBe(first.id);
  expect(() => after.hub.submit({ type: 'x', payload: 2, idempotencyKey: 'k' })).toThrow('belongs to another task');
  expect(() => after.hub.submit({ id: first.id, type: 'x' })).toThrow('exists already');
});

test('a pause outlives a restart, and so does draining; a hub that had stopped runs again (H3)', async () => {
  const lifeAfter = async (change: (simulation: Simulation) => unknown) => {
    const before = await simulate();
    before.hub.submit({ type: 'x' });
    await change(before);
    await before.settle();
    const after = await restart(before);
    await expectFoldEqual(after);
    return after.hub.status().state;
  };
  expect(await lifeAfter(() => {})).toBe('running');
  expect(await lifeAfter(({ hub }) => hub.pause())).toBe('paused');
  expect(await lifeAfter(({ hub }) => void hub.drain())).toBe('draining');
  expect(await lifeAfter(({ hub }) => hub.stop())).toBe('running');
});

test('folding runs no effect: no driver, no clock, no chance (I14)', async () => {
  const records = (await busy()).records();
  const now = Date.now;
  const random = Math.random;
  const poison = () => {
    throw new Error('the fold looked at the world');
  };
  Object.assign(Date, { now: poison });
  Object.assign(Math, { random: poison });
  try {
    expect(foldLog(records).status.seq).toBe(records.length);
  } finally {
    Object.assign(Date, { now });
    Object.assign(Math, { random });
  }
});

/** A commit holds whole turns, and the records that follow from the first one of a turn have its id and a number. */
const canEndAt = (records: readonly HubRecord[], length: number): boolean => !records[length]?.id.includes('.');

test('at every place where the log can end, a restart loses no task and finishes all (I1, I6, I13)', async () => {
  const records = (await busy()).records();
  for (let length = 1; length <= records.length; length++) {
    if (!canEndAt(records, length)) continue;
    const after = await simulate({ store: storeWith(records.slice(0, length)) });
    const { hub } = after;
    const submitted = records.slice(0, length).filter(({ type }) => type === 'task.submit');
    expect(hub.tasks()).toHaveLength(submitted.length);
    const expected = hub.queue().map(({ id, priority, submittedAt }) => ({ id, priority, submittedAt }));
    expect(expected).toEqual(expected.toSorted((a, b) => b.priority - a.priority || a.submittedAt - b.submittedAt));
    for (const type of ['dev', 'asker', 'qa']) hub.register({ id: `new-${type}`, type, run: [] });
    await after.run();
    const left = hub.tasks().filter(({ status }) => status !== 'completed');
    expect(left, `log of ${length} records`).toEqual([]);
    await expectFoldEqual(after);
  }
});

test('an agent has no driver until it is registered again: nothing else brings it back, or gets it work (B2)', async () => {
  const before = await simulate();
  before.hub.register({ id: 'a', type: 'dev', heartbeatMs: 60_000, run: [] });
  await before.settle();
  const after = await restart(before);
  const { hub } = after;
  const waiting = hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
  expect(await hub.as('a').send({ to: 'hub', type: 'hello' })).toMatchObject({ status: 'queued' });
  expect(hub.agent('a')).toMatchObject({ state: 'unreachable', lastHeardAt: after.environment.now() });
  expect(hub.task(waiting.id)).toMatchObject({ status: 'queued', attempts: 0 });
  expect(recordsOf(after, 'agent.lost').map(({ payload }) => payload.reason)).toEqual(['the hub was restarted']);

  hub.register({ id: 'a', type: 'dev', heartbeatMs: 60_000, run: [] });
  await after.run();
  expect(hub.task(waiting.id)).toMatchObject({ status: 'completed', attempts: 1 });
  hub.reportLost('a');
  await hub.as('a').send({ to: 'hub', type: 'hello' });
  expect(hub.agent('a')?.state).toBe('idle');
  await expectFoldEqual(after);
});

test.each([
  ['its whole log', undefined],
  ['a checkpoint', 1],
])(
  'a restart uses up no attempt, for a hub that goes on from %s: a task is tried again as often afterwards (I19)',
  async (_what, every) => {
    const { checkpoints, ...plain } = memoryStore();
    const store = { ...plain, ...(every !== undefined && checkpoints && { checkpoints }), close() {} };
    const options = { store, config: { retry: { maxAttempts: 2, backoffMs: 1000, jitter: 0 } } };
    let hubs = 0;
    const start = async () => {
      const simulation = await simulate({
        ...options,
        seed: hubs++,
        ...(every !== undefined && { checkpointEvery: every }),
      });
      const driver = handDriver();
      simulation.hub.register({ id: 'dev', type: 'dev', run: driver.run });
      await simulation.settle();
      return { simulation, driver };
    };
    const first = await start();
    first.simulation.hub.submit({ id: 't', type: 'x' });
    await first.simulation.settle();
    for (let count = 0; count < 3; count++) await start();
    const { simulation, driver } = await start();
    driver.last.fail(new Error('a hiccup'));
    await simulation.settle();
    expect(simulation.hub.task('t')).toMatchObject({ state: 'retrying', attempts: 5 });
    expect(recordsOf(simulation, 'task.retried')).toMatchObject([{ payload: { attempt: 5, delayMs: 1000 } }]);
    await simulation.advance(1000);
    driver.last.fail(new Error('no hiccup'));
    await simulation.settle();
    expect(simulation.hub.task('t')).toMatchObject({ status: 'failed', attempts: 6, error: { message: 'no hiccup' } });
    await expectFoldEqual(simulation);
  },
);

describe('a log that cannot be', () => {
  test('of another project is refused', async () => {
    const records = (await simulate({ project: 'one' })).records();
    const error = await rejection(simulate({ project: 'two', store: storeWith(records) }));
    expect(error).toMatchObject({ code: 'conflict', path: 'project', expected: 'one' });
  });

  test('that has lost its beginning is refused', async () => {
    const store = memoryStore({ keep: 1 });
    store.append(0, (await busy()).records());
    expect(await rejection(simulate({ store }))).toMatchObject({ code: 'storeFailed' });
  });

  test('with a gap cannot be folded (I15)', async () => {
    const records = (await busy()).records();
    expect(() => foldLog(records.toSpliced(5, 1))).toThrow('expected record 6, found 7');
    expect(() => foldLog(records.slice(1))).toThrow('expected record 1, found 2');
  });
});

test('the first of two hubs on one log writes nothing more, and says so (I16)', async () => {
  const store = memoryStore();
  const first = await simulate({ store });
  const driver = handDriver();
  first.hub.register({ id: 'dev', type: 'dev', run: driver.run });
  const task = first.hub.submit({ type: 'x' });
  await first.settle();
  const unclosed = { append: store.append, read: store.read, close: () => {} };
  const second = await simulate({ store: unclosed });
  const records = second.records().length;
  driver.last.finish('from the past');
  expect((await rejection(task.result)).code).toBe('storeFailed');
  expect((await rejection(first.hub.stopped)).code).toBe('storeFailed');
  expect(second.records()).toHaveLength(records);
});
