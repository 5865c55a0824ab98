/** What a tracker says of a window. */
import type { Latencies } from './latencies.ts';
import type { Counts, Tally } from './tally.ts';
import { type WindowSpec, windowStart } from './window.ts';

/** Durations in ms. At most 1 % too high; exact for few. */
export interface Percentiles {
  readonly count: number;
  readonly mean: number;
  readonly max: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
}

export interface Report {
  readonly window: string;
  /** In ms since the epoch: where the window begins, and the time that it is asked for. */
  readonly from: number;
  readonly to: number;
  /** Null when it is of all of them. */
  readonly agent: string | null;
  readonly taskType: string | null;
  readonly counts: Counts;
  /** Completed of all tasks that completed or failed, 0 to 1; null when none did. */
  readonly successRate: number | null;
  /** Completed of all executions that ended by themselves, retried ones included; null when none did. */
  readonly attemptSuccessRate: number | null;
  /** Whether there were as many outcomes as the window asks for. */
  readonly sufficient: boolean;
  readonly quality: { readonly count: number; readonly mean: number | null };
  /** From the queue to the start of work; null when nothing was started. */
  readonly waitingMs: Percentiles | null;
  /** From the start of work to its end, of each execution that was not called off. */
  readonly executionMs: Percentiles | null;
  /** From submission to the outcome, of each task that was not cancelled. */
  readonly durationMs: Percentiles | null;
}

export function reportOf(
  spec: WindowSpec,
  at: number,
  { agent, taskType }: { readonly agent: string | null; readonly taskType: string | null },
  tally: Tally<Latencies>,
): Report {
  const { counts, quality } = tally;
  const outcomes = counts.completed + counts.failed;
  return {
    window: spec.name,
    from: windowStart(spec, at),
    to: at,
    agent,
    taskType,
    counts: { ...counts },
    successRate: ratio(counts.completed, outcomes),
    attemptSuccessRate: ratio(counts.completed, outcomes + counts.retried),
    sufficient: outcomes >= spec.minCount,
    quality: { count: quality.count, mean: ratio(quality.sum, quality.count) },
    waitingMs: percentilesOf(tally.waiting),
    executionMs: percentilesOf(tally.execution),
    durationMs: percentilesOf(tally.duration),
  };
}

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

function percentilesOf(latencies: Latencies): Percentiles | null {
  const { count, sum, max } = latencies;
  if (count === 0) return null;
  const [p50, p90, p95, p99] = [0.5, 0.9, 0.95, 0.99].map((share) => latencies.quantile(share)) as [
    number,
    number,
    number,
    number,
  ];
  return { count, mean: sum / count, max, p50, p90, p95, p99 };
}
