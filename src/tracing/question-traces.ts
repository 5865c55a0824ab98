/**
 * What is asked meanwhile: of specialists and of humans.
 *
 * ```
 * execute build
 * ├─ consult security            PRODUCER: from the question to its end
 * │  └─ answer security          CONSUMER: the specialist at work; a question of its own hangs here
 * └─ gate                        from opening to decision
 * ```
 *
 * - V3 what nobody's task asked for begins a trace of its own.
 */
import { type Span, SpanKind } from '@opentelemetry/api';
import { Recent } from '../hub/recent.ts';
import type { HubRecord, RecordOf } from '../machines/messages.ts';
import type { SpanError, SpanWriter } from './span-writer.ts';
import type { TaskTraces } from './task-traces.ts';

interface TracedConsultation {
  readonly specialistType: string;
  readonly span: Span;
  answer: Span | undefined;
}

type ConsultationEnd = RecordOf<
  'consultation.answered' | 'consultation.unavailable' | 'consultation.expired' | 'consultation.cancelled'
>;
type GateEnd = RecordOf<'gate.approved' | 'gate.rejected' | 'gate.expired' | 'gate.cancelled'>;

export class QuestionTraces {
  readonly #writer: SpanWriter;
  readonly #tasks: TaskTraces;
  readonly #limit: number;
  readonly #consultations = new Recent<TracedConsultation>();
  readonly #gates = new Recent<Span>();

  constructor(writer: SpanWriter, tasks: TaskTraces, limit: number) {
    this.#writer = writer;
    this.#tasks = tasks;
    this.#limit = limit;
  }

  requested(record: RecordOf<'consultation.request'>): Span {
    const { consultationId, taskId, parentId, specialistType } = record.payload;
    const asker = parentId === undefined ? undefined : this.#consultations.get(parentId);
    const parent = asker?.answer ?? asker?.span ?? (taskId === undefined ? undefined : this.#tasks.spanOf(taskId));
    const span = this.#writer.start(record, {
      operation: 'consult',
      operationType: 'send',
      about: specialistType,
      kind: SpanKind.PRODUCER,
      parent: parent ?? null,
      attributes: {
        'xstate_hub.consultation.id': consultationId,
        'xstate_hub.agent.id': record.from,
        ...(taskId !== undefined && { 'xstate_hub.task.id': taskId }),
      },
    });
    this.#consultations.set(consultationId, { specialistType, span, answer: undefined });
    this.#consultations.trim(this.#limit, (oldest) => this.#abandon(oldest, record.at));
    return span;
  }

  asked(record: RecordOf<'consultation.asked'>): Span | undefined {
    const { consultationId, agentId } = record.payload;
    const consultation = this.#consultations.get(consultationId);
    if (consultation === undefined) return undefined;
    consultation.answer = this.#writer.start(record, {
      operation: 'answer',
      operationType: 'process',
      about: consultation.specialistType,
      kind: SpanKind.CONSUMER,
      parent: consultation.span,
      links: [consultation.span],
      attributes: {
        'messaging.client.id': agentId,
        'xstate_hub.agent.id': agentId,
        'xstate_hub.consultation.id': consultationId,
      },
    });
    return consultation.answer;
  }

  returned(record: RecordOf<'consultation.returned'>): Span | undefined {
    const consultation = this.#consultations.get(record.payload.consultationId);
    if (consultation === undefined) return undefined;
    this.#endAnswer(consultation, record.at, { type: 'returned', message: record.payload.reason });
    return consultation.span;
  }

  answered(record: ConsultationEnd): Span | undefined {
    const { consultationId } = record.payload;
    const consultation = this.#consultations.get(consultationId);
    if (consultation === undefined) return undefined;
    this.#consultations.delete(consultationId);
    const outcome = record.type.slice('consultation.'.length);
    const error = consultationError(record);
    this.#endAnswer(consultation, record.at, error);
    consultation.span.setAttribute('xstate_hub.consultation.outcome', outcome);
    this.#writer.end(consultation.span, record.at, error);
    return consultation.span;
  }

  gateOpened(record: RecordOf<'gate.open'>): Span {
    const { gateId, taskId, agentId } = record.payload;
    const span = this.#writer.start(record, {
      operation: 'gate',
      about: null,
      kind: SpanKind.INTERNAL,
      parent: (taskId === undefined ? undefined : this.#tasks.spanOf(taskId)) ?? null,
      attributes: {
        'xstate_hub.gate.id': gateId,
        ...(taskId !== undefined && { 'xstate_hub.task.id': taskId }),
        ...(agentId !== undefined && { 'xstate_hub.agent.id': agentId }),
      },
    });
    this.#gates.set(gateId, span);
    this.#gates.trim(this.#limit, (oldest) => this.#writer.abandon(oldest, record.at));
    return span;
  }

  /** Somebody was reminded, asked next, or has spoken. */
  gateMoved(record: RecordOf<'gate.reminded' | 'gate.handedOver' | 'gate.decide'>): Span | undefined {
    const span = this.#gates.get(record.payload.gateId);
    if (span === undefined) return undefined;
    this.#writer.event(span, record, {
      ...(record.type === 'gate.handedOver' && { 'xstate_hub.gate.approver': record.payload.approver }),
      ...(record.type === 'gate.decide' && { 'xstate_hub.gate.decision': record.payload.decision }),
    });
    return span;
  }

  gateClosed(record: GateEnd): Span | undefined {
    const { gateId } = record.payload;
    const span = this.#gates.get(gateId);
    if (span === undefined) return undefined;
    this.#gates.delete(gateId);
    span.setAttribute('xstate_hub.gate.outcome', record.type.slice('gate.'.length));
    if ('by' in record.payload) span.setAttribute('xstate_hub.gate.by', record.payload.by);
    const error = record.type === 'gate.expired' ? { type: 'expired', message: 'nobody decided in time' } : undefined;
    this.#writer.end(span, record.at, error);
    return span;
  }

  /** Ends what is not finished. */
  abandonAll(at: number): void {
    this.#consultations.trim(0, (consultation) => this.#abandon(consultation, at));
    this.#gates.trim(0, (span) => this.#writer.abandon(span, at));
  }

  #endAnswer(consultation: TracedConsultation, at: number, error?: SpanError): void {
    if (consultation.answer !== undefined) this.#writer.end(consultation.answer, at, error);
    consultation.answer = undefined;
  }

  #abandon({ span, answer }: TracedConsultation, at: number): void {
    if (answer !== undefined) this.#writer.abandon(answer, at);
    this.#writer.abandon(span, at);
  }
}

/** No answer is a failure; being called off is not. */
function consultationError(record: ConsultationEnd & HubRecord): SpanError | undefined {
  if (record.type === 'consultation.unavailable') return { type: 'unavailable', message: record.payload.reason };
  if (record.type === 'consultation.expired') return { type: 'expired', message: 'nobody answered in time' };
  return undefined;
}
