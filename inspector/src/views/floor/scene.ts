/**
 * What is on the floor at a moment: everything that is drawn, and nothing about how.
 *
 * - E1 a scene depends on the run and the moment only.
 */
import type { HubRecord } from 'xstate-hub';
import { chainOf } from '../../model/causes.ts';
import { type Flow, flowOf, labelOf, type Party } from '../../model/flow.ts';
import type { History } from '../../model/history.ts';
import type { Run } from '../../model/run.ts';
import { talksOf } from '../../model/talks.ts';
import { countTasks, type HubLife, type TaskCounts, tallyOf } from '../../model/tally.ts';
import { type Tone, toneOf, toneOfRecord } from '../../model/tone.ts';
import { type AgentAt, agentAt, type OpenTalks, openTalks } from './agents-at.ts';
import type { Layout } from './layout.ts';

/** As an agent's mark says; the last two are for those who are not here. */
export const presences = ['idle', 'work', 'ask', 'human', 'held', 'done', 'trouble', 'later', 'gone'] as const;

export interface Moving extends Flow {
  readonly record: HubRecord;
  readonly label: string;
  readonly tone: Tone;
}

export interface OpenGate {
  readonly id: string;
  readonly reason: string;
  readonly agentId: string | null;
  readonly approvers: readonly string[];
}

/** The causes and effects of the selected record. */
export interface Lit {
  readonly record: Moving;
  readonly ancestors: readonly Moving[];
  readonly descendants: readonly Moving[];
  readonly parties: ReadonlySet<Party>;
}

export interface Scene {
  readonly seq: number;
  readonly hub: HubLife;
  readonly tasks: TaskCounts;
  /** Of each agent in the order of the layout, as places in {@link presences}. */
  readonly marks: Uint8Array;
  /** Each agent with its words; empty among marks. */
  readonly agents: readonly AgentAt[];
  readonly open: OpenTalks;
  readonly consultations: readonly { readonly id: string; readonly from: string; readonly to: string | null }[];
  readonly gates: readonly OpenGate[];
  /** The record of the moment, and behind it the last few. */
  readonly trail: readonly Moving[];
  readonly lit: Lit | null;
}

/** Records that are still seen behind the one of the moment. */
const trailLength = 4;
const mostArcs = 120;

const codes = new Map<string, number>(presences.map((presence, code) => [presence, code]));
const codesByState = new Map<string, number>();

function codeOf(state: string | undefined): number {
  const key = state ?? '';
  let code = codesByState.get(key);
  if (code === undefined) {
    const presence = state === undefined ? 'later' : state === 'stopped' ? 'gone' : toneOf('agent', state);
    code = codes.get(presence) ?? 0;
    codesByState.set(key, code);
  }
  return code;
}

export const historiesOf = (run: Run, layout: Layout): (History | undefined)[] =>
  layout.order.map(({ id }) => run.actors.get(`agent:${id}`));

export function moving(record: HubRecord, run: Run): Moving {
  return { ...flowOf(record, run), record, label: labelOf(record), tone: toneOfRecord(record) };
}

export function sceneOf(
  run: Run,
  layout: Layout,
  histories: readonly (History | undefined)[],
  selection: string | null,
): Scene {
  const { position: seq, records } = run;
  const counts = tallyOf(run).at(seq);
  const open = openTalks(run, counts);
  const marks = new Uint8Array(layout.order.length);
  for (let index = 0; index < marks.length; index++) marks[index] = codeOf(histories[index]?.at(seq)?.means);
  const trail = records.slice(Math.max(0, seq - trailLength), seq).map((record) => moving(record, run));
  return {
    seq,
    hub: counts.hub,
    tasks: countTasks(counts),
    marks,
    agents:
      layout.detail === 'marks'
        ? []
        : layout.order.map((member, index) => agentAt(run, member, histories[index], seq, open)),
    open,
    consultations: [...counts.openConsultations].slice(0, mostArcs).map((actor) => arcOf(run, actor, seq)),
    gates: [...counts.openGates].map((actor) => gateOf(run, actor, seq)),
    trail: trail.reverse(),
    lit: litBy(run, selection),
  };
}

const idOf = (actor: string): string => actor.slice(actor.indexOf(':') + 1);

function arcOf(run: Run, actor: string, seq: number) {
  const id = idOf(actor);
  const talks = talksOf(run);
  return { id, from: talks.consultation(id)?.from ?? '', to: talks.specialistOf(id, seq) };
}

function gateOf(run: Run, actor: string, seq: number): OpenGate {
  const id = idOf(actor);
  const talks = talksOf(run);
  const { reason = '', agentId = null } = talks.gate(id) ?? {};
  return { id, reason, agentId, approvers: talks.approversOf(id, seq) };
}

function litBy(run: Run, selection: string | null): Lit | null {
  if (!selection?.startsWith('record:')) return null;
  const record = run.records[Number(selection.slice('record:'.length)) - 1];
  if (record === undefined) return null;
  const chain = chainOf(run, record.seq);
  const all = (of: readonly HubRecord[]) => of.map((one) => moving(one, run));
  const lit = { record: moving(record, run), ancestors: all(chain.ancestors), descendants: all(chain.descendants) };
  const parties = [lit.record, ...lit.ancestors, ...lit.descendants].flatMap(({ from, to }) => [from, to]);
  return { ...lit, parties: new Set(parties) };
}
