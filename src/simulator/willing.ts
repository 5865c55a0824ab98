/** Agents that do whatever they are asked, at once: with them, everything has to drain. */
import type { Hub } from '../hub/hub.ts';
import type { Plan, PlannedAgent } from './plan.ts';

/** One for every type that anybody could ask for, able to do all that anybody could ask. */
export function willingHands({ actions }: Plan, hub: Hub): PlannedAgent[] {
  const types = new Set(['dev']);
  const capabilities = new Set<string>();
  const need = (
    requirements: { readonly agentType?: string | undefined; readonly capabilities?: readonly string[] } = {},
  ) => {
    if (requirements.agentType !== undefined) types.add(requirements.agentType);
    for (const capability of requirements.capabilities ?? []) capabilities.add(capability);
  };
  for (const action of actions) {
    if (action.do === 'submit') need(action.task.requirements);
    if (action.do === 'register') types.add(action.agent.profile.type);
  }
  for (const task of hub.tasks()) need(task.requirements);
  for (const { specialistType } of hub.consultations()) types.add(specialistType);
  return [...types].map((type) => ({
    profile: { id: `willing-${type}`, type, capabilities: [...capabilities], concurrency: 4 },
    behaviours: [[{ work: 100 }, { return: 'done' }]],
    answers: [[{ return: 'so' }]],
  }));
}
