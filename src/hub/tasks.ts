/**
 * Tasks: from submission to one outcome.
 *
 * - K1 a message about work counts only under the present lease; any other is a dead letter (I17).
 * - K2 whatever a task had open is closed before the task itself ends.
 */
import type { Failure, HubRecord, Payload, RecordOf } from '../machines/messages.ts';
import { assign } from './assignment.ts';
import { bury } from './dead-letters.ts';
import type { FinishedTask, HubState, TaskEntry } from './state.ts';
import type { Decisions, Folds, Turn } from './turn.ts';

export const taskFolds = {
  'task.submit'(state, record) {
    const { taskId, requirements, timeoutMs, idempotencyKey, priority } = record.payload;
    const dueAt = timeoutMs === undefined ? null : record.at + timeoutMs;
    state.tasks.set(taskId, {
      spec: record.payload,
      place: record.seq,
      submittedAt: record.at,
      lane: JSON.stringify([requirements.agentType ?? null, requirements.capabilities, requirements.languages]),
      correlationId: record.correlationId,
      actor: state.spawn('task', taskId, { taskId, dueAt }),
      priority,
      startedAt: null,
      progress: null,
      result: null,
    });
    if (idempotencyKey !== undefined) state.keys.set(idempotencyKey, taskId);
    state.deadlines.set('task', taskId, dueAt);
    state.counters.submitted++;
  },
  'task.enqueued'(state, { payload: { taskId } }) {
    state.deadlines.set('retry', taskId, null);
    state.tellTask(taskId, { type: 'task.enqueued' });
    enqueue(state, taskId);
  },
  'task.prioritise'(state, { payload: { taskId, priority } }) {
    const entry = state.tasks.get(taskId);
    if (entry === undefined) return;
    entry.priority = priority;
    state.queue.reprioritise(taskId, priority);
  },
  'task.assigned'(state, { seq, payload: { taskId, agentId } }) {
    state.queue.dequeue(taskId);
    state.tellTask(taskId, { type: 'task.assigned', agentId, lease: seq });
    state.tellAgent(agentId, { type: 'task.assigned', taskId });
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
  },
  'task.result'(state, record) {
    const entry = state.leased(record);
    if (entry !== undefined) entry.result = record.payload.result;
  },
  'task.returned'(state, { payload: { taskId } }) {
    release(state, taskId, holderOf(state, taskId));
    state.tellTask(taskId, { type: 'task.returned' });
    enqueue(state, taskId);
  },
  'task.retried'(state, { at, payload: { taskId, delayMs } }) {
    release(state, taskId, holderOf(state, taskId));
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
  'task.submit'(turn, { payload: { taskId } }) {
    turn.emit(taskId, 'task.enqueued', { taskId });
  },
  'task.assign'(turn, { payload: { taskId, agentId } }) {
    assign(turn, taskId, agentId);
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
    if (turn.state.leased(record) === undefined) return bury(turn, record, 'staleLease');
    failTask(turn, record.payload.taskId, record.payload.error);
  },
  'task.cancel'(turn, { payload: { taskId, reason } }) {
    const entry = turn.state.tasks.get(taskId);
    if (entry === undefined) return;
    closeWhatIsOpen(turn, taskId, reason);
    turn.emit(taskId, 'task.cancelled', { reason, ...endingOf(turn, entry) });
  },
} satisfies Decisions;

/** Ends a task that cannot be completed. */
export function failTask(turn: Turn, taskId: string, error: Failure): void {
  const entry = turn.state.tasks.get(taskId);
  if (entry === undefined) return;
  closeWhatIsOpen(turn, taskId, error.message.slice(0, 500) || error.code);
  turn.emit(taskId, 'task.failed', { error, ...endingOf(turn, entry) });
}

function endingOf({ state }: Turn, entry: TaskEntry): Payload<'task.completed'> {
  const { taskId, attempts } = entry.actor.getSnapshot().context;
  return { taskId, agentId: state.holderOf(entry), attempts, durationMs: state.at - entry.submittedAt };
}

/** Takes a task back from its agent and puts it where it stood in the queue. */
export function returnTask(turn: Turn, taskId: string, reason: string): void {
  closeWhatIsOpen(turn, taskId, reason);
  turn.emit(taskId, 'task.returned', { taskId, reason });
}

function closeWhatIsOpen(turn: Turn, taskId: string, reason: string): void {
  const entry = turn.state.tasks.get(taskId);
  if (entry === undefined) return;
  const { consultations, gates } = turn.state.openOf(entry);
  for (const consultationId of consultations) {
    turn.emit(consultationId, 'consultation.cancelled', { consultationId, reason });
  }
  for (const gateId of gates) turn.emit(gateId, 'gate.cancelled', { gateId, reason });
}

function enqueue(state: HubState, taskId: string): void {
  const entry = state.tasks.get(taskId);
  if (entry === undefined) return;
  const { priority, place, lane } = entry;
  state.queue.enqueue({ id: taskId, priority, place, lane });
  state.becameQueued.add(taskId);
}

function holderOf(state: HubState, taskId: string): string | null {
  const entry = state.tasks.get(taskId);
  return entry === undefined ? null : state.holderOf(entry);
}

const release = (state: HubState, taskId: string, agentId: string | null): void =>
  state.tellAgent(agentId, { type: 'task.released', taskId });

type Ended = RecordOf<'task.completed' | 'task.failed' | 'task.cancelled'>;

function finish(
  state: HubState,
  { type, at, payload }: Ended,
  ending: Pick<FinishedTask, 'status' | 'error' | 'reason'>,
) {
  const { taskId, agentId, attempts, durationMs } = payload;
  const entry = state.tasks.get(taskId);
  if (entry === undefined) return;
  release(state, taskId, agentId);
  state.tellTask(taskId, { type });
  state.broken.delete(`task:${taskId}`);
  state.queue.remove(taskId);
  state.deadlines.set('task', taskId, null);
  state.deadlines.set('retry', taskId, null);
  state.tasks.delete(taskId);
  const { spec, submittedAt } = entry;
  const result = ending.status === 'completed' ? entry.result : null;
  state.finished.set(taskId, { spec, submittedAt, finishedAt: at, agentId, attempts, durationMs, result, ...ending });
  state.finished.trim(state.config.keepFinished, (finished) => {
    if (finished.spec.idempotencyKey !== undefined) state.keys.delete(finished.spec.idempotencyKey);
  });
  state.counters[ending.status]++;
  const agent = agentId === null ? undefined : state.agents.get(agentId);
  if (agent !== undefined && ending.status !== 'cancelled') agent[ending.status]++;
}

function buryIfStale(turn: Turn, record: RecordOf<'task.started' | 'task.progressed'>): void {
  // The fold that came before has moved nothing if the lease was stale, and the lease is still the same if not.
  if (turn.state.leased(record) === undefined) bury(turn, record satisfies HubRecord, 'staleLease');
}
