/**
 * Tasks: from submission to one outcome.
 *
 * - K1 a message about work counts only under the present lease; any other is a dead letter (I17).
 */
import type { HubRecord, Payload, RecordOf } from '../machines/messages.ts';
import { assign } from './assignment.ts';
import { bury } from './dead-letters.ts';
import { detachGates } from './gate-leases.ts';
import { noteBegin, noteEnd, noteZombie } from './orchestration-notes.ts';
import { update } from './performance.ts';
import { enqueue, rank } from './queueing.ts';
import { isCapable } from './registry.ts';
import { type FinishedTask, type HubState, laneOf, type TaskEntry } from './state.ts';
import {
  attemptsLeft,
  cancelTask,
  closeWhatIsOpen,
  endingOf,
  failTask,
  isAgentsOwn,
  latencyOf,
  retryTask,
} from './task-endings.ts';
import type { Decisions, Folds, Turn } from './turn.ts';
import { isValid } from './validation.ts';

export const taskFolds = {
  'task.submit'(state, record) {
    const { taskId, timeoutMs, startAt, idempotencyKey, priority } = record.payload;
    const dueAt = timeoutMs === undefined ? null : record.at + timeoutMs;
    state.changes.task.add(taskId);
    state.tasks.set(taskId, {
      spec: record.payload,
      place: record.seq,
      submittedAt: record.at,
      lane: laneOf(record.payload),
      correlationId: record.correlationId,
      actor: state.spawn('task', taskId, { taskId, dueAt }),
      priority,
      startedAt: null,
      blameless: 0,
      warnings: [],
      faults: [],
      quality: null,
      detachedGates: [],
      verdicts: [],
      avoid: null,
      lateFrom: null,
      progress: null,
      result: null,
    });
    if (idempotencyKey !== undefined) state.keys.set(idempotencyKey, taskId);
    state.deadlines.set('task', taskId, dueAt);
    if (startAt !== undefined && startAt > record.at) state.deadlines.set('start', taskId, startAt);
    state.counters.submitted++;
    if (record.payload.orchestrationId !== undefined) noteBegin(state, record);
  },
  'task.validated'(state, { payload: { taskId, warnings } }) {
    const entry = changing(state, taskId);
    if (entry !== undefined) entry.warnings = warnings;
  },
  'task.invalid'(state, { payload: { taskId, errors, warnings } }) {
    const entry = changing(state, taskId);
    if (entry === undefined) return;
    entry.warnings = warnings;
    entry.faults = errors;
  },
  'task.enqueued'(state, { payload: { taskId } }) {
    state.deadlines.set('retry', taskId, null);
    state.tellTask(taskId, { type: 'task.enqueued' });
    enqueue(state, taskId);
  },
  'task.prioritise'(state, { payload: { taskId, priority } }) {
    const entry = changing(state, taskId);
    if (entry === undefined) return;
    entry.priority = priority;
    state.queue.reprioritise(taskId, rank(state, entry));
  },
  'task.assigned'(state, { seq, payload: { taskId, agentId } }) {
    state.queue.dequeue(taskId);
    state.tellTask(taskId, { type: 'task.assigned', agentId, lease: seq });
    state.tellAgent(agentId, { type: 'task.assigned', taskId });
    const type = state.tasks.get(taskId)?.spec.type ?? '';
    const nextAt = state.limits.start(type, state);
    if (nextAt !== null) state.deadlines.set('limit', type, nextAt);
  },
  'task.started'(state, record) {
    const entry = state.leased(record);
    if (entry === undefined) return;
    entry.startedAt = record.at;
    state.tellTask(record.payload.taskId, { type: 'task.started' });
  },
  'task.progressed'(state, record) {
    const entry = state.leased(record);
    if (entry === undefined) return;
    const { percent = null, note = null } = record.payload;
    entry.progress = { percent, note, at: record.at };
    state.changes.task.add(record.payload.taskId);
    state.watchProgress(record.payload.taskId, entry);
  },
  'task.result'(state, record) {
    const entry = state.leased(record);
    if (entry === undefined) return;
    entry.result = record.payload.result;
    entry.quality = record.payload.quality ?? null;
    state.changes.task.add(record.payload.taskId);
  },
  'task.zombie'(state, { payload: { taskId, agentId } }) {
    const entry = changing(state, taskId);
    if (entry === undefined) return;
    entry.avoid = agentId;
    noteZombie(state, entry.spec);
  },
  'task.returned'(state, { payload: { taskId, blameless } }) {
    const entry = changing(state, taskId);
    if (entry !== undefined && blameless === true) entry.blameless++;
    detachGates(state, taskId);
    release(state, taskId, holderOf(state, taskId));
    stopTheClock(state, taskId);
    state.tellTask(taskId, { type: 'task.returned' });
    enqueue(state, taskId);
  },
  'task.retried'(state, { at, payload: { taskId, agentId, delayMs } }) {
    release(state, taskId, agentId);
    learn(state, agentId, { success: false, quality: null, latencyMs: latencyOf(state.tasks.get(taskId), at) });
    stopTheClock(state, taskId);
    forgetVerdicts(state, taskId);
    state.queue.remove(taskId);
    state.tellTask(taskId, { type: 'task.retried', retryAt: at + delayMs });
    state.deadlines.set('retry', taskId, at + delayMs);
  },
  'task.completed'(state, record) {
    finish(state, record, { status: 'completed', error: null, reason: null });
  },
  'task.failed'(state, record) {
    finish(state, record, { status: 'failed', error: record.payload.error, reason: null });
  },
  'task.cancelled'(state, record) {
    finish(state, record, { status: 'cancelled', error: null, reason: record.payload.reason });
  },
} satisfies Folds;

