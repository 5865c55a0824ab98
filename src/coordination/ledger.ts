/**
 * What the coordination folder has to know of the log, and the hub's views do not tell: a fold of its own.
 *
 * - Le1 the same log gives the same ledger, so a restart knows what has been handed over, and how often.
 */
import type { Estimate } from '../hub/estimate.ts';
import type { HubRecord } from '../machines/messages.ts';
import type { Plan, Subtask } from '../machines/plan.ts';
import type { SubtaskIds } from './unique-planner.ts';

/** An orchestration, and the entry of the queue that it came from. */
export interface OrchestrationFacts {
  readonly id: string;
  readonly requestedAt: number;
  readonly priority: number;
  level: string;
  plan: Plan | null;
  stages: readonly (readonly string[])[];
  estimate: Estimate | null;
  /** How it ended; null while it has not. */
  ended: 'completed' | 'failed' | 'cancelled' | null;
  /** The record that ended it. */
  endedSeq: number;
  reason: string | null;
}

/** A subtask, and how often it has been tried. */
export interface SubtaskFacts {
  readonly orchestrationId: string;
  readonly subtask: Subtask;
  readonly createdAt: number;
  /** Attempts that failed. That the hub was restarted meanwhile does not count. */
  retries: number;
  /** Failures since a person last asked for another try. */
  failures: number;
  /** Why the last one failed. */
  reason: string | null;
  /** What is done instead of it. */
  modifications: string | null;
  /** Under which somebody has it; null while nobody does. What is said under another one does not count. */
  lease: number | null;
  /** When the present attempt was handed over; null when it was not. */
  handedOverAt: number | null;
  /** What became of the handoff that was written last, and which attempt it was for; null while it stands. */
  handoff: { readonly retries: number; readonly status: 'completed' | 'failed' | 'withdrawn' } | null;
}

/** `orch-task-1` for `task-1`. */
const prefix = 'orch-';
export const orchestrationIdOf = (taskId: string): string => `${prefix}${taskId}`;
export const taskIdOf = (orchestrationId: string): string => orchestrationId.slice(prefix.length);

const ends = { 'task.completed': 'completed', 'task.failed': 'failed', 'task.cancelled': 'withdrawn' } as const;

export class Ledger {
  readonly orchestrations = new Map<string, OrchestrationFacts>();
  /** By the subtask's id, which is its own in the whole folder. */
  readonly subtasks = new Map<string, SubtaskFacts>();
  readonly #ids: SubtaskIds;
  /** Subtasks by their tasks. */
  readonly #tasks = new Map<string, string>();
  #seq = 0;

  constructor(ids: SubtaskIds) {
    this.#ids = ids;
  }

  /** The record that it has read last. */
  get seq(): number {
    return this.#seq;
  }

