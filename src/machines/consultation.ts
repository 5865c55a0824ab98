/**
 * One question to a specialist.
 *
 * - C1 it ends once: answered, unavailable, expired or cancelled; all four are answers to who asked.
 * - C2 it may be asked of another specialist after the first one was lost.
 */
import { assign, setup } from 'xstate';

export interface ConsultationContext {
  readonly consultationId: string;
  /** Who was asked; null while nobody is free. */
  readonly specialistId: string | null;
  /** Fencing token of the present asking: the sequence number of `consultation.asked`. */
  readonly lease: number | null;
  /** In ms since the epoch; null for never. */
  readonly dueAt: number | null;
}

export interface ConsultationInput {
  readonly consultationId: string;
  readonly dueAt: number | null;
}

export type ConsultationEvent =
  | { readonly type: 'consultation.asked'; readonly specialistId: string; readonly lease: number }
  | { readonly type: 'consultation.returned' }
  | { readonly type: 'consultation.answered' }
  | { readonly type: 'consultation.unavailable' }
  | { readonly type: 'consultation.expired' }
  | { readonly type: 'consultation.cancelled' };

const machine = setup({
  types: {
    context: {} as ConsultationContext,
    events: {} as ConsultationEvent,
    input: {} as ConsultationInput,
  },
  actions: {
    ask: assign(({ event }) =>
      event.type === 'consultation.asked' ? { specialistId: event.specialistId, lease: event.lease } : {},
    ),
    unask: assign({ specialistId: null, lease: null }),
  },
});

export const consultationMachine = machine.createMachine({
  id: 'consultation',
  context: ({ input }) => ({
    consultationId: input.consultationId,
    specialistId: null,
    lease: null,
    dueAt: input.dueAt,
  }),
  initial: 'requested',
  states: {
    requested: {
      on: {
        'consultation.asked': { target: 'asked', actions: 'ask' },
        'consultation.unavailable': 'unavailable',
        'consultation.expired': 'expired',
        'consultation.cancelled': 'cancelled',
      },
    },
    asked: {
      on: {
        'consultation.returned': { target: 'requested', actions: 'unask' },
        'consultation.answered': 'answered',
        'consultation.unavailable': 'unavailable',
        'consultation.expired': 'expired',
        'consultation.cancelled': 'cancelled',
      },
    },
    answered: { type: 'final' },
    unavailable: { type: 'final' },
    expired: { type: 'final' },
    cancelled: { type: 'final' },
  },
});
