/** Where a record has what somebody looks for. */
import type { HubRecord } from 'xstate-hub';

/** All of a record that is searched. */
export const textOf = ({ seq, from, to, type, payload }: HubRecord): string =>
  `${seq} ${from} ${to} ${type} ${JSON.stringify(payload)}`;

/** So much is shown on either side, in characters. */
const around = 24;

/**
 * What stands around the first word that is in the record and not in what a person sees of it; null when all is seen.
 *
 * @param words in small letters
 */
export function unseenMatch(record: HubRecord, words: readonly string[], seen: string): string | null {
  const small = seen.toLowerCase();
  const word = words.find((one) => !small.includes(one));
  if (word === undefined) return null;
  const text = textOf(record);
  const at = text.toLowerCase().indexOf(word);
  if (at < 0) return null;
  const [from, to] = [Math.max(0, at - around), Math.min(text.length, at + word.length + around)];
  return `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`;
}

export interface Part {
  readonly text: string;
  readonly isMatch: boolean;
}

/** A text in parts: what matches a word, and what does not. */
export function partsOf(text: string, words: readonly string[]): readonly Part[] {
  const small = text.toLowerCase();
  const parts: Part[] = [];
  let at = 0;
  while (at < text.length) {
    let next = { at: text.length, length: 0 };
    for (const word of words) {
      const found = small.indexOf(word, at);
      if (found >= 0 && (found < next.at || (found === next.at && word.length > next.length))) {
        next = { at: found, length: word.length };
      }
    }
    if (next.at > at) parts.push({ text: text.slice(at, next.at), isMatch: false });
    if (next.length > 0) parts.push({ text: text.slice(next.at, next.at + next.length), isMatch: true });
    at = next.at + next.length;
  }
  return parts;
}
