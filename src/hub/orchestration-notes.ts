/** What the records of tasks, questions and gates say of the subtask that they belong to. */
import type { Payload, RecordOf } from '../machines/messages.ts';
import { changing, type GateNote, type PlanNode, settle } from './orchestration-state.ts';
import type { HubState, TaskEntry } from './state.ts';

/** Of what something is a part. */
interface Part {
  readonly orchestrationId?: string | undefined;
  readonly subtaskId?: string | undefined;
}

/** A task that is part of a plan was submitted. */
export function noteBegin(state: HubState, { at, payload }: RecordOf<'task.submit'>): void {
  const node = nodeOf(state, payload);
  if (node === undefined) return;
  node.status = 'running';
  node.startedAt ??= at;
  node.isRejected = false;
  // A list that is spread into has room for more, and nodes stay in memory.
  node.taskIds = node.taskIds.length === 0 ? [payload.taskId] : [...node.taskIds, payload.taskId];
}

/**
 * A task that is part of a plan has ended.
 *
 * @param agentId who did it, or had it last
 */
export function noteEnd(
  state: HubState,
  { spec, result }: TaskEntry,
  { type, at, payload }: RecordOf<'task.completed' | 'task.failed' | 'task.cancelled'>,
  agentId: string | null,
): void {
  const entry = changing(state, spec.orchestrationId ?? '');
  const node = entry?.nodes.get(spec.subtaskId ?? '');
  if (entry === undefined || node === undefined || node.status !== 'running') return;
  node.agentId = agentId;
  node.attempts += payload.attempts;
  if (type === 'task.completed') {
    node.result = result;
    settle(entry, node, 'completed', at);
    return;
  }
  node.status = type === 'task.failed' ? 'failed' : 'cancelled';
  node.isRejected = 'error' in payload && payload.error.code === 'rejected';
  node.failures = [...node.failures, 'error' in payload ? payload.error.message : payload.reason];
}

/** A subtask's task was taken from somebody who made no progress. */
export function noteZombie(state: HubState, part: Part): void {
  const node = nodeOf(state, part);
  if (node !== undefined) node.zombies++;
}

/** An agent that is at a subtask asks a specialist. */
export function noteQuestion(state: HubState, { payload }: RecordOf<'consultation.request'>): void {
  const { orchestrationId, subtaskId } = partOfTask(state, payload.taskId);
  const { consultationId, specialistType, question } = payload;
  if (orchestrationId === undefined || subtaskId === undefined) return;
  const note = { consultationId, subtaskId, specialistType, question, outcome: null, by: null };
  changing(state, orchestrationId)?.consultations.push(note);
}

export function noteAnswer(
  state: HubState,
  { spec }: { readonly spec: Payload<'consultation.request'> },
  type: string,
  by: string | null,
): void {
  const { orchestrationId } = partOfTask(state, spec.taskId);
  if (orchestrationId === undefined) return;
  const note = changing(state, orchestrationId)?.consultations.findLast(
    ({ consultationId }) => consultationId === spec.consultationId,
  );
  if (note !== undefined) Object.assign(note, { outcome: type.slice('consultation.'.length), by });
}

/** A person is asked, about a subtask or by the agent that is at it. */
export function noteGate(state: HubState, gate: Payload<'gate.open'>): void {
  const { gateId, reason } = gate;
  const { orchestrationId, subtaskId = null } = partOfGate(state, gate);
  if (orchestrationId === undefined) return;
  const note: GateNote = { gateId, subtaskId, reason, outcome: null, by: null, choice: null };
  changing(state, orchestrationId)?.gates.push(note);
}

export function noteDecision(state: HubState, gate: Payload<'gate.open'>, type: string, by: string | null): void {
  const { orchestrationId } = partOfGate(state, gate);
  if (orchestrationId === undefined) return;
  const note = changing(state, orchestrationId)?.gates.findLast(({ gateId }) => gateId === gate.gateId);
  if (note !== undefined) Object.assign(note, { outcome: type.slice('gate.'.length), by });
}

const partOfTask = ({ tasks }: HubState, taskId: string | undefined): Part =>
  (taskId === undefined ? undefined : tasks.get(taskId)?.spec) ?? {};

const partOfGate = (state: HubState, gate: Payload<'gate.open'>): Part =>
  gate.orchestrationId === undefined ? partOfTask(state, gate.taskId) : gate;

const nodeOf = (state: HubState, { orchestrationId = '', subtaskId = '' }: Part): PlanNode | undefined =>
  changing(state, orchestrationId)?.nodes.get(subtaskId);
