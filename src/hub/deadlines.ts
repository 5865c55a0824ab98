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

type Owner = Exclude<(typeof owners)[DeadlineKind], null>;

export const kindsOf = (owner: Owner): DeadlineKind[] =>
  (Object.keys(owners) as DeadlineKind[]).filter((kind) => owners[kind] === owner);

export class Deadlines {
  readonly #heap = new IndexedHeap<Deadline & { readonly order: number }>(
    (a, b) => a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.order < b.order),
  );
  readonly #changes: Changes;
  #order = 0;

  constructor(changes: Changes) {
    this.#changes = changes;
  }

  /** Sets or moves a deadline; null takes it away. */
  set(kind: DeadlineKind, subject: string, dueAt: number | null): void {
    const key = `${kind} ${subject}`;
    if (dueAt !== null) this.#heap.set(key, { kind, subject, dueAt, order: this.#order++ });
    else if (this.#heap.remove(key) === undefined) return;
    const owner = owners[kind];
    if (owner !== null) this.#changes[owner].add(subject);
  }

  has(kind: DeadlineKind, subject: string): boolean {
    return this.#heap.get(`${kind} ${subject}`) !== undefined;
  }

  next(): Deadline | undefined {
    const due = this.#heap.peek();
    return due && { kind: due.kind, subject: due.subject, dueAt: due.dueAt };
  }

  /** All of them, first due first. Sorts: for views, not for the loop. */
  inOrder(): Deadline[] {
    return [...this.#heap.values()]
      .sort((a, b) => a.dueAt - b.dueAt || a.order - b.order)
      .map(({ kind, subject, dueAt }) => ({ kind, subject, dueAt }));
  }

  get size(): number {
    return this.#heap.size;
  }

  /** The order that the next one will have. */
  get order(): number {
    return this.#order;
  }

  /** One as it has to be kept. */
  get(kind: DeadlineKind, subject: string): { readonly dueAt: number; readonly order: number } | undefined {
    return this.#heap.get(`${kind} ${subject}`);
  }

  /** Sets one as it was kept. */
  restore({ kind, subject, dueAt }: Deadline, order: number): void {
    this.#heap.set(`${kind} ${subject}`, { kind, subject, dueAt, order });
  }

  /** What is set from now on comes behind all that was restored. */
  goOnFrom(order: number): void {
    this.#order = order;
  }
}
