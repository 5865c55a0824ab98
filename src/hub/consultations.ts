/**
 * Consultations: an agent asks, the first free specialist answers, and no answer is an answer too.
 *
 * - C3 nobody is asked who waits for the answer already, directly or through others: no cycles. When all who
 *   could answer wait for one another like that, without a deadline, the one who closes the ring is told.
 * - C4 at most `maxDepth` consultations hang on one another.
 * - C6 a person may answer in the place of the specialist that is asked, or of one that is not there.
 * - C5 whatever was asked for the sake of a question ends with it.
 */
import type { RecordOf } from '../machines/messages.ts';
import { areAllStuck, type Wait } from './consultation-rings.ts';
import { bury } from './dead-letters.ts';
import { isClient } from './desk.ts';
import { noteAnswer, noteQuestion } from './orchestration-notes.ts';
import type { ConsultationEntry, HubState } from './state.ts';
import type { Decisions, Folds, Turn } from './turn.ts';

/** How many consultations may hang on one another. */
const maxDepth = 5;

type Ended = RecordOf<
  'consultation.answered' | 'consultation.unavailable' | 'consultation.expired' | 'consultation.cancelled'
>;

export const consultationFolds = {
  'consultation.request'(state, record) {
    const { consultationId, taskId, parentId, timeoutMs } = record.payload;
    const parent = parentId === undefined ? undefined : state.consultations.get(parentId);
    const dueAt = timeoutMs === undefined ? null : record.at + timeoutMs;
    state.consultations.set(consultationId, {
      spec: record.payload,
      requesterId: record.from,
      requestedAt: record.at,
      chain: [...(parent?.chain ?? []), record.from],
      correlationId: record.correlationId,
      place: record.seq,
      waitsSince: null,
      actor: state.spawn('consultation', consultationId, { consultationId, dueAt }),
    });
    if (parentId !== undefined) listUnder(state.nested, parentId, consultationId);
    state.deadlines.set('consultation', consultationId, dueAt);
    state.counters.consultations++;
    wait(state, consultationId);
    noteQuestion(state, record);
    if (taskId !== undefined) state.tellTask(taskId, { type: 'consultation.opened', consultationId });
    state.tellAgent(record.from, { type: 'consultation.opened', consultationId });
  },
  'consultation.asked'(state, { seq, payload: { consultationId, agentId } }) {
    const entry = state.consultations.get(consultationId);
    if (entry === undefined) return;
    stopWaiting(state, entry);
    state.tell('consultation', consultationId, entry.actor, {
      type: 'consultation.asked',
      specialistId: agentId,
      lease: seq,
    });
    state.tellAgent(agentId, { type: 'question.asked', consultationId });
  },
  'consultation.returned'(state, { payload: { consultationId } }) {
    const entry = state.consultations.get(consultationId);
    if (entry === undefined) return;
    const specialistId = state.specialistOf(entry);
    state.tell('consultation', consultationId, entry.actor, { type: 'consultation.returned' });
    state.tellAgent(specialistId, { type: 'question.closed' });
    wait(state, consultationId);
  },
  'consultation.answered': end,
  'consultation.unavailable': end,
  'consultation.expired': end,
  'consultation.cancelled': end,
} satisfies Folds;

export const consultationDecisions = {
  'consultation.request': (turn, { payload: { consultationId } }) => askSomebody(turn, consultationId),
  'consultation.returned': (turn, { payload: { consultationId } }) => askSomebody(turn, consultationId),
  'consultation.answer'(turn, record) {
    if (!isAskedNow(turn, record)) return bury(turn, record, 'staleLease');
    const { consultationId } = record.payload;
    turn.emit(consultationId, 'consultation.answered', { consultationId, agentId: record.from });
  },
  'consultation.decline'(turn, record) {
    if (!isAskedNow(turn, record)) return bury(turn, record, 'staleLease');
    const { consultationId, reason } = record.payload;
    turn.emit(consultationId, 'consultation.unavailable', { consultationId, reason });
  },
  'consultation.answered': cancelNested,
  'consultation.unavailable': cancelNested,
  'consultation.expired': cancelNested,
  'consultation.cancelled': cancelNested,
} satisfies Decisions;

function cancelNested(turn: Turn, { payload: { consultationId } }: Ended): void {
  for (const nestedId of turn.state.nested.get(consultationId) ?? []) {
    turn.emit(nestedId, 'consultation.cancelled', { consultationId: nestedId, reason: 'what it was for is over' });
  }
}

