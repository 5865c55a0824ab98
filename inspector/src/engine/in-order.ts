/** One thing after another, in the order in which they were asked for. */
export class InOrder {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#last.then(act);
    this.#last = done.catch(() => {}); // Whoever asked hears of it.
    return done;
  }
}