export const taskDecisions = {
  'task.submit'(turn, { at, payload }) {
    const { taskId, startAt } = payload;
    if (!isValid(turn, payload, at)) return;
    if (payload.ifNoAgent === 'fail' && !hasAgent(turn, payload)) {
      return failTask(turn, taskId, { code: 'noAgent', message: `no registered agent can do it: ${asked(payload)}` });
    }
    if (startAt === undefined || startAt <= at) turn.emit(taskId, 'task.enqueued', { taskId });
  },
  'task.assign'(turn, { payload: { taskId, agentId } }) {
    assign(turn, taskId, agentId, {
      strategy: 'byHand',
      confidence: 1,
      reason: 'chosen by hand',
      scores: {},
      alternatives: [],
    });
  },
  'task.started': buryIfStale,
  'task.progressed': buryIfStale,
  'task.result'(turn, record) {
    const entry = turn.state.leased(record);
    if (entry === undefined) return bury(turn, record, 'staleLease');
    const { taskId } = record.payload;
    closeWhatIsOpen(turn, taskId, 'the task is completed');
    turn.emit(taskId, 'task.completed', endingOf(turn, entry));
  },
  'task.error'(turn, record) {
    const entry = turn.state.leased(record);
    if (entry === undefined) return bury(turn, record, 'staleLease');
    const { error, retryable } = record.payload;
    if (retryable && error.code === 'driver' && attemptsLeft(turn, entry) > 0) retryTask(turn, entry, error);
    else failTask(turn, record.payload.taskId, error);
  },
  'deadletter.accept'(turn, { payload: { taskId } }) {
    const entry = turn.state.tasks.get(taskId);
    if (entry === undefined) return;
    closeWhatIsOpen(turn, taskId, 'its late result was accepted');
    turn.emit(taskId, 'task.completed', endingOf(turn, entry));
  },
  'task.cancel'(turn, { payload: { taskId, reason } }) {
    cancelTask(turn, taskId, reason);
  },
} satisfies Decisions;

function hasAgent({ state }: Turn, { type, requirements }: Payload<'task.submit'>): boolean {
  for (const { spec } of state.agents.all()) if (isCapable(spec, requirements, type)) return true;
  return false;
}

/** What a task asks for, in words. */
function asked({ type, requirements }: Pick<Payload<'task.submit'>, 'type' | 'requirements'>): string {
  const { agentType, capabilities, languages, specialisations } = requirements;
  const skills = [...capabilities, ...languages, ...specialisations];
  return `${agentType ?? 'any agent'} for ${type}${skills.length === 0 ? '' : ` with ${skills.join(', ')}`}`;
}

