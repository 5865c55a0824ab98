/** Edited scenarios, kept by the browser until they are run or given up; one a file. */
const keyOf = (file: string) => `xstate-hub.draft:${file}`;

export const drafts = {
  read(file: string): string | null {
    return localStorage.getItem(keyOf(file));
  },

  /** @param original what the draft is of: one that is the same is none */
  write(file: string, text: string, original: string): void {
    try {
      if (text === original) localStorage.removeItem(keyOf(file));
      else localStorage.setItem(keyOf(file), text);
    } catch {
      // The browser keeps nothing, or no more: the text is still in the page.
    }
  },
};
