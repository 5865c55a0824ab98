/**
 * Durations in ms and their percentiles.
 *
 * Owns: the only use of the histogram library. Does not own: which durations, and over what time.
 *
 * - H1 up to `exactLimit` durations are kept as they are, and percentiles are exact; beyond that a histogram with two
 *   significant digits holds them, and percentiles are at most 1 % too high.
 * - H2 merging two gives what recording all their durations in one would have given, within H1.
 * - H3 what it takes is on its meter, and off it after `free`.
 */
import { build, type Histogram } from 'hdr-histogram-js';

/** Bytes that are held, by estimate. */
export interface Meter {
  bytes: number;
}

const exactLimit = 64;
/** An instance, and each number in an array that grows ahead of need. */
const [baseBytes, bytesEach] = [200, 12];

export class Latencies {
  count = 0;
  sum = 0;
  max = 0;
  readonly #meter: Meter;
  /** Until there are too many. */
  #few: number[] = [];
  #many: Histogram | undefined;
  #bytes = baseBytes;

  constructor(meter: Meter = { bytes: 0 }) {
    this.#meter = meter;
    meter.bytes += baseBytes;
  }

  record(ms: number): void {
    const value = Math.max(0, Math.round(ms));
    this.count++;
    this.sum += value;
    this.max = Math.max(this.max, value);
    if (this.#many !== undefined) this.#recordAmongMany(this.#many, value);
    else if (this.#few.length < exactLimit) this.#keep(value);
    else this.#recordAmongMany(this.#toHistogram(), value);
  }

  merge(other: Latencies): void {
    if (other.#many === undefined) {
      for (const value of other.#few) this.record(value);
      return;
    }
    const many = this.#toHistogram();
    many.add(other.#many);
    this.count += other.count;
    this.sum += other.sum;
    this.max = Math.max(this.max, other.max);
    this.#weigh(many.estimatedFootprintInBytes);
  }

  /** The least duration that is not less than this share of all; 0 when there are none. */
  quantile(share: number): number {
    if (this.#many !== undefined) return Math.min(this.max, this.#many.getValueAtPercentile(share * 100));
    const sorted = [...this.#few].sort((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  }

  free(): void {
    this.#meter.bytes -= this.#bytes;
    this.#bytes = 0;
  }

  #keep(value: number): void {
    this.#few.push(value);
    this.#weigh(this.#bytes + bytesEach);
  }

  #toHistogram(): Histogram {
    if (this.#many !== undefined) return this.#many;
    this.#many = build({ numberOfSignificantValueDigits: 2, highestTrackableValue: 2, autoResize: true });
    for (const value of this.#few) this.#many.recordValue(value);
    this.#few = [];
    this.#weigh(this.#many.estimatedFootprintInBytes);
    return this.#many;
  }

  #recordAmongMany(many: Histogram, value: number): void {
    const grows = value > many.highestTrackableValue;
    many.recordValue(value);
    if (grows) this.#weigh(many.estimatedFootprintInBytes);
  }

  #weigh(bytes: number): void {
    this.#meter.bytes += bytes - this.#bytes;
    this.#bytes = bytes;
  }
}
