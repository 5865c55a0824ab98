import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newAgent, type PerformanceOutcome, priorWeight, update } from '../../src/hub/performance.ts';

const good: PerformanceOutcome = { success: true, quality: 1, latencyMs: 1000 };
const bad: PerformanceOutcome = { success: false, quality: 0, latencyMs: 9000 };
const having = (outcomes: readonly PerformanceOutcome[]) =>
  outcomes.reduce((performance, outcome) => update(performance, outcome), newAgent);

const outcome = fc.record({
  success: fc.boolean(),
  quality: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  latencyMs: fc.option(fc.integer({ min: 0, max: 1e9 })),
});

describe('P1: the prior is weighed', () => {
  test('the first result does not erase it', () => {
    const { successRate, averageQuality, averageLatencyMs } = having([bad]);

    expect(successRate).toBeCloseTo((0.8 * priorWeight) / (priorWeight + 1));
    expect(averageQuality).toBeCloseTo((0.7 * priorWeight) / (priorWeight + 1));
    expect(averageLatencyMs).toBeCloseTo((5000 * priorWeight + 9000) / (priorWeight + 1));
  });

  test('two good results and a bad one leave it above two thirds', () => {
    const { successRate, taskCount } = having([good, good, bad]);

    expect(taskCount).toBe(3);
    expect(successRate).toBeCloseTo((0.8 * 5 + 2) / 8);
  });

  test('a thousand results leave nothing of it', () => {
    const { successRate, averageQuality, averageLatencyMs } = having(Array.from({ length: 10_000 }, () => bad));

    expect(successRate).toBeLessThan(0.001);
    expect(averageQuality).toBeLessThan(0.001);
    expect(averageLatencyMs).toBeGreaterThan(8990);
  });

  test('the order of the outcomes does not matter, and every mean stays within what was seen', () => {
    fc.assert(
      fc.property(fc.array(outcome, { maxLength: 50 }), (outcomes) => {
        const performance = having(outcomes);
        const reversed = having([...outcomes].reverse());

        for (const key of ['successRate', 'averageQuality', 'averageLatencyMs'] as const) {
          const [one, other] = [performance[key], reversed[key]];
          expect(Math.abs(one - other)).toBeLessThanOrEqual(1e-9 * Math.max(1, one));
        }
        expect(performance.successRate).toBeGreaterThanOrEqual(0);
        expect(performance.successRate).toBeLessThanOrEqual(1);
        expect(performance.averageQuality).toBeGreaterThanOrEqual(0);
        expect(performance.averageQuality).toBeLessThanOrEqual(1);
      }),
    );
  });
});

test('P2: what nobody knows moves no mean, and does not make later judgements lighter', () => {
  const unknown: PerformanceOutcome = { success: true, quality: null, latencyMs: null };
  const first = having([unknown]);
  const late = having([...Array.from({ length: 100 }, () => unknown), bad]);

  expect(first).toMatchObject({ taskCount: 1, ratedCount: 0, timedCount: 0 });
  expect(first.averageQuality).toBe(newAgent.averageQuality);
  expect(first.averageLatencyMs).toBe(newAgent.averageLatencyMs);
  expect(late.averageQuality).toBe(having([bad]).averageQuality);
  expect(late.averageLatencyMs).toBe(having([bad]).averageLatencyMs);
});

test('a fold changes nothing that it was given', () => {
  const performance = Object.freeze({ ...newAgent });

  expect(update(performance, Object.freeze({ ...good }), 0)).toEqual({
    taskCount: 1,
    ratedCount: 1,
    timedCount: 1,
    successRate: 1,
    averageQuality: 1,
    averageLatencyMs: 1000,
  });
});
