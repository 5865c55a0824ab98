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
  /** What the state is to a person: as `state`, but of a paused agent what it is paused by. */
  readonly means: string;
}

/** What holds an agent, as its chart counts it. */
class Holds {
  #gates = 0;
  #isTripped = false;
  #isPaused = false;

  take(event: string): void {
    if (event === 'gate.opened') this.#gates++;
    else if (event === 'gate.closed') this.#gates--;
    else if (event === 'agent.tripped') this.#isTripped = true;
    else if (event === 'agent.probed') this.#isTripped = false;
    else if (event === 'agent.paused') this.#isPaused = true;
    else if (event === 'agent.resumed') this.#isPaused = false;
  }

  /** A gate, which waits for a person, comes before all else. */
  meaningOf(state: string): string {
    if (state !== 'paused') return state;
    if (this.#gates > 0) return 'awaitingHuman';
    return this.#isTripped && !this.#isPaused ? 'tripped' : state;
  }
}

export class History {
  /** `task:t1` */
  readonly id: string;
  readonly kind: ActorKind;
  /** `t1` */
  readonly name: string;
  readonly #stays: Stay[] = [];
  readonly #holds: Holds | null;

  constructor(id: string) {
    this.id = id;
    const colon = id.indexOf(':');
    this.kind = id.slice(0, colon) as ActorKind;
    this.name = id.slice(colon + 1);
    this.#holds = this.kind === 'agent' ? new Holds() : null;
  }

  add(seq: number, { state, event }: ActorChange): void {
    this.#holds?.take(event);
    this.#stays.push({ seq, state, event, means: this.#holds?.meaningOf(state) ?? state });
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
