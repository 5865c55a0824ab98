/**
 * Plays a run: shows record after record, in a rhythm that people can follow.
 *
 * - V1 a step is one record, in either direction, however fast they are asked for.
 * - V2 speed changes when a record is shown and nothing else: the log is the same at any speed.
 * - V3 a long wait is folded: nobody watches a quiet night in full.
 * - V4 it stops at a breakpoint and at a gate that waits for a person, right at that record, in the past as well.
 * - V5 what a person does ends what went on before: nothing that was under way shows another record then.
 */
import type { Breakpoint, Standing } from '../engine/protocol.ts';
import type { Run } from './run.ts';
import { Signal } from './signal.ts';

/** How fast, as a multiple of the rhythm; infinite for as fast as possible. */
export const speeds = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, Number.POSITIVE_INFINITY] as const;

/** How long a record is shown at speed 1, in ms: at least, and at most. */
const shortest = 140;
const longest = 900;
/** Simulated ms that are shown as one ms, between those. */
const virtualPerReal = 600;
/** As fast as possible, what is known already goes by in so many frames: a jump to its end could not be seen. */
const frames = 60;
const frame = 16;

export class Player {
  readonly run: Run;
  readonly signal = new Signal();
  isPlaying = false;
  speed = 1;
  /** Why it stands still, when it did so by itself. */
  stoppedBy: Standing['why'] | null = null;
  /** The run that this one was forked from, and how many records both begin with. */
  forkOf: { readonly run: Run; readonly seq: number } | null = null;
  /** The breakpoint that it stands at. */
  hit: Breakpoint | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What goes on; another number when that is over (V5). */
  #course = 0;
  #steps: Promise<unknown> = Promise.resolve();

  constructor(run: Run) {
    this.run = run;
  }

  /** What there is to do about playing, at this moment. */
  get offers(): 'pause' | 'play' | 'play again' | 'nothing' {
    const { position, head, isOver, isSimulation } = this.run;
    if (this.isPlaying) return 'pause';
    if (position < head) return 'play';
    if (isOver) return head > 0 ? 'play again' : 'nothing';
    return isSimulation ? 'play' : 'nothing';
  }

  play(): void {
    const { offers } = this;
    if (offers === 'pause' || offers === 'nothing') return;
    if (offers === 'play again') this.run.seek(0);
    this.isPlaying = true;
    this.stoppedBy = null;
    this.hit = null;
    this.signal.changedNow();
    void this.#goOn(++this.#course);
  }

  pause(): void {
    this.#stop(null);
  }

  toggle(): void {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  setSpeed(speed: number): void {
    const wasRushing = this.isPlaying && !Number.isFinite(this.speed);
    this.speed = speed;
    this.signal.changedNow();
    if (!this.isPlaying) return;
    if (wasRushing) this.#halt();
    clearTimeout(this.#timer);
    void this.#goOn(++this.#course);
  }

  /** Shows one record more. */
  async forward(): Promise<void> {
    this.pause();
    const course = this.#course;
    const step = this.#steps.then(async () => {
      if (course !== this.#course || !(await this.#next(() => course === this.#course))) return;
      this.#lookWhere();
      this.signal.changedNow();
    });
    this.#steps = step.catch(() => {}); // The run was closed meanwhile, or says itself what is wrong with it.
    await this.#steps;
  }

  /** Shows one record less. */
  back(): void {
    this.#leave();
    this.run.seek(this.run.position - 1);
  }

  /** Shows another moment. */
  seek(seq: number): void {
    this.#leave();
    this.run.seek(seq);
  }

  /**
   * Shows the state after record `seq` as soon as there are `head` records, if nobody has gone elsewhere by then (V5).
   */
  async goTo(seq: number, head = seq): Promise<void> {
    this.#leave();
    const course = this.#course;
    await this.run.reach(head);
    if (course === this.#course) this.run.seek(seq);
  }

  /** To the end of what has happened so far. */
  toHead(): void {
    this.seek(this.run.head);
  }

  dispose(): void {
    this.#leave();
  }

  /** Pauses, and forgets the steps that were asked for. */
  #leave(): void {
    this.pause();
    this.#course++;
  }

  #halt(): void {
    this.run.seek(this.run.position); // What comes after this is not followed.
    if (this.run.isSimulation) void this.run.halt().catch(() => {});
  }

