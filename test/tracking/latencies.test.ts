import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Latencies, type Meter } from '../../src/tracking/latencies.ts';

const having = (values: readonly number[], meter?: Meter): Latencies => {
  const latencies = new Latencies(meter);
  for (const value of values) latencies.record(value);
  return latencies;
};
const shares = [0, 0.5, 0.9, 0.95, 0.99, 1];
const nearestRank = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length - 1e-9) - 1)] ?? 0;
const durations = (maxLength: number) => fc.array(fc.integer({ min: 0, max: 10 * 86_400_000 }), { maxLength });

describe('H1: percentiles', () => {
  test('of nothing are 0', () => {
    expect(new Latencies().quantile(0.5)).toBe(0);
  });

  test('of few durations are exact', () => {
    fc.assert(
      fc.property(durations(64), (values) => {
        for (const share of shares) expect(having(values).quantile(share)).toBe(nearestRank(values, share));
      }),
    );
  });

  test('of many are at most 1 % too high, and never above the longest', () => {
    fc.assert(
      fc.property(durations(400), (values) => {
        const latencies = having(values);
        for (const share of shares) {
          const exact = nearestRank(values, share);
          expect(latencies.quantile(share)).toBeGreaterThanOrEqual(exact);
          expect(latencies.quantile(share)).toBeLessThanOrEqual(exact * 1.01 + 1);
        }
        expect(latencies.quantile(1)).toBeLessThanOrEqual(latencies.max);
      }),
    );
  });

  test('what is not a whole number is rounded, and what lies before the beginning is 0', () => {
    const latencies = having([1.6, -5]);

    expect(latencies.quantile(1)).toBe(2);
    expect(latencies.quantile(0.5)).toBe(0);
    expect(latencies.sum).toBe(2);
  });
});

test('H2: merged is as if recorded in one', () => {
  fc.assert(
    fc.property(durations(200), durations(200), (some, others) => {
      const merged = having(some);
      merged.merge(having(others));
      const all = having([...some, ...others]);

      expect([merged.count, merged.sum, merged.max]).toEqual([all.count, all.sum, all.max]);
      for (const share of shares) {
        const [one, other] = [merged.quantile(share), all.quantile(share)];
        expect(Math.abs(one - other)).toBeLessThanOrEqual(Math.max(one, other) * 0.01 + 1);
      }
    }),
  );
});

test('H3: what it takes is on its meter, and off it when it is freed', () => {
  const meter = { bytes: 0 };
  const few = having([1, 2, 3], meter);
  const small = meter.bytes;
  const many = having(
    Array.from({ length: 1000 }, (_, index) => index * index),
    meter,
  );

  expect(small).toBeGreaterThan(200);
  expect(meter.bytes).toBeGreaterThan(small + 4000);
  few.merge(many);
  expect(meter.bytes).toBeGreaterThan(small + 8000);
  few.free();
  many.free();
  expect(meter.bytes).toBe(0);
});
