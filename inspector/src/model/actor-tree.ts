/**
 * Who belongs to whom: agents, orchestrations and tasks to the hub, subtasks to their orchestration, questions to who
 * asked them.
 *
 * - T1 an actor is below one other, which never changes; brothers stand in the order in which they were born.
 * - T2 what is known grows with the log and is never worked out again.
 */
import type { ActorKind, History } from './history.ts';
import type { Run } from './run.ts';
import { calledIn } from './talks.ts';
import { wordsOf } from './tone.ts';

/** What stands right below the hub. */
const groups = ['agents', 'orchestrations', 'tasks', 'questions'] as const;
type Group = (typeof groups)[number];

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
}

/** The states that each kind can be in, in words. */
export const statesOf: { readonly [kind in ActorKind]: readonly string[] } = {
  agent: ['idle', 'working', 'waiting', 'answering', 'awaiting human', 'paused', 'tripped', 'unreachable', 'stopped'],
  orchestration: ['analysing', 'planning', 'running', 'blocked', 'paused', 'completed', 'failed', 'cancelled'],
  task: [
    'pending',
    'queued',
    'assigned',
    'working',
    'consulting',
    'awaiting human',
    'retrying',
    'completed',
    'failed',
    'cancelled',
  ],
  consultation: ['requested', 'asked', 'answered', 'unavailable', 'expired', 'cancelled'],
  gate: ['open', 'approved', 'rejected', 'expired', 'cancelled'],
};

export const noFilter: Filter = { text: '', kind: '', state: '' };

export class ActorTree {
  readonly #run: Run;
  readonly #parents = new Map<string, string>();
  readonly #children = new Map<string, History[]>();
  readonly #labels = new Map<string, string>();
  #seen = 0;

  constructor(run: Run) {
    this.#run = run;
  }

  /** What to call it: its name, or what a question is about. */
  labelOf({ id }: History): string {
    return this.#labels.get(id) ?? calledIn(this.#run, id);
  }

  /** Takes whoever was born since it was asked last. */
  update(): this {
    const { actors } = this.#run;
    if (actors.size === this.#seen) return this;
    let index = 0;
    for (const actor of actors.values()) if (index++ >= this.#seen) this.#add(actor);
    this.#seen = actors.size;
    return this;
  }

  #add(actor: History): void {
    const above = this.#parentOf(actor);
    const isThere = above !== undefined && this.#parents.has(above);
    const parent = isThere ? above : `group:${groupOf(actor.kind)}`;
    this.#parents.set(actor.id, parent);
    const children = this.#children.get(parent);
    if (children === undefined) this.#children.set(parent, [actor]);
    else children.push(actor);
  }

  #parentOf({ id, kind, name, bornSeq }: History): string | undefined {
    if (kind === 'task') {
      const orchestrationId = this.#run.facts.tasks.get(name)?.orchestrationId ?? null;
      return orchestrationId === null ? undefined : `orchestration:${orchestrationId}`;
    }
    const record = kind === 'consultation' || kind === 'gate' ? this.#run.records[bornSeq - 1] : undefined;
    if (record?.type === 'consultation.request') {
      const { taskId, parentId, question } = record.payload;
      this.#labels.set(id, question);
      if (taskId !== undefined) return `task:${taskId}`;
      return parentId === undefined ? `agent:${record.from}` : `consultation:${parentId}`;
    }
    if (record?.type !== 'gate.open') return undefined;
    const { taskId, agentId, orchestrationId, reason } = record.payload;
    this.#labels.set(id, reason);
    if (taskId !== undefined) return `task:${taskId}`;
    if (orchestrationId !== undefined) return `orchestration:${orchestrationId}`;
    return agentId === undefined ? undefined : `agent:${agentId}`;
  }

  /** The rows of the tree at a moment. A filter opens what has something to show, whatever is closed. */
  rows(position: number, isClosed: (id: string) => boolean, filter: Filter): Row[] {
    const isFiltered = filter.text !== '' || filter.kind !== '' || filter.state !== '';
    const fits = (actor: History) => fitsFilter(actor, this.labelOf(actor), position, filter);

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

function fitsFilter(actor: History, label: string, position: number, { text, kind, state }: Filter): boolean {
  if (kind !== '' && actor.kind !== kind) return false;
  if (text !== '' && !actor.name.toLowerCase().includes(text) && !label.toLowerCase().includes(text)) return false;
  if (state === '') return true;
  const now = actor.at(position)?.means;
  return now !== undefined && wordsOf(now) === state;
}

function groupOf(kind: ActorKind): Group {
  if (kind === 'agent') return 'agents';
  if (kind === 'orchestration') return 'orchestrations';
  return kind === 'task' ? 'tasks' : 'questions';
}
