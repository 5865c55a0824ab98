/** Tells listeners that something has changed: at most once a frame, however often it does. */
export class Signal {
  readonly #listeners = new Set<() => void>();
  #frame: number | undefined;
  /** Grows with every change. */
  version = 0;

  changed(): void {
    this.version++;
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      for (const listener of [...this.#listeners]) listener();
    });
  }

  /** Now, and not with the next frame: for what a person did. */
  changedNow(): void {
    this.version++;
    for (const listener of [...this.#listeners]) listener();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}
