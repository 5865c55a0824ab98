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
      const value = this.shift() as V;
      letGo?.(value);
    }
  }

  /** Takes the oldest entry away. */
  shift(): V | undefined {
    if (this.size === 0) return undefined;
    const [key, value] = this.#oldest.next().value as [string, V];
    this.delete(key);
    return value;
  }
}
