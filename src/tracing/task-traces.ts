/**
 * One trace a task: from submission to outcome, and under it what was done for it.
 *
 * ```
 * task build                     from submission to outcome
 * ├─ submit build                PRODUCER
 * ├─ validate build
 * ├─ route build                 in the queue, until an agent has it
 * ├─ execute build               CONSUMER, one for each attempt; links to `submit`
 * └─ retry build                 the wait before the next attempt; links to the attempt that failed
 * ```
 *
 * - J1 a task has one of `route`, `execute` and `retry` open at a time.
 * - J2 a start counts only under the lease of the present assignment.
 */
import { type Attributes, type Span, SpanKind } from '@opentelemetry/api';
import { Recent } from '../hub/recent.ts';
import type { HubRecord, RecordOf } from '../machines/messages.ts';
import type { SpanError, SpanPlan, SpanWriter } from './span-writer.ts';

interface TracedTask {
  readonly id: string;
  readonly type: string | null;
  readonly submittedAt: number;
  readonly root: Span;
  readonly submit: Span | undefined;
  /** `route`, `execute` or `retry`. */
  phase: Span | undefined;
  /** The present assignment. */
  assignment: {
    readonly id: string;
    readonly lease: number;
    readonly agentId: string;
    readonly attempt: number;
  } | null;
  /** The execution that is under way. */
  execution: Span | undefined;
}

type Ended = RecordOf<'task.completed' | 'task.failed' | 'task.cancelled'>;

export class TaskTraces {
  readonly #writer: SpanWriter;
  readonly #limit: number;
  readonly #tasks = new Recent<TracedTask>();
  /** The execution that an agent is called for by a `task.assigned` of that id. */
  readonly #executions = new Map<string, Span>();

  constructor(writer: SpanWriter, limit: number) {
    this.#writer = writer;
    this.#limit = limit;
  }

  /** Where something hangs that is done for a task: its execution, else the task itself. */
  spanOf(taskId: string): Span | undefined {
    const task = this.#tasks.get(taskId);
    return task?.execution ?? task?.root;
  }

  /** The execution in which an agent said something. */
  executionBehind({ causationId }: HubRecord): Span | undefined {
    return causationId === null ? undefined : this.#executions.get(causationId);
  }

