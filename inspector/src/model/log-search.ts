/**
 * The records that have all the words that somebody looks for, found a slice at a time.
 *
 * - Lo1 what was looked through is not looked through again when the log grows.
 */
import { lastAtMost } from '../engine/record-text.ts';
import { Column } from './column.ts';
import { textOf } from './log-match.ts';
import type { Run } from './run.ts';

type Log = Pick<Run, 'received' | 'log' | 'lineOf' | 'typeOf'>;

export class LogSearch {
  readonly #log: Log;
  readonly #words: readonly string[];
  readonly #family: string;
  readonly #found = new Column(Uint32Array);
  #seq = 0;

  /**
   * @param words what a record has to have, in small letters
   * @param family what its type has to begin with: `task`; empty for any
   */
  constructor(log: Log, words: readonly string[], family: string) {
    this.#log = log;
    this.#words = words;
    this.#family = family === '' ? '' : `${family}.`;
  }

  /** Looks through more of the log for about so many ms; false when all was looked through. */
  look(ms: number): boolean {
    const end = performance.now() + ms;
    while (this.#seq < this.#log.received) {
      const seq = ++this.#seq;
      if (this.#fits(seq)) this.#found.add(seq);
      if (seq % 64 === 0 && performance.now() > end) break;
    }
    return this.#seq < this.#log.received;
  }

  get count(): number {
    return this.#found.length;
  }

  /** How many records were looked through. */
  get looked(): number {
    return this.#seq;
  }

  seqAt(index: number): number | undefined {
    return this.#found.get(index);
  }

  /** The place of the last one that is found at or before record `seq`; -1 for none. */
  indexAt(seq: number): number {
    return lastAtMost(this.#found.numbers, seq);
  }

  #fits(seq: number): boolean {
    if (this.#family !== '' && this.#log.typeOf(seq)?.startsWith(this.#family) !== true) return false;
    if (this.#words.length === 0) return true;
    const line = this.#log.lineOf(seq).toLowerCase();
    if (!this.#words.every((word) => line.includes(word))) return false;
    const record = this.#log.log[seq - 1];
    if (record === undefined) return false;
    const text = textOf(record).toLowerCase(); // Without the names of fields, which each line has.
    return this.#words.every((word) => text.includes(word));
  }
}
