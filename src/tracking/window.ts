/**
 * The last five minutes, the last day: a ring of slots, each with what happened in one step of the window.
 *
 * - S1 a window moves in steps of `slideMs`: it holds the step that is under way and the full ones before it, so at
 *   most `lengthMs` and at least `lengthMs - slideMs`.
 * - S2 time is that of the records: nothing passes while no record does.
 */
import { Latencies, type Meter } from './latencies.ts';
import type { TrackedEvent } from './ledger.ts';
import { Tally } from './tally.ts';

export interface WindowSpec {
  /** As reports ask for it: `5m`. */
  readonly name: string;
  readonly lengthMs: number;
  readonly slideMs: number;
  /** How many outcomes make a report of it worth something. */
  readonly minCount: number;
}

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

export const defaultWindows: readonly WindowSpec[] = [
  { name: '5m', lengthMs: 5 * minute, slideMs: minute, minCount: 10 },
  { name: '1h', lengthMs: hour, slideMs: 15 * minute, minCount: 50 },
  { name: '24h', lengthMs: day, slideMs: 4 * hour, minCount: 100 },
  { name: '7d', lengthMs: 7 * day, slideMs: day, minCount: 500 },
];

export const slotsOf = ({ lengthMs, slideMs }: WindowSpec): number => Math.ceil(lengthMs / slideMs);

/** When the window that ends at `at` begins. */
export const windowStart = (spec: WindowSpec, at: number): number =>
  (Math.floor(at / spec.slideMs) - slotsOf(spec) + 1) * spec.slideMs;

interface Slot {
  readonly step: number;
  readonly tally: Tally<Latencies>;
}

/** An empty slot: its object and its counts. */
const slotBytes = 400;

export class SlidingWindow {
  readonly spec: WindowSpec;
  readonly #meter: Meter;
  readonly #slots: (Slot | undefined)[];

  constructor(spec: WindowSpec, meter: Meter) {
    this.spec = spec;
    this.#meter = meter;
    this.#slots = new Array<Slot | undefined>(slotsOf(spec)).fill(undefined);
  }

  /** Takes an event, unless a later one has pushed its time out of the window. */
  add(event: TrackedEvent): void {
    const step = Math.floor(event.at / this.spec.slideMs);
    const place = step % this.#slots.length;
    const held = this.#slots[place];
    if (held !== undefined && held.step > step) return;
    if (held?.step === step) return held.tally.add(event);
    if (held !== undefined) this.#free(held);
    const slot: Slot = { step, tally: new Tally(() => new Latencies(this.#meter)) };
    this.#meter.bytes += slotBytes;
    this.#slots[place] = slot;
    slot.tally.add(event);
  }

  /** Adds what stands in the window that ends at `at`. */
  mergeInto(total: Tally<Latencies>, at: number): void {
    const newest = Math.floor(at / this.spec.slideMs);
    for (const slot of this.#slots) {
      if (slot === undefined || slot.step > newest || slot.step <= newest - this.#slots.length) continue;
      total.mergeCounts(slot.tally);
      total.waiting.merge(slot.tally.waiting);
      total.execution.merge(slot.tally.execution);
      total.duration.merge(slot.tally.duration);
    }
  }

  free(): void {
    for (const slot of this.#slots) if (slot !== undefined) this.#free(slot);
    this.#slots.fill(undefined);
  }

  #free({ tally }: Slot): void {
    this.#meter.bytes -= slotBytes;
    for (const latencies of [tally.waiting, tally.execution, tally.duration]) latencies.free();
  }
}
