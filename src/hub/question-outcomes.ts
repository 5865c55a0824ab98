/** How consultations and gates ended, as whoever asked hears it. */
import type { ConsultationOutcome, GateOutcome } from '../actors/driver.ts';
import type { Json } from '../machines/json.ts';
import type { RecordOf } from '../machines/messages.ts';

export type ConsultationEnd =
  | 'consultation.answered'
  | 'consultation.unavailable'
  | 'consultation.expired'
  | 'consultation.cancelled';
type GateEnd = 'gate.approved' | 'gate.rejected' | 'gate.expired' | 'gate.cancelled';

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

export function gateOutcome(record: RecordOf<GateEnd>): GateOutcome {
  switch (record.type) {
    case 'gate.approved':
    case 'gate.rejected': {
      const { by, reason = '', answer = null } = record.payload;
      return { status: record.type === 'gate.approved' ? 'approved' : 'rejected', by, reason, answer };
    }
    case 'gate.expired':
      return { status: 'expired' };
    case 'gate.cancelled':
      return { status: 'cancelled', reason: record.payload.reason };
  }
}
