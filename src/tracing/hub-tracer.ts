/**
 * Makes spans of a hub's records.
 *
 * - Y1 it only listens: the log is the same with it and without it, and without it nobody listens.
 * - Y2 every span ends: with its record, when the hub stops, when tracing does, or when more than `taskLimit` of its
 *   kind are open and it is the oldest.
 * - Y3 payloads, questions, answers and results are in no span. Failures, notes of progress and reasons are.
 */
import { type Span, type Tracer, trace } from '@opentelemetry/api';
import type { Hub } from '../hub/hub.ts';
import type { HubRecord } from '../machines/messages.ts';
import { QuestionTraces } from './question-traces.ts';
import { SpanWriter } from './span-writer.ts';
import { TaskTraces } from './task-traces.ts';

export interface TracingOptions {
  /** Default: the tracer `xstate-hub` of the provider that is registered with the OpenTelemetry API. */
  readonly tracer?: Tracer;
  /** How many unfinished tasks, consultations and gates have open spans. Default: 100,000 of each. */
  readonly taskLimit?: number;
}

/** Use `createHubTracer`. */
export class HubTracer {
  readonly #writer: SpanWriter;
  readonly #tasks: TaskTraces;
  readonly #questions: QuestionTraces;
  #at = 0;

  constructor({ tracer = trace.getTracer('xstate-hub'), taskLimit = 100_000 }: TracingOptions) {
    this.#writer = new SpanWriter(tracer);
    this.#tasks = new TaskTraces(this.#writer, taskLimit);
    this.#questions = new QuestionTraces(this.#writer, this.#tasks, taskLimit);
  }

  /** Takes the next record of the log. */
  record(record: HubRecord): void {
    this.#at = record.at;
    const span = this.#trace(record);
    if (span !== undefined) this.#writer.remember(record.id, span);
  }

  /** Ends the spans that are open, at the time of the last record. */
  end(): void {
    this.#questions.abandonAll(this.#at);
    this.#tasks.abandonAll(this.#at);
  }

  /** The span that a record belongs to, having begun, changed or ended it. */
  #trace(record: HubRecord): Span | undefined {
    switch (record.type) {
      case 'task.submit':
        return this.#tasks.submitted(record);
      case 'task.validated':
      case 'task.invalid':
        return this.#tasks.validated(record);
      case 'task.enqueued':
        return this.#tasks.enqueued(record);
      case 'task.assigned':
        return this.#tasks.assigned(record);
      case 'task.started':
        return this.#tasks.started(record);
      case 'task.progressed':
        return this.#tasks.progressed(record);
      case 'task.returned':
        return this.#tasks.returned(record);
      case 'task.retried':
        return this.#tasks.retried(record);
      case 'task.completed':
      case 'task.failed':
      case 'task.cancelled':
        return this.#tasks.ended(record);
      case 'consultation.request':
        return this.#questions.requested(record);
      case 'consultation.asked':
        return this.#questions.asked(record);
      case 'consultation.returned':
        return this.#questions.returned(record);
      case 'consultation.answered':
      case 'consultation.unavailable':
      case 'consultation.expired':
      case 'consultation.cancelled':
        return this.#questions.answered(record);
      case 'gate.open':
        return this.#questions.gateOpened(record);
      case 'gate.reminded':
      case 'gate.handedOver':
      case 'gate.decide':
        return this.#questions.gateMoved(record);
      case 'gate.approved':
      case 'gate.rejected':
      case 'gate.expired':
      case 'gate.cancelled':
        return this.#questions.gateClosed(record);
      case 'message.send':
        return this.#sent(record);
      case 'hub.stopped':
        this.end();
        return undefined;
      default:
        return this.#other(record);
    }
  }

  #sent(record: Extract<HubRecord, { type: 'message.send' }>): Span | undefined {
    const execution = this.#tasks.executionBehind(record);
    if (execution === undefined) return undefined;
    this.#writer.event(execution, record, {
      'xstate_hub.message.to': record.to,
      'xstate_hub.message.type': record.payload.messageType,
    });
    return execution;
  }

  /** What else is about a task belongs to it, so that what follows from it can be linked. */
  #other({ payload }: HubRecord): Span | undefined {
    const { taskId } = payload as { readonly taskId?: unknown };
    return typeof taskId === 'string' ? this.#tasks.spanOf(taskId) : undefined;
  }
}

/** Makes spans of records that are given to it: those of a log in a file. */
export const createHubTracer = (options: TracingOptions = {}): HubTracer => new HubTracer(options);

/** Makes spans of a hub's records from now on; the answer ends that, and the spans that are open. */
export function traceHub(hub: Pick<Hub, 'on'>, options: TracingOptions = {}): () => void {
  const tracer = new HubTracer(options);
  const unsubscribe = hub.on('*', (record) => tracer.record(record));
  return () => {
    unsubscribe();
    tracer.end();
  };
}
