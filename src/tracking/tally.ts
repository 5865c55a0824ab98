/** Counts and measures of some of the events: those of a slot of time, of a report, or of all time. */
import { type EventKind, eventKinds, type TrackedEvent } from './ledger.ts';

/** What takes durations. */
export interface Spread {
  readonly count: number;
  /** In ms. */
  readonly sum: number;
  record(ms: number): void;
}

/** Durations of which only the sum matters. */
export class Sum implements Spread {
  count = 0;
  sum = 0;

  record(ms: number): void {
    this.count++;
    this.sum += ms;
  }
}

export type Counts = { readonly [K in EventKind]: number };

export class Tally<S extends Spread> {
  readonly counts = Object.fromEntries(eventKinds.map((kind) => [kind, 0])) as { [K in EventKind]: number };
  readonly quality = new Sum();
  /** From the queue to the start of work. */
  readonly waiting: S;
  /** From the start of work to its end. */
  readonly execution: S;
  /** From submission to the outcome. */
  readonly duration: S;

  constructor(spread: () => S) {
    this.waiting = spread();
    this.execution = spread();
    this.duration = spread();
  }

  add({ kind, waitingMs, executionMs, durationMs, quality }: TrackedEvent): void {
    this.counts[kind]++;
    if (waitingMs !== undefined) this.waiting.record(waitingMs);
    if (quality !== undefined) this.quality.record(quality);
    if (kind === 'cancelled') return; // How long somebody let it run says nothing of how long it takes.
    if (executionMs !== undefined) this.execution.record(executionMs);
    if (durationMs !== undefined) this.duration.record(durationMs);
  }

  mergeCounts({ counts, quality }: Tally<Spread>): void {
    for (const kind of eventKinds) this.counts[kind] += counts[kind];
    this.quality.count += quality.count;
    this.quality.sum += quality.sum;
  }
}
