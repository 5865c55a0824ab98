/**
 * What became of one actor: the states that it was in, and from which record on.
 *
 * - H1 any moment is looked up, never computed again.
 */
import type { ActorChange } from 'xstate-hub';

export type ActorKind = 'task' | 'agent' | 'consultation' | 'gate' | 'orchestration';

export interface Stay {
  readonly seq: number;
  readonly state: string;
  /** The type of the event that it came by. */
  readonly event: string;
}

export class History {
  /** `task:t1` */
  readonly id: string;
  readonly kind: ActorKind;
  /** `t1` */
  readonly name: string;
  readonly #stays: Stay[] = [];

  constructor(id: string) {
    this.id = id;
    const colon = id.indexOf(':');
    this.kind = id.slice(0, colon) as ActorKind;
    this.name = id.slice(colon + 1);
  }

  add(seq: number, { state, event }: ActorChange): void {
    this.#stays.push({ seq, state, event });
  }

  /** Every event that it took, in order. */
  get stays(): readonly Stay[] {
    return this.#stays;
  }

  get bornSeq(): number {
    return this.#stays[0]?.seq ?? 0;
  }

  /** Where it stood after record `seq`; undefined before it was there. */
  at(seq: number): Stay | undefined {
    return this.#stays[this.#indexAt(seq)];
  }

  /** How many events it had taken by record `seq`. */
  countAt(seq: number): number {
    return this.#indexAt(seq) + 1;
  }

  /** The last stay at or before `seq`; -1 for none. */
  #indexAt(seq: number): number {
    let low = 0;
    let high = this.#stays.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#stays[middle] as Stay).seq <= seq) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
