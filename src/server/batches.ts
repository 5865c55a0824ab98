/**
 * Many small texts as few large ones, as fast as the other side reads.
 *
 * - Bt1 at most one batch is under way and one is being filled: whoever adds to a full one waits.
 */
export interface BatchLimits {
  readonly texts: number;
  /** In UTF-16 units. */
  readonly length: number;
}

export class Batches {
  readonly #send: (texts: readonly string[]) => Promise<void>;
  readonly #limits: BatchLimits;
  #texts: string[] = [];
  #length = 0;
  #sending: Promise<void> | undefined;

  /** @param send resolves when the other side has room again */
  constructor(send: (texts: readonly string[]) => Promise<void>, limits: BatchLimits) {
    this.#send = send;
    this.#limits = limits;
  }

  /** Goes out with whatever else comes in this tick; the promise is there when one has to wait before adding more. */
  add(text: string): Promise<void> | undefined {
    this.#texts.push(text);
    this.#length += text.length;
    this.#sending ??= this.#sendAll();
    return this.#texts.length >= this.#limits.texts || this.#length >= this.#limits.length ? this.#sending : undefined;
  }

  /** Resolves when everything is out. */
  async flush(): Promise<void> {
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#texts.length > 0) {
      const texts = this.#texts;
      this.#texts = [];
      this.#length = 0;
      await this.#send(texts);
    }
    this.#sending = undefined;
  }
}
