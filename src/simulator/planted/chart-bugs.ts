/** Bugs of charts, given to the hub as it is given charts. */
import { assign } from 'xstate';
import { type Charts, charts } from '../../hub/state.ts';
import type { PlantedBug } from './planted-bug.ts';

const bug = (name: string, what: string, broken: () => Partial<Charts>): PlantedBug => ({
  name,
  what,
  seams: { options: (options) => ({ ...options, charts: broken() }) },
});

const { task, agent, consultation, gate } = charts;

export const chartBugs: readonly PlantedBug[] = [
  bug('last-gate', '< for <=: a task never goes on after its last gate', () => ({
    task: task.provide({ guards: { isLastGate: ({ context }) => context.gates.length < 1 } }),
  })),
  bug('last-consultation', 'a task goes on after the first of its consultations', () => ({
    task: task.provide({ guards: { isLastConsultation: () => true } }),
  })),
  bug('forgotten-question', 'a task that still consults goes on after its gate', () => ({
    task: task.provide({ guards: { isConsulting: () => false } }),
  })),
  bug('uncounted-attempts', 'attempts are not counted', () => ({
    task: task.provide({
      actions: {
        take: assign(({ event }) =>
          event.type === 'task.assigned' ? { agentId: event.agentId, lease: event.lease } : {},
        ),
      },
    }),
  })),
  bug('old-lease', 'a task that is assigned again keeps its first lease', () => ({
    task: task.provide({
      actions: {
        take: assign(({ context, event }) =>
          event.type === 'task.assigned'
            ? { agentId: event.agentId, lease: context.attempts > 0 ? 1 : event.lease, attempts: context.attempts + 1 }
            : {},
        ),
      },
    }),
  })),
  bug('unheld', 'an agent that is held by more than one thing goes on when the first lets go', () => ({
    agent: agent.provide({ guards: { isHeld: () => false } }),
  })),
  bug('pause-forgotten', 'the pause of an agent is forgotten when its gate closes', () => ({
    agent: agent.provide({ actions: { hold: () => {} } }),
  })),
  bug('tripped-for-good', 'a breaker that has tripped never lets its agent go', () => ({
    agent: agent.provide({ actions: { untrip: () => {} } }),
  })),
  bug('task-kept', 'an agent keeps a task that it has given back', () => ({
    agent: agent.provide({ actions: { dropTask: () => {} } }),
  })),
  bug('busy-answering', 'an agent that answers is taken for free', () => ({
    agent: agent.provide({ guards: { isAnswering: () => false }, actions: { takeQuestion: () => {} } }),
  })),
  bug('asked-twice', 'a question that comes back still belongs to who was asked first', () => ({
    consultation: consultation.provide({ actions: { unask: () => {} } }),
  })),
  bug('not-handed-over', 'a gate that is handed over is still decided by who had it before', () => ({
    gate: gate.provide({
      actions: {
        handOver: assign(({ context, event }) =>
          event.type === 'gate.handedOver' ? { rung: context.rung + 1, dueAt: event.dueAt } : {},
        ),
      },
    }),
  })),
];
