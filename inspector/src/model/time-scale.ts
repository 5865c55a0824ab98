/**
 * Time as a line on which nothing long and empty takes room.
 *
 * - Ts1 the line runs straight within a stretch: twice the time is twice the way, but for folded gaps.
 * - Ts2 a gap is folded when nothing was recorded in it and it is long beside what is usual: the more readily when
 *   nobody was at work.
 * - Ts3 every moment has one place, and every place one moment.
 */

export interface Stretch {
  /** In ms since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Places on the line, in ms of what is not folded. */
  readonly start: number;
  readonly end: number;
  readonly isFolded: boolean;
}

/** A time in which nothing was recorded. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  /** Whether nobody was at work then. */
  readonly isIdle: boolean;
}

export class TimeScale {
  readonly stretches: readonly Stretch[];

  /**
   * @param from the first moment
   * @param to the last moment
   * @param gaps to be folded, in order
   */
  constructor(from: number, to: number, gaps: readonly Gap[]) {
    const folded = gaps.reduce((total, gap) => total + gap.to - gap.from, 0);
    const rest = Math.max(1, to - from - folded);
    const width = Math.min(0.07, 0.35 / Math.max(1, gaps.length)) * rest;
    const stretches: Stretch[] = [];
    let [at, place] = [from, 0];
    const add = (until: number, length: number, isFolded: boolean) => {
      if (until > at) stretches.push({ from: at, to: until, start: place, end: place + length, isFolded });
      [at, place] = [Math.max(at, until), place + (until > at ? length : 0)];
    };
    for (const gap of gaps) {
      add(gap.from, gap.from - at, false);
      add(gap.to, width, true);
    }
    add(Math.max(to, from + 1), Math.max(to, from + 1) - at, false);
    this.stretches = stretches;
  }

  /** The length of the whole line. */
  get length(): number {
    return this.stretches.at(-1)?.end ?? 1;
  }

  placeOf(at: number): number {
    const { from, to, start, end } = this.#stretch((one) => one.to < at);
    return start + ((at - from) / (to - from)) * (end - start);
  }

  timeOf(place: number): number {
    const { from, to, start, end } = this.#stretch((one) => one.end < place);
    return from + ((place - start) / (end - start)) * (to - from);
  }

  /** The first stretch that is not before. */
  #stretch(isBefore: (stretch: Stretch) => boolean): Stretch {
    let low = 0;
    let high = this.stretches.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(this.stretches[middle] as Stretch)) low = middle + 1;
      else high = middle;
    }
    return this.stretches[low] as Stretch;
  }
}

/** The gaps that are worth folding. */
export function longGaps(gaps: readonly Gap[]): Gap[] {
  const lengths = gaps.map(({ from, to }) => to - from).sort((a, b) => a - b);
  const all = lengths.reduce((sum, length) => sum + length, 0);
  const usual = lengths[Math.floor((lengths.length - 1) / 2)] ?? 0;
  return gaps.filter(({ from, to, isIdle }) => {
    const length = to - from;
    return isIdle ? length > 3 * usual && length > 0.1 * all : length > 12 * usual && length > 0.2 * all;
  });
}
