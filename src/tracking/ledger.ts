/**
 * Records read as events of performance: what was routed, started, finished, how long that took.
 *
 * Owns: what has to be remembered of an unfinished task to say so. Does not own: sums, windows.
 *
 * - G1 a measure comes from the times of the records, where they were seen; else from what the last one says.
 * - G2 a start counts only under the lease of the assignment that was seen last.
 * - G3 of unfinished tasks and open consultations the newest `taskLimit` are remembered; what comes of one that was
 *   not seen, or was forgotten, still counts, without its type.
 */
import { Recent } from '../hub/recent.ts';
import type { HubRecord, RecordOf, Routing } from '../machines/messages.ts';
import type { Naming } from './pseudonyms.ts';

export const eventKinds = [
  'submitted',
  'invalid',
  'routed',
  'started',
  'completed',
  'failed',
  'cancelled',
  'retried',
  'returned',
  'consulted',
  'escalated',
  'tripped',
] as const;
export type EventKind = (typeof eventKinds)[number];

/** Why an agent got a task, in numbers. */
export interface RoutingSummary extends Pick<Routing, 'strategy' | 'confidence' | 'scores'> {
  readonly alternatives: readonly { readonly agentId: string; readonly score: number }[];
}

export interface TrackedEvent {
  /** Of the record that it was read from. */
  readonly seq: number;
  readonly at: number;
  readonly kind: EventKind;
  /** Null for what is not about a task. */
  readonly taskId: string | null;
  readonly taskType: string | null;
  /** Who had the task, or asked; null when nobody did. */
  readonly agentId: string | null;
  readonly attempt?: number;
  /** From the queue to the start of work, of this attempt. */
  readonly waitingMs?: number;
  /** From the start of work to its end. */
  readonly executionMs?: number;
  /** From submission to the outcome. */
  readonly durationMs?: number;
  /** 0 to 1. */
  readonly quality?: number;
  /** The code of a failure. */
  readonly error?: string;
  /** How long a retry waits. */
  readonly delayMs?: number;
  readonly routing?: RoutingSummary;
  readonly consultationId?: string;
  readonly specialistType?: string;
  readonly gateId?: string;
}

interface LiveTask {
  readonly type: string | null;
  /** When it came into the queue, this time; null when that was not seen. */
  queuedAt: number | null;
  /** When work on it began; null when nobody works on it. */
  startedAt: number | null;
  agentId: string | null;
  lease: number | null;
  attempt: number;
}

export class Ledger {
  readonly #tasks = new Recent<LiveTask>();
  /** The task that an open consultation is for. */
  readonly #consultations = new Recent<string | null>();
  readonly #limit: number;
  readonly #naming: Naming;

  constructor(limit: number, naming: Naming) {
    this.#limit = limit;
    this.#naming = naming;
  }

  /** How many unfinished tasks are remembered. */
  get size(): number {
    return this.#tasks.size;
  }

  /** What a record says of performance; undefined when it says nothing of it. */
  read(record: HubRecord): TrackedEvent | undefined {
    switch (record.type) {
      case 'task.submit':
        return this.#submitted(record);
      case 'task.invalid':
        return this.#invalid(record);
      case 'task.enqueued':
        return this.#queued(record);
      case 'task.assigned':
        return this.#routed(record);
      case 'task.started':
        return this.#started(record);
      case 'task.retried':
      case 'task.returned':
        return this.#takenBack(record);
      case 'task.completed':
      case 'task.failed':
      case 'task.cancelled':
        return this.#ended(record);
      case 'consultation.request':
        return this.#consulted(record);
      case 'consultation.answered':
      case 'consultation.unavailable':
      case 'consultation.expired':
      case 'consultation.cancelled':
        this.#consultations.delete(record.payload.consultationId);
        return;
      case 'gate.open':
        return this.#escalated(record);
      case 'agent.tripped':
        return this.#event(record, 'tripped', null, undefined, record.payload.agentId);
    }
  }

