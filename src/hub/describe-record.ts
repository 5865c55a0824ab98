/** One record as a line that a person can read. */
import { formatDuration } from '../actors/duration.ts';
import type { HubRecord } from '../machines/messages.ts';

export interface RecordDescription {
  /** `backend-1 → hub` */
  readonly route: string;
  /** The type, and what is in it. */
  readonly what: string;
  /** What is in it; empty when the type says all. */
  readonly detail: string;
}

/** Who, to whom, what: `backend-1 → hub  consultation.request  security: "Is this secure?"`. */
export function describeRecord(record: HubRecord): RecordDescription {
  const detail = detailOf(record);
  return {
    route: `${record.from} → ${record.to}`,
    what: detail === '' ? record.type : `${record.type}  ${detail}`,
    detail,
  };
}

const quoted = (text: string): string => `"${text}"`;

function detailOf(record: HubRecord): string {
  switch (record.type) {
    case 'agent.register':
      return `${record.payload.agentId}: ${record.payload.type}${record.payload.capabilities.length > 0 ? ` (${record.payload.capabilities.join(', ')})` : ''}`;
    case 'agent.lost':
    case 'agent.unregister':
      return `${record.payload.agentId}: ${record.payload.reason}`;
    case 'fault.injected': {
      const { agentId, fault, byMs, factor } = record.payload;
      const much = byMs === undefined ? factor : formatDuration(byMs);
      return much === undefined ? `${fault} ${agentId}` : `${fault} ${agentId} by ${much}`;
    }
    case 'task.submit':
      return `${record.payload.taskId} (${record.payload.type}, priority ${record.payload.priority})`;
    case 'task.assigned':
      return record.payload.attempt === 1
        ? record.payload.taskId
        : `${record.payload.taskId}, attempt ${record.payload.attempt}`;
    case 'task.progressed': {
      const { percent, note } = record.payload;
      return [percent === undefined ? '' : `${percent} %`, note ?? ''].filter((part) => part !== '').join(' ');
    }
    case 'task.completed':
      return `${record.payload.taskId} after ${formatDuration(record.payload.durationMs)}`;
    case 'task.failed':
      return `${record.payload.taskId}: ${record.payload.error.message}`;
    case 'task.returned':
    case 'task.cancel':
    case 'task.cancelled':
      return `${record.payload.taskId}: ${record.payload.reason}`;
    case 'consultation.request':
      return `${record.payload.specialistType}: ${quoted(record.payload.question)}`;
    case 'consultation.answer':
      return JSON.stringify(record.payload.answer);
    case 'consultation.unavailable':
    case 'consultation.cancelled':
    case 'gate.cancelled':
      return record.payload.reason;
    case 'gate.open':
      return quoted(record.payload.reason);
    case 'gate.decide':
      return `${record.payload.decision} by ${record.payload.by}${record.payload.reason === '' ? '' : `: ${record.payload.reason}`}`;
    case 'gate.approved':
    case 'gate.rejected':
      return `by ${record.payload.by}`;
    case 'gate.handedOver':
      return `to ${record.payload.approver}`;
    case 'message.send':
      return `${record.payload.messageType} ${JSON.stringify(record.payload.body)}`;
    case 'deadletter.added':
      return `${record.payload.reason}: ${record.payload.messageType} from ${record.payload.from}`;
    case 'deadline.passed':
      return `${record.payload.kind} ${record.payload.subject}`;
    case 'project.update':
      return record.payload.phase === undefined ? '' : `phase ${quoted(record.payload.phase)}`;
    default:
      return 'taskId' in record.payload && typeof record.payload.taskId === 'string' ? record.payload.taskId : '';
  }
}
