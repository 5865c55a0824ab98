/** How many tasks waited in the queue after each record. */
import type { ActorChange } from 'xstate-hub';
import { lastAtMost } from '../engine/record-text.ts';
import { Column } from './column.ts';

export class QueueLengths {
  readonly #queued = new Set<string>();
  readonly #seqs = new Column(Uint32Array);
  readonly #lengths = new Column(Uint32Array);

  take(seq: number, { actor, state }: ActorChange): void {
    const before = this.#queued.size;
    if (state === 'queued') this.#queued.add(actor);
    else this.#queued.delete(actor);
    if (this.#queued.size === before) return;
    this.#seqs.add(seq);
    this.#lengths.add(this.#queued.size);
  }

  /** The longest that it was between two records, those among them; the first such moment. */
  longestIn(from: number, to: number): { readonly seq: number; readonly length: number } {
    const seqs = this.#seqs.numbers;
    let longest = { seq: from, length: this.at(from) };
    for (let index = lastAtMost(seqs, from) + 1; index < seqs.length; index++) {
      const seq = seqs[index] as number;
      if (seq > to) break;
      const isPassing = seqs[index + 1] === seq; // A record counts when all that it changed is counted.
      const length = this.#lengths.get(index) ?? 0;
      if (!isPassing && length > longest.length) longest = { seq, length };
    }
    return longest;
  }

  at(seq: number): number {
    return this.#lengths.get(lastAtMost(this.#seqs.numbers, seq)) ?? 0;
  }
}
