/** Complex tasks in tests: who works at them, and how they stand. */
import type { Hub } from '../../src/hub/hub.ts';
import type { GateView } from '../../src/hub/views.ts';
import type { Simulation } from '../../src/testing.ts';
import { handDriver } from './hand-driver.ts';

/** Agents of one type that do whatever the test says, as much at once as they are given. */
export function team({ hub }: Pick<Simulation, 'hub'>, type = 'development', concurrency = 100) {
  const driver = handDriver();
  hub.register({ id: `${type}-team`, type, concurrency, run: driver.run });
  const subtaskOf = ({ task }: (typeof driver.calls)[number]) => (task.payload as { subtaskId: string }).subtaskId;
  return {
    /** The subtasks that were begun, in order, each as often as it was. */
    get begun(): string[] {
      return driver.calls.map(subtaskOf);
    },
    /** The latest call for a subtask. */
    at(subtaskId: string) {
      const call = driver.calls.findLast((one) => subtaskOf(one) === subtaskId);
      if (call === undefined) throw new Error(`${subtaskId} was not begun`);
      return call;
    },
  };
}

/** How each subtask stands. */
export const statusesOf = (hub: Hub, orchestrationId: string): { [subtaskId: string]: string } =>
  Object.fromEntries(hub.report(orchestrationId).subtasks.map(({ id, status }) => [id, status]));

/** The gate at which a person is asked about a subtask. */
export function gateOf(hub: Hub, subtaskId: string): GateView {
  const gate = hub.gates().find(({ context }) => (context as { subtask?: string } | null)?.subtask === subtaskId);
  if (gate === undefined) throw new Error(`nobody is asked about ${subtaskId}`);
  return gate;
}

export const choose = (hub: Hub, subtaskId: string, choice: string, answer: unknown = null): Promise<void> =>
  hub.decideGate(gateOf(hub, subtaskId).id, { decision: 'approve', by: 'ann', choice, answer });

/** One attempt a subtask, and agents that are never taken out of work. */
export const oneAttempt = { orchestration: { maxAttempts: 1 }, breaker: { failures: 1000 } };

/** A planner that is never asked how else something could be done. */
export const noReviser = {
  plan: () => {
    throw new Error('no plan is asked for here');
  },
};
