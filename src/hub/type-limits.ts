/**
 * How many tasks of a type may run at once, and how many may start in a while.
 *
 * - H4 folded, not decided: what has started is counted from the log, so a restart changes no limit.
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
    return hasRoom && this.#tokens(type, world) >= 1;
  }

  /** A task of this type has been given out. Answers when the next may be, if it has to wait; else null. */
  start(type: string, world: World): number | null {
    if (!this.isLimited(type, world)) return null;
    this.#running.set(type, (this.#running.get(type) ?? 0) + 1);
    const rate = world.config.limits[type]?.rate;
    if (rate === undefined) return null;
    const tokens = this.#tokens(type, world) - 1;
    this.#buckets.set(type, { tokens, at: world.at });
    return tokens >= 1 ? null : world.at + Math.ceil(((1 - tokens) * rate.perMs) / rate.count);
  }

  /** A task of this type has ended, or gone back. */
  end(type: string, world: World): void {
    if (this.isLimited(type, world)) this.#running.set(type, Math.max(0, (this.#running.get(type) ?? 0) - 1));
  }

  #tokens(type: string, { config, at }: World): number {
    const rate = config.limits[type]?.rate;
    if (rate === undefined) return 1;
    const bucket = this.#buckets.get(type);
    if (bucket === undefined) return rate.count;
    return Math.min(rate.count, bucket.tokens + ((at - bucket.at) * rate.count) / rate.perMs);
  }
}
