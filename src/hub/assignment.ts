/**
 * Who gets which work, and when.
 *
 * - W1 after every turn, no free agent and no waiting work that it could do are left side by side. So
 *   each decision needs to look only at the one agent or the one task that has just become ready.
 * - W2 a consultation goes before a task: somebody is waiting for it. Who is kept for one (kept-agents.ts) gets tasks
 *   by hand only.
 * - W3 a router that throws or answers nonsense is as if it were `longestFree`, and the log says so.
 * - W4 where the room for a type is limited, it goes to the first of that type in queue order that anybody can do;
 *   and nobody gets one of these while something that they could do stands before it.
 */
import { admitJson } from '../machines/json.ts';
import { type Payload, type Routing, routingSchema } from '../machines/messages.ts';
import { parse } from '../machines/parse.ts';
import { isKept, letGoOfKept, questionFor } from './kept-agents.ts';
import { type AgentEntry, isCapable } from './registry.ts';
import { byHand, type Candidate, type Choice, longestFree } from './routing.ts';
import type { HubState, TaskEntry } from './state.ts';
import { inOrder, type QueuedTask } from './task-queue.ts';
import { describe, refusePromise } from './thrown.ts';
import type { Turn } from './turn.ts';

const givesWork = ({ state }: Turn): boolean => state.life === 'running' || state.life === 'draining';

/** Lets everybody who has become free look for work, then looks for agents for what has been queued. */
export function match(turn: Turn): void {
  const { agents, becameQueued, queue, limits, config } = turn.state;
  letGoOfKept(turn.state);
  const isInOrder = limits.areAny(config) && agents.becameFree.size + becameQueued.size > 0;
  for (const agentId of agents.becameFree) {
    agents.becameFree.delete(agentId);
    findWorkFor(turn, agentId, isInOrder);
  }
  if (isInOrder) giveInOrder(turn);
  while (becameQueued.size > 0) {
    const tasks: QueuedTask[] = [];
    for (const id of becameQueued) {
      const task = queue.get(id);
      if (task !== undefined) tasks.push(task);
    }
    becameQueued.clear();
    for (const { id } of inOrder(tasks)) findAgentFor(turn, id);
  }
}

/** After a pause everybody looks again. */
export function matchAll({ state: { agents } }: Turn): void {
  for (const entry of agents.all()) if (agents.isFree(entry)) agents.becameFree.add(entry.spec.agentId);
}

/** Gives a task to an agent, whoever chose it. */
export function assign(turn: Turn, taskId: string, agentId: string, routing: Routing): void {
  const attempts = turn.state.tasks.get(taskId)?.actor.getSnapshot().context.attempts ?? 0;
  turn.emit(agentId, 'task.assigned', { taskId, agentId, attempt: attempts + 1, routing });
}

/** Gives out, strictly in queue order, whatever may start and somebody who is free can do (W4). */
function giveInOrder(turn: Turn): void {
  const { queue } = turn.state;
  /** Lanes whose first task nobody can have now. */
  const stuck = new Set<string>();
  let next: QueuedTask | undefined;
  do {
    next = inOrder([...queue.heads()]).find((head) => {
      if (stuck.has(head.lane)) return false;
      const isGiven = findAgentFor(turn, head.id);
      if (!isGiven) stuck.add(head.lane);
      return isGiven;
    });
  } while (next !== undefined);
}

/** Gives a queued task to a free agent, if the router finds one. */
function findAgentFor(turn: Turn, taskId: string): boolean {
  const { state } = turn;
  const entry = state.tasks.get(taskId);
  if (entry === undefined || !givesWork(turn) || state.queue.get(taskId) === undefined) return false;
  const { type } = entry.spec;
  if (!state.limits.mayStart(type, state)) return false;
  const isAssigned = tryToAssign(turn, entry, () => candidates(freeFor(turn, entry)));
  if (isAssigned && state.limits.isLimited(type, state)) state.wakeType(type);
  return isAssigned;
}

/** Gives a free agent the consultation or, unless there is only to be a question, the tasks that are first in line for it. */
function findWorkFor(turn: Turn, agentId: string, onlyQuestions: boolean): void {
  const { state } = turn;
  const agent = state.agents.get(agentId);
  if (agent === undefined || !givesWork(turn)) return;
  const question = firstQuestionFor(turn, agent);
  if (question !== undefined) {
    turn.emit(agent.spec.agentId, 'consultation.asked', { consultationId: question, agentId: agent.spec.agentId });
    return;
  }
  while (!onlyQuestions && state.agents.isFree(agent) && mayHaveTask(turn, agent) && takeFirstTask(turn, agent));
}