/** The entry of a task that is about to change. */
function changing({ changes, tasks }: HubState, taskId: string): TaskEntry | undefined {
  changes.task.add(taskId);
  return tasks.get(taskId);
}

/** A failed attempt begins anew with people, too: an approval was for what then failed. */
function forgetVerdicts(state: HubState, taskId: string): void {
  const entry = changing(state, taskId);
  if (entry !== undefined) entry.verdicts = [];
}

/** What was started under the lease before does not count for the next. */
function stopTheClock(state: HubState, taskId: string): void {
  const entry = changing(state, taskId);
  if (entry !== undefined) entry.startedAt = null;
}

function holderOf(state: HubState, taskId: string): string | null {
  const entry = state.tasks.get(taskId);
  return entry === undefined ? null : state.holderOf(entry);
}

/** The agent lets go of the task, and the room that it took is there for others. */
function release(state: HubState, taskId: string, agentId: string | null): void {
  state.tellAgent(agentId, { type: 'task.released', taskId });
  const type = agentId === null ? undefined : state.tasks.get(taskId)?.spec.type;
  if (type === undefined) return;
  state.limits.end(type);
  if (state.limits.isLimited(type, state)) state.wakeType(type);
}

function learn(state: HubState, agentId: string | null, outcome: Parameters<typeof update>[1]): void {
  const agent = agentId === null ? undefined : state.agents.get(agentId);
  if (agent === undefined) return;
  state.changes.agent.add(agent.spec.agentId);
  agent.performance = update(agent.performance, outcome);
  agent.failuresInRow = outcome.success ? 0 : agent.failuresInRow + 1;
}

type Ended = RecordOf<'task.completed' | 'task.failed' | 'task.cancelled'>;

function finish(state: HubState, record: Ended, ending: Pick<FinishedTask, 'status' | 'error' | 'reason'>) {
  const { type, at } = record;
  const { taskId, agentId, attempts, durationMs, latencyMs, quality } = record.payload;
  const entry = state.tasks.get(taskId);
  if (entry === undefined) return;
  release(state, taskId, agentId);
  state.tell('task', taskId, entry.actor, { type });
  state.broken.delete(`task:${taskId}`);
  state.queue.remove(taskId);
  for (const kind of ['task', 'start', 'retry'] as const) state.deadlines.set(kind, taskId, null);
  if (entry.spec.noProgressMs !== undefined) state.deadlines.set('progress', taskId, null);
  state.tasks.delete(taskId);
  state.changes.task.remove(taskId, entry.place);
  const { spec, submittedAt, priority, faults, warnings, lateFrom } = entry;
  const doneBy = lateFrom ?? agentId;
  const result = ending.status === 'completed' ? entry.result : null;
  state.finished.set(taskId, {
    spec,
    submittedAt,
    finishedAt: at,
    priority,
    agentId: doneBy,
    attempts,
    durationMs,
    latencyMs,
    quality,
    result,
    faults,
    warnings,
    ...ending,
  });
  if (spec.orchestrationId !== undefined) noteEnd(state, entry, record, doneBy);
  state.finished.trim(state.config.keepFinished, (finished) => {
    if (finished.spec.idempotencyKey !== undefined) state.keys.delete(finished.spec.idempotencyKey);
  });
  state.counters[ending.status]++;
  const agent = doneBy === null ? undefined : state.agents.get(doneBy);
  if (agent === undefined || ending.status === 'cancelled') return;
  agent[ending.status]++;
  state.changes.agent.add(agent.spec.agentId);
  // How long a late result took, and how good the agent is at such tasks, nobody can say.
  if (lateFrom === null && (record.type !== 'task.failed' || isAgentsOwn(record.payload))) {
    learn(state, agentId, { success: ending.status === 'completed', quality, latencyMs });
  }
}

function buryIfStale(turn: Turn, record: RecordOf<'task.started' | 'task.progressed'>): void {
  // The fold that came before has moved nothing if the lease was stale, and the lease is still the same if not.
  if (turn.state.leased(record) === undefined) bury(turn, record satisfies HubRecord, 'staleLease');
}
