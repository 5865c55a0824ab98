/**
 * A circuit breaker for each agent: after too many failures in a row it gets no work for a while, then one
 * task to try.
 *
 * Why not a library: opossum, cockatiel and their like wrap a call and keep their state, timers and
 * promises to themselves. Here a breaker has to be part of the fold (it survives a restart, its times are
 * deadlines on the hub's clock, every trip is a record), and all that is left to do then is this file.
 *
 * - Bk1 closed → open after `failures` in a row; open → half open after `resetMs`; half open → closed on
 *   a success, → open on a failure.
 */
import type { HubState } from './state.ts';
import { isAgentsOwn } from './task-endings.ts';
import type { Decisions, Folds, Turn } from './turn.ts';

export type BreakerState = 'closed' | 'open' | 'halfOpen';

export const breakerFolds = {
  'agent.tripped'(state, { payload: { agentId, untilAt } }) {
    setBreaker(state, agentId, 'open');
    state.tellAgent(agentId, { type: 'agent.tripped' });
    state.deadlines.set('breaker', agentId, untilAt);
  },
  'agent.probed'(state, { payload: { agentId } }) {
    setBreaker(state, agentId, 'halfOpen');
    state.tellAgent(agentId, { type: 'agent.probed' });
  },
  'agent.restored'(state, { payload: { agentId } }) {
    setBreaker(state, agentId, 'closed');
    const agent = state.agents.get(agentId);
    if (agent !== undefined) state.agents.refresh(agent);
  },
} satisfies Folds;

export const breakerDecisions = {
  'task.completed'(turn, { payload: { agentId } }) {
    if (agentId === null || turn.state.agents.get(agentId)?.breaker !== 'halfOpen') return;
    turn.emit(agentId, 'agent.restored', { agentId });
  },
  'task.failed'(turn, { payload }) {
    if (isAgentsOwn(payload)) tripIfNeeded(turn, payload.agentId);
  },
  'task.retried': (turn, { payload: { agentId } }) => tripIfNeeded(turn, agentId),
} satisfies Decisions;

function tripIfNeeded(turn: Turn, agentId: string | null): void {
  const agent = agentId === null ? undefined : turn.state.agents.get(agentId);
  if (agentId === null || agent === undefined || agent.breaker === 'open') return;
  const { failures, resetMs } = turn.state.config.breaker;
  if (agent.breaker === 'closed' && agent.failuresInRow < failures) return;
  turn.emit(agentId, 'agent.tripped', {
    agentId,
    failures: agent.failuresInRow,
    untilAt: turn.state.at + resetMs,
  });
}

function setBreaker({ agents, changes }: HubState, agentId: string, to: BreakerState): void {
  const agent = agents.get(agentId);
  changes.agent.add(agentId);
  if (agent !== undefined) agent.breaker = to;
}
