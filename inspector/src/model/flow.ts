/**
 * Where a record goes from and to, as people see it: a question goes to the specialist and its answer to who asked,
 * a gate to a human, whatever id the envelope names.
 */
import { describeRecord, type HubRecord } from 'xstate-hub';
import { calledIn, talksOf } from './talks.ts';

/** `hub`, `agent:a`, `task:t`, `human:ann`, or who else speaks to the hub: `outside:client`. */
export type Party = string;

export interface Flow {
  readonly from: Party;
  readonly to: Party;
}

/** When a gate names nobody. */
export const anybody = 'human:anybody';

/** What a person does at the hub stands in the log as `client:ann`'s. */
const atTheHub = 'client:';

const outside: ReadonlySet<string> = new Set(['client', 'clock', 'planner']);

export function flowOf(record: HubRecord, run: Parameters<typeof talksOf>[0]): Flow {
  const talks = talksOf(run);
  const { seq, type, payload } = record;
  const humanFor = (gateId: string): Party => {
    const [first] = talks.approversOf(gateId, seq);
    return first === undefined ? anybody : `human:${first}`;
  };
  const partyOf = (id: string): Party => {
    if (id === 'hub') return 'hub';
    if (outside.has(id)) return `outside:${id}`;
    if (id.startsWith(atTheHub)) return `human:${id.slice(atTheHub.length)}`;
    if (run.facts.agents.has(id)) return `agent:${id}`;
    if (run.facts.tasks.has(id)) return `task:${id}`;
    const asker = talks.consultation(id)?.from ?? talks.gate(id)?.agentId;
    return asker === undefined || asker === null ? 'hub' : `agent:${asker}`;
  };
  const from = partyOf(record.from);
  const to = partyOf(record.to);
  switch (type) {
    case 'gate.open':
    case 'gate.reminded':
    case 'gate.handedOver':
      return { from, to: humanFor(payload.gateId) };
    case 'gate.decide':
      return { from: `human:${payload.by}`, to: 'hub' };
    default:
      return { from, to };
  }
}

/** `ann → hub`, in all views; who is no party of theirs has the name that stands in the record. */
export function routeOf(record: HubRecord, run: Parameters<typeof talksOf>[0]): string {
  const { from, to } = flowOf(record, run);
  const named = (party: Party, id: string) =>
    party === 'hub' && talksOf(run).aboutOf(id) === null ? id : nameIn(run, party);
  return `${named(from, record.from)} → ${named(to, record.to)}`;
}

/** What is in a record, for people; empty when its type says all. */
export function detailOf(record: HubRecord, run: Parameters<typeof talksOf>[0]): string {
  const { detail } = describeRecord(record);
  const { taskId, subject } = record.payload as { readonly taskId?: unknown; readonly subject?: unknown };
  const id = [taskId, subject].find((one) => typeof one === 'string' && run.facts.tasks.has(one));
  return typeof id === 'string' ? detail.replace(id, () => calledIn(run, `task:${id}`)) : detail;
}

/** What a record is called in a picture: messages by what they are about. */
export function labelOf(record: HubRecord): string {
  return record.type === 'message.send' ? record.payload.messageType : record.type;
}

/** The same, a task by its title where its id says nothing. */
export function nameIn(run: Parameters<typeof talksOf>[0], party: Party): string {
  return party.startsWith('task:') ? calledIn(run, party) : nameOf(party);
}

/** `ann`, `backend-1`, `hub`. */
export function nameOf(party: Party): string {
  return party === anybody ? 'a human' : party.slice(party.indexOf(':') + 1);
}
