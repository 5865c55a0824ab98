/** Numbers that grow in number: a typed array that makes itself room. */
type Numbers = Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

export class Column {
  readonly #kind: new (
    length: number,
  ) => Numbers;
  #numbers: Numbers;
  #length = 0;

  constructor(kind: new (length: number) => Numbers) {
    this.#kind = kind;
    this.#numbers = new kind(1_024);
  }

  get length(): number {
    return this.#length;
  }

  get(index: number): number | undefined {
    return index >= 0 && index < this.#length ? this.#numbers[index] : undefined;
  }

  /** The numbers so far. Good until more come. */
  get numbers(): ArrayLike<number> {
    return this.#numbers.subarray(0, this.#length);
  }

  add(number: number): void {
    this.#makeRoomFor(1);
    this.#numbers[this.#length++] = number;
  }

  push(numbers: ArrayLike<number>): void {
    this.#makeRoomFor(numbers.length);
    this.#numbers.set(numbers, this.#length);
    this.#length += numbers.length;
  }

  #makeRoomFor(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#numbers.length) return;
    const larger = new this.#kind(Math.max(needed, this.#numbers.length * 2));
    larger.set(this.#numbers.subarray(0, this.#length));
    this.#numbers = larger;
  }
}
