import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../src/actors/duration.ts';
import { durationSchema } from '../../src/actors/duration-schema.ts';

test.each([
  ['90s', 90_000],
  ['1h30m', 5_400_000],
  ['2d', 172_800_000],
  ['250ms', 250],
  ['1.5h', 5_400_000],
  ['5m1ms', 300_001],
  ['0s', 0],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', 'soon', '5', 's', '-5s', '1h 30m', '5 m', '1e3s', '5S', `${'1s'.repeat(21)}`, '1.s'])(
  '"%s" is not a duration',
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

test('what is written with the two largest units reads back as it was', () => {
  const sizes = [86_400_000, 3_600_000, 60_000, 1000] as const;
  const written = fc.oneof(
    fc.integer({ min: 0, max: 999 }),
    fc.integer({ min: 0, max: 3 }).chain((unit) => {
      const [large = 1000, small = 0] = sizes.slice(unit);
      const most = small === 0 ? 0 : large / small - 1;
      return fc
        .tuple(fc.integer({ min: 1, max: unit === 0 ? 400 : large === 3_600_000 ? 23 : 59 }), fc.nat(most))
        .map(([many, few]) => many * large + few * small);
    }),
  );
  fc.assert(
    fc.property(written, (ms) => {
      expect(parseDuration(formatDuration(ms))).toBe(ms);
    }),
  );
});

test('any duration is written to within one unit of its second part', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 11 }), (ms) => {
      const read = parseDuration(formatDuration(ms)) ?? Number.NaN;
      expect(Math.abs(read - ms)).toBeLessThan(Math.max(1000, ms / 24));
    }),
  );
});

test('a duration in a file is text or milliseconds', () => {
  expect(durationSchema.parse('90s')).toBe(90_000);
  expect(durationSchema.parse(1500)).toBe(1500);
  expect(durationSchema.safeParse('later').error?.issues[0]?.message).toContain('expected a duration such as');
  for (const value of [-1, Number.NaN, Number.POSITIVE_INFINITY, null, {}]) {
    expect(durationSchema.safeParse(value).success).toBe(false);
  }
});
