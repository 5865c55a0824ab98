/**
 * What a worker tells the page of its log: lines, and what folding them changed, in few messages.
 *
 * - Ob1 names (types, actors, states) are sent once and are numbers from then on.
 * - Ob2 changes may come behind their lines: a long log is there before it is folded.
 */
import type { ActorChange } from 'xstate-hub';
import type { FromWorker } from './protocol.ts';

type Records = Extract<FromWorker, { kind: 'records' }>;

/** Most records of one message. */
const most = 2_000;

export class Outbox {
  readonly #post: (message: Records, transfer: Transferable[]) => void;
  readonly #numbers = new Map<string, number>();
  #names: string[] = [];
  #lines: string[] = [];
  #at: number[] = [];
  #types: number[] = [];
  #counts: number[] = [];
  #changes: number[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(post: (message: Records, transfer: Transferable[]) => void) {
    this.#post = post;
  }

  /** @param lines records as JSON, one a line; `at` and `type` of each */
  lines(lines: string, at: readonly number[], types: readonly string[]): void {
    this.#lines.push(lines);
    for (const time of at) this.#at.push(time);
    for (const type of types) this.#types.push(this.#numberOf(type));
    this.#soon();
  }

  /** What the next record that was not folded yet changed. */
  changes(changes: readonly ActorChange[]): void {
    this.#counts.push(changes.length);
    for (const { actor, state, event } of changes) {
      this.#changes.push(this.#numberOf(actor), this.#numberOf(state), this.#numberOf(event));
    }
    this.#soon();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#at.length === 0 && this.#counts.length === 0) return;
    const at = Float64Array.from(this.#at);
    const types = Uint32Array.from(this.#types);
    const counts = Uint32Array.from(this.#counts);
    const changes = Uint32Array.from(this.#changes);
    this.#post({ kind: 'records', lines: this.#lines.join('\n'), at, types, counts, changes, names: this.#names }, [
      at.buffer,
      types.buffer,
      counts.buffer,
      changes.buffer,
    ]);
    this.#names = [];
    this.#lines = [];
    this.#at = [];
    this.#types = [];
    this.#counts = [];
    this.#changes = [];
  }

  #soon(): void {
    if (Math.max(this.#at.length, this.#counts.length) >= most) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), 16);
  }

  #numberOf(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(name, number);
      this.#names.push(name);
    }
    return number;
  }
}
