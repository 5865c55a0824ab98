/**
 * Spans with the times of records.
 *
 * Owns: the only use of the tracer; times, attributes and links that every span has. Does not own: which spans there
 * are, and what hangs on what.
 *
 * - O1 a span begins and ends at the times of records, never at the machine's.
 * - O2 where a message of a span was caused in another trace, the span links to it.
 */
import {
  type Attributes,
  type HrTime,
  isSpanContextValid,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  type SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { Recent } from '../hub/recent.ts';
import type { HubRecord } from '../machines/messages.ts';

/** How many records are remembered as possible causes. */
const causesKept = 10_000;

export interface SpanPlan {
  /** What is done, as `messaging.operation.name`: `submit`, `execute`. */
  readonly operation: string;
  /** As the semantic conventions have it; none for what they do not know. */
  readonly operationType?: 'send' | 'process';
  /** What it is done with: a type of tasks or of specialists. Few different ones, since it is part of the name. */
  readonly about: string | null;
  readonly kind: SpanKind;
  /** Null begins a trace. */
  readonly parent: Span | null;
  /** Where it continues what stands elsewhere in the trace. */
  readonly links?: readonly (Span | undefined)[];
  /** Instead of the record's time. */
  readonly startAt?: number;
  readonly attributes?: Attributes;
}

/** Why something ended badly. */
export interface SpanError {
  /** Few different ones: a code. */
  readonly type: string;
  readonly message: string;
}

export class SpanWriter {
  readonly #tracer: Tracer;
  readonly #causes = new Recent<SpanContext>();

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  /** Begins a span with a record. */
  start(record: HubRecord, plan: SpanPlan): Span {
    const { operation, operationType, about, kind, parent, links = [], startAt = record.at, attributes } = plan;
    const name = about === null ? operation : `${operation} ${about}`;
    const context = parent === null ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, parent);
    return this.#tracer.startSpan(
      name,
      {
        kind,
        root: parent === null,
        startTime: toHrTime(startAt),
        links: [...links.flatMap((span) => linkTo(span?.spanContext())), ...this.#linkToCause(record, parent)],
        attributes: {
          'messaging.system': 'xstate-hub',
          'messaging.operation.name': operation,
          ...(operationType !== undefined && { 'messaging.operation.type': operationType }),
          ...(about !== null && { 'messaging.destination.name': about }),
          'messaging.message.id': record.id,
          'messaging.message.conversation_id': record.correlationId,
          'xstate_hub.record.seq': record.seq,
          ...attributes,
        },
      },
      context,
    );
  }

  end(span: Span, at: number, error?: SpanError): void {
    if (error !== undefined) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
      span.setAttribute('error.type', error.type);
    }
    span.end(toHrTime(at));
  }

  /** Ends what no record ended. */
  abandon(span: Span, at: number): void {
    span.setAttribute('xstate_hub.unfinished', true);
    span.end(toHrTime(at));
  }

  /** Says on a span that a record came. */
  event(span: Span, { at, type, seq }: HubRecord, attributes: Attributes = {}): void {
    span.addEvent(type, { 'xstate_hub.record.seq': seq, ...attributes }, toHrTime(at));
  }

  /** Links a span to what caused one of its later records. */
  follow(span: Span, record: HubRecord): void {
    for (const link of this.#linkToCause(record, span)) span.addLink(link);
  }

  /** What follows from this record follows from this span. */
  remember(recordId: string, span: Span): void {
    this.#causes.set(recordId, span.spanContext());
    this.#causes.trim(causesKept);
  }

  #linkToCause({ causationId }: HubRecord, within: Span | null): Link[] {
    const cause = causationId === null ? undefined : this.#causes.get(causationId);
    if (cause === undefined || cause.traceId === within?.spanContext().traceId) return [];
    return linkTo(cause, { 'xstate_hub.link': 'cause' });
  }
}

const linkTo = (context: SpanContext | undefined, attributes: Attributes = {}): Link[] =>
  context !== undefined && isSpanContextValid(context) ? [{ context, attributes }] : [];

/** Seconds and nanoseconds. A plain number would be taken for one of the machine's clock when it is small. */
const toHrTime = (ms: number): HrTime => [Math.floor(ms / 1000), (ms % 1000) * 1_000_000];
