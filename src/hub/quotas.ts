/** How much one agent may have open, and how much there may be of what waits: asked before it is taken (I20). */
import { HubError } from '../machines/errors.ts';
import type { HubState } from './state.ts';

/** Throws `busy` when too many gates of the agent are open: people are not to be flooded. */
export function refuseMoreGates({ agents, config }: HubState, agentId: string): void {
  const open = agents.get(agentId)?.actor.getSnapshot().context.gates.length ?? 0;
  refuseFrom(open, config.gatesPerAgent, `gates of ${agentId} are open`);
}

/** Throws `busy` when the agent waits for too many answers. */
export function refuseMoreQuestions({ agents, config }: HubState, agentId: string): void {
  const open = agents.get(agentId)?.actor.getSnapshot().context.consultations.length ?? 0;
  refuseFrom(open, config.questionsPerAgent, `questions of ${agentId} are open`);
}

/** Throws `busy` when there are as many schedules as there may be. */
export function refuseMoreSchedules({ schedules, config }: HubState): void {
  refuseFrom(schedules.size, config.maxSchedules, 'schedules are there');
}

/** Throws `busy` when as many orchestrations are at work as may be. */
export function refuseMoreOrchestrations({ orchestrations, config }: HubState): void {
  refuseFrom(orchestrations.size, config.maxOrchestrations, 'orchestrations are at work');
}

function refuseFrom(count: number, most: number, what: string): void {
  if (count >= most) throw new HubError('busy', `${count} ${what}, and no more are taken`);
}
