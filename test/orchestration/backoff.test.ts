import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs } from '../../src/hub/retry.ts';
import { configSchema } from '../../src/machines/config.ts';
import { milliseconds } from '../../src/machines/primitives.ts';

const policy = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 1000 }),
  backoffMs: fc.integer({ min: 1, max: 1_000_000 }),
  factor: fc.double({ min: 1, max: 10, noNaN: true }),
  maxBackoffMs: fc.integer({ min: 1, max: 8.64e14 }),
  jitter: fc.double({ min: 0, max: 1, noNaN: true }),
});
const attempt = fc.integer({ min: 1, max: 1000 });
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** What it would be without jitter. */
const full = (
  of: number,
  { backoffMs: base, factor, maxBackoffMs }: typeof policy extends fc.Arbitrary<infer P> ? P : never,
) => Math.min(maxBackoffMs, base * factor ** (of - 1));

test('between all of the wait and what the jitter leaves of it, in whole ms', () => {
  fc.assert(
    fc.property(attempt, policy, chance, (of, retry, drawn) => {
      const delay = backoffMs(of, retry, drawn);
      expect(milliseconds.safeParse(delay).success).toBe(true);
      expect(delay).toBeLessThanOrEqual(Math.round(full(of, retry)));
      expect(delay).toBeGreaterThanOrEqual(Math.round(full(of, retry) * (1 - retry.jitter)));
    }),
  );
});

test('never above the cap, and there once it was reached', () => {
  fc.assert(
    fc.property(attempt, policy, chance, (of, retry, drawn) => {
      expect(backoffMs(of, retry, drawn)).toBeLessThanOrEqual(retry.maxBackoffMs);
      if (full(of, retry) === retry.maxBackoffMs) expect(backoffMs(of, retry, 0)).toBe(retry.maxBackoffMs);
    }),
  );
});

test('a later attempt never waits less, for the same chance', () => {
  fc.assert(
    fc.property(attempt, policy, chance, (of, retry, drawn) => {
      expect(backoffMs(of + 1, retry, drawn)).toBeGreaterThanOrEqual(backoffMs(of, retry, drawn));
    }),
  );
});

test('more chance means less of a wait, and without jitter chance means nothing', () => {
  fc.assert(
    fc.property(attempt, policy, chance, chance, (of, retry, one, other) => {
      expect(backoffMs(of, retry, Math.max(one, other))).toBeLessThanOrEqual(
        backoffMs(of, retry, Math.min(one, other)),
      );
      expect(backoffMs(of, { ...retry, jitter: 0 }, one)).toBe(Math.round(full(of, retry)));
    }),
  );
});

test.each([
  [1, 0, 1000],
  [1, 0.5, 750],
  [1, 0.999999, 500],
  [2, 0, 2000],
  [5, 0, 16_000],
  [6, 0, 30_000],
  [6, 0.5, 22_500],
  [1000, 0, 30_000],
])('as configured by default, attempt %i and chance %d give %i ms', (of, drawn, ms) => {
  expect(backoffMs(of, configSchema.parse({}).retry, drawn)).toBe(ms);
});
