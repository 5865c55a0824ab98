import type { AnyStateMachine } from 'xstate';
import { initialTransition } from 'xstate';
import { contentHash } from '../../src/machines/hash.ts';

/**
 * A hash of all that a persisted snapshot of a chart depends on: states, transitions, the names of guards and actions,
 * and what its context has. What guards and actions do is not in it; golden logs are for that.
 */
export function chartHash(machine: AnyStateMachine): string {
  const input = {
    taskId: 'x',
    agentId: 'x',
    consultationId: 'x',
    gateId: 'x',
    orchestrationId: 'x',
    dueAt: null,
    approvers: null,
  };
  const [{ context }] = initialTransition(machine, input as never);
  return contentHash({ config: machine.config, context: Object.keys(context ?? {}).sort() });
}
