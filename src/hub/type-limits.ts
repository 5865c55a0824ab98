/**
 * How many tasks of a type may run at once, and how many may start in a while.
 *
 * - H4 folded, not decided: what has started is counted from the log, so a restart changes no limit. What runs is
 *   counted for every type, since a restart can bring a limit for it.
 * - H5 as long as the rate keeps a type waiting, it is known when that ends, under the rate that is in force.
 */
import type { HubConfig } from '../machines/config.ts';

type Rate = NonNullable<HubConfig['limits'][string]['rate']>;

interface World {
  readonly config: HubConfig;
  readonly at: number;
}

/** Counts in parts of a token, `perMs` to the token, so that all of it is in whole numbers. */
interface Bucket {
  readonly level: number;
  /** When it was so full, in ms since the epoch. */
  readonly at: number;
  readonly perMs: number;
}

export interface SavedLimits {
  readonly running: readonly (readonly [type: string, count: number])[];
  readonly buckets: readonly (readonly [type: string, bucket: Bucket])[];
}

export class TypeLimits {
  readonly #running = new Map<string, number>();
  readonly #buckets = new Map<string, Bucket>();

  /** All that is counted, as it has to be kept. */
  save(): SavedLimits {
    return { running: [...this.#running], buckets: [...this.#buckets] };
  }

  /** Begins with what was kept. */
  restore({ running, buckets }: SavedLimits): void {
    for (const [type, count] of running) this.#running.set(type, count);
    for (const [type, bucket] of buckets) this.#buckets.set(type, bucket);
  }

  /** Whether there is a limit for any type. */
  areAny({ limits }: HubConfig): boolean {
    for (const _type in limits) return true;
    return false;
  }

  isLimited(type: string, { config }: World): boolean {
    return Object.hasOwn(config.limits, type);
  }

  mayStart(type: string, world: World): boolean {
    const limit = this.isLimited(type, world) ? world.config.limits[type] : undefined;
    if (limit === undefined) return true;
    const hasRoom = limit.concurrency === undefined || (this.#running.get(type) ?? 0) < limit.concurrency;
    return hasRoom && (limit.rate === undefined || this.#level(type, limit.rate, world.at) >= limit.rate.perMs);
  }

  /** A task of this type has been given out. Answers when the next may be, if it has to wait; else null. */
  start(type: string, world: World): number | null {
    this.#running.set(type, (this.#running.get(type) ?? 0) + 1);
    const rate = this.isLimited(type, world) ? world.config.limits[type]?.rate : undefined;
    if (rate === undefined) return null;
    const { perMs } = rate;
    this.#buckets.set(type, { level: this.#level(type, rate, world.at) - perMs, at: world.at, perMs });
    return this.nextAt(type, world);
  }

  /** When the rate lets the next task of this type start, if it has to wait; else null. */
  nextAt(type: string, world: World): number | null {
    const rate = this.isLimited(type, world) ? world.config.limits[type]?.rate : undefined;
    if (rate === undefined) return null;
    const { perMs, count } = rate;
    const level = this.#level(type, rate, world.at);
    return level >= perMs ? null : world.at + Math.ceil((perMs - level) / count);
  }

  /** The types whose rate was counted. */
  counted(): IterableIterator<string> {
    return this.#buckets.keys();
  }

  /** A task of this type has ended, or gone back. */
  end(type: string): void {
    const left = (this.#running.get(type) ?? 0) - 1;
    if (left > 0) this.#running.set(type, left);
    else this.#running.delete(type);
  }

  #level(type: string, { count, perMs }: Rate, at: number): number {
    const bucket = this.#buckets.get(type);
    const full = count * perMs;
    if (bucket === undefined) return full;
    // A restart may have brought another rate.
    const level = bucket.perMs === perMs ? bucket.level : Math.floor((bucket.level / bucket.perMs) * perMs);
    return Math.min(full, level + (at - bucket.at) * count);
  }
}
