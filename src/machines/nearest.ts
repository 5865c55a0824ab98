/** The word that somebody may have meant. */

/**
 * The one of `words` with the fewest slips from `word`: a letter changed, added, left out, or swapped with the next.
 * Undefined when there are none.
 */
export function nearest(word: string, words: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of words) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** As {@link nearest}, but only what is near enough to be a slip: a third of the letters, or one within the other. */
export function slipOf(word: string, words: Iterable<string>): string | undefined {
  const known = [...words];
  const best = nearest(word, known);
  if (best === undefined || editDistance(word.toLowerCase(), best.toLowerCase()) <= longer(word, best) / 3) return best;
  return known.find((candidate) => isPart(word.toLowerCase(), candidate.toLowerCase()));
}

const longer = (a: string, b: string): number => Math.max(a.length, b.length);
const isPart = (a: string, b: string): boolean => Math.min(a.length, b.length) >= 3 && (a.includes(b) || b.includes(a));

/** Longest word that is compared whole; what is longer is no slip of anything. */
const longest = 100;

function editDistance(a: string, b: string): number {
  if (a.length > longest || b.length > longest) return longer(a, b);
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  let twoAbove = above;
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const isSwapped = column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swap = isSwapped ? (twoAbove[column - 2] ?? 0) + 1 : change;
      line.push(Math.min(change, swap, (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1));
    }
    twoAbove = above;
    above = line;
  }
  return above[b.length] ?? 0;
}