  #submitted(record: RecordOf<'task.submit'>): TrackedEvent {
    const { taskId, type } = record.payload;
    const task = { type, queuedAt: record.at, startedAt: null, agentId: null, lease: null, attempt: 0 };
    this.#tasks.set(taskId, task);
    this.#tasks.trim(this.#limit);
    return this.#event(record, 'submitted', taskId, task, null);
  }

  #invalid(record: RecordOf<'task.invalid'>): TrackedEvent {
    const { taskId } = record.payload;
    return this.#event(record, 'invalid', taskId, this.#tasks.get(taskId), null);
  }

  #queued({ at, payload: { taskId } }: RecordOf<'task.enqueued'>): undefined {
    const task = this.#tasks.get(taskId);
    if (task !== undefined) task.queuedAt = at;
  }

  #routed(record: RecordOf<'task.assigned'>): TrackedEvent {
    const { taskId, agentId, attempt, routing } = record.payload;
    const task = this.#tasks.get(taskId);
    if (task !== undefined) Object.assign(task, { agentId, attempt, lease: record.seq });
    return this.#event(record, 'routed', taskId, task, agentId, { attempt, routing: this.#summary(routing) });
  }

  #summary({ strategy, confidence, scores, alternatives }: Routing): RoutingSummary {
    return {
      strategy,
      confidence,
      scores,
      alternatives: alternatives.map(({ agentId, score }) => ({ agentId: this.#naming(agentId), score })),
    };
  }

  #started(record: RecordOf<'task.started'>): TrackedEvent | undefined {
    const { taskId, lease } = record.payload;
    const task = this.#tasks.get(taskId);
    if (task === undefined || task.lease !== lease) return;
    const waitingMs = task.queuedAt === null ? undefined : record.at - task.queuedAt;
    Object.assign(task, { startedAt: record.at, queuedAt: null });
    return this.#event(record, 'started', taskId, task, record.from, {
      attempt: task.attempt,
      ...(waitingMs !== undefined && { waitingMs }),
    });
  }

  #takenBack(record: RecordOf<'task.retried' | 'task.returned'>): TrackedEvent {
    const { taskId } = record.payload;
    const task = this.#tasks.get(taskId);
    const held = { agentId: task?.agentId ?? null, attempt: task?.attempt ?? 0 };
    const executionMs = sinceStart(task, record.at);
    if (task !== undefined) Object.assign(task, { agentId: null, lease: null, startedAt: null, queuedAt: null });
    if (record.type === 'task.returned') {
      if (task !== undefined) task.queuedAt = record.at;
      return this.#event(record, 'returned', taskId, task, held.agentId, { attempt: held.attempt });
    }
    const { agentId, attempt, delayMs, error } = record.payload;
    return this.#event(record, 'retried', taskId, task, agentId, {
      attempt,
      delayMs,
      error: error.code,
      ...(executionMs !== undefined && { executionMs }),
    });
  }

  #ended(record: RecordOf<'task.completed' | 'task.failed' | 'task.cancelled'>): TrackedEvent {
    const { taskId, agentId, attempts, durationMs, latencyMs, quality } = record.payload;
    const task = this.#tasks.get(taskId);
    this.#tasks.delete(taskId);
    const stated = task === undefined && agentId !== null ? (latencyMs ?? undefined) : undefined;
    const executionMs = stated ?? sinceStart(task, record.at);
    const kind = record.type.slice('task.'.length) as 'completed' | 'failed' | 'cancelled';
    return this.#event(record, kind, taskId, task, agentId, {
      attempt: attempts,
      durationMs,
      ...(executionMs !== undefined && { executionMs }),
      ...(quality !== null && { quality }),
      ...(record.type === 'task.failed' && { error: record.payload.error.code }),
    });
  }

  #consulted(record: RecordOf<'consultation.request'>): TrackedEvent {
    const { consultationId, parentId, specialistType } = record.payload;
    const parent = parentId === undefined ? undefined : this.#consultations.get(parentId);
    const taskId = record.payload.taskId ?? parent ?? null;
    this.#consultations.set(consultationId, taskId);
    this.#consultations.trim(this.#limit);
    const task = taskId === null ? undefined : this.#tasks.get(taskId);
    return this.#event(record, 'consulted', taskId, task, record.from, {
      consultationId: this.#naming(consultationId),
      specialistType,
    });
  }

  #escalated(record: RecordOf<'gate.open'>): TrackedEvent {
    const { gateId, taskId = null, agentId = null } = record.payload;
    const task = taskId === null ? undefined : this.#tasks.get(taskId);
    return this.#event(record, 'escalated', taskId, task, agentId, { gateId: this.#naming(gateId) });
  }

  #event(
    { seq, at }: HubRecord,
    kind: EventKind,
    taskId: string | null,
    task: LiveTask | undefined,
    agentId: string | null,
    measures: Partial<TrackedEvent> = {},
  ): TrackedEvent {
    return {
      seq,
      at,
      kind,
      taskId: taskId === null ? null : this.#naming(taskId),
      taskType: task?.type ?? null,
      agentId: agentId === null ? null : this.#naming(agentId),
      ...measures,
    };
  }
}

const sinceStart = (task: LiveTask | undefined, at: number): number | undefined =>
  task === undefined || task.startedAt === null ? undefined : at - task.startedAt;
