/**
 * A binary heap whose items can be found by id: push, pop, remove and update in O(log n), look-up in O(1).
 *
 * - P1 `before` is a strict order; equal items never meet, since every order here ends in a unique sequence.
 */
export class IndexedHeap<T> {
  readonly #items: { readonly id: string; value: T }[] = [];
  readonly #places = new Map<string, number>();
  readonly #before: (a: T, b: T) => boolean;

  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#items.length;
  }

  get(id: string): T | undefined {
    const place = this.#places.get(id);
    return place === undefined ? undefined : this.#items[place]?.value;
  }

  peek(): T | undefined {
    return this.#items[0]?.value;
  }

  /** Adds the item, or gives the item with this id a new value and place. */
  set(id: string, value: T): void {
    let place = this.#places.get(id);
    if (place === undefined) {
      place = this.#items.length;
      this.#items.push({ id, value });
      this.#places.set(id, place);
    } else {
      this.#at(place).value = value;
    }
    this.#sink(this.#rise(place));
  }

  pop(): T | undefined {
    const first = this.#items[0];
    if (first !== undefined) this.remove(first.id);
    return first?.value;
  }

  remove(id: string): T | undefined {
    const place = this.#places.get(id);
    if (place === undefined) return undefined;
    const { value } = this.#at(place);
    const last = this.#items.length - 1;
    this.#swap(place, last);
    this.#items.pop();
    this.#places.delete(id);
    if (place < last) this.#sink(this.#rise(place));
    return value;
  }

  /** All items, in no particular order. */
  *values(): IterableIterator<T> {
    for (const item of this.#items) yield item.value;
  }

  #at(place: number): { readonly id: string; value: T } {
    return this.#items[place] as { readonly id: string; value: T };
  }

  #rise(from: number): number {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#before(this.#at(place).value, this.#at(parent).value)) break;
      this.#swap(place, parent);
      place = parent;
    }
    return place;
  }

  #sink(from: number): void {
    let place = from;
    for (;;) {
      const left = 2 * place + 1;
      if (left >= this.#items.length) return;
      const right = left + 1;
      const child =
        right < this.#items.length && this.#before(this.#at(right).value, this.#at(left).value) ? right : left;
      if (!this.#before(this.#at(child).value, this.#at(place).value)) return;
      this.#swap(place, child);
      place = child;
    }
  }

  #swap(a: number, b: number): void {
    if (a === b) return;
    const [first, second] = [this.#at(a), this.#at(b)];
    this.#items[a] = second;
    this.#items[b] = first;
    this.#places.set(second.id, a);
    this.#places.set(first.id, b);
  }
}
