import { describe, expect, test } from 'vitest';
import { createTracker } from '../../src/tracking.ts';
import { Scribe } from './records.ts';

const minute = 60_000;
const start = Date.UTC(2026, 0, 1);

/** One task of 1 s a minute, for so many minutes. */
function everyMinute(minutes: number) {
  const scribe = new Scribe();
  const tracker = createTracker();
  for (let past = 0; past < minutes; past++) {
    for (const record of scribe.task({ at: start + past * minute })) tracker.record(record);
  }
  return { scribe, tracker };
}

describe('a window', () => {
  test('S1: holds the step that is under way and the full ones before it', () => {
    const { tracker } = everyMinute(20);

    expect(tracker.report({ window: '5m' })).toMatchObject({
      window: '5m',
      from: start + 15 * minute,
      to: start + 19 * minute + 1000,
      counts: { submitted: 5, completed: 5 },
    });
    expect(tracker.report({ window: '1h' }).counts.completed).toBe(20);
    expect(tracker.report({ window: '7d' }).counts.completed).toBe(20);
  });

  test('S1: each of the four moves by its own step', () => {
    const { tracker } = everyMinute(60 * 24 * 9);
    const completed = (window: string) => tracker.report({ window }).counts.completed;

    expect(completed('5m')).toBe(5);
    expect(completed('1h')).toBe(60);
    expect(completed('24h')).toBe(24 * 60);
    expect(completed('7d')).toBe(7 * 24 * 60);
    expect(tracker.report({ window: '7d' }).executionMs).toMatchObject({ count: 7 * 24 * 60, p50: 1000, p99: 1000 });
  });

  test('S2: time stands still while no record comes, unless another time is asked for', () => {
    const { tracker } = everyMinute(3);

    expect(tracker.report().counts.completed).toBe(3);
    expect(tracker.report({ at: start + 6 * minute }).counts.completed).toBe(1);
    expect(tracker.report({ at: start + 60 * minute }).counts.completed).toBe(0);
    expect(tracker.report({ at: start + 60 * minute })).toMatchObject({
      successRate: null,
      quality: { count: 0, mean: null },
      executionMs: null,
      sufficient: false,
    });
  });

  test('a silence longer than the window leaves nothing of what was before', () => {
    const { scribe, tracker } = everyMinute(5);
    for (const record of scribe.task({ at: start + 600 * minute })) tracker.record(record);

    expect(tracker.report().counts.completed).toBe(1);
    expect(tracker.report({ window: '1h' }).counts.completed).toBe(1);
    expect(tracker.report({ window: '24h' }).counts.completed).toBe(6);
  });

  test('says whether there were outcomes enough', () => {
    const { tracker } = everyMinute(60);

    expect(tracker.report({ window: '5m' }).sufficient).toBe(false);
    expect(tracker.report({ window: '1h' }).sufficient).toBe(true);
  });

  test('can be any other length', () => {
    const tracker = createTracker({ windows: [{ name: 'moment', lengthMs: 2000, slideMs: 1000 }] });
    const scribe = new Scribe();
    for (let second = 0; second < 10; second++) {
      for (const record of scribe.task({ at: start + second * 1000, runMs: 10 })) tracker.record(record);
    }

    expect(tracker.report()).toMatchObject({ window: 'moment', counts: { completed: 2 }, sufficient: true });
  });
});

test('an event that comes too late for a window is passed over there', () => {
  const scribe = new Scribe();
  const tracker = createTracker();
  for (const record of scribe.task({ at: start + 60 * minute })) tracker.record(record);
  for (const record of scribe.task({ at: start })) tracker.record(record);

  expect(tracker.report({ window: '5m', at: start + 60 * minute }).counts.completed).toBe(1);
  expect(tracker.report({ window: '24h', at: start + 60 * minute }).counts.completed).toBe(2);
});

describe('bad input', () => {
  test.each([
    [{ windows: [] }, 'options.windows'],
    [{ windows: [{ name: 'x', lengthMs: 1000, slideMs: 2000 }] }, 'options.windows.0.slideMs'],
    [{ windows: [{ name: 'x y', lengthMs: 1000, slideMs: 1000 }] }, 'options.windows.0.name'],
    [{ windows: [{ name: 'x', lengthMs: 10_000_000, slideMs: 1 }] }, 'options.windows.0'],
    [
      {
        windows: [
          { name: 'x', lengthMs: 1000, slideMs: 1000 },
          { name: 'x', lengthMs: 2000, slideMs: 1000 },
        ],
      },
      'options.windows',
    ],
    [{ eventLimit: -1 }, 'options.eventLimit'],
    [{ anonymise: { salt: 'short' } }, 'options.anonymise.salt'],
    [{ windws: [] }, 'options.windws'],
  ])('%j is refused', (options, path) => {
    expect(() => createTracker(options as never)).toThrow(expect.objectContaining({ code: 'invalid', path }));
  });

  test('a window that there is not is refused, with those that there are', () => {
    expect(() => createTracker().report({ window: '2m' })).toThrow(
      expect.objectContaining({ code: 'invalid', path: 'window', expected: '5m, 1h, 24h, 7d' }),
    );
  });

  test('a question that is asked wrongly is refused, with what may have been meant', () => {
    const tracker = createTracker();
    const said = 'widnow: is not known here; did you mean window?';
    const typo = { widnow: 'zz' } as never;
    for (const ask of [() => tracker.report(typo), () => tracker.toPrometheus(typo)]) {
      expect(ask).toThrow(expect.objectContaining({ code: 'invalid', path: 'widnow', message: said }));
    }
    expect(() => tracker.events({ sinse: 5 } as never)).toThrow('did you mean since?');
    expect(() => tracker.report({ at: 'noon' as never })).toThrow('at: expected a number, found "noon"');
  });
});
