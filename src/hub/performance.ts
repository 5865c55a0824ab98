/**
 * What is known of an agent's work, as running means.
 *
 * - P1 a mean is that of all outcomes and of a prior that counts as `priorWeight` of them, whatever their order:
 *   a first result moves a new agent a little, and a thousand leave nothing of the prior.
 * - P2 what is not known of an outcome moves no mean.
 */

export interface Performance {
  /** Outcomes so far. */
  readonly taskCount: number;
  /** How many of them said how good they were. */
  readonly ratedCount: number;
  /** How many of them said how long they took. */
  readonly timedCount: number;
  /** 0 to 1. */
  readonly successRate: number;
  /** 0 to 1. */
  readonly averageQuality: number;
  /** From the start of the work to its end. */
  readonly averageLatencyMs: number;
}

/** How one execution ended. */
export interface PerformanceOutcome {
  readonly success: boolean;
  /** 0 to 1; null when nobody judged it. */
  readonly quality: number | null;
  /** From the start of the work to its end; null when it never started. */
  readonly latencyMs: number | null;
}

/** What is supposed of an agent that has done nothing yet. */
export const newAgent: Performance = Object.freeze({
  taskCount: 0,
  ratedCount: 0,
  timedCount: 0,
  successRate: 0.8,
  averageQuality: 0.7,
  averageLatencyMs: 5000,
});

/** How many outcomes the prior counts for. */
export const priorWeight = 5;

/** `performance` with one outcome more. */
export function update(performance: Performance, outcome: PerformanceOutcome, weight = priorWeight): Performance {
  const { taskCount, ratedCount, timedCount, successRate, averageQuality, averageLatencyMs } = performance;
  const { quality, latencyMs } = outcome;
  return Object.freeze({
    taskCount: taskCount + 1,
    ratedCount: ratedCount + (quality === null ? 0 : 1),
    timedCount: timedCount + (latencyMs === null ? 0 : 1),
    successRate: mean(successRate, taskCount + weight, outcome.success ? 1 : 0),
    averageQuality: mean(averageQuality, ratedCount + weight, quality),
    averageLatencyMs: mean(averageLatencyMs, timedCount + weight, latencyMs),
  });
}

const mean = (old: number, count: number, added: number | null): number =>
  added === null ? old : old + (added - old) / (count + 1);
