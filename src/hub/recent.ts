/**
 * A map that can let go of its oldest entries.
 *
 * Deletions leave holes at the front of a map, and every new iterator walks over them; this one keeps its
 * iterator, which goes on from where it was.
 *
 * - Re1 entries are numbered in the order in which they came, from 0, and leave in that order only.
 */
export class Recent<V> extends Map<string, V> {
  readonly #oldest = this.entries();
  #first = 0;

  /** The number of the oldest entry: so many have left. */
  get first(): number {
    return this.#first;
  }

  /** The number that the next entry will have. */
  get end(): number {
    return this.#first + this.size;
  }

  /** Begins with entries that were kept, of which the oldest has the number `first`. */
  restore(first: number, entries: Iterable<readonly [key: string, value: V]>): void {
    this.#first = first;
    for (const [key, value] of entries) this.set(key, value);
  }

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
    this.#first++;
    return value;
  }
}
