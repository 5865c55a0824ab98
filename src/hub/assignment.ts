/**
 * Who gets which work.
 *
 * - W1 after every turn, no free agent and no waiting work that it could do are left side by side. So
 *   each decision needs to look only at the one agent or the one task that has just become ready.
 * - W2 a consultation goes before a task: somebody is waiting for it.
 */
import { type AgentEntry, isCapable } from './registry.ts';
import type { TaskEntry } from './state.ts';
import { goesBefore, type QueuedTask } from './task-queue.ts';
import type { Turn } from './turn.ts';

/** Chooses among the free agents that can do a task; undefined leaves it in the queue. */
export type AssignmentPolicy = (
  task: TaskEntry['spec'],
  candidates: Iterable<AgentEntry['spec']>,
) => string | undefined;

/** The agent that has been free longest. */
export const longestFree: AssignmentPolicy = (_task, candidates) => {
  for (const { agentId } of candidates) return agentId;
  return undefined;
};

/** A policy that throws chooses as if there were none. */
export const guarded =
  (policy: AssignmentPolicy): AssignmentPolicy =>
  (task, candidates) => {
    try {
      return policy(task, candidates);
    } catch {
      return longestFree(task, candidates);
    }
  };

/** Nobody: tasks wait until they are assigned or dequeued by hand. */
export const byHand: AssignmentPolicy = () => undefined;

const givesWork = ({ state }: Turn): boolean => state.life === 'running' || state.life === 'draining';

/** Gives a queued task to a free agent, if the policy finds one. */
function findAgentFor(turn: Turn, taskId: string): void {
  const { state, policy } = turn;
  const entry = state.tasks.get(taskId);
  if (entry === undefined || !givesWork(turn) || state.queue.get(taskId) === undefined) return;
  const chosen = policy(entry.spec, specsOf(state.agents.freeFor(entry.spec.requirements)));
  const agent = chosen === undefined ? undefined : state.agents.get(chosen);
  if (agent === undefined || !state.agents.isFree(agent) || !isCapable(agent.spec, entry.spec.requirements)) return;
  assign(turn, taskId, agent.spec.agentId);
}

/** Gives a free agent the consultation or the tasks that are first in line for it. */
function findWorkFor(turn: Turn, agentId: string): void {
  const { state } = turn;
  const agent = state.agents.get(agentId);
  if (agent === undefined || !givesWork(turn)) return;
  const question = firstQuestionFor(turn, agent);
  if (question !== undefined) {
    turn.emit(agent.spec.agentId, 'consultation.asked', { consultationId: question, agentId: agent.spec.agentId });
    return;
  }
  for (let task = firstTaskFor(turn, agent); task !== undefined; task = firstTaskFor(turn, agent)) {
    assign(turn, task.id, agent.spec.agentId);
  }
}

/** Lets everybody who has become free look for work, then looks for agents for what has been queued. */
export function match(turn: Turn): void {
  const { agents, becameQueued } = turn.state;
  for (const agentId of agents.becameFree) {
    agents.becameFree.delete(agentId);
    findWorkFor(turn, agentId);
  }
  for (const taskId of becameQueued) {
    becameQueued.delete(taskId);
    findAgentFor(turn, taskId);
  }
}

/** After a pause everybody looks again. */
export function matchAll({ state: { agents } }: Turn): void {
  for (const entry of agents.all()) if (agents.isFree(entry)) agents.becameFree.add(entry.spec.agentId);
}

export function assign(turn: Turn, taskId: string, agentId: string): void {
  const attempts = turn.state.tasks.get(taskId)?.actor.getSnapshot().context.attempts ?? 0;
  turn.emit(agentId, 'task.assigned', { taskId, agentId, attempt: attempts + 1 });
}

function firstQuestionFor({ state }: Turn, agent: AgentEntry): string | undefined {
  if (!agent.spec.answers || agent.actor.getSnapshot().value !== 'idle') return undefined;
  for (const id of state.waiting.get(agent.spec.type) ?? []) {
    if (!state.consultations.get(id)?.chain.includes(agent.spec.agentId)) return id;
  }
  return undefined;
}

/** The first task in queue order that the agent can do and the policy gives it. */
function firstTaskFor({ state, policy }: Turn, agent: AgentEntry): QueuedTask | undefined {
  if (!state.agents.isFree(agent)) return undefined;
  let first: QueuedTask | undefined;
  for (const head of state.queue.heads()) {
    const spec = state.tasks.get(head.id)?.spec;
    if (spec === undefined || !isCapable(agent.spec, spec.requirements)) continue;
    if (first !== undefined && !goesBefore(head, first)) continue;
    if (policy(spec, [agent.spec]) === agent.spec.agentId) first = head;
  }
  return first;
}

function* specsOf(entries: Iterable<AgentEntry>): IterableIterator<AgentEntry['spec']> {
  for (const { spec } of entries) yield spec;
}