  subtaskOf(taskId: string): SubtaskFacts | undefined {
    return this.subtasks.get(this.#tasks.get(taskId) ?? '');
  }

  /** Lets go of the plan of an orchestration that is over and written down; that there was one stays known. */
  release(orchestrationId: string): void {
    const facts = this.orchestrations.get(orchestrationId);
    if (facts === undefined) return;
    for (const [id, { orchestrationId: whose }] of this.subtasks) {
      if (whose === orchestrationId) this.subtasks.delete(id);
    }
    for (const [taskId, id] of this.#tasks) if (!this.subtasks.has(id)) this.#tasks.delete(taskId);
    facts.plan = null;
  }

  /** Takes the record behind the one before; false for any other. */
  note(record: HubRecord): boolean {
    if (record.seq !== this.#seq + 1) return false;
    this.#seq = record.seq;
    this.#fold(record);
    return true;
  }

  #fold(record: HubRecord): void {
    switch (record.type) {
      case 'orchestration.request': {
        const { orchestrationId: id, priority } = record.payload;
        this.orchestrations.set(id, {
          id,
          requestedAt: record.at,
          priority,
          level: 'low',
          plan: null,
          stages: [],
          estimate: null,
          ended: null,
          endedSeq: 0,
          reason: null,
        });
        return;
      }
      case 'orchestration.analysed': {
        const facts = this.orchestrations.get(record.payload.orchestrationId);
        if (facts !== undefined) facts.level = record.payload.level;
        return;
      }
      case 'orchestration.planned': {
        const { orchestrationId, plan, stages, estimate } = record.payload;
        const facts = this.orchestrations.get(orchestrationId);
        if (facts === undefined) return;
        Object.assign(facts, { plan, stages, estimate });
        this.#add(orchestrationId, plan.subtasks, record.at);
        return;
      }
      case 'orchestration.replaced': {
        const { orchestrationId, subtaskId, subtasks, by } = record.payload;
        const facts = this.orchestrations.get(orchestrationId);
        if (facts?.plan == null) return;
        const ids = subtasks.map(({ id }) => id);
        const replaced = this.subtasks.get(subtaskId);
        if (replaced !== undefined) replaced.modifications = `${by} put ${ids.length} in its place: ${ids.join(', ')}`;
        facts.plan = { ...facts.plan, subtasks: [...facts.plan.subtasks, ...subtasks] };
        facts.stages = facts.stages.map((stage) => (stage.includes(subtaskId) ? [...stage, ...ids] : stage));
        this.#add(orchestrationId, subtasks, record.at);
        return;
      }
      case 'orchestration.unblocked': {
        const facts = this.subtasks.get(record.payload.subtaskId);
        if (facts === undefined || record.payload.choice !== 'retry') return;
        this.#tryAgain(facts, `${record.payload.by} asked for another try`);
        facts.failures = 0;
        return;
      }
      case 'task.submit': {
        const { taskId, subtaskId } = record.payload;
        if (subtaskId !== undefined) this.#tasks.set(taskId, subtaskId);
        return;
      }
      case 'task.assigned': {
        const facts = this.subtaskOf(record.payload.taskId);
        if (facts !== undefined) facts.lease = record.seq;
        return;
      }
      case 'task.returned': {
        const facts = this.subtaskOf(record.payload.taskId);
        if (facts !== undefined) facts.lease = null;
        return;
      }
      case 'task.progressed': {
        const facts = this.subtaskOf(record.payload.taskId);
        if (facts === undefined || facts.handedOverAt !== null || facts.lease !== record.payload.lease) return;
        facts.handedOverAt = record.at;
        facts.handoff = null;
        return;
      }
      case 'task.zombie': {
        const facts = this.subtaskOf(record.payload.taskId);
        if (facts === undefined) return;
        facts.handoff = { retries: facts.retries, status: 'withdrawn' };
        this.#tryAgain(facts, 'it made no progress for too long');
        facts.failures++;
        return;
      }
      case 'task.retried': {
        const facts = this.subtaskOf(record.payload.taskId);
        if (facts === undefined) return;
        facts.handoff = { retries: facts.retries, status: 'failed' };
        this.#tryAgain(facts, record.payload.error.message);
        facts.failures++;
        return;
      }
      case 'task.completed':
      case 'task.failed':
      case 'task.cancelled': {
        const { taskId } = record.payload;
        const facts = this.subtaskOf(taskId);
        if (facts === undefined) return;
        facts.lease = null;
        facts.handoff = { retries: facts.retries, status: ends[record.type] };
        if ('error' in record.payload) facts.reason = record.payload.error.message;
        return;
      }
      case 'orchestration.completed':
      case 'orchestration.failed':
      case 'orchestration.cancelled': {
        const facts = this.orchestrations.get(record.payload.orchestrationId);
        if (facts === undefined) return;
        facts.ended = record.type.slice('orchestration.'.length) as OrchestrationFacts['ended'];
        facts.endedSeq = record.seq;
        facts.reason = 'reason' in record.payload ? record.payload.reason : null;
      }
    }
  }

  #add(orchestrationId: string, subtasks: readonly Subtask[], at: number): void {
    for (const subtask of subtasks) {
      this.#ids.note(subtask.id);
      this.subtasks.set(subtask.id, {
        orchestrationId,
        subtask,
        createdAt: at,
        retries: 0,
        failures: 0,
        reason: null,
        modifications: null,
        lease: null,
        handedOverAt: null,
        handoff: null,
      });
    }
  }

  #tryAgain(facts: SubtaskFacts, reason: string): void {
    facts.retries++;
    facts.reason = reason;
    facts.lease = null;
    facts.handedOverAt = null;
  }
}
