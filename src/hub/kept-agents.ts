/**
 * Agents that get no further tasks because a question waits that they could answer.
 *
 * Owns: who is kept. Does not own: which work they get afterwards (assignment.ts).
 *
 * - Ka1 only an idle agent is asked, so one that is at work with room for more is kept until it is idle, or until the
 *   question is asked of somebody else or over; then it looks for work again.
 * - Ka2 one that itself waits for a question that nobody is asked is not kept: nobody knows whether it will be idle.
 */
import type { AgentEntry } from './registry.ts';
import type { HubState } from './state.ts';

/** The question that has waited longest of those that an agent could answer. */
export function questionFor({ waiting, consultations }: HubState, { spec }: AgentEntry): string | undefined {
  if (!spec.answers) return undefined;
  for (const id of waiting.get(spec.type) ?? []) {
    if (!consultations.get(id)?.chain.includes(spec.agentId)) return id;
  }
  return undefined;
}

export function isKept(state: HubState, agent: AgentEntry): boolean {
  if (state.waiting.size === 0 || agent.actor.getSnapshot().value === 'idle') return false;
  return questionFor(state, agent) !== undefined && !waitsForNobody(state, agent);
}

function waitsForNobody(state: HubState, agent: AgentEntry): boolean {
  return state.holdingsOf(agent).consultations.some((id) => {
    const entry = state.consultations.get(id);
    return entry !== undefined && entry.waitsSince !== null;
  });
}

/** Whoever was kept and is not any more looks for work. */
export function letGoOfKept(state: HubState): void {
  const { agents } = state;
  for (const agentId of agents.kept) {
    const agent = agents.get(agentId);
    if (agent !== undefined && isKept(state, agent)) continue;
    agents.kept.delete(agentId);
    if (agent !== undefined && agents.isFree(agent)) agents.becameFree.add(agentId);
  }
}