function askSomebody(turn: Turn, consultationId: string): void {
  const { state } = turn;
  const entry = state.consultations.get(consultationId);
  if (entry === undefined) return;
  const { specialistType, ifNone } = entry.spec;
  const unavailable = (reason: string) =>
    turn.emit(consultationId, 'consultation.unavailable', { consultationId, reason });
  if (entry.chain.length > maxDepth) return unavailable(`more than ${maxDepth} consultations hang on one another`);
  if (areAllWaiting(turn, entry)) return unavailable(`every ${specialistType} waits for this answer itself`);
  if (state.life === 'running' || state.life === 'draining') {
    for (const { spec } of state.agents.freeSpecialists(specialistType)) {
      if (entry.chain.includes(spec.agentId)) continue;
      turn.emit(spec.agentId, 'consultation.asked', { consultationId, agentId: spec.agentId });
      return;
    }
  }
  if (ifNone === 'refuse') unavailable(`no ${specialistType} is free`);
}

/**
 * Whether there are specialists of this type, and every one waits for an answer that can never come. A question with a
 * deadline ends its ring by itself: then only those who wait for it already are looked at.
 */
function areAllWaiting({ state }: Turn, { spec: { specialistType }, chain, actor }: ConsultationEntry): boolean {
  const waiting = {
    specialistsOf: (type: string) =>
      [...state.agents.ofType(type)].filter(({ spec }) => spec.answers).map(({ spec }) => spec.agentId),
    waitsOf: (agentId: string) => waitsOf(state, agentId),
  };
  if (actor.getSnapshot().context.dueAt === null) return areAllStuck(waiting, specialistType, chain);
  const specialists = waiting.specialistsOf(specialistType);
  return specialists.length > 0 && specialists.every((agentId) => chain.includes(agentId));
}

/** What an agent waits for without a deadline. */
function waitsOf(state: HubState, agentId: string): Wait[] {
  const agent = state.agents.get(agentId);
  const waits: Wait[] = [];
  for (const id of agent === undefined ? [] : state.holdingsOf(agent).consultations) {
    const entry = state.consultations.get(id);
    if (entry === undefined || entry.actor.getSnapshot().context.dueAt !== null) continue;
    waits.push({ specialistType: entry.spec.specialistType, specialistId: state.specialistOf(entry) });
  }
  return waits;
}

const isAskedNow = ({ state }: Turn, record: RecordOf<'consultation.answer' | 'consultation.decline'>): boolean => {
  const context = state.consultations.get(record.payload.consultationId)?.actor.getSnapshot().context;
  if (context === undefined || context.lease !== record.payload.lease) return false;
  return context.specialistId === record.from || isClient(record.from);
};

function end(state: HubState, record: Ended): void {
  const { consultationId } = record.payload;
  const entry = state.consultations.get(consultationId);
  if (entry === undefined) return;
  const specialistId = state.specialistOf(entry);
  state.tell('consultation', consultationId, entry.actor, { type: record.type });
  state.broken.delete(`consultation:${consultationId}`);
  noteAnswer(state, entry, record.type, record.type === 'consultation.answered' ? record.payload.agentId : null);
  stopWaiting(state, entry);
  state.deadlines.set('consultation', consultationId, null);
  state.consultations.delete(consultationId);
  state.changes.consultation.remove(consultationId, entry.place);
  if (entry.spec.parentId !== undefined) unlist(state.nested, entry.spec.parentId, consultationId);
  state.tellAgent(specialistId, { type: 'question.closed' });
  if (entry.spec.taskId !== undefined)
    state.tellTask(entry.spec.taskId, { type: 'consultation.closed', consultationId });
  state.tellAgent(entry.requesterId, { type: 'consultation.closed', consultationId });
}

function wait(state: HubState, consultationId: string): void {
  const entry = state.consultations.get(consultationId);
  if (entry === undefined) return;
  entry.waitsSince = state.seq;
  state.changes.consultation.add(consultationId);
  listUnder(state.waiting, entry.spec.specialistType, consultationId);
}

function stopWaiting(state: HubState, entry: ConsultationEntry): void {
  const { specialistType, consultationId } = entry.spec;
  entry.waitsSince = null;
  state.changes.consultation.add(consultationId);
  unlist(state.waiting, specialistType, consultationId);
}

export function listUnder(lists: Map<string, Set<string>>, key: string, id: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, new Set([id]));
  else list.add(id);
}

function unlist(lists: Map<string, Set<string>>, key: string, id: string): void {
  const list = lists.get(key);
  list?.delete(id);
  if (list?.size === 0) lists.delete(key);
}
