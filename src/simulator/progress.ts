/** How far long work is: one line, drawn again in a terminal, and written every few seconds elsewhere. */

interface Output {
  write(text: string): unknown;
}

export interface ProgressOptions {
  readonly output: Output;
  readonly isTTY: boolean;
  /** In ms. */
  readonly now: () => number;
}

/** How long between two lines, in ms. */
const redrawEvery = 100;
const writeEvery = 5000;

export class Progress {
  readonly #options: ProgressOptions;
  #last = Number.NEGATIVE_INFINITY;

  constructor(options: ProgressOptions) {
    this.#options = options;
  }

  /** Shows the line, unless the last one is too fresh. */
  show(line: () => string): void {
    const { output, isTTY, now } = this.#options;
    if (now() - this.#last < (isTTY ? redrawEvery : writeEvery)) return;
    this.#last = now();
    output.write(isTTY ? `\r\u001b[K${line()}` : `${line()}\n`);
  }

  /** Takes the line away, so that something else can be written. */
  clear(): void {
    if (this.#options.isTTY) this.#options.output.write('\r\u001b[K');
    this.#last = Number.NEGATIVE_INFINITY;
  }
}
