/**
 * How many tasks of a type may run at once, and how many may start in a while.
 *
 * - H4 folded, not decided: what has started is counted from the log, so a restart changes no limit. What runs is
 *   counted for every type, since a restart can bring a limit for it.
 */
import type { HubConfig } from '../machines/config.ts';

interface World {
  readonly config: HubConfig;
  readonly at: number;
}

interface Bucket {
  readonly tokens: number;
  /** When it had so many, in ms since the epoch. */
  readonly at: number;
}

/** One, but for what is lost in rounding; else a wait that was worked out to the ms could be in vain. */
const oneToken = 1 - 1e-9;

export class TypeLimits {
  readonly #running = new Map<string, number>();
  readonly #buckets = new Map<string, Bucket>();

  isLimited(type: string, { config }: World): boolean {
    return Object.hasOwn(config.limits, type);
  }

  mayStart(type: string, world: World): boolean {
    const limit = this.isLimited(type, world) ? world.config.limits[type] : undefined;
    if (limit === undefined) return true;
    const hasRoom = limit.concurrency === undefined || (this.#running.get(type) ?? 0) < limit.concurrency;
    return hasRoom && this.#tokens(type, world) >= oneToken;
  }

  /** A task of this type has been given out. Answers when the next may be, if it has to wait; else null. */
  start(type: string, world: World): number | null {
    this.#running.set(type, (this.#running.get(type) ?? 0) + 1);
    const rate = this.isLimited(type, world) ? world.config.limits[type]?.rate : undefined;
    if (rate === undefined) return null;
    const tokens = this.#tokens(type, world) - 1;
    this.#buckets.set(type, { tokens, at: world.at });
    return tokens >= oneToken ? null : world.at + Math.ceil(((1 - tokens) * rate.perMs) / rate.count);
  }

  /** A task of this type has ended, or gone back. */
  end(type: string): void {
    const left = (this.#running.get(type) ?? 0) - 1;
    if (left > 0) this.#running.set(type, left);
    else this.#running.delete(type);
  }

  #tokens(type: string, { config, at }: World): number {
    const rate = config.limits[type]?.rate;
    if (rate === undefined) return 1;
    const bucket = this.#buckets.get(type);
    if (bucket === undefined) return rate.count;
    return Math.min(rate.count, bucket.tokens + ((at - bucket.at) * rate.count) / rate.perMs);
  }
}
