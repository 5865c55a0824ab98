/** A promise, and the way to settle it. Whoever awaits it hears of a rejection; nobody has to. */
export class Deferred<T> {
  readonly promise: Promise<T>;
  resolve!: (value: T) => void;
  #reject!: (error: unknown) => void;

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.resolve = resolve;
      this.#reject = reject;
    });
  }

  reject(error: unknown): void {
    this.promise.catch(() => {});
    this.#reject(error);
  }
}
