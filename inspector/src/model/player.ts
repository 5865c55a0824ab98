/**
 * Plays a run: shows record after record, in a rhythm that people can follow.
 *
 * - V1 a step is one record, in either direction.
 * - V2 speed changes when a record is shown and nothing else: the log is the same at any speed.
 * - V3 a long wait is folded: nobody watches a quiet night in full.
 */
import type { Standing } from '../engine/protocol.ts';
import type { Run } from './run.ts';
import { Signal } from './signal.ts';

/** How fast, as a multiple of the rhythm; infinite for as fast as possible. */
export const speeds = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, Number.POSITIVE_INFINITY] as const;

/** How long a record is shown at speed 1, in ms: at least, and at most. */
const shortest = 140;
const longest = 900;
/** Simulated ms that are shown as one ms, between those. */
const virtualPerReal = 600;

export class Player {
  readonly run: Run;
  readonly signal = new Signal();
  isPlaying = false;
  speed = 1;
  /** Why it stands still, when it did so by itself. */
  stoppedBy: Standing['why'] | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(run: Run) {
    this.run = run;
  }

  play(): void {
    if (this.isPlaying) return;
    if (this.run.isOver && this.run.position === this.run.head) this.run.seek(0);
    this.isPlaying = true;
    this.stoppedBy = null;
    this.signal.changedNow();
    void this.#goOn();
  }

  pause(): void {
    this.#stop(null);
  }

  toggle(): void {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    this.signal.changedNow();
    if (!this.isPlaying) return;
    if (this.run.isSimulation) void this.run.halt();
    clearTimeout(this.#timer);
    void this.#goOn();
  }

  /** Shows one record more. */
  async forward(): Promise<void> {
    this.pause();
    await this.#next();
  }

  /** Shows one record less. */
  back(): void {
    this.pause();
    this.run.seek(this.run.position - 1);
  }

  /** To the end of what has happened so far. */
  toHead(): void {
    this.run.seek(this.run.head);
  }

  dispose(): void {
    this.#stop(null);
  }

  #stop(why: Standing['why'] | null): void {
    clearTimeout(this.#timer);
    const wasPlaying = this.isPlaying;
    this.isPlaying = false;
    this.stoppedBy = why;
    if (wasPlaying && this.run.isSimulation) void this.run.halt().catch(() => {});
    this.signal.changedNow();
  }

  async #goOn(): Promise<void> {
    if (!this.isPlaying) return;
    if (!Number.isFinite(this.speed)) return await this.#rush();
    const more = await this.#next();
    if (!this.isPlaying) return;
    if (!more) return this.#stop(this.stoppedBy ?? 'over');
    if (this.stoppedBy !== null) return this.#stop(this.stoppedBy);
    this.#timer = setTimeout(() => void this.#goOn(), this.#pause());
  }

  /** As fast as possible: the run goes on in its worker, and what is shown follows. */
  async #rush(): Promise<void> {
    const { run } = this;
    run.follow();
    if (!run.isSimulation || run.isOver) return this.#stop('over');
    const standing = await run.advance(Number.MAX_SAFE_INTEGER);
    if (standing.why === 'halted' || Number.isFinite(this.speed)) return;
    run.seek(standing.seq);
    this.#stop(standing.why);
  }

  /** Shows the next record; false when there is none. */
  async #next(): Promise<boolean> {
    const { run } = this;
    if (run.position < run.head) {
      run.seek(run.position + 1);
      return true;
    }
    if (!run.isSimulation || run.isOver) return false;
    const shown = run.position;
    const standing = await run.advance(shown + 1);
    if (standing.why === 'breakpoint' || standing.why === 'gate') this.stoppedBy = standing.why;
    run.seek(this.stoppedBy === null ? shown + 1 : standing.seq);
    return run.head > shown;
  }

  /** How long the record that is shown stays before the next one, in ms. */
  #pause(): number {
    const { records, position } = this.run;
    const gap = (records[position]?.at ?? 0) - (records[position - 1]?.at ?? 0);
    return Math.min(longest, Math.max(shortest, gap / virtualPerReal)) / this.speed;
  }
}
