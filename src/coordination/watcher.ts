/**
 * Beats: when something may have changed in a folder, and from time to time, since no system tells of every change.
 *
 * - Wa1 one look at a time; what happens meanwhile is looked at behind it.
 * - Wa2 a burst of changes is one look, soon after its first.
 */
import { type FSWatcher, watch } from 'node:fs';
import type { Environment } from '../actors/environment.ts';

export interface WatcherOptions {
  readonly environment: Environment;
  /** Longest time between two looks, in ms. */
  readonly pollMs: number;
  readonly look: () => Promise<void>;
}

/** How long a burst is let be, in ms. */
const burst = 20;

export class Watcher {
  readonly #options: WatcherOptions;
  readonly #watched = new Map<string, FSWatcher>();
  #waiting: (() => void)[] = [];
  #cancel: (() => void) | undefined;
  #looking: Promise<void> | undefined;
  #isClosed = false;
  /** When the next look is due. */
  #dueAt = Number.POSITIVE_INFINITY;

  constructor(options: WatcherOptions) {
    this.#options = options;
  }

  /** Looks when something changes in this directory. Where that cannot be watched, the poll has to do. */
  watch(directory: string): void {
    if (this.#watched.has(directory) || this.#isClosed) return;
    try {
      const watcher = watch(directory, () => this.soon());
      this.#watched.set(directory, watcher);
      watcher.on('error', () => {
        watcher.close();
        this.#watched.delete(directory);
      });
    } catch {
      // Too many watches, or a system without them.
    }
  }

  /** Looks soon. */
  soon(): void {
    this.#wakeIn(burst);
  }

  /** Looks now, and resolves when that is done. */
  async now(): Promise<void> {
    while (this.#looking !== undefined) await this.#looking;
    await this.#look();
  }

  /** Resolves when the next look begins. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** No looks from here on. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel?.();
    for (const watcher of this.#watched.values()) watcher.close();
    this.#watched.clear();
    await this.#looking;
    this.#ring();
  }

  #wakeIn(ms: number): void {
    if (this.#isClosed) return;
    const { environment } = this.#options;
    const at = environment.now() + ms;
    if (this.#dueAt <= at) return;
    this.#cancel?.();
    this.#dueAt = at;
    this.#cancel = environment.wakeAt(at, () => {
      this.#dueAt = Number.POSITIVE_INFINITY;
      void this.#look();
    });
  }

  async #look(): Promise<void> {
    if (this.#isClosed) return;
    if (this.#looking !== undefined) return this.soon();
    this.#ring();
    this.#looking = this.#options.look();
    try {
      await this.#looking;
    } finally {
      this.#looking = undefined;
      this.#wakeIn(this.#options.pollMs);
    }
  }

  #ring(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
