import { expect, test } from 'vitest';
import { cronCalendar } from '../../src/cron.ts';
import { foldLog } from '../../src/hub/picture.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';

const day = 24 * 3_600_000;
const calendar = cronCalendar();

/** When a schedule fires in so many days from then, in UTC. */
async function firings(from: string, days: number, cron: string, timezone?: string): Promise<string[]> {
  const simulation = await simulate({ calendar, startAt: Date.parse(from) });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [] });
  hub.schedule({ id: 's', cron, ...(timezone && { timezone }), task: { type: 'check' } });
  await simulation.advance(days * day);
  await expectFoldEqual(simulation);
  const fired = recordsOf(simulation, 'schedule.fired');
  expect(fired.every(({ at, payload }) => at === payload.dueAt)).toBe(true);
  return fired.map(({ at }) => new Date(at).toISOString().slice(0, 16));
}

test('without a time zone it is in UTC, wherever the machine is', async () => {
  expect(await firings('2026-06-01T12:00:00Z', 2, '30 9 * * *')).toEqual(['2026-06-02T09:30', '2026-06-03T09:30']);
});

test.each([
  ['Europe/Berlin', '07:30'],
  ['America/New_York', '13:30'],
  ['Asia/Kolkata', '04:00'],
])('in %s half past nine is %s UTC in June', async (timezone, time) => {
  expect(await firings('2026-06-01T14:00:00Z', 1, '30 9 * * *', timezone)).toEqual([`2026-06-02T${time}`]);
});

test('nine in the morning in Berlin stays nine in the morning when the clocks go forward', async () => {
  expect(await firings('2026-03-28T00:00:00Z', 3, '0 9 * * *', 'Europe/Berlin')).toEqual([
    '2026-03-28T08:00',
    '2026-03-29T07:00',
    '2026-03-30T07:00',
  ]);
});

test('and when they go back', async () => {
  expect(await firings('2026-10-24T00:00:00Z', 3, '0 9 * * *', 'Europe/Berlin')).toEqual([
    '2026-10-24T07:00',
    '2026-10-25T08:00',
    '2026-10-26T08:00',
  ]);
});

test('a time that does not exist when the clocks go forward comes at the change, once', async () => {
  const times = await firings('2026-03-28T00:00:00Z', 3, '30 2 * * *', 'Europe/Berlin');
  expect(times).toEqual(['2026-03-28T01:30', '2026-03-29T01:00', '2026-03-30T00:30']);
});

test('a time that comes twice when the clocks go back fires once', async () => {
  const times = await firings('2026-10-24T12:00:00Z', 2, '30 2 * * *', 'Europe/Berlin');
  expect(times).toHaveLength(2);
  expect(times.map((time) => time.slice(0, 10))).toEqual(['2026-10-25', '2026-10-26']);
});

test('every hour is every hour, also when the clocks change', async () => {
  expect(await firings('2026-03-28T23:30:00Z', 1, '0 * * * *', 'Europe/Berlin')).toHaveLength(24);
});

test('weekdays, seconds and names are read', async () => {
  expect(await firings('2026-06-05T12:00:00Z', 4, '0 9 * * MON-FRI')).toEqual(['2026-06-08T09:00', '2026-06-09T09:00']);
  expect(await firings('2026-06-05T23:59:00Z', 1 / 24, '30 59 23 * * *')).toEqual(['2026-06-05T23:59']);
  expect(await firings('2026-06-05T12:00:00Z', 1, '@daily')).toEqual(['2026-06-06T00:00']);
});

test('one that will not come again is told as that, and does no harm', async () => {
  const simulation = await simulate({ calendar, startAt: Date.UTC(2026, 11, 31) });
  const { hub } = simulation;
  hub.schedule({ id: 's', cron: '0 0 0 1 1 * 2027', task: { type: 'check' } });
  await simulation.run();
  expect(recordsOf(simulation, 'schedule.fired')).toHaveLength(1);
  expect(hub.schedules()).toMatchObject([{ id: 's', fired: 1, nextAt: null }]);
  await expectFoldEqual(simulation);
});

test('a start holds back a cron schedule, and can be its first time', async () => {
  const simulation = await simulate({ calendar, startAt: Date.parse('2026-06-01T00:30:00Z') });
  const startAt = Date.parse('2026-06-01T05:00:00Z');
  simulation.hub.schedule({ id: 's', cron: '0 * * * *', startAt, overlap: 'queue', task: { type: 'check' } });
  await simulation.advance(6 * 3_600_000);
  expect(recordsOf(simulation, 'schedule.fired').map(({ at }) => (at - startAt) / 3_600_000)).toEqual([0, 1]);
});

test('to fold the log takes no calendar (Sc1)', async () => {
  const simulation = await simulate({ calendar });
  simulation.hub.schedule({ id: 's', cron: '0 * * * *', task: { type: 'check' } });
  await simulation.advance(day);
  expect(foldLog(simulation.records()).status.schedules).toMatchObject([{ fired: 1, skipped: 23 }]);
});
