/**
 * Gates: a human decides.
 *
 * - U1 a gate is decided once, by somebody who may, on the content that was shown (I11); any other
 *   decision is a dead letter that says why, and nobody hears what was said with it.
 * - U2 approved: the agent goes on. Rejected or expired: the task fails; without a task that the agent still has, the
 *   agent is held.
 */
import type { RecordOf } from '../machines/messages.ts';
import { unblock } from './blocked-subtasks.ts';
import { bury } from './dead-letters.ts';
import { rejoin, remember } from './gate-leases.ts';
import { noteDecision, noteGate } from './orchestration-notes.ts';
import { fail } from './orchestrations.ts';
import type { GateEntry, HubState } from './state.ts';
import { failTask } from './task-endings.ts';
import type { Decisions, Folds, Turn } from './turn.ts';

type Ended = RecordOf<'gate.approved' | 'gate.rejected' | 'gate.expired' | 'gate.cancelled'>;

/** Who decides when a step of the ladder does, and what is said then. */
const ladder = 'ladder';
const byLadder = { by: ladder, reason: '', answer: null };
const tooLate = 'nobody decided in time';

export const gateFolds = {
  'gate.open'(state, { seq, at, payload, correlationId }) {
    const { gateId, taskId, agentId, lease, approvers } = payload;
    const dueAt = stepDueAt(payload, 0, at);
    state.changes.gate.add(gateId);
    state.gates.set(gateId, {
      spec: payload,
      openedAt: at,
      place: seq,
      correlationId,
      actor: state.spawn('gate', gateId, { gateId, dueAt, approvers: approvers ?? null }),
      agentId: agentId ?? null,
      lease: lease ?? null,
      said: { reason: '', answer: null },
    });
    state.deadlines.set('gate', gateId, dueAt);
    state.counters.gates++;
    noteGate(state, payload);
    if (taskId !== undefined) state.tellTask(taskId, { type: 'gate.opened', gateId });
    if (agentId !== undefined) state.tellAgent(agentId, { type: 'gate.opened', gateId });
  },
  'gate.rejoin': rejoin,
  'gate.decide'(state, { payload: { gateId, reason, answer } }) {
    const entry = state.gates.get(gateId);
    state.changes.gate.add(gateId);
    if (entry !== undefined) entry.said = { reason, answer };
  },
  'gate.reminded'(state, { at, payload: { gateId, rung } }) {
    const entry = state.gates.get(gateId);
    if (entry === undefined) return;
    const dueAt = stepDueAt(entry.spec, rung + 1, at);
    state.tell('gate', gateId, entry.actor, { type: 'gate.reminded', dueAt });
    state.deadlines.set('gate', gateId, dueAt);
  },
  'gate.handedOver'(state, { at, payload: { gateId, rung, approver } }) {
    const entry = state.gates.get(gateId);
    if (entry === undefined) return;
    const dueAt = stepDueAt(entry.spec, rung + 1, at);
    state.tell('gate', gateId, entry.actor, { type: 'gate.handedOver', approver, dueAt });
    state.deadlines.set('gate', gateId, dueAt);
  },
  'gate.approved'(state, record) {
    const entry = state.gates.get(record.payload.gateId);
    if (entry !== undefined) remember(state, entry, record);
    close(state, record, { type: record.type, by: record.payload.by });
  },
  'gate.rejected'(state, record) {
    close(state, record, { type: record.type, by: record.payload.by });
  },
  'gate.expired'(state, record) {
    close(state, record, { type: record.type });
  },
  'gate.cancelled'(state, record) {
    close(state, record, { type: record.type });
  },
} satisfies Folds;

