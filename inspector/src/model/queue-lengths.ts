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

  at(seq: number): number {
    return this.#lengths.get(lastAtMost(this.#seqs.numbers, seq)) ?? 0;
  }
}
