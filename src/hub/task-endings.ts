/**
 * The ways in which a task leaves its agent: for good, to be tried again, or back to the queue.
 *
 * - K2 whatever a task had open is closed before the task itself ends, but for gates that keep its agent (Gl1).
 */
import type { Failure, Payload } from '../machines/messages.ts';
import { backoffMs } from './retry.ts';
import { isWorking, type TaskEntry } from './state.ts';
import type { Turn } from './turn.ts';

/** Ends a task that is not wanted any more. */
export function cancelTask(turn: Turn, taskId: string, reason: string): void {
  const entry = turn.state.tasks.get(taskId);
  if (entry === undefined) return;
  closeWhatIsOpen(turn, taskId, reason);
  turn.emit(taskId, 'task.cancelled', { reason, ...endingOf(turn, entry) });
}

/** Ends a task that cannot be completed. */
export function failTask(turn: Turn, taskId: string, error: Failure): void {
  const entry = turn.state.tasks.get(taskId);
  if (entry === undefined) return;
  // To close what it waits for would set it to work again.
  const isBlameless = error.code === 'timeout' && turn.state.holderOf(entry) !== null && !isWorking(entry);
  closeWhatIsOpen(turn, taskId, error.message.slice(0, 500) || error.code);
  turn.emit(taskId, 'task.failed', { error, ...(isBlameless && { blameless: true }), ...endingOf(turn, entry) });
}

export function endingOf({ state }: Turn, entry: TaskEntry): Payload<'task.completed'> {
  const { taskId, attempts } = entry.actor.getSnapshot().context;
  const ending = {
    taskId,
    agentId: state.holderOf(entry),
    attempts,
    durationMs: state.at - entry.submittedAt,
    latencyMs: latencyOf(entry, state.at),
    quality: entry.quality,
  };
  return entry.spec.orchestrationId === undefined ? ending : Object.assign(ending, partOf(entry));
}

/** Of which orchestration a task is which part, if it is. */
export const partOf = ({ spec: { orchestrationId, subtaskId } }: TaskEntry) =>
  orchestrationId === undefined ? {} : { orchestrationId, subtaskId };

/** Whether a failure is the agent's: a person who says no, or nobody who says anything, says nothing about it. */
export const isAgentsOwn = ({ error, blameless }: Payload<'task.failed'>): boolean =>
  blameless !== true && !['rejected', 'gateExpired', 'chartError'].includes(error.code);

/** How long the last attempt took; null when it was never started. */
export const latencyOf = (entry: TaskEntry | undefined, at: number): number | null =>
  entry === undefined || entry.startedAt === null ? null : at - entry.startedAt;

/**
 * Takes a task back from its agent and puts it where it stood in the queue. Its gates stay open (Gl1). One that keeps
 * losing its agents fails (I19). When nobody can help it, because the hub itself went away, it does not, and the attempt
 * does not count.
 */
export function returnTask(turn: Turn, taskId: string, reason: string, isBlameless = false): void {
  const entry = turn.state.tasks.get(taskId);
  if (entry === undefined) return;
  if (!isBlameless && attemptsLeft(turn, entry) <= 0)
    return failTask(turn, taskId, { code: 'agentLost', message: reason });
  closeConsultations(turn, entry, reason);
  turn.emit(taskId, 'task.returned', { taskId, reason, ...(isBlameless && { blameless: true }) });
}

export const attemptsLeft = ({ state }: Turn, entry: TaskEntry): number =>
  (entry.spec.maxAttempts ?? state.config.retry.maxAttempts) - countedAttempts(entry);

const countedAttempts = ({ actor, blameless }: TaskEntry): number => actor.getSnapshot().context.attempts - blameless;

export function retryTask(turn: Turn, entry: TaskEntry, error: Failure): void {
  const { taskId, agentId, attempts } = entry.actor.getSnapshot().context;
  closeWhatIsOpen(turn, taskId, error.message.slice(0, 500) || error.code);
  const delayMs = backoffMs(countedAttempts(entry), turn.state.config.retry, turn.random());
  turn.emit(taskId, 'task.retried', { taskId, agentId, attempt: attempts, delayMs, error });
}

/** Ends the consultations and gates of a task. */
export function closeWhatIsOpen(turn: Turn, taskId: string, reason: string): void {
  const entry = turn.state.tasks.get(taskId);
  if (entry === undefined) return;
  closeConsultations(turn, entry, reason);
  for (const gateId of new Set([...turn.state.openOf(entry).gates, ...entry.detachedGates])) {
    if (turn.state.gates.get(gateId)?.spec.keepsAgent === true) continue;
    turn.emit(gateId, 'gate.cancelled', { gateId, reason });
  }
}

function closeConsultations(turn: Turn, entry: TaskEntry, reason: string): void {
  for (const consultationId of turn.state.openOf(entry).consultations) {
    turn.emit(consultationId, 'consultation.cancelled', { consultationId, reason });
  }
}
