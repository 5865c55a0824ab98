/**
 * When something is due: an index over the deadlines that stand in the charts' contexts.
 *
 * - L1 due in order of time, then of setting.
 * - L2 a deadline is kept with what it is about: who sets one has changed that.
 */
import { IndexedHeap } from '../actors/indexed-heap.ts';
import type { Payload } from '../machines/messages.ts';
import type { Changes } from './checkpoint/changes.ts';

export type Deadline = Payload<'deadline.passed'>;
export type DeadlineKind = Deadline['kind'];

/** Of which noun a deadline's subject is; a limit is the hub's own. */
const owners = {
  task: 'task',
  start: 'task',
  retry: 'task',
  progress: 'task',
  agent: 'agent',
  breaker: 'agent',
  stale: 'agent',
  consultation: 'consultation',
  gate: 'gate',
  planning: 'orchestration',
  revision: 'orchestration',
  schedule: 'schedule',
  limit: null,
} as const satisfies { readonly [K in DeadlineKind]: keyof Changes | null };

const kinds = Object.keys(owners) as DeadlineKind[];

type Owner = Exclude<(typeof owners)[DeadlineKind], null>;

export const kindsOf = (owner: Owner): DeadlineKind[] => kinds.filter((kind) => owners[kind] === owner);

interface Due {
  readonly kind: DeadlineKind;
  readonly subject: string;
  readonly dueAt: number;
  readonly order: number;
}

const isBefore = (a: Due, b: Due): boolean => a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.order < b.order);

const deadlineOf = ({ kind, subject, dueAt }: Due): Deadline => ({ kind, subject, dueAt });

export class Deadlines {
  /** By kind and subject: to put the two together for a key costs more than the look at each kind for the next. */
  readonly #heaps = new Map(kinds.map((kind) => [kind, new IndexedHeap<Due>(isBefore)]));
  readonly #all = [...this.#heaps.values()];
  readonly #changes: Changes;
  #order = 0;

  constructor(changes: Changes) {
    this.#changes = changes;
  }

  /** Sets or moves a deadline; null takes it away. */
  set(kind: DeadlineKind, subject: string, dueAt: number | null): void {
    if (dueAt !== null) this.#of(kind).set(subject, { kind, subject, dueAt, order: this.#order++ });
    else if (this.#of(kind).remove(subject) === undefined) return;
    const owner = owners[kind];
    if (owner !== null) this.#changes[owner].add(subject);
  }

  has(kind: DeadlineKind, subject: string): boolean {
    return this.#of(kind).get(subject) !== undefined;
  }

  next(): Deadline | undefined {
    let first: Due | undefined;
    for (const heap of this.#all) {
      const due = heap.peek();
      if (due !== undefined && (first === undefined || isBefore(due, first))) first = due;
    }
    return first && deadlineOf(first);
  }

  /** All of them, first due first. Sorts: for views, not for the loop. */
  inOrder(): Deadline[] {
    return this.#all
      .flatMap((heap) => [...heap.values()])
      .sort((a, b) => (isBefore(a, b) ? -1 : 1))
      .map(deadlineOf);
  }

  get size(): number {
    return this.#all.reduce((total, { size }) => total + size, 0);
  }

  /** The order that the next one will have. */
  get order(): number {
    return this.#order;
  }

  /** One as it has to be kept. */
  get(kind: DeadlineKind, subject: string): { readonly dueAt: number; readonly order: number } | undefined {
    return this.#of(kind).get(subject);
  }

  /** Sets one as it was kept. */
  restore({ kind, subject, dueAt }: Deadline, order: number): void {
    this.#of(kind).set(subject, { kind, subject, dueAt, order });
  }

  /** What is set from now on comes behind all that was restored. */
  goOnFrom(order: number): void {
    this.#order = order;
  }

  #of(kind: DeadlineKind): IndexedHeap<Due> {
    return this.#heaps.get(kind) as IndexedHeap<Due>;
  }
}
