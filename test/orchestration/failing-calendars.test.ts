/** Sc4: a calendar that fails ends at its own schedule. */
import { expect, test } from 'vitest';
import { cronCalendar } from '../../src/cron.ts';
import type { Calendar } from '../../src/index.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';
import { refusal } from '../support/refusals.ts';
import { restartAfter } from '../support/restart.ts';

const hour = 3_600_000;
const hourly = { id: 's', cron: '0 * * * *', overlap: 'queue', task: { type: 'check' } } as const;

/** Right for so many questions, and then as it is told. */
function spoilt(questions: number, next: () => unknown): Calendar {
  const good = cronCalendar();
  let left = questions;
  return { next: (...asked) => (left-- > 0 ? good.next(...asked) : (next() as number)) };
}

test.each<[string, () => unknown]>([
  [
    'throws',
    () => {
      throw new Error('no more years');
    },
  ],
  ['answers a time that is over', () => 0],
  ['answers NaN', () => Number.NaN],
  ['answers half a ms', () => 8.64e12 + 0.5],
  ['answers with text', () => '2027-01-01'],
  ['answers nothing', () => undefined],
])('one that %s leaves out what is due, with a record, and the hub goes on', async (_how, next) => {
  const simulation = await simulate({ calendar: spoilt(2, next) });
  const { hub } = simulation;
  hub.schedule(hourly);
  hub.schedule({ id: 'other', everyMs: hour, task: { type: 'check' }, overlap: 'queue' });
  await simulation.advance(3 * hour);
  expect(recordsOf(simulation, 'schedule.skipped').map(({ payload }) => [payload.scheduleId, payload.reason])).toEqual([
    ['s', expect.stringMatching(/^the calendar failed: ./)],
  ]);
  expect(hub.schedules()).toMatchObject([
    { id: 's', nextAt: null, fired: 0 },
    { id: 'other', fired: 3 },
  ]);
  expect(hub.status().state).toBe('running');
  await expectFoldEqual(simulation);
});

test.each<[string, () => unknown]>([
  ['is wrong from the beginning', () => 5],
  ['knows no answer', () => undefined],
])('a schedule for a calendar that %s is refused', async (_how, next) => {
  const { hub } = await simulate({ calendar: { next: next as Calendar['next'] } });
  expect(refusal(() => hub.schedule(hourly))).toMatchObject({ code: 'invalid', path: 'cron' });
});

test('resumed, it asks again', async () => {
  const good = cronCalendar();
  let isBroken = false;
  const calendar: Calendar = {
    next(...asked) {
      if (isBroken) throw new Error('no');
      return good.next(...asked);
    },
  };
  const simulation = await simulate({ calendar });
  const { hub } = simulation;
  hub.schedule(hourly);
  isBroken = true;
  await simulation.advance(2 * hour);
  hub.resumeSchedule('s');
  expect(hub.schedules()).toMatchObject([{ nextAt: null }]);
  isBroken = false;
  hub.resumeSchedule('s');
  await simulation.advance(hour);
  expect(hub.schedules()).toMatchObject([{ fired: 1, skipped: 1 }]);
  await expectFoldEqual(simulation);
});

test('a hub that is started without its calendar runs, and started with it again the schedule goes on', async () => {
  const calendar = cronCalendar();
  const first = await simulate({ calendar });
  first.hub.schedule(hourly);
  await first.advance(1.5 * hour);
  const second = await restartAfter(first, 0);
  await second.advance(3 * hour);
  expect(recordsOf(second, 'schedule.skipped')[0]?.payload.reason).toContain('this hub has no calendar');
  expect(second.hub.status().state).toBe('running');
  const third = await restartAfter(second, 0, { calendar });
  await third.advance(hour);
  expect(third.hub.schedules()).toMatchObject([{ fired: 2 }]);
  await expectFoldEqual(third);
});
