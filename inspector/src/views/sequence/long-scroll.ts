/** Scrolling over more than a browser can: a longer picture scrolls faster. */

/** Browsers cannot scroll much farther, in px. */
const most = 6_000_000;

export interface LongScroll {
  /** Height of what is scrolled, in px. */
  readonly height: number;
  /** Px of the picture that one px of scrolling moves it by. */
  readonly factor: number;
}

/** @param total height of the picture, and `seen` of the window on it, in px */
export function longScroll(total: number, seen: number): LongScroll {
  const height = Math.min(total, most);
  return { height, factor: height === total ? 1 : (total - seen) / Math.max(1, height - seen) };
}