  #stop(why: Standing['why'] | null): void {
    clearTimeout(this.#timer);
    if (this.isPlaying) {
      this.isPlaying = false;
      this.#course++;
      this.#halt();
    }
    this.stoppedBy = why;
    if (why !== 'breakpoint') this.hit = null;
    this.signal.changedNow();
  }

  async #goOn(course: number): Promise<void> {
    const isOn = () => this.isPlaying && course === this.#course;
    try {
      if (!isOn()) return;
      if (!Number.isFinite(this.speed)) return await this.#rush(isOn);
      const more = await this.#next(isOn);
      if (!isOn()) return;
      if (!more) return this.#stop('over');
      const why = this.#lookWhere();
      if (why !== null) return this.#stop(why);
      this.#timer = setTimeout(() => void this.#goOn(course), this.#pause());
    } catch {
      if (isOn()) this.#stop(null); // The run was closed, or its worker failed, which the page says elsewhere.
    }
  }

  /** As fast as possible: the run goes on in its worker, and what is shown follows. */
  async #rush(isOn: () => boolean): Promise<void> {
    const { run } = this;
    if (run.isOver) return await this.#rushOver(isOn);
    const known = this.#firstStop();
    if (known !== undefined) {
      run.seek(known);
      return this.#stop(this.#lookWhere());
    }
    run.follow();
    if (!run.isSimulation) return this.#stop('over');
    const standing = await run.advance(Number.MAX_SAFE_INTEGER);
    if (!isOn() || standing.why === 'halted') return;
    if (!run.isFollowing) return this.#stop(null); // A person looks at another moment.
    run.seek(standing.seq);
    this.#lookWhere();
    this.#stop(standing.why);
  }

  /** Through what there is of a run that is over. */
  async #rushOver(isOn: () => boolean): Promise<void> {
    const { run } = this;
    const stop = this.#firstStop();
    const end = stop ?? run.head;
    const step = Math.ceil((end - run.position) / frames);
    while (run.position < end) {
      const shown = Math.min(end, run.position + step);
      run.seek(shown);
      await new Promise<void>((resolve) => {
        this.#timer = setTimeout(resolve, frame);
      });
      if (!isOn()) return;
      if (run.position !== shown) return this.#stop(null); // A person looks at another moment.
    }
    this.#stop(stop === undefined ? 'over' : this.#lookWhere());
  }

  /** The first record behind this moment at which to stop, as far as is known. */
  #firstStop(): number | undefined {
    const { run } = this;
    if (run.breakpoints.length === 0) return undefined;
    for (let seq = run.position + 1; seq <= run.head; seq++) if (run.breakpointAt(seq) !== undefined) return seq;
    return undefined;
  }

  /** Whether the record that is shown is one to stop at. */
  #lookWhere(): 'breakpoint' | 'gate' | null {
    const { run } = this;
    this.hit = run.breakpointAt(run.position) ?? null;
    this.stoppedBy = this.hit === null ? null : 'breakpoint';
    if (this.stoppedBy === null && run.waitsAt(run.position)) this.stoppedBy = 'gate';
    return this.stoppedBy;
  }

  /** Shows the next record, if that is still wanted when it is there; false when there is none. */
  async #next(isWanted: () => boolean): Promise<boolean> {
    const { run } = this;
    const shown = run.position;
    if (shown === run.head) {
      if (!run.isSimulation || run.isOver) return false;
      await run.advance(shown + 1);
      if (!isWanted() || run.position !== shown) return true;
    }
    run.seek(shown + 1);
    return run.position > shown;
  }

  /** How long the record that is shown stays before the next one, in ms. */
  #pause(): number {
    const { run } = this;
    const gap = (run.atOf(run.position + 1) ?? 0) - (run.atOf(run.position) ?? 0);
    return Math.min(longest, Math.max(shortest, gap / virtualPerReal)) / this.speed;
  }
}
