/**
 * A map that can let go of its oldest entries.
 *
 * Deletions leave holes at the front of a map, and every new iterator walks over them; this one keeps its
 * iterator, which goes on from where it was.
 */
export class Recent<V> extends Map<string, V> {
  readonly #oldest = this.entries();

  /** Keeps the newest `limit` entries; what is let go is handed over. */
  trim(limit: number, letGo?: (value: V) => void): void {
    while (this.size > limit) {
      const [key, value] = this.#oldest.next().value as [string, V];
      this.delete(key);
      letGo?.(value);
    }
  }
}
