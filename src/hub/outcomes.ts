import { Deferred } from './deferred.ts';

/** Promises of things that end in the log: somebody waits under an id, a record settles it. */
export class Outcomes<T> {
  readonly #waiting = new Map<string, Deferred<T>>();

  /** The promise for this id; the same for everybody who asks before it is settled. */
  wait(id: string): Promise<T> {
    let outcome = this.#waiting.get(id);
    if (outcome === undefined) {
      outcome = new Deferred();
      this.#waiting.set(id, outcome);
    }
    return outcome.promise;
  }

  isAwaited(id: string): boolean {
    return this.#waiting.has(id);
  }

  settle(id: string, value: T): void {
    this.#waiting.get(id)?.resolve(value);
    this.#waiting.delete(id);
  }

  fail(id: string, error: unknown): void {
    this.#waiting.get(id)?.reject(error);
    this.#waiting.delete(id);
  }

  failAll(error: unknown): void {
    for (const outcome of this.#waiting.values()) outcome.reject(error);
    this.#waiting.clear();
  }
}