function firstQuestionFor({ state }: Turn, agent: AgentEntry): string | undefined {
  return agent.actor.getSnapshot().value === 'idle' ? questionFor(state, agent) : undefined;
}

/** Whether a free agent is not kept for a question; one that is will look again when it is not any more (Ka1). */
function mayHaveTask({ state }: Turn, agent: AgentEntry): boolean {
  if (!isKept(state, agent)) return true;
  state.agents.kept.add(agent.spec.agentId);
  return false;
}

/** Takes the first task in queue order that the agent can do and the router gives it. */
function takeFirstTask(turn: Turn, agent: AgentEntry): boolean {
  const { state } = turn;
  const heads = [...state.queue.heads()].filter(({ id }) => {
    const spec = state.tasks.get(id)?.spec;
    return spec !== undefined && can(agent, spec);
  });
  for (const { id } of inOrder(heads)) {
    const entry = state.tasks.get(id);
    if (entry === undefined) continue;
    // Others take what is first in line for them before this one is offered.
    if (isBetterElsewhere(turn, entry, agent)) state.becameQueued.add(id);
    else if (tryToAssign(turn, entry, () => candidates([agent]))) return true;
  }
  return false;
}

const can = ({ spec }: AgentEntry, { requirements, type }: Payload<'task.submit'>): boolean =>
  isCapable(spec, requirements, type);

/** The free agents that can do a task; whoever had it as a zombie only when there is nobody else. */
function* freeFor(turn: Turn, { spec, avoid }: TaskEntry): IterableIterator<AgentEntry> {
  let zombie: AgentEntry | undefined;
  let isAlone = true;
  for (const agent of turn.state.agents.freeFor(spec.requirements, spec.type)) {
    if (!mayHaveTask(turn, agent)) continue;
    if (agent.spec.agentId === avoid) {
      zombie = agent;
    } else {
      isAlone = false;
      yield agent;
    }
  }
  if (zombie !== undefined && isAlone) yield zombie;
}

/** Whether the agent had the task as a zombie, and somebody else is free to take it. */
function isBetterElsewhere(turn: Turn, entry: TaskEntry, agent: AgentEntry): boolean {
  if (entry.avoid !== agent.spec.agentId) return false;
  for (const other of freeFor(turn, entry)) return other !== agent;
  return false;
}

function tryToAssign(turn: Turn, { spec }: TaskEntry, offer: () => Iterable<Candidate>): boolean {
  const chosen = choose(turn, spec, offer);
  if (chosen === undefined) return false;
  const { agentId, ...routing } = chosen;
  assign(turn, spec.taskId, agentId, routing);
  return true;
}

/** What the router says, or `longestFree` when it says nothing that can be (W3). */
export function choose(
  { state, router, random }: Pick<Turn, 'state' | 'router' | 'random'>,
  task: Payload<'task.submit'>,
  offer: () => Iterable<Candidate>,
): Choice | undefined {
  if (router === longestFree || router === byHand) return router.route(task, offer(), random);
  try {
    const chosen = router.route(task, offer(), random);
    return chosen === undefined ? undefined : checked(state, task, chosen);
  } catch (error) {
    const instead = longestFree.route(task, offer(), random);
    return instead && { ...instead, reason: `free longest; the router failed: ${describe(error)}`.slice(0, 500) };
  }
}

/** What a router answered, if it can be; throws when not. */
function checked(state: HubState, { requirements, type }: Payload<'task.submit'>, choice: Choice): Choice {
  refusePromise(choice);
  const { agentId, ...routing } = choice;
  const agent = state.agents.get(agentId);
  const isCandidate =
    agent !== undefined &&
    state.agents.isFree(agent) &&
    !isKept(state, agent) &&
    isCapable(agent.spec, requirements, type);
  if (!isCandidate) throw new Error(`${agentId} is not a candidate`);
  return { agentId, ...parse(routingSchema, admitJson(routing)) };
}

export function* candidates(entries: Iterable<AgentEntry>): IterableIterator<Candidate> {
  for (const { spec, performance, actor } of entries) {
    yield { agent: spec, performance, load: actor.getSnapshot().context.tasks.length / spec.concurrency };
  }
}
