/**
 * The life of a task.
 *
 * Owns: where a task stands, who has it under which lease, what it waits for, when it is due.
 * Does not own: its payload, its place in the queue, who gets it: those are the hub's.
 *
 * - T1 completed, failed and cancelled are final: one outcome per task.
 * - T2 the lease is the sequence number of the assignment, so a later one is always higher.
 * - T3 a running task is `working` only while nothing is open; gates win over consultations.
 * - T4 only a running task is completed, unless a person accepts a result that came too late.
 */
import { assign, setup } from 'xstate';

export interface TaskContext {
  readonly taskId: string;
  /** Who has it; null while nobody does. */
  readonly agentId: string | null;
  /** Fencing token of the present assignment; null while nobody has it. */
  readonly lease: number | null;
  /** Assignments so far. */
  readonly attempts: number;
  /** When the task as a whole is due, in ms since the epoch; null for never. */
  readonly dueAt: number | null;
  /** When it goes back to the queue; null unless retrying. */
  readonly retryAt: number | null;
  readonly consultations: readonly string[];
  readonly gates: readonly string[];
}

export interface TaskInput {
  readonly taskId: string;
  readonly dueAt: number | null;
}

export type TaskEvent =
  | { readonly type: 'task.enqueued' }
  | { readonly type: 'task.assigned'; readonly agentId: string; readonly lease: number }
  | { readonly type: 'task.started' }
  | { readonly type: 'task.returned' }
  | { readonly type: 'task.retried'; readonly retryAt: number }
  | { readonly type: 'task.completed' }
  | { readonly type: 'result.accepted' }
  | { readonly type: 'task.failed' }
  | { readonly type: 'task.cancelled' }
  | { readonly type: 'consultation.opened'; readonly consultationId: string }
  | { readonly type: 'consultation.closed'; readonly consultationId: string }
  | { readonly type: 'gate.opened'; readonly gateId: string }
  | { readonly type: 'gate.closed'; readonly gateId: string };

const machine = setup({
  types: {
    context: {} as TaskContext,
    events: {} as TaskEvent,
    input: {} as TaskInput,
  },
  actions: {
    take: assign(({ context, event }) =>
      event.type === 'task.assigned'
        ? { agentId: event.agentId, lease: event.lease, attempts: context.attempts + 1 }
        : {},
    ),
    release: assign({ agentId: null, lease: null, consultations: [], gates: [] }),
    waitToRetry: assign(({ event }) =>
      event.type === 'task.retried'
        ? { agentId: null, lease: null, consultations: [], gates: [], retryAt: event.retryAt }
        : {},
    ),
    stopWaiting: assign({ retryAt: null }),
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
  },
  guards: {
    // One that a lease before had opened can close, too: then what this one waits for is still open.
    isLastConsultation: ({ context, event }) =>
      event.type === 'consultation.closed' && context.consultations.every((id) => id === event.consultationId),
    isLastGate: ({ context, event }) =>
      event.type === 'gate.closed' && context.gates.every((id) => id === event.gateId),
    isConsulting: ({ context }) => context.consultations.length > 0,
  },
});

export const taskMachine = machine.createMachine({
  id: 'task',
  context: ({ input }) => ({
    taskId: input.taskId,
    agentId: null,
    lease: null,
    attempts: 0,
    dueAt: input.dueAt,
    retryAt: null,
    consultations: [],
    gates: [],
  }),
  initial: 'pending',
  states: {
    pending: {
      on: { 'task.enqueued': 'queued', 'task.failed': 'failed', 'task.cancelled': 'cancelled' },
    },
    queued: {
      on: {
        'task.assigned': { target: 'assigned', actions: 'take' },
        'result.accepted': 'completed',
        'task.failed': 'failed',
        'task.cancelled': 'cancelled',
      },
    },
    assigned: {
      on: {
        'task.started': 'running',
        'result.accepted': 'completed',
        'task.returned': { target: 'queued', actions: 'release' },
        'task.failed': 'failed',
        'task.cancelled': 'cancelled',
      },
    },
    running: {
      initial: 'working',
      on: {
        'task.returned': { target: 'queued', actions: 'release' },
        'task.retried': { target: 'retrying', actions: 'waitToRetry' },
        'task.completed': 'completed',
        'result.accepted': 'completed',
        'task.failed': 'failed',
        'task.cancelled': 'cancelled',
      },
      states: {
        working: {
          on: {
            'consultation.opened': { target: 'consulting', actions: 'openConsultation' },
            'gate.opened': { target: 'awaitingHuman', actions: 'openGate' },
          },
        },
        consulting: {
          on: {
            'consultation.opened': { actions: 'openConsultation' },
            'consultation.closed': [
              { guard: 'isLastConsultation', target: 'working', actions: 'closeConsultation' },
              { actions: 'closeConsultation' },
            ],
            'gate.opened': { target: 'awaitingHuman', actions: 'openGate' },
          },
        },
        awaitingHuman: {
          on: {
            'consultation.opened': { actions: 'openConsultation' },
            'consultation.closed': { actions: 'closeConsultation' },
            'gate.opened': { actions: 'openGate' },
            'gate.closed': [
              { guard: { type: 'isLastGate' }, target: 'resuming', actions: 'closeGate' },
              { actions: 'closeGate' },
            ],
          },
        },
        resuming: {
          always: [{ guard: 'isConsulting', target: 'consulting' }, { target: 'working' }],
        },
      },
    },
    retrying: {
      on: {
        'task.enqueued': { target: 'queued', actions: 'stopWaiting' },
        'result.accepted': 'completed',
        'task.failed': 'failed',
        'task.cancelled': 'cancelled',
      },
    },
    completed: { type: 'final' },
    failed: { type: 'final' },
    cancelled: { type: 'final' },
  },
});
