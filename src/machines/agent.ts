/**
 * The life of an agent, as the hub sees it.
 *
 * Owns: what the agent is busy with and what holds it. Does not own: its driver, its inbox, its profile.
 *
 * - A1 work is given only to an agent that is idle, or active with room for more.
 * - A2 a paused agent gets no work; what it already has goes on.
 * - A3 whatever ends a hold (a gate, a pause, a silence) leads through `settling`, which alone decides
 *   where the agent goes on.
 */
import { assign, setup } from 'xstate';

export interface AgentContext {
  readonly agentId: string;
  readonly tasks: readonly string[];
  /** The consultation that it is answering. */
  readonly answering: string | null;
  /** The consultations that it waits for. */
  readonly consultations: readonly string[];
  /** The gates that hold it. */
  readonly gates: readonly string[];
  /** Held by an operator. */
  readonly held: boolean;
  /** Held by its circuit breaker. */
  readonly tripped: boolean;
}

export interface AgentInput {
  readonly agentId: string;
}

export type AgentEvent =
  | { readonly type: 'task.assigned'; readonly taskId: string }
  | { readonly type: 'task.released'; readonly taskId: string }
  | { readonly type: 'question.asked'; readonly consultationId: string }
  | { readonly type: 'question.closed' }
  | { readonly type: 'consultation.opened'; readonly consultationId: string }
  | { readonly type: 'consultation.closed'; readonly consultationId: string }
  | { readonly type: 'gate.opened'; readonly gateId: string }
  | { readonly type: 'gate.closed'; readonly gateId: string }
  | { readonly type: 'agent.paused' }
  | { readonly type: 'agent.resumed' }
  | { readonly type: 'agent.tripped' }
  | { readonly type: 'agent.probed' }
  | { readonly type: 'agent.lost' }
  | { readonly type: 'agent.found' }
  | { readonly type: 'agent.unregistered' };

const machine = setup({
  types: {
    context: {} as AgentContext,
    events: {} as AgentEvent,
    input: {} as AgentInput,
  },
  actions: {
    takeTask: assign(({ context, event }) =>
      event.type === 'task.assigned' ? { tasks: [...context.tasks, event.taskId] } : {},
    ),
    dropTask: assign(({ context, event }) =>
      event.type === 'task.released' ? { tasks: context.tasks.filter((id) => id !== event.taskId) } : {},
    ),
    takeQuestion: assign(({ event }) => (event.type === 'question.asked' ? { answering: event.consultationId } : {})),
    dropQuestion: assign({ answering: null }),
    openConsultation: assign(({ context, event }) =>
      event.type === 'consultation.opened' ? { consultations: [...context.consultations, event.consultationId] } : {},
    ),
    closeConsultation: assign(({ context, event }) =>
      event.type === 'consultation.closed'
        ? { consultations: context.consultations.filter((id) => id !== event.consultationId) }
        : {},
    ),
    openGate: assign(({ context, event }) =>
      event.type === 'gate.opened' ? { gates: [...context.gates, event.gateId] } : {},
    ),
    closeGate: assign(({ context, event }) =>
      event.type === 'gate.closed' ? { gates: context.gates.filter((id) => id !== event.gateId) } : {},
    ),
    hold: assign({ held: true }),
    unhold: assign({ held: false }),
    trip: assign({ tripped: true }),
    untrip: assign({ tripped: false }),
  },
  guards: {
    isHeld: ({ context }) => context.held || context.tripped || context.gates.length > 0,
    isWaiting: ({ context }) => context.consultations.length > 0,
    isAnswering: ({ context }) => context.answering !== null,
    hasTasks: ({ context }) => context.tasks.length > 0,
  },
});

export const agentMachine = machine.createMachine({
  id: 'agent',
  context: ({ input }) => ({
    agentId: input.agentId,
    tasks: [],
    answering: null,
    consultations: [],
    gates: [],
    held: false,
    tripped: false,
  }),
  initial: 'idle',
  on: { 'agent.unregistered': '.stopped' },
  states: {
    idle: {
      on: {
        'task.assigned': { target: 'active.working', actions: 'takeTask' },
        'question.asked': { target: 'active.answering', actions: 'takeQuestion' },
        'consultation.opened': { target: 'active.waiting', actions: 'openConsultation' },
        'gate.opened': { target: 'paused', actions: 'openGate' },
        'agent.paused': { target: 'paused', actions: 'hold' },
        'agent.tripped': { target: 'paused', actions: 'trip' },
        'agent.lost': 'unreachable',
      },
    },
    active: {
      initial: 'working',
      on: {
        'task.released': { target: 'settling', actions: 'dropTask' },
        'question.closed': { target: 'settling', actions: 'dropQuestion' },
        'gate.opened': { target: 'paused', actions: 'openGate' },
        'agent.paused': { target: 'paused', actions: 'hold' },
        'agent.tripped': { target: 'paused', actions: 'trip' },
        'agent.lost': 'unreachable',
      },
      states: {
        working: {
          on: {
            'task.assigned': { actions: 'takeTask' },
            'consultation.opened': { target: 'waiting', actions: 'openConsultation' },
          },
        },
        waiting: {
          on: {
            'task.assigned': { actions: 'takeTask' },
            'consultation.opened': { actions: 'openConsultation' },
            'consultation.closed': { target: '#agent.settling', actions: 'closeConsultation' },
          },
        },
        answering: {
          on: { 'consultation.opened': { target: 'waiting', actions: 'openConsultation' } },
        },
      },
    },
    paused: {
      on: {
        'task.released': { actions: 'dropTask' },
        'question.closed': { actions: 'dropQuestion' },
        'consultation.opened': { actions: 'openConsultation' },
        'consultation.closed': { actions: 'closeConsultation' },
        'gate.opened': { actions: 'openGate' },
        'gate.closed': { target: 'settling', actions: 'closeGate' },
        'agent.paused': { actions: 'hold' },
        'agent.resumed': { target: 'settling', actions: 'unhold' },
        'agent.tripped': { actions: 'trip' },
        'agent.probed': { target: 'settling', actions: 'untrip' },
        'agent.lost': 'unreachable',
      },
    },
    unreachable: {
      on: {
        'task.released': { actions: 'dropTask' },
        'question.closed': { actions: 'dropQuestion' },
        'consultation.opened': { actions: 'openConsultation' },
        'consultation.closed': { actions: 'closeConsultation' },
        'gate.opened': { actions: 'openGate' },
        'gate.closed': { actions: 'closeGate' },
        'agent.paused': { actions: 'hold' },
        'agent.resumed': { actions: 'unhold' },
        'agent.tripped': { actions: 'trip' },
        'agent.probed': { actions: 'untrip' },
        'agent.found': 'settling',
      },
    },
    settling: {
      always: [
        { guard: 'isHeld', target: 'paused' },
        { guard: 'isWaiting', target: 'active.waiting' },
        { guard: 'isAnswering', target: 'active.answering' },
        { guard: 'hasTasks', target: 'active.working' },
        { target: 'idle' },
      ],
    },
    stopped: { type: 'final' },
  },
});
