/**
 * The state after any record.
 *
 * - Pi1 the fold is kept every so often, at a key frame: to go back is to fold from the nearest one.
 * - Pi2 a key frame stands between two turns of the hub.
 * - Pi3 there are at most `mostFrames`; when there would be more, every other one goes, and the rest suffices twice as long.
 */
import { type Fold, type FoldCheckpoint, type HubRecord, openFold, type Picture } from 'xstate-hub';
import { lastAtMost } from './record-text.ts';

/** Fewest records between two key frames. */
const shortest = 2_000;
const mostFrames = 512;
/** To open a key frame costs about as much as to fold so many records, for each of its entries. */
const recordsPerEntry = 2;

interface Log {
  readonly length: number;
  get(seq: number): HubRecord | undefined;
}

export class Pictures {
  readonly #log: Log;
  readonly #head: Fold | undefined;
  #fold: Fold = openFold(undefined, { quiet: true });
  #frames: FoldCheckpoint[] = [];
  #factor = 1;
  #turn = '';

  /**
   * @param log which may grow
   * @param head a fold that follows it, and is asked for the newest moment
   */
  constructor(log: Log, head?: Fold) {
    this.#log = log;
    this.#head = head;
  }

  /** How many key frames there are. */
  get frames(): number {
    return this.#frames.length;
  }

  /** Hears of each record right before `fold` takes it, and may keep what was folded until then. */
  before({ id }: HubRecord, fold: Fold): void {
    if (this.#turn !== '' && id.startsWith(this.#turn)) return;
    this.#turn = `${id}.`;
    const last = this.#frames.at(-1);
    const distance = Math.max(shortest, (last?.entries.size ?? 0) * recordsPerEntry) * this.#factor;
    if (fold.seq - (last?.seq ?? 0) < distance) return;
    this.#frames.push(fold.save());
    if (this.#frames.length <= mostFrames) return;
    this.#frames = this.#frames.filter((_, index) => index % 2 === 1);
    this.#factor *= 2;
  }

  at(seq: number): Picture {
    return this.foldAt(seq).picture();
  }

  /** Good until the next call. */
  foldAt(seq: number): Fold {
    const target = Math.min(seq, this.#log.length);
    if (target === this.#head?.seq) return this.#head;
    const frame = this.#frames[
      lastAtMost(
        this.#frames.map((one) => one.seq),
        target,
      )
    ] as FoldCheckpoint | undefined;
    const from = frame === undefined ? 0 : frame.seq + frame.entries.size * recordsPerEntry;
    if (this.#fold.seq > target || this.#fold.seq < Math.min(from, target)) {
      this.#fold = openFold(frame, { quiet: true });
    }
    while (this.#fold.seq < target) this.#fold.next(this.#log.get(this.#fold.seq + 1) as HubRecord);
    return this.#fold;
  }
}
