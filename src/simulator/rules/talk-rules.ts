/** Gates, consultations, messages and dead letters: what is said to somebody gets there once, or is a dead letter. */
import { isClient } from '../../hub/desk.ts';
import type { HubRecord } from '../../machines/messages.ts';
import type { Evidence, RecordRule, Say } from '../evidence.ts';
import { isForgetful, type Model } from '../model.ts';

const causeOf = (model: Model, { causationId }: HubRecord): HubRecord | undefined =>
  causationId === null ? undefined : model.byId.get(causationId);

/** I11: a gate is decided once, by somebody who may, on what was shown, or by the step of its ladder that is due. */
export const isDecidedOnce: RecordRule = (model, record, _evidence, say) => {
  if (record.type !== 'gate.approved' && record.type !== 'gate.rejected') return;
  const { gateId, by } = record.payload;
  const gate = model.gates.get(gateId);
  if (gate === undefined) return say('I11', `the gate is ${model.closedGates.get(gateId) ?? 'not there'}`, record);
  const cause = causeOf(model, record);
  if (cause?.type === 'gate.decide') {
    const { by: whoSaid, contentHash, gateId: about } = cause.payload;
    if (about !== gateId || whoSaid !== by) say('I11', `the decision was ${whoSaid}'s, about ${about}`, record);
    if (gate.approvers !== null && !gate.approvers.includes(by)) say('I11', `${by} may not decide it`, record);
    if (contentHash !== undefined && contentHash !== gate.spec.contentHash) say('I11', 'on another content', record);
    if (model.agents.has(by)) say('I11', `${by} is an agent`, record);
  } else if (cause?.type !== 'deadline.passed' || by !== 'ladder') {
    say('I11', `nobody decided: its cause is a ${cause?.type}`, record);
  }
};

/** I11: a gate that is closed stays closed, and a new one has an id of its own. */
export const isOpenGate: RecordRule = (model, record, _evidence, say) => {
  if (record.type === 'gate.expired' || record.type === 'gate.cancelled') {
    const how = model.closedGates.get(record.payload.gateId);
    if (how !== undefined) say('I11', `the gate is ${how}`, record);
  }
  if (
    record.type === 'gate.open' &&
    (model.gates.has(record.payload.gateId) || (model.closedGates.has(record.payload.gateId) && !isForgetful(model)))
  ) {
    say('I11', 'there is such a gate', record);
  }
};

/** I11, I21: what a person says at a gate decides it, or is a dead letter. */
export const isHeard: RecordRule = (_model, record, { children }, say) => {
  if (record.type !== 'gate.decide') return;
  const follows = (children.get(record.id) ?? []).filter(
    (one) => one.type === 'gate.approved' || one.type === 'gate.rejected' || isLetterOf(one, record),
  );
  if (follows.length !== 1) say('I21', `it led to ${follows.length} answers`, record);
};

const isLetterOf = (one: HubRecord, { seq }: HubRecord): boolean =>
  one.type === 'deadletter.added' && one.payload.letterSeq === seq;

const isBuried = ({ children }: Evidence, record: HubRecord): boolean =>
  (children.get(record.id) ?? []).some((one) => isLetterOf(one, record));

const ends: ReadonlySet<string> = new Set([
  'consultation.answered',
  'consultation.unavailable',
  'consultation.expired',
  'consultation.cancelled',
]);

/** C1: a consultation ends once. */
export const endsOnce: RecordRule = (model, record, _evidence, say) => {
  if (!ends.has(record.type)) return;
  const { consultationId } = record.payload as { readonly consultationId: string };
  if (model.consultations.has(consultationId)) return;
  say('C1', `the consultation is ${model.endedConsultations.get(consultationId) ?? 'not there'}`, record);
};

/** I17: an answer counts only from who is asked now, or from a person in the place of that one. */
export const isAnsweredByTheAsked: RecordRule = (model, record, evidence, say) => {
  if (record.type !== 'consultation.answer' && record.type !== 'consultation.decline') return;
  const { consultationId, lease } = record.payload;
  const entry = model.consultations.get(consultationId);
  const mayAnswer = entry?.specialist === record.from || isClient(record.from);
  const isStale = entry === undefined || !mayAnswer || entry.lease !== lease;
  if (isStale !== isBuried(evidence, record)) {
    say('I17', isStale ? 'it is stale and no dead letter' : 'it is the present answer, and a dead letter', record);
  }
};

/** I20, I21: a message is in its recipient's inbox, or a dead letter: when nobody is there, or there is no room. */
export const arrives: RecordRule = (model, record, evidence, say) => {
  if (record.type !== 'message.send' || record.to === 'hub') return;
  const inbox = model.agents.get(record.to)?.inbox;
  const hasRoom = inbox !== undefined && inbox.length < model.config.inboxLimit;
  const buried = isBuried(evidence, record);
  if (!hasRoom && !buried)
    say(inbox === undefined ? 'I21' : 'I20', 'it is neither in an inbox nor a dead letter', record);
  if (hasRoom && buried) say('I21', 'there is room for it, and it is a dead letter', record);
};

/** I21: what waits for an agent that leaves becomes dead letters. */
export const isLeftBehind: RecordRule = (model, record, { log }, say) => {
  if (record.type !== 'agent.unregistered') return;
  for (const { seq } of model.agents.get(record.payload.agentId)?.inbox ?? []) {
    const isLetter = log.some(
      (one) => one.seq < record.seq && one.type === 'deadletter.added' && one.payload.letterSeq === seq,
    );
    if (!isLetter) say('I21', `message ${seq} is gone with its recipient`, record);
  }
};

/** I21: a nested question ends with the one that it was asked for. */
export function nothingIsNestedInNothing(model: Model, say: Say): void {
  for (const { spec } of model.consultations.values()) {
    if (spec.parentId !== undefined && model.endedConsultations.has(spec.parentId)) {
      say('C5', `${spec.consultationId} is open, and what it was for is over`);
    }
  }
}