  submitted(record: RecordOf<'task.submit'>): Span {
    const { taskId, type, priority, scheduleId } = record.payload;
    const root = this.#startRoot(record, taskId, type, {
      'xstate_hub.task.priority': priority,
      ...(scheduleId !== undefined && { 'xstate_hub.schedule.id': scheduleId }),
    });
    const submit = this.#writer.start(record, {
      ...this.#plan({ id: taskId, type, root }, 'submit'),
      operationType: 'send',
      kind: SpanKind.PRODUCER,
    });
    this.#writer.end(submit, record.at);
    this.#add({ id: taskId, type, submittedAt: record.at, root, submit });
    return root;
  }

  /** From the submission until the validator has spoken. */
  validated(record: RecordOf<'task.validated' | 'task.invalid'>): Span | undefined {
    const { taskId, warnings } = record.payload;
    const task = this.#tasks.get(taskId);
    if (task === undefined) return undefined;
    const errors = record.type === 'task.invalid' ? record.payload.errors : [];
    const span = this.#writer.start(record, {
      ...this.#plan(task, 'validate', {
        'xstate_hub.validation.errors': errors.length,
        'xstate_hub.validation.warnings': warnings.length,
      }),
      startAt: task.submittedAt,
    });
    const message = errors.map((fault) => `${fault.field}: ${fault.message}`).join('; ');
    this.#writer.end(span, record.at, record.type === 'task.invalid' ? { type: 'invalid', message } : undefined);
    return span;
  }

  enqueued(record: RecordOf<'task.enqueued'>): Span | undefined {
    const task = this.#tasks.get(record.payload.taskId);
    return task && this.#route(task, record);
  }

  assigned(record: RecordOf<'task.assigned'>): Span | undefined {
    const { taskId, agentId, attempt, routing } = record.payload;
    const task = this.#tasks.get(taskId) ?? this.#unseen(record, taskId);
    task.assignment = { id: record.id, lease: record.seq, agentId, attempt };
    task.phase?.setAttributes({
      'xstate_hub.agent.id': agentId,
      'xstate_hub.attempt': attempt,
      'xstate_hub.routing.strategy': routing.strategy,
      'xstate_hub.routing.confidence': routing.confidence,
      'xstate_hub.routing.alternatives': routing.alternatives.length,
    });
    const span = task.phase ?? task.root;
    this.#writer.follow(span, record);
    this.#endPhase(task, record.at);
    return span;
  }

  started(record: RecordOf<'task.started'>): Span | undefined {
    const { taskId, lease } = record.payload;
    const task = this.#tasks.get(taskId);
    const assignment = task?.assignment;
    if (task === undefined || assignment?.lease !== lease) return undefined;
    const span = this.#writer.start(record, {
      ...this.#plan(task, 'execute', {
        'messaging.message.id': assignment.id,
        'messaging.client.id': assignment.agentId,
        'xstate_hub.agent.id': assignment.agentId,
        'xstate_hub.attempt': assignment.attempt,
      }),
      operationType: 'process',
      kind: SpanKind.CONSUMER,
      links: [task.submit],
    });
    this.#enter(task, span, record.at);
    task.execution = span;
    this.#executions.set(assignment.id, span);
    this.#writer.remember(assignment.id, span);
    return span;
  }

  progressed(record: RecordOf<'task.progressed'>): Span | undefined {
    const { taskId, lease, percent, note } = record.payload;
    const task = this.#tasks.get(taskId);
    if (task?.execution === undefined || task.assignment?.lease !== lease) return undefined;
    this.#writer.event(task.execution, record, {
      ...(percent !== undefined && { 'xstate_hub.progress.percent': percent }),
      ...(note !== undefined && { 'xstate_hub.progress.note': note }),
    });
    return task.execution;
  }

  returned(record: RecordOf<'task.returned'>): Span | undefined {
    const { taskId, reason } = record.payload;
    const task = this.#tasks.get(taskId);
    if (task === undefined) return undefined;
    this.#endPhase(task, record.at, { type: 'returned', message: reason });
    return this.#route(task, record);
  }

  retried(record: RecordOf<'task.retried'>): Span | undefined {
    const { taskId, attempt, delayMs, error } = record.payload;
    const task = this.#tasks.get(taskId);
    if (task === undefined) return undefined;
    const failed = task.execution;
    this.#endPhase(task, record.at, { type: error.code, message: error.message });
    const span = this.#writer.start(record, {
      ...this.#plan(task, 'retry', { 'xstate_hub.attempt': attempt, 'xstate_hub.retry.delay_ms': delayMs }),
      links: [failed],
    });
    this.#enter(task, span, record.at);
    return span;
  }

  ended(record: Ended): Span | undefined {
    const { taskId, agentId, attempts } = record.payload;
    const task = this.#tasks.get(taskId);
    if (task === undefined) return undefined;
    this.#tasks.delete(taskId);
    const error =
      record.type === 'task.failed'
        ? { type: record.payload.error.code, message: record.payload.error.message }
        : undefined;
    this.#endPhase(task, record.at, error);
    task.root.setAttributes({
      'xstate_hub.task.outcome': record.type.slice('task.'.length),
      'xstate_hub.task.attempts': attempts,
      ...(agentId !== null && { 'xstate_hub.agent.id': agentId }),
      ...(record.type === 'task.cancelled' && { 'xstate_hub.task.reason': record.payload.reason }),
    });
    this.#writer.end(task.root, record.at, error);
    return task.root;
  }

  /** Ends what is not finished. */
  abandonAll(at: number): void {
    this.#tasks.trim(0, (task) => this.#abandon(task, at));
  }

  #route(task: TracedTask, record: HubRecord): Span {
    const span = this.#writer.start(record, this.#plan(task, 'route'));
    this.#enter(task, span, record.at);
    return span;
  }

  #enter(task: TracedTask, span: Span, at: number): void {
    this.#endPhase(task, at);
    task.phase = span;
  }

  #endPhase(task: TracedTask, at: number, error?: SpanError): void {
    if (task.phase !== undefined) this.#writer.end(task.phase, at, error);
    this.#leavePhase(task);
  }

  #leavePhase(task: TracedTask): void {
    if (task.execution !== undefined && task.assignment !== null) this.#executions.delete(task.assignment.id);
    task.phase = undefined;
    task.execution = undefined;
  }

  #abandon(task: TracedTask, at: number): void {
    if (task.phase !== undefined) this.#writer.abandon(task.phase, at);
    this.#leavePhase(task);
    this.#writer.abandon(task.root, at);
  }

  /** A task that was submitted before anybody looked. */
  #unseen(record: HubRecord, taskId: string): TracedTask {
    const root = this.#startRoot(record, taskId, null, { 'xstate_hub.partial': true });
    return this.#add({ id: taskId, type: null, submittedAt: record.at, root, submit: undefined });
  }

  #add(task: Omit<TracedTask, 'phase' | 'assignment' | 'execution'>): TracedTask {
    const traced: TracedTask = { ...task, phase: undefined, assignment: null, execution: undefined };
    this.#tasks.set(task.id, traced);
    this.#tasks.trim(this.#limit, (oldest) => this.#abandon(oldest, task.submittedAt));
    return traced;
  }

  #startRoot(record: HubRecord, id: string, type: string | null, attributes: Attributes): Span {
    const plan = this.#plan({ id, type, root: null }, 'task', attributes);
    return this.#writer.start(record, plan);
  }

  #plan(
    task: { readonly id: string; readonly type: string | null; readonly root: Span | null },
    operation: string,
    attributes: Attributes = {},
  ): SpanPlan {
    return {
      operation,
      about: task.type,
      kind: SpanKind.INTERNAL,
      parent: task.root,
      attributes: {
        'xstate_hub.task.id': task.id,
        ...(task.type !== null && { 'xstate_hub.task.type': task.type }),
        ...attributes,
      },
    };
  }
}