export const gateDecisions = {
  'gate.rejoin'(turn, record) {
    if (turn.state.leased(record) === undefined) bury(turn, record, 'staleLease');
  },
  'gate.decide'(turn, record) {
    const { gateId, decision, by, contentHash, reason, answer } = record.payload;
    const entry = turn.state.gates.get(gateId);
    if (entry === undefined) return bury(turn, record, 'gateClosed');
    const { approvers } = entry.actor.getSnapshot().context;
    if (approvers !== null && !approvers.includes(by)) return bury(turn, record, 'notAllowed');
    if (contentHash !== undefined && contentHash !== entry.spec.contentHash) return bury(turn, record, 'staleContent');
    if (decision === 'approve') {
      turn.emit(gateId, 'gate.approved', { gateId, by, reason, answer });
      if (entry.spec.orchestrationId !== undefined) unblock(turn, record.payload, entry.spec);
    } else decideAgainst(turn, entry, { by, reason, answer }, reason);
  },
} satisfies Decisions;

/** Takes the step of the ladder that is due. */
export function climb(turn: Turn, gateId: string): void {
  const entry = turn.state.gates.get(gateId);
  const rung = entry?.actor.getSnapshot().context.rung ?? 0;
  const step = entry?.spec.ladder[rung];
  if (entry === undefined || step === undefined) return;
  switch (step.action) {
    case 'remind':
      return turn.emit(gateId, 'gate.reminded', { gateId, rung });
    case 'handOver':
      return turn.emit(gateId, 'gate.handedOver', { gateId, rung, approver: step.approver ?? ladder });
    case 'approve':
      return turn.emit(gateId, 'gate.approved', { gateId, ...byLadder });
    case 'reject':
      return decideAgainst(turn, entry, byLadder, tooLate);
    case 'expire':
      turn.emit(gateId, 'gate.expired', { gateId });
      return stopWork(turn, entry, 'gateExpired', tooLate);
  }
}

function decideAgainst(turn: Turn, entry: GateEntry, said: GateEntry['said'] & { by: string }, reason: string): void {
  const { gateId } = entry.spec;
  const { by } = said;
  turn.emit(gateId, 'gate.rejected', { gateId, ...said });
  stopWork(turn, entry, 'rejected', reason === '' ? `rejected by ${by}` : `rejected by ${by}: ${reason}`);
}

function stopWork(turn: Turn, { spec }: GateEntry, code: 'rejected' | 'gateExpired', message: string): void {
  const { taskId, agentId, orchestrationId } = spec;
  if (orchestrationId !== undefined) fail(turn, orchestrationId, message);
  else if (taskId !== undefined && hasTask(turn, spec)) failTask(turn, taskId, { code, message });
  else if (agentId !== undefined) turn.emit(agentId, 'agent.pause', { agentId, reason: message.slice(0, 500) });
}

function hasTask({ state }: Turn, { taskId = '', agentId, keepsAgent }: GateEntry['spec']): boolean {
  const task = state.tasks.get(taskId);
  return keepsAgent !== true || (task !== undefined && state.holderOf(task) === agentId);
}

const stepDueAt = (spec: GateEntry['spec'], rung: number, from: number): number | null => {
  const step = spec.ladder[rung];
  return step === undefined ? null : from + step.afterMs;
};

function close(state: HubState, { type, payload }: Ended, event: Parameters<GateEntry['actor']['send']>[0]): void {
  const { gateId } = payload;
  const entry = state.gates.get(gateId);
  if (entry === undefined) return;
  noteDecision(state, entry.spec, type, 'by' in payload ? payload.by : null);
  const { taskId } = entry.spec;
  const { agentId } = entry;
  state.tell('gate', gateId, entry.actor, event);
  state.broken.delete(`gate:${gateId}`);
  state.deadlines.set('gate', gateId, null);
  state.gates.delete(gateId);
  state.changes.gate.remove(gateId, entry.place);
  state.closedGates.set(gateId, type.slice('gate.'.length));
  state.closedGates.trim(state.config.keepFinished);
  if (taskId !== undefined) {
    const task = state.tasks.get(taskId);
    if (task !== undefined) task.detachedGates = task.detachedGates.filter((id) => id !== gateId);
    state.changes.task.add(taskId);
    state.tellTask(taskId, { type: 'gate.closed', gateId });
  }
  state.tellAgent(agentId, { type: 'gate.closed', gateId });
}
