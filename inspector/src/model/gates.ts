/**
 * What people are asked, and what they have said: gates and consultations as records tell of them.
 *
 * - Gm1 it is what the hub's own picture of the moment says (test/inspector/gates.test.ts), without asking for it.
 */
import type { HubRecord, Json, RecordOf } from 'xstate-hub';
import type { History } from './history.ts';
import type { Run } from './run.ts';

type Opened = RecordOf<'gate.open'>['payload'];
type Step = NonNullable<Opened['ladder']>[number];

/** What of a run is needed here. */
export type Told = Pick<Run, 'alive' | 'position' | 'records' | 'recordById'>;

export interface Gate {
  readonly id: string;
  /** `gate:g1` */
  readonly actor: string;
  readonly state: 'open' | 'approved' | 'rejected' | 'expired' | 'cancelled';
  readonly reason: string;
  readonly context: Json;
  readonly agentId: string | null;
  readonly taskId: string | null;
  readonly orchestrationId: string | null;
  readonly subtaskId: string | null;
  /** Who may decide; null for anybody. */
  readonly approvers: readonly string[] | null;
  readonly choices: readonly string[] | null;
  readonly openedSeq: number;
  readonly openedAt: number;
  readonly reminders: number;
  /** What comes when nobody decides, step by step; `at` is known of the next one only. */
  readonly ladder: readonly { readonly step: Step; readonly at: number | null }[];
  readonly contentHash: string;
  readonly verdict: Verdict | null;
}

/** How a gate ended. */
export interface Verdict {
  readonly seq: number;
  readonly at: number;
  /** Null when nobody did: it expired, or was not needed any more. */
  readonly by: string | null;
  readonly reason: string;
  readonly choice: string | null;
}

export interface Question {
  readonly id: string;
  /** `consultation:c1` */
  readonly actor: string;
  readonly isOpen: boolean;
  readonly from: string;
  readonly taskId: string | null;
  readonly specialistType: string;
  /** Who has it now; null while nobody is free. */
  readonly specialistId: string | null;
  readonly question: string;
  readonly context: Json;
  readonly askedSeq: number;
  readonly askedAt: number;
  readonly dueAt: number | null;
}

/** The gate at the moment that is shown; null before it is there. */
export function gateAt(run: Told, history: History): Gate | null {
  const { position } = run;
  const opened = run.records[history.bornSeq - 1];
  const stay = history.at(position);
  if (opened?.type !== 'gate.open' || stay === undefined) return null;
  const { payload } = opened;
  const stays = history.stays.slice(1, history.countAt(position));
  const steps = stays.filter(({ event }) => event === 'gate.reminded' || event === 'gate.handedOver');
  const handedOver = run.records[(steps.findLast(({ event }) => event === 'gate.handedOver')?.seq ?? 0) - 1];
  const since = steps.length === 0 ? opened.at : run.records[(steps.at(-1)?.seq ?? 0) - 1]?.at;
  const state = stay.state as Gate['state'];
  const ladder = (payload.ladder ?? []).slice(steps.length).map((step, index) => ({
    step,
    at: index === 0 && since !== undefined ? since + step.afterMs : null,
  }));
  return {
    id: payload.gateId,
    actor: history.id,
    state,
    reason: payload.reason,
    context: payload.context ?? null,
    agentId: payload.agentId ?? null,
    taskId: payload.taskId ?? null,
    orchestrationId: payload.orchestrationId ?? null,
    subtaskId: payload.subtaskId ?? null,
    approvers: handedOver?.type === 'gate.handedOver' ? [handedOver.payload.approver] : (payload.approvers ?? null),
    choices: payload.choices ?? null,
    openedSeq: opened.seq,
    openedAt: opened.at,
    reminders: steps.filter(({ event }) => event === 'gate.reminded').length,
    ladder: state === 'open' ? ladder : [],
    contentHash: payload.contentHash,
    verdict: state === 'open' ? null : verdictIn(run, run.records[stay.seq - 1]),
  };
}

function verdictIn(run: Told, record: HubRecord | undefined): Verdict | null {
  if (record === undefined) return null;
  const { seq, at, payload, causationId } = record;
  const cause = causationId === null ? undefined : run.recordById(causationId);
  const said = cause?.type === 'gate.decide' ? cause.payload : null;
  const by = 'by' in payload ? payload.by : null;
  const reason = said?.reason ?? ('reason' in payload ? String(payload.reason) : '');
  return { seq, at, by, reason, choice: said?.choice ?? null };
}

const isGateOpen = (run: Told, history: History): boolean => history.at(run.position)?.state === 'open';

/** The gates at the moment that is shown: those that are open, oldest first; those that are not, latest first. */
export function gatesAt(run: Told): { readonly open: readonly History[]; readonly closed: readonly History[] } {
  const open: History[] = [];
  const closed: History[] = [];
  for (const history of run.alive('gate')) (isGateOpen(run, history) ? open : closed).push(history);
  const endedAt = (history: History) => history.at(run.position)?.seq ?? 0;
  return { open, closed: closed.sort((a, b) => endedAt(b) - endedAt(a)) };
}

const openStates: ReadonlySet<string | undefined> = new Set(['requested', 'asked']);

/** The consultations that nobody has answered at the moment that is shown, oldest first. */
export const questionsAt = (run: Told): History[] =>
  run.alive('consultation').filter((history) => openStates.has(history.at(run.position)?.state));

export function questionAt(run: Told, history: History): Question | null {
  const asked = run.records[history.bornSeq - 1];
  const stay = history.at(run.position);
  if (asked?.type !== 'consultation.request' || stay === undefined) return null;
  const { at, seq, from, payload } = asked;
  const given = stay.state === 'asked' ? run.records[stay.seq - 1] : undefined;
  return {
    id: payload.consultationId,
    actor: history.id,
    isOpen: openStates.has(stay.state),
    from,
    taskId: payload.taskId ?? null,
    specialistType: payload.specialistType,
    specialistId: given?.type === 'consultation.asked' ? given.payload.agentId : null,
    question: payload.question,
    context: payload.context ?? null,
    askedSeq: seq,
    askedAt: at,
    dueAt: payload.timeoutMs === undefined ? null : at + payload.timeoutMs,
  };
}
