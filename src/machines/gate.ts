/**
 * One question to a human.
 *
 * - G1 it is decided once; after that it only remembers.
 * - G2 `rung` is the next step of the ladder, `dueAt` when that step is taken: deadlines are data.
 */
import { assign, setup } from 'xstate';

export interface GateContext {
  readonly gateId: string;
  /** The next step of the ladder. */
  readonly rung: number;
  /** When the next step is due, in ms since the epoch; null for never. */
  readonly dueAt: number | null;
  readonly reminders: number;
  /** Who may decide; null for any human. */
  readonly approvers: readonly string[] | null;
  readonly decidedBy: string | null;
}

export interface GateInput {
  readonly gateId: string;
  readonly dueAt: number | null;
  readonly approvers: readonly string[] | null;
}

export type GateEvent =
  | { readonly type: 'gate.reminded'; readonly dueAt: number | null }
  | { readonly type: 'gate.handedOver'; readonly approver: string; readonly dueAt: number | null }
  | { readonly type: 'gate.approved'; readonly by: string }
  | { readonly type: 'gate.rejected'; readonly by: string }
  | { readonly type: 'gate.expired' }
  | { readonly type: 'gate.cancelled' };

const machine = setup({
  types: {
    context: {} as GateContext,
    events: {} as GateEvent,
    input: {} as GateInput,
  },
  actions: {
    remind: assign(({ context, event }) =>
      event.type === 'gate.reminded'
        ? { rung: context.rung + 1, reminders: context.reminders + 1, dueAt: event.dueAt }
        : {},
    ),
    handOver: assign(({ context, event }) =>
      event.type === 'gate.handedOver'
        ? { rung: context.rung + 1, approvers: [event.approver], dueAt: event.dueAt }
        : {},
    ),
    decide: assign(({ event }) =>
      event.type === 'gate.approved' || event.type === 'gate.rejected' ? { decidedBy: event.by } : {},
    ),
  },
});

export const gateMachine = machine.createMachine({
  id: 'gate',
  context: ({ input }) => ({
    gateId: input.gateId,
    rung: 0,
    dueAt: input.dueAt,
    reminders: 0,
    approvers: input.approvers,
    decidedBy: null,
  }),
  initial: 'open',
  states: {
    open: {
      on: {
        'gate.reminded': { actions: 'remind' },
        'gate.handedOver': { actions: 'handOver' },
        'gate.approved': { target: 'approved', actions: 'decide' },
        'gate.rejected': { target: 'rejected', actions: 'decide' },
        'gate.expired': 'expired',
        'gate.cancelled': 'cancelled',
      },
    },
    approved: { type: 'final' },
    rejected: { type: 'final' },
    expired: { type: 'final' },
    cancelled: { type: 'final' },
  },
});
