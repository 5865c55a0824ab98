/** What people have to be told: once, until it is over or something else is wrong. */
export class Notices {
  readonly #told = new Map<string, string>();
  readonly #tell: (text: string) => void;

  constructor(tell: (text: string) => void) {
    this.#tell = tell;
  }

  /** @param about what it is about; the same text about the same is told once */
  tell(about: string, text: string): void {
    if (this.#told.get(about) === text) return;
    this.#told.set(about, text);
    this.#tell(text);
  }

  /** It is well again; the next fault is told. */
  over(about: string): void {
    this.#told.delete(about);
  }
}
