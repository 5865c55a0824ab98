import { partsOf } from '../model/log-match.ts';

/** A text with what was looked for marked in it. */
export function Found({ text, words }: { readonly text: string; readonly words: readonly string[] }) {
  if (words.length === 0) return text;
  return partsOf(text, words).map(({ text: part, isMatch }, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the same can stand in it twice
    isMatch ? <mark key={index}>{part}</mark> : part,
  );
}
