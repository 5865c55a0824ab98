import { expect, test } from 'vitest';
import { readScenario, runScenario, simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf, typesOf } from '../support/log.ts';
import { refusal } from '../support/refusals.ts';
import { goodSpec } from '../support/working-spec.ts';

const minute = 60_000;
const check = { id: 'check', everyMs: minute, task: { type: 'check' } } as const;

test('an interval submits a task every so many ms, from when the schedule was made', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [] });
  const start = simulation.environment.now();
  hub.schedule({
    ...check,
    task: { type: 'check', payload: { deep: true }, metadata: { priority: 'low', timeoutMs: 500 } },
  });
  await simulation.advance(3 * minute);
  const submitted = recordsOf(simulation, 'task.submit');
  expect(submitted.map(({ at }) => at - start)).toEqual([minute, 2 * minute, 3 * minute]);
  expect(submitted[0]?.payload).toEqual({
    taskId: `check:${start + minute}`,
    scheduleId: 'check',
    type: 'check',
    payload: { deep: true },
    priority: 2,
    timeoutMs: 500,
    requirements: { capabilities: [], languages: [], specialisations: [] },
    ifNoAgent: 'wait',
  });
  expect(hub.projectState().counters.completed).toBe(3);
  await expectFoldEqual(simulation);
});

test('a start in the future is the first time, and what it is counted from', async () => {
  const simulation = await simulate();
  const start = simulation.environment.now();
  simulation.hub.schedule({ ...check, startAt: start + 10_000, overlap: 'queue' });
  await simulation.advance(3 * minute);
  expect(recordsOf(simulation, 'schedule.fired').map(({ at }) => at - start)).toEqual([10_000, 70_000, 130_000]);
});

test('a start in the past is what it is counted from, and nothing is made up for', async () => {
  const simulation = await simulate();
  const start = simulation.environment.now();
  simulation.hub.schedule({ ...check, startAt: start - 1000 * minute - 20_000 });
  simulation.hub.schedule({ ...check, id: 'now', startAt: start - 1000 * minute });
  await simulation.advance(minute - 1);
  const fired = recordsOf(simulation, 'schedule.fired').map(({ at, payload }) => [payload.scheduleId, at - start]);
  expect(fired).toEqual([
    ['now', 0],
    ['check', 40_000],
  ]);
  await expectFoldEqual(simulation);
});

test('what is due next, and what was, is told in status()', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ work: 90_000 }] });
  const view = hub.schedule(check);
  const start = simulation.environment.now();
  expect(view).toEqual({
    id: 'check',
    taskType: 'check',
    everyMs: minute,
    cron: null,
    timezone: null,
    nextAt: start + minute,
    isPaused: false,
    fired: 0,
    skipped: 0,
    lastTaskId: null,
  });
  await simulation.advance(2 * minute);
  expect(hub.status().schedules).toEqual([
    { ...view, nextAt: start + 3 * minute, fired: 1, skipped: 1, lastTaskId: `check:${start + minute}` },
  ]);
  expect(hub.schedules()).toEqual(hub.status().schedules);
  await expectFoldEqual(simulation);
});

test('one that is removed is gone, and what it has submitted goes on', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ work: 90_000 }] });
  hub.schedule(check);
  await simulation.advance(minute);
  hub.unschedule('check');
  await simulation.run();
  expect(hub.schedules()).toEqual([]);
  expect(hub.projectState().counters).toMatchObject({ submitted: 1, completed: 1 });
  expect(refusal(() => hub.unschedule('check')).code).toBe('unknownSchedule');
  await expectFoldEqual(simulation);
});

test('the same time again is no second task, and is left out with a record (Sc3)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const startAt = simulation.environment.now();
  hub.schedule({ ...check, startAt });
  await simulation.advance(0);
  hub.unschedule('check');
  hub.schedule({ ...check, startAt });
  await simulation.advance(minute - 1);
  expect(recordsOf(simulation, 'task.submit')).toHaveLength(1);
  expect(recordsOf(simulation, 'schedule.skipped')[0]?.payload.reason).toBe(`there is a task check:${startAt} already`);
  hub.submit({ id: `check:${startAt + minute}`, type: 'mine' });
  await simulation.advance(1);
  expect(hub.task(`check:${startAt + minute}`)?.type).toBe('mine');
  await expectFoldEqual(simulation);
});

