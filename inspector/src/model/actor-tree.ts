/**
 * Who belongs to whom: agents, orchestrations and tasks to the hub, subtasks to their orchestration, questions to who
 * asked them.
 *
 * - T1 an actor is below one other, which never changes; brothers stand in the order in which they were born.
 * - T2 what is known grows with the log and is never worked out again.
 */
import type { HubRecord } from 'xstate-hub';
import type { ActorKind, History } from './history.ts';
import type { Run } from './run.ts';
import { type Tone, toneOf, wordsOf } from './tone.ts';

/** What stands right below the hub. */
export const groups = ['agents', 'orchestrations', 'tasks', 'questions'] as const;
export type Group = (typeof groups)[number];

export interface Row {
  /** `task:t1`, `group:tasks`, `hub`. */
  readonly id: string;
  readonly actor: History | null;
  /** From 1. */
  readonly level: number;
  /** How many are right below it at this moment, as filtered. */
  readonly size: number;
  readonly isExpanded: boolean;
  readonly place: number;
  readonly brothers: number;
}

export interface Filter {
  readonly text: string;
  readonly kind: ActorKind | '';
  /** As `wordsOf` has it: "awaiting human". */
  readonly state: string;
  readonly tone: Tone | '';
}

export const noFilter: Filter = { text: '', kind: '', state: '', tone: '' };

export class ActorTree {
  readonly #run: Run;
  readonly #parents = new Map<string, string>();
  readonly #children = new Map<string, History[]>();
  readonly #known = new Set<string>();
  readonly #states = new Map<string, Set<ActorKind>>();
  #seen = 0;

  constructor(run: Run) {
    this.#run = run;
  }

  /** Every state that some actor of the kind was in so far, in words. */
  statesOf(kind: ActorKind | ''): string[] {
    return [...this.#states].filter(([, kinds]) => kind === '' || kinds.has(kind)).map(([state]) => state);
  }

  /** The ids above an actor, nearest first. */
  above(id: string): string[] {
    const path: string[] = [];
    for (let next = this.#parents.get(id); next !== undefined; next = this.#parents.get(next)) path.push(next);
    return path;
  }

  /** Takes what has come since it was asked last. */
  update(): this {
    const { records, changes, actors } = this.#run;
    for (; this.#seen < records.length; this.#seen++) {
      const record = records[this.#seen] as HubRecord;
      const parent = parentIn(record);
      if (parent !== undefined && !this.#known.has(parent.of)) this.#parents.set(parent.of, parent.is);
      for (const { actor: id, state } of changes[this.#seen] ?? []) {
        const actor = actors.get(id);
        if (actor === undefined) continue;
        const words = wordsOf(state);
        const kinds = this.#states.get(words);
        if (kinds === undefined) this.#states.set(words, new Set([actor.kind]));
        else kinds.add(actor.kind);
        if (!this.#known.has(id)) this.#add(actor);
      }
    }
    return this;
  }

  #add(actor: History): void {
    this.#known.add(actor.id);
    const above = this.#parents.get(actor.id);
    const parent = above !== undefined && this.#known.has(above) ? above : `group:${groupOf(actor.kind)}`;
    this.#parents.set(actor.id, parent);
    const children = this.#children.get(parent);
    if (children === undefined) this.#children.set(parent, [actor]);
    else children.push(actor);
  }

  /** The rows of the tree at a moment. A filter opens what has something to show, whatever is closed. */
  rows(position: number, isClosed: (id: string) => boolean, filter: Filter): Row[] {
    const isFiltered = filter.text !== '' || filter.kind !== '' || filter.state !== '' || filter.tone !== '';
    const fits = (actor: History) => fitsFilter(actor, position, filter);

    const below = (id: string, level: number): { rows: Row[]; count: number } => {
      const rows: Row[] = [];
      let count = 0;
      const places: number[] = [];
      for (const actor of this.#children.get(id) ?? []) {
        if (actor.bornSeq > position) break;
        const hasChildren = this.#children.has(actor.id);
        const isOpen = hasChildren && (isFiltered || !isClosed(actor.id));
        const inner = hasChildren && (isFiltered || isOpen) ? below(actor.id, level + 1) : null;
        if (isFiltered && (inner?.count ?? 0) === 0 && !fits(actor)) continue;
        const size = inner?.count ?? (hasChildren ? this.#countBelow(actor.id, position) : 0);
        places.push(rows.length);
        rows.push({ id: actor.id, actor, level, size, isExpanded: isOpen && size > 0, place: ++count, brothers: 0 });
        if (isOpen && inner !== null) for (const row of inner.rows) rows.push(row);
      }
      for (const index of places) rows[index] = { ...(rows[index] as Row), brothers: count };
      return { rows, count };
    };

    const shown = groups.flatMap((group) => {
      const id = `group:${group}`;
      const isOpen = isFiltered || !isClosed(id);
      const { rows, count } = isOpen ? below(id, 3) : { rows: [], count: this.#countBelow(id, position) };
      return count === 0 ? [] : [{ id, rows, count, isOpen }];
    });
    return [
      { id: 'hub', actor: null, level: 1, size: shown.length, isExpanded: true, place: 1, brothers: 1 },
      ...shown.flatMap(({ id, rows, count, isOpen }, index) => [
        { id, actor: null, level: 2, size: count, isExpanded: isOpen, place: index + 1, brothers: shown.length },
        ...rows,
      ]),
    ];
  }

  #countBelow(id: string, position: number): number {
    const children = this.#children.get(id) ?? [];
    let low = 0;
    let high = children.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((children[middle] as History).bornSeq <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function fitsFilter(actor: History, position: number, { text, kind, state, tone }: Filter): boolean {
  if (kind !== '' && actor.kind !== kind) return false;
  if (text !== '' && !actor.name.toLowerCase().includes(text)) return false;
  if (state === '' && tone === '') return true;
  const now = actor.at(position)?.state;
  if (tone !== '' && toneOf(actor.kind, now) !== tone) return false;
  return state === '' || (now !== undefined && wordsOf(now) === state);
}

function groupOf(kind: ActorKind): Group {
  if (kind === 'agent') return 'agents';
  if (kind === 'orchestration') return 'orchestrations';
  return kind === 'task' ? 'tasks' : 'questions';
}

/** Whom a record makes, and below whom that belongs. */
function parentIn({ type, from, payload }: HubRecord): { readonly of: string; readonly is: string } | undefined {
  if (type === 'task.submit' && payload.orchestrationId !== undefined) {
    return { of: `task:${payload.taskId}`, is: `orchestration:${payload.orchestrationId}` };
  }
  if (type === 'consultation.request') {
    const { consultationId, taskId, parentId } = payload;
    if (taskId !== undefined) return { of: `consultation:${consultationId}`, is: `task:${taskId}` };
    const is = parentId === undefined ? `agent:${from}` : `consultation:${parentId}`;
    return { of: `consultation:${consultationId}`, is };
  }
  if (type !== 'gate.open') return undefined;
  const { gateId, taskId, agentId, orchestrationId } = payload;
  if (taskId !== undefined) return { of: `gate:${gateId}`, is: `task:${taskId}` };
  if (orchestrationId !== undefined) return { of: `gate:${gateId}`, is: `orchestration:${orchestrationId}` };
  return agentId === undefined ? undefined : { of: `gate:${gateId}`, is: `agent:${agentId}` };
}
