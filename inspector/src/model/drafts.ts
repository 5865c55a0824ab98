/** Edited scenarios, kept by the browser until they are given up: one a file, as long as that file is what it was. */
const keyOf = (file: string) => `xstate-hub.draft:${file}`;

export const drafts = {
  /** @param original what the draft has to be of */
  read(file: string, original: string): string | null {
    try {
      const kept = JSON.parse(localStorage.getItem(keyOf(file)) ?? 'null') as { of: string; text: string } | null;
      return kept?.of === original ? kept.text : null;
    } catch {
      return null;
    }
  },

  write(file: string, original: string, text: string): void {
    try {
      if (text === original) localStorage.removeItem(keyOf(file));
      else localStorage.setItem(keyOf(file), JSON.stringify({ of: original, text }));
    } catch {
      // The browser keeps nothing, or no more: the text is still in the page.
    }
  },
};
