/** The columns of a sequence: who speaks. */
import { anybody, nameIn, nameOf, type Party } from '../../model/flow.ts';
import type { Run } from '../../model/run.ts';
import { number } from '../../ui/number.ts';
import type { Rows } from './rows.ts';

interface Lifeline {
  /** `agent:a`, `hub`, or `type:developer` for all agents of a type. */
  readonly id: string;
  readonly name: string;
  readonly detail: string;
}

export interface Lifelines {
  readonly all: readonly Lifeline[];
  /** The column of a party. */
  columnOf(party: Party): number;
}

/** More agents than these share a lifeline with others of their type, unless a person wants them apart. */
export const mostApart = 24;

interface Options {
  readonly byType: boolean;
  /** `agent:a`, `task:t`: has a lifeline of its own. */
  readonly selection: string | null;
  /** Only those who speak in the rows. */
  readonly onlyParties: boolean;
}

export function lifelinesOf(run: Run, rows: Rows, { byType, selection, onlyParties }: Options): Lifelines {
  const isIn = (party: Party) => !onlyParties || rows.parties.has(party) || party === selection;
  const all: Lifeline[] = [];
  for (const who of ['client', 'planner', 'clock']) {
    const party = `outside:${who}`;
    const speaks = onlyParties ? rows.parties.has(party) : who === 'client' || hasSpoken(run, who);
    if (speaks) all.push({ id: party, name: who, detail: 'outside' });
  }
  for (const party of rows.humans)
    all.push({ id: party, name: nameOf(party), detail: party === anybody ? '' : 'human' });
  all.push({ id: 'hub', name: 'hub', detail: '' });
  if (selection?.startsWith('task:') && run.facts.tasks.has(selection.slice('task:'.length))) {
    all.push({ id: selection, name: nameIn(run, selection), detail: 'task' });
  }
  const types = new Map<string, string[]>();
  for (const { id, type } of run.facts.agents.values()) {
    if (!isIn(`agent:${id}`)) continue;
    const ids = types.get(type);
    if (ids === undefined) types.set(type, [id]);
    else ids.push(id);
  }
  const typeColumns = new Map<string, number>();
  for (const [type, ids] of types) {
    const isShared = byType && !onlyParties && ids.length > 1;
    const apart = isShared ? ids.filter((id) => `agent:${id}` === selection) : ids;
    for (const id of apart) all.push({ id: `agent:${id}`, name: id, detail: type });
    if (!isShared) continue;
    typeColumns.set(type, all.length);
    all.push({ id: `type:${type}`, name: type, detail: `${number(ids.length)} agents` });
  }
  const columns = new Map(all.map(({ id }, column) => [id, column]));
  const hub = columns.get('hub') ?? 0;
  return {
    all,
    columnOf(party) {
      const own = columns.get(party);
      if (own !== undefined || !party.startsWith('agent:')) return own ?? hub;
      const type = run.facts.agents.get(party.slice('agent:'.length))?.type ?? '';
      return typeColumns.get(type) ?? hub;
    },
  };
}

/** The types of what these send. */
const sent: Readonly<Record<string, readonly string[]>> = {
  clock: ['deadline.passed'],
  planner: ['orchestration.plan', 'orchestration.unplanned', 'orchestration.revision'],
};

const spoken = new WeakMap<Run, { seen: number; readonly types: Set<string> }>();

function hasSpoken(run: Run, who: string): boolean {
  let known = spoken.get(run);
  if (known === undefined) {
    known = { seen: 0, types: new Set() };
    spoken.set(run, known);
  }
  while (known.seen < run.head) known.types.add(run.typeOf(++known.seen) ?? '');
  return sent[who]?.some((type) => known.types.has(type)) === true;
}