test('a hub that is draining leaves out what is due, with a record, and stops', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ work: 5 * minute }] });
  hub.schedule(check);
  await simulation.advance(minute);
  const stopped = hub.drain();
  await simulation.run();
  await stopped;
  expect(recordsOf(simulation, 'task.submit')).toHaveLength(1);
  expect(new Set(recordsOf(simulation, 'schedule.skipped').map(({ payload }) => payload.reason))).toEqual(
    new Set(['the hub is draining']),
  );
  expect(typesOf(simulation).at(-1)).toBe('hub.stopped');
  await expectFoldEqual(simulation);
});

test('a hub that is paused still submits what is due; the work waits', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [] });
  hub.schedule({ ...check, overlap: 'queue' });
  hub.pause();
  await simulation.advance(3 * minute);
  expect(hub.pendingCount()).toBe(3);
});

test('a schedule keeps to the bounds of the queue, and says so (Sc5)', async () => {
  const simulation = await simulate({ config: { maxQueued: 4, shedding: { above: 0.5, below: 5 } } });
  const { hub } = simulation;
  hub.schedule({ ...check, overlap: 'queue' });
  hub.schedule({ ...check, id: 'low', overlap: 'queue', task: { type: 'check', metadata: { priority: 'low' } } });
  await simulation.advance(4 * minute);
  expect(hub.pendingCount()).toBe(4);
  expect(recordsOf(simulation, 'schedule.skipped').map(({ payload }) => [payload.scheduleId, payload.reason])).toEqual([
    ['low', '3 tasks are waiting, and none with a priority below 5 is taken'],
    ['low', '4 tasks are waiting, and no more are taken'],
    ['check', '4 tasks are waiting, and no more are taken'],
    ['low', '4 tasks are waiting, and no more are taken'],
  ]);
  await expectFoldEqual(simulation);
});

test('made within a turn, it is made when the turn is over, and its maker gets a view of it', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  let view: ReturnType<typeof hub.schedule> | undefined;
  hub.submit({ type: 'x' }).actor?.subscribe(() => {
    view ??= hub.schedule(check);
  });
  hub.register({ id: 'a', type: 'dev', run: [] });
  expect(view).toMatchObject({ id: 'check', nextAt: null });
  expect(hub.schedules()).toMatchObject([{ id: 'check', nextAt: simulation.environment.now() + minute }]);
});

test('a schedule says the working spec of its tasks, and where one is asked for they are worked on', async () => {
  const simulation = await simulate({ config: { requireSpec: true } });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [] });
  hub.schedule({ ...check, task: { type: 'check', spec: goodSpec() } });
  hub.schedule({ ...check, id: 'bare' });
  await simulation.advance(minute);
  const statuses = hub.tasks().map(({ id, status }) => [id.split(':')[0], status]);
  expect(Object.fromEntries(statuses)).toEqual({ check: 'completed', bare: 'cancelled' });
  const [submitted] = recordsOf(simulation, 'task.submit');
  expect(submitted?.payload.spec).toEqual(goodSpec());
  await expectFoldEqual(simulation);
});

test('a scenario file says it, too', async () => {
  const text = JSON.stringify({
    name: 'with-spec',
    description: 'a schedule with a working spec',
    config: { requireSpec: true },
    agents: [{ id: 'a', type: 'dev' }],
    schedules: [{ id: 's', every: '1h', task: { type: 'check', spec: goodSpec() } }],
    until: '90m',
    expect: [{ task: { id: 's:1767229200000', status: 'completed' } }],
  });
  const { expectations } = await runScenario(readScenario(text));
  expect(expectations.filter(({ ok }) => !ok)).toEqual([]);
});
