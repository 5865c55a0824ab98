import { newAgent, type Performance } from '../../src/hub/performance.ts';
import type { AgentSpec } from '../../src/hub/registry.ts';
import type { Candidate, Choice, Router } from '../../src/hub/routing.ts';
import { type Payload, payloadSchemas, type Requirements } from '../../src/machines/messages.ts';

/** A task of type x, as a router gets it. */
export const task = (requirements: Partial<Requirements> = {}): Payload<'task.submit'> =>
  payloadSchemas['task.submit'].parse({
    taskId: 't1',
    type: 'x',
    requirements: { capabilities: [], languages: [], specialisations: [], ...requirements },
  });

export const candidate = (
  agentId: string,
  profile: Partial<AgentSpec> = {},
  performance: Performance = newAgent,
): Candidate => ({
  agent: payloadSchemas['agent.register'].parse({ agentId, type: 'dev', ...profile }),
  performance,
  load: 0,
});

/** Whom a router that draws nothing chooses; it has to choose. */
export function choiceOf(router: Router, candidates: readonly Candidate[], asked: Partial<Requirements> = {}): Choice {
  const choice = router.route(task(asked), candidates, () => {
    throw new Error('chance was asked for');
  });
  if (choice === undefined) throw new Error('nobody was chosen');
  return choice;
}
