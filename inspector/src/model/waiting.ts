/** Why a task waits, as far as a picture tells: for moments in the past, and for hubs that are not in this page. */
import type { AgentView, Explanation, TaskView } from 'xstate-hub';

export interface Waiting {
  /** One sentence. */
  readonly summary: string;
  /** Who could take it. */
  readonly able: readonly { readonly agentId: string; readonly isFree: boolean; readonly why: string }[];
  /** Who could not, and what they lack. */
  readonly unable: readonly { readonly agentId: string; readonly why: string }[];
}

/** What keeps an agent from ever taking a task; empty when nothing does. */
export function lacksOf(
  { type: agentType, taskTypes, capabilities, languages, specialisations }: AgentView,
  { type, requirements }: Pick<TaskView, 'type' | 'requirements'>,
): string[] {
  const missing = (what: string, asked: readonly string[], has: readonly string[]) =>
    asked.filter((one) => !has.includes(one)).map((one) => `lacks the ${what} ${one}`);
  return [
    ...(requirements.agentType !== undefined && requirements.agentType !== agentType
      ? [`is ${agentType}, not ${requirements.agentType}`]
      : []),
    ...(taskTypes.length > 0 && !taskTypes.includes(type) ? [`takes no ${type}`] : []),
    ...missing('capability', requirements.capabilities, capabilities),
    ...missing('language', requirements.languages, languages),
    ...missing('specialisation', requirements.specialisations, specialisations),
  ];
}

/** @param hub how the hub stands: running, paused, … */
export function waitingOf(task: TaskView, agents: readonly AgentView[], hub: string): Waiting {
  const able: { agentId: string; isFree: boolean; why: string }[] = [];
  const unable: { agentId: string; why: string }[] = [];
  for (const agent of agents) {
    if (agent.state === 'stopped') continue;
    const lacks = lacksOf(agent, task);
    if (lacks.length > 0) {
      unable.push({ agentId: agent.id, why: lacks.join(', ') });
      continue;
    }
    const has = agent.tasks.length === 0 ? '' : ` with ${agent.tasks.join(', ')}`;
    able.push({ agentId: agent.id, isFree: agent.state === 'idle', why: `is ${agent.state}${has}` });
  }
  return { able, unable, summary: summaryOf(able, hub) };
}

function summaryOf(able: Waiting['able'], hub: string): string {
  if (able.length === 0) return 'no registered agent can do it';
  if (hub === 'paused') return 'the hub is paused';
  if (able.some(({ isFree }) => isFree)) return 'somebody is free: it is about to be given, or a limit holds it';
  return 'all that can do it are busy';
}

/** What the hub itself says. */
export const waitingBy = ({ summary, agents }: Explanation): Waiting => ({
  summary: summary.startsWith('all that can do it are busy') ? 'all that can do it are busy' : summary,
  able: agents.filter(({ isCapable }) => isCapable),
  unable: agents.filter(({ isCapable }) => !isCapable),
});
