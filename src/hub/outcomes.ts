/** Promises of things that end in the log: somebody waits under an id, a record settles it. */
export class Outcomes<T> {
  readonly #waiting = new Map<
    string,
    { readonly promise: Promise<T>; settle(value: T): void; fail(error: unknown): void }
  >();

  /** The promise for this id; the same for everybody who asks before it is settled. */
  wait(id: string): Promise<T> {
    const known = this.#waiting.get(id);
    if (known !== undefined) return known.promise;
    let settle: (value: T) => void = () => {};
    let fail: (error: unknown) => void = () => {};
    const promise = new Promise<T>((resolve, reject) => {
      settle = resolve;
      fail = reject;
    });
    promise.catch(() => {}); // Whoever awaits it hears of it; nobody has to.
    this.#waiting.set(id, { promise, settle, fail });
    return promise;
  }

  settle(id: string, value: T): void {
    this.#waiting.get(id)?.settle(value);
    this.#waiting.delete(id);
  }

  fail(id: string, error: unknown): void {
    this.#waiting.get(id)?.fail(error);
    this.#waiting.delete(id);
  }

  failAll(error: unknown): void {
    for (const { fail } of this.#waiting.values()) fail(error);
    this.#waiting.clear();
  }
}
