/**
 * When something is due: an index over the deadlines that stand in the charts' contexts.
 *
 * - L1 due in order of time, then of setting.
 */
import { IndexedHeap } from '../actors/indexed-heap.ts';
import type { Payload } from '../machines/messages.ts';

export type Deadline = Payload<'deadline.passed'>;
type Kind = Deadline['kind'];

export class Deadlines {
  readonly #heap = new IndexedHeap<Deadline & { readonly order: number }>(
    (a, b) => a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.order < b.order),
  );
  #order = 0;

  /** Sets or moves a deadline; null takes it away. */
  set(kind: Kind, subject: string, dueAt: number | null): void {
    const key = `${kind} ${subject}`;
    if (dueAt === null) this.#heap.remove(key);
    else this.#heap.set(key, { kind, subject, dueAt, order: this.#order++ });
  }

  has(kind: Kind, subject: string): boolean {
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
}
