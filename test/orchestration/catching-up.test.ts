import { expect, test } from 'vitest';
import { cronCalendar } from '../../src/cron.ts';
import { type Simulation, type SimulationOptions, simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';
import { restartAfter } from '../support/restart.ts';

const minute = 60_000;
const hour = 60 * minute;
const startAt = Date.UTC(2026, 0, 1);
const calendar = cronCalendar();

/** A hub with a schedule every hour on the hour, which goes down at half past two. */
async function downAtHalfPastTwo(catchUp: 'once' | 'none', by: 'interval' | 'cron' = 'interval'): Promise<Simulation> {
  const simulation = await simulate({ startAt, calendar });
  simulation.hub.register({ id: 'a', type: 'dev', run: [] });
  const when = by === 'cron' ? { cron: '0 * * * *' } : { everyMs: hour };
  simulation.hub.schedule({ id: 's', ...when, catchUp, task: { type: 'check' } });
  await simulation.advance(2.5 * hour);
  return simulation;
}

async function upAgain(simulation: Simulation, ms: number, options: SimulationOptions = {}): Promise<Simulation> {
  const after = await restartAfter(simulation, ms, { calendar, ...options });
  after.hub.register({ id: 'a', type: 'dev', run: [] });
  return after;
}

/** At which hours it fired, for which, and what it left out. */
function told(simulation: Simulation) {
  const hours = (at: number) => (at - startAt) / hour;
  return {
    fired: recordsOf(simulation, 'schedule.fired').map(({ at, payload }) => [hours(at), hours(payload.dueAt)]),
    skipped: recordsOf(simulation, 'schedule.skipped').map(({ at, payload }) => [hours(at), payload.missed]),
  };
}

test.each(['interval', 'cron'] as const)(
  'once: what was due while the hub was down is done once, and the rest is told (Sc2, %s)',
  async (by) => {
    const after = await upAgain(await downAtHalfPastTwo('once', by), 4 * hour);
    await after.advance(hour);
    expect(told(after)).toEqual({
      fired: [
        [1, 1],
        [2, 2],
        [6.5, 3],
        [7, 7],
      ],
      skipped: [[6.5, 3]],
    });
    expect(after.hub.projectState().counters).toMatchObject({ submitted: 4, completed: 4 });
    await expectFoldEqual(after);
  },
);

test.each(['interval', 'cron'] as const)('none: it is left out, and told (%s)', async (by) => {
  const after = await upAgain(await downAtHalfPastTwo('none', by), 4 * hour);
  await after.advance(hour);
  expect(told(after)).toEqual({
    fired: [
      [1, 1],
      [2, 2],
      [7, 7],
    ],
    skipped: [[6.5, 4]],
  });
  await expectFoldEqual(after);
});

test('a single time that was missed is missed too', async () => {
  const once = await upAgain(await downAtHalfPastTwo('once'), hour);
  await once.advance(hour);
  expect(told(once)).toEqual({
    fired: [
      [1, 1],
      [2, 2],
      [3.5, 3],
      [4, 4],
    ],
    skipped: [],
  });
  const none = await upAgain(await downAtHalfPastTwo('none'), hour);
  await none.advance(hour);
  expect(told(none)).toEqual({
    fired: [
      [1, 1],
      [2, 2],
      [4, 4],
    ],
    skipped: [[3.5, 1]],
  });
});

test('up again at the very time, that time is not missed', async () => {
  const after = await upAgain(await downAtHalfPastTwo('none'), 2.5 * hour);
  await after.advance(0);
  expect(told(after)).toEqual({
    fired: [
      [1, 1],
      [2, 2],
      [5, 5],
    ],
    skipped: [[5, 2]],
  });
  const once = await upAgain(await downAtHalfPastTwo('once'), 2.5 * hour);
  await once.advance(0);
  expect(told(once)).toEqual({
    fired: [
      [1, 1],
      [2, 2],
      [5, 3],
    ],
    skipped: [[5, 2]],
  });
});

test('a downtime in which nothing was due changes nothing', async () => {
  const after = await upAgain(await downAtHalfPastTwo('none'), 10 * minute);
  await after.advance(hour);
  expect(told(after)).toEqual({
    fired: [
      [1, 1],
      [2, 2],
      [3, 3],
    ],
    skipped: [],
  });
});

test.each([
  [
    'once',
    {
      fired: [
        [1, 1],
        [6.5, 2],
        [7, 7],
      ],
      skipped: [[6.5, 4]],
    },
  ],
  [
    'none',
    {
      fired: [
        [1, 1],
        [7, 7],
      ],
      skipped: [[6.5, 5]],
    },
  ],
] as const)('a pause is as a downtime: %s', async (catchUp, expected) => {
  const simulation = await simulate({ startAt });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [] });
  hub.schedule({ id: 's', everyMs: hour, catchUp, task: { type: 'check' } });
  await simulation.advance(1.5 * hour);
  hub.pauseSchedule('s');
  expect(hub.schedules()).toMatchObject([{ isPaused: true, nextAt: startAt + 2 * hour }]);
  await simulation.advance(5 * hour);
  hub.resumeSchedule('s');
  hub.resumeSchedule('s');
  await simulation.advance(hour);
  expect(told(simulation)).toEqual(expected);
  await expectFoldEqual(simulation);
});

test('a pause outlives a restart', async () => {
  const before = await downAtHalfPastTwo('once');
  before.hub.pauseSchedule('s');
  await before.settle();
  const after = await upAgain(before, 4 * hour);
  await after.run();
  expect(told(after).fired).toEqual([
    [1, 1],
    [2, 2],
  ]);
  after.hub.resumeSchedule('s');
  await after.advance(0);
  expect(told(after).fired.at(-1)).toEqual([6.5, 3]);
  await expectFoldEqual(after);
});

test('what is made up for keeps to the overlap policy', async () => {
  const before = await simulate({ startAt });
  before.hub.register({ id: 'a', type: 'dev', run: [{ stall: true }] });
  before.hub.schedule({ id: 's', everyMs: hour, task: { type: 'check' } });
  await before.advance(1.5 * hour);
  const after = await restartAfter(before, 4 * hour);
  await after.advance(0);
  expect(told(after)).toEqual({ fired: [[1, 1]], skipped: [[5.5, 4]] });
  await expectFoldEqual(after);
});

test('a long downtime of a quick schedule is neither a burst nor a long wait, and all of it is told', async () => {
  const before = await simulate({ startAt });
  before.hub.schedule({ id: 's', everyMs: 1, overlap: 'queue', task: { type: 'check' } });
  await before.settle();
  const after = await restartAfter(before, 1000 * hour);
  await after.step();
  expect(recordsOf(after, 'schedule.fired')).toHaveLength(1);
  expect(recordsOf(after, 'schedule.skipped').map(({ payload }) => payload.missed)).toEqual([1000 * hour - 1]);
  expect(after.hub.schedules()[0]?.nextAt).toBe(startAt + 1000 * hour + 1);
});
