/**
 * What all rows of a checkpoint have in common: their keys, and the deadlines of what they are about.
 *
 * One row is one entry of one table: `task:t1`, `agent:qa-1`. What is remembered of the past stands in blocks
 * (remembered.ts), and all that is left in the rows `hub` and `project` (hub-row.ts).
 */
import { type DeadlineKind, kindsOf } from '../deadlines.ts';
import type { HubState } from '../state.ts';
import type { Changes } from './changes.ts';

/** When something is due, and its turn among what is due at the same moment. */
export type SavedDeadline = readonly [kind: DeadlineKind, dueAt: number, order: number];

const kinds: { readonly [K in keyof Changes]: readonly DeadlineKind[] } = {
  task: kindsOf('task'),
  agent: kindsOf('agent'),
  consultation: kindsOf('consultation'),
  gate: kindsOf('gate'),
  orchestration: kindsOf('orchestration'),
  schedule: kindsOf('schedule'),
  letter: [],
};

export function savedDeadlines({ deadlines }: HubState, of: keyof Changes, id: string): SavedDeadline[] {
  const saved: SavedDeadline[] = [];
  for (const kind of kinds[of]) {
    const due = deadlines.get(kind, id);
    if (due !== undefined) saved.push([kind, due.dueAt, due.order]);
  }
  return saved;
}

export function restoreDeadlines({ deadlines }: HubState, subject: string, saved: readonly SavedDeadline[]): void {
  for (const [kind, dueAt, order] of saved) deadlines.restore({ kind, subject, dueAt }, order);
}
