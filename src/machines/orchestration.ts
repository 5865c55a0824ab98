/**
 * The life of a complex task.
 *
 * Owns: where it stands, and which of its subtasks wait for a person. Does not own: the plan and how far
 * each subtask is; those are the hub's.
 *
 * - Oc1 it is blocked while a person has to decide about any subtask; the others go on.
 * - Oc2 while it is paused nothing new begins; what is at work goes on, the planner too.
 */
import { assign, setup } from 'xstate';

export interface OrchestrationContext {
  readonly orchestrationId: string;
  /** Subtasks about which a person has to decide. */
  readonly blocking: readonly string[];
  /** Whether there is a plan. */
  readonly planned: boolean;
}

export interface OrchestrationInput {
  readonly orchestrationId: string;
}

export type OrchestrationEvent =
  | { readonly type: 'orchestration.analysed' }
  | { readonly type: 'orchestration.planned' }
  | { readonly type: 'orchestration.blocked'; readonly subtaskId: string }
  | { readonly type: 'orchestration.unblocked'; readonly subtaskId: string }
  | { readonly type: 'orchestration.paused' }
  | { readonly type: 'orchestration.resumed' }
  | { readonly type: 'orchestration.completed' }
  | { readonly type: 'orchestration.failed' }
  | { readonly type: 'orchestration.cancelled' };

const machine = setup({
  types: {
    context: {} as OrchestrationContext,
    events: {} as OrchestrationEvent,
    input: {} as OrchestrationInput,
  },
  actions: {
    takePlan: assign({ planned: true }),
    block: assign(({ context, event }) =>
      event.type === 'orchestration.blocked'
        ? { blocking: [...context.blocking.filter((id) => id !== event.subtaskId), event.subtaskId] }
        : {},
    ),
    unblock: assign(({ context, event }) =>
      event.type === 'orchestration.unblocked'
        ? { blocking: context.blocking.filter((id) => id !== event.subtaskId) }
        : {},
    ),
  },
  guards: {
    isLastBlock: ({ context }) => context.blocking.length <= 1,
    isBlocked: ({ context }) => context.blocking.length > 0,
    isPlanned: ({ context }) => context.planned,
  },
});

const endings = {
  'orchestration.failed': '#orchestration.failed',
  'orchestration.cancelled': '#orchestration.cancelled',
} as const;

export const orchestrationMachine = machine.createMachine({
  id: 'orchestration',
  context: ({ input }) => ({ orchestrationId: input.orchestrationId, blocking: [], planned: false }),
  initial: 'analysing',
  states: {
    analysing: { on: { 'orchestration.analysed': 'planning', ...endings } },
    planning: {
      on: {
        'orchestration.planned': { target: 'running', actions: 'takePlan' },
        'orchestration.paused': 'paused',
        ...endings,
      },
    },
    running: {
      on: {
        'orchestration.blocked': { target: 'blocked', actions: 'block' },
        'orchestration.paused': 'paused',
        'orchestration.completed': 'completed',
        ...endings,
      },
    },
    blocked: {
      on: {
        'orchestration.blocked': { actions: 'block' },
        'orchestration.unblocked': [
          { guard: 'isLastBlock', target: 'running', actions: 'unblock' },
          { actions: 'unblock' },
        ],
        'orchestration.paused': 'paused',
        ...endings,
      },
    },
    paused: {
      on: {
        'orchestration.blocked': { actions: 'block' },
        'orchestration.unblocked': { actions: 'unblock' },
        'orchestration.planned': { actions: 'takePlan' },
        'orchestration.resumed': [
          { guard: 'isBlocked', target: 'blocked' },
          { guard: 'isPlanned', target: 'running' },
          { target: 'planning' },
        ],
        'orchestration.completed': 'completed',
        ...endings,
      },
    },
    completed: { type: 'final' },
    failed: { type: 'final' },
    cancelled: { type: 'final' },
  },
});
