/** How consultations and gates ended, as whoever asked hears it. */
import type { ConsultationOutcome, GateOutcome } from '../actors/driver.ts';
import type { Json } from '../machines/json.ts';
import type { RecordOf } from '../machines/messages.ts';

export type ConsultationEnd =
  | 'consultation.answered'
  | 'consultation.unavailable'
  | 'consultation.expired'
  | 'consultation.cancelled';
export type GateEnd = 'gate.approved' | 'gate.rejected' | 'gate.expired' | 'gate.cancelled';

export function consultationOutcome(record: RecordOf<ConsultationEnd>, answer: Json): ConsultationOutcome {
  switch (record.type) {
    case 'consultation.answered':
      return { status: 'answered', by: record.payload.agentId, answer };
    case 'consultation.unavailable':
      return { status: 'unavailable', reason: record.payload.reason };
    case 'consultation.expired':
      return { status: 'expired' };
    case 'consultation.cancelled':
      return { status: 'cancelled', reason: record.payload.reason };
  }
}

export function gateOutcome(
  record: RecordOf<GateEnd>,
  verdict: { readonly reason: string; readonly answer: Json },
): GateOutcome {
  switch (record.type) {
    case 'gate.approved':
      return { status: 'approved', by: record.payload.by, ...verdict };
    case 'gate.rejected':
      return { status: 'rejected', by: record.payload.by, ...verdict };
    case 'gate.expired':
      return { status: 'expired' };
    case 'gate.cancelled':
      return { status: 'cancelled', reason: record.payload.reason };
  }
}
