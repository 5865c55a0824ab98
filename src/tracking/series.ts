/**
 * What is kept: one series for everything, and one for each pair of an agent and a task type.
 *
 * - N1 what is asked of an agent, or of a type, is the sum of its pairs: no event counts twice.
 * - N2 memory is bounded: beyond `memoryLimitBytes` the pairs that were silent longest are let go, never the whole.
 */
import { Latencies, type Meter } from './latencies.ts';
import type { TrackedEvent } from './ledger.ts';
import { Sum, Tally } from './tally.ts';
import { SlidingWindow, type WindowSpec } from './window.ts';

/** A series without its windows. */
const seriesBytes = 1500;

export class Series {
  readonly agentId: string | null;
  readonly taskType: string | null;
  /** Since the tracker began, or since the series was let go. */
  readonly totals = new Tally(() => new Sum());
  readonly #windows: readonly SlidingWindow[];
  readonly #meter: Meter;

  constructor(agentId: string | null, taskType: string | null, windows: readonly WindowSpec[], meter: Meter) {
    this.agentId = agentId;
    this.taskType = taskType;
    this.#windows = windows.map((spec) => new SlidingWindow(spec, meter));
    this.#meter = meter;
    meter.bytes += seriesBytes;
  }

  add(event: TrackedEvent): void {
    this.totals.add(event);
    for (const window of this.#windows) window.add(event);
  }

  mergeInto(total: Tally<Latencies>, windowName: string, at: number): void {
    for (const window of this.#windows) if (window.spec.name === windowName) window.mergeInto(total, at);
  }

  free(): void {
    this.#meter.bytes -= seriesBytes;
    for (const window of this.#windows) window.free();
  }
}

export interface SeriesFilter {
  readonly agentId?: string | undefined;
  readonly taskType?: string | undefined;
}

export class SeriesIndex {
  /** How many pairs were let go. */
  evicted = 0;
  readonly #windows: readonly WindowSpec[];
  readonly #memoryLimit: number;
  readonly #meter: Meter = { bytes: 0 };
  readonly #whole: Series;
  /** The one that was silent longest first. */
  readonly #pairs = new Map<string, Series>();

  constructor(windows: readonly WindowSpec[], memoryLimitBytes: number) {
    this.#windows = windows;
    this.#memoryLimit = memoryLimitBytes;
    this.#whole = new Series(null, null, windows, this.#meter);
  }

  get size(): number {
    return this.#pairs.size + 1;
  }

  /** By estimate. */
  get bytes(): number {
    return this.#meter.bytes;
  }

  add(event: TrackedEvent): void {
    const { agentId, taskType } = event;
    this.#whole.add(event);
    const key = `${agentId ?? ''}\n${taskType ?? ''}`;
    const pair = this.#pairs.get(key) ?? new Series(agentId, taskType, this.#windows, this.#meter);
    this.#pairs.delete(key);
    this.#pairs.set(key, pair);
    pair.add(event);
    if (this.#meter.bytes > this.#memoryLimit) this.#letGo();
  }

  pairs(): IterableIterator<Series> {
    return this.#pairs.values();
  }

  /** The counts and measures of a window, of those that are asked for. */
  tally(windowName: string, at: number, { agentId, taskType }: SeriesFilter = {}): Tally<Latencies> {
    if (agentId === undefined && taskType === undefined) return tallyOf([this.#whole], windowName, at);
    const asked = [...this.#pairs.values()].filter(
      (pair) =>
        (agentId === undefined || pair.agentId === agentId) && (taskType === undefined || pair.taskType === taskType),
    );
    return tallyOf(asked, windowName, at);
  }

  #letGo(): void {
    for (const [key, pair] of this.#pairs) {
      if (this.#meter.bytes <= this.#memoryLimit || this.#pairs.size === 1) return;
      this.#pairs.delete(key);
      pair.free();
      this.evicted++;
    }
  }
}

export function tallyOf(series: Iterable<Series>, windowName: string, at: number): Tally<Latencies> {
  const total = new Tally(() => new Latencies());
  for (const one of series) one.mergeInto(total, windowName, at);
  return total;
}
