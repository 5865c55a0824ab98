/** Why a task goes to whom: for people who wonder why it waits. */
import type { Payload, Routing } from '../machines/messages.ts';
import { statePath } from '../machines/status.ts';
import { candidates, choose } from './assignment.ts';
import { isKept } from './kept-agents.ts';
import { type AgentEntry, isCapable } from './registry.ts';
import type { Router } from './routing.ts';
import { isoTime } from './seed-documents.ts';
import type { HubState } from './state.ts';

export interface Explanation {
  /** Whom the router would choose for it now, wherever it stands; null for nobody. */
  readonly choice: (Routing & { readonly agentId: string }) | null;
  /** One sentence: why it waits in the queue, or where it is when it does not. */
  readonly summary: string;
  readonly agents: readonly {
    readonly agentId: string;
    readonly isCapable: boolean;
    readonly isFree: boolean;
    /** What it lacks, or what keeps it busy. */
    readonly why: string;
  }[];
}

/** @param taskId of a task that there is */
export function explain(
  state: HubState,
  task: Payload<'task.submit'>,
  router: Router,
  taskId: string | null,
): Explanation {
  const agents = [...state.agents.all()].map((entry) => ({
    agentId: entry.spec.agentId,
    isCapable: isCapable(entry.spec, task.requirements, task.type),
    isFree: state.agents.isFree(entry) && !isKept(state, entry),
    why: why(state, entry, task),
  }));
  const capable = agents.filter((agent) => agent.isCapable);
  const isOpen = state.life !== 'paused' && state.limits.mayStart(task.type, state);
  const offer = () => candidates(freeFor(state, task));
  const choice = isOpen ? choose({ state, router, random: () => 0.5 }, task, offer) : undefined;
  const elsewhere = taskId === null ? undefined : placeOutsideOfTheQueue(state, taskId);
  return { choice: choice ?? null, summary: elsewhere ?? summary(), agents };

  function summary(): string {
    if (choice !== undefined) return `${choice.agentId}: ${choice.reason}`;
    if (capable.length === 0) return 'no registered agent can do it';
    if (state.life === 'paused') return 'the hub is paused';
    if (!isOpen) return `the limit for ${task.type} is reached`;
    if (capable.some(({ isFree }) => isFree)) return 'the router leaves it in the queue';
    return `all that can do it are busy: ${capable.map(({ agentId, why }) => `${agentId} ${why}`).join(', ')}`;
  }
}

/** Where a task is that nobody can be given now; undefined for one in the queue. */
function placeOutsideOfTheQueue(state: HubState, taskId: string): string | undefined {
  const finished = state.finished.get(taskId);
  if (finished !== undefined) return `it has ended: ${finished.status}`;
  const entry = state.tasks.get(taskId);
  if (entry === undefined || state.queue.get(taskId) !== undefined) return undefined;
  const { value, context } = entry.actor.getSnapshot();
  if (context.agentId !== null) return `it is at work with ${context.agentId}`;
  if (value === 'queued') return `it is held because orchestration ${entry.spec.orchestrationId} is paused`;
  const until = context.retryAt ?? entry.spec.startAt;
  return until === undefined ? undefined : `it waits until ${isoTime(until)}`;
}

function* freeFor(state: HubState, { requirements, type }: Payload<'task.submit'>): IterableIterator<AgentEntry> {
  for (const agent of state.agents.freeFor(requirements, type)) if (!isKept(state, agent)) yield agent;
}

function why(state: HubState, entry: AgentEntry, { type, requirements }: Payload<'task.submit'>): string {
  const { spec, actor } = entry;
  const { agentType, capabilities, languages, specialisations } = requirements;
  const lacks = [
    ...(spec.works === false ? ['only answers questions'] : []),
    ...(agentType !== undefined && agentType !== spec.type ? [`is ${spec.type}, not ${agentType}`] : []),
    ...(spec.taskTypes.length > 0 && !spec.taskTypes.includes(type) ? [`takes no ${type}`] : []),
    ...missing('capability', capabilities, spec.capabilities),
    ...missing('language', languages, spec.languages),
    ...missing('specialisation', specialisations, spec.specialisations),
  ];
  if (lacks.length > 0) return lacks.join(', ');
  const { value, context } = actor.getSnapshot();
  const has = context.tasks.length === 0 ? '' : ` with ${context.tasks.join(', ')}`;
  const isKeptFree = state.agents.isFree(entry) && isKept(state, entry);
  return `is ${statePath(value)}${has}${isKeptFree ? ', and a question waits for it' : ''}`;
}

const missing = (what: string, asked: readonly string[], has: readonly string[]): string[] =>
  asked.filter((one) => !has.includes(one)).map((one) => `lacks the ${what} ${one}`);
