/**
 * Agents: coming, going, falling silent.
 *
 * - B1 whoever leaves, or is lost, gives back its task to the place in the queue where it stood, and its
 *   question to the next specialist; what it had asked itself ends with the reason.
 * - B2 whoever was lost is back with the first word of its own, unless the hub was restarted meanwhile: then with its
 *   registration, which brings a driver.
 */
import type { HubRecord } from '../machines/messages.ts';
import { isTheirOwn } from './messages.ts';
import { newAgent } from './performance.ts';
import { closeWhatIsOpen, returnTask } from './task-endings.ts';
import type { Decisions, Folds, Turn } from './turn.ts';

export const agentFolds = {
  'agent.register'(state, { seq, at, payload }) {
    const known = state.agents.get(payload.agentId);
    state.changes.agent.add(payload.agentId);
    const { staleAgentMs } = state.config;
    if (staleAgentMs !== undefined) state.deadlines.set('stale', payload.agentId, at + staleAgentMs);
    if (known !== undefined) {
      state.agents.respec(known, payload, seq);
      return;
    }
    state.agents.add({
      spec: payload,
      registeredAt: at,
      place: seq,
      typePlace: seq,
      actor: state.spawn('agent', payload.agentId, { agentId: payload.agentId }),
      inbox: [],
      completed: 0,
      failed: 0,
      failuresInRow: 0,
      breaker: 'closed',
      performance: newAgent,
      lastHeardAt: at,
      mustRegister: false,
    });
  },
  'agent.unregistered'(state, { payload: { agentId } }) {
    const entry = state.agents.get(agentId);
    state.tellAgent(agentId, { type: 'agent.unregistered' });
    state.broken.delete(`agent:${agentId}`);
    for (const kind of ['agent', 'breaker', 'stale'] as const) state.deadlines.set(kind, agentId, null);
    state.agents.remove(agentId);
    if (entry !== undefined) state.changes.agent.remove(agentId, entry.place);
  },
  'agent.pause'(state, { payload: { agentId } }) {
    state.tellAgent(agentId, { type: 'agent.paused' });
  },
  'agent.resume'(state, { payload: { agentId } }) {
    state.tellAgent(agentId, { type: 'agent.resumed' });
  },
  'agent.lost'(state, { payload: { agentId } }) {
    state.tellAgent(agentId, { type: 'agent.lost' });
  },
  'agent.found'(state, { payload: { agentId } }) {
    state.tellAgent(agentId, { type: 'agent.found' });
  },
} satisfies Folds;

export const agentDecisions = {
  'agent.register'(turn, { payload: { agentId } }) {
    if (isUnreachable(turn, agentId)) turn.emit(agentId, 'agent.found', { agentId });
  },
  'agent.unregister'(turn, { payload: { agentId, reason } }) {
    const agent = turn.state.agents.get(agentId);
    if (agent === undefined) return;
    for (const taskId of turn.state.holdingsOf(agent).tasks) closeWhatIsOpen(turn, taskId, reason);
    giveBackWork(turn, agentId, reason);
    for (const gateId of turn.state.holdingsOf(agent).gates) {
      turn.emit(gateId, 'gate.cancelled', { gateId, reason });
    }
    for (const { seq, from, type, body } of agent.inbox) {
      turn.emit('hub', 'deadletter.added', {
        letterSeq: seq,
        from,
        to: agentId,
        messageType: 'message.send',
        payload: { messageType: type, body },
        reason: 'recipientGone',
      });
    }
    turn.emit(agentId, 'agent.unregistered', { agentId, reason });
  },
  'agent.lost'(turn, { payload: { agentId, reason } }) {
    giveBackWork(turn, agentId, reason);
  },
} satisfies Decisions;

/** A sign of life from an agent that was given up brings it back (B2). */
export function noticeLife(turn: Turn, record: HubRecord): void {
  const { from } = record;
  if (!isTheirOwn(record) || turn.state.agents.get(from)?.mustRegister === true) return;
  if (isUnreachable(turn, from)) turn.emit(from, 'agent.found', { agentId: from });
}

const isUnreachable = ({ state }: Turn, agentId: string): boolean =>
  state.agents.get(agentId)?.actor.getSnapshot().value === 'unreachable';

function giveBackWork(turn: Turn, agentId: string, reason: string): void {
  const agent = turn.state.agents.get(agentId);
  if (agent === undefined) return;
  const { tasks, answering } = turn.state.holdingsOf(agent);
  for (const taskId of tasks) returnTask(turn, taskId, reason);
  if (answering !== null) {
    turn.emit(answering, 'consultation.returned', { consultationId: answering, reason });
  }
  for (const consultationId of turn.state.holdingsOf(agent).consultations) {
    turn.emit(consultationId, 'consultation.cancelled', { consultationId, reason });
  }
}
