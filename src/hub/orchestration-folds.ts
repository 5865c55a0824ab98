/** How orchestrations fold: what each record says of a plan and its subtasks. */
import type { Payload, RecordOf } from '../machines/messages.ts';
import { isSettled, newNode, type OrchestrationEntry, type PlanNode } from './orchestration-state.ts';
import type { HubState } from './state.ts';
import type { Folds } from './turn.ts';

type Ended = RecordOf<'orchestration.completed' | 'orchestration.failed' | 'orchestration.cancelled'>;

export const orchestrationFolds = {
  'orchestration.request'(state, { at, correlationId, payload }) {
    const { orchestrationId } = payload;
    state.orchestrations.set(orchestrationId, {
      spec: payload,
      requestedAt: at,
      correlationId,
      actor: state.spawn('orchestration', orchestrationId, { orchestrationId }),
      analysis: null,
      plan: null,
      estimate: null,
      warnings: [],
      nodes: new Map(),
      stage: 0,
      stages: [],
      open: 0,
      consultations: [],
      gates: [],
      finishedAt: null,
      reason: null,
    });
  },
  'orchestration.analysed'(state, { at, payload }) {
    const entry = state.orchestrations.get(payload.orchestrationId);
    if (entry === undefined) return;
    entry.analysis = payload;
    state.tellOrchestration(payload.orchestrationId, { type: 'orchestration.analysed' });
    state.deadlines.set('planning', payload.orchestrationId, at + state.config.orchestration.planningMs);
  },
  'orchestration.planned'(state, { payload: { orchestrationId, plan, stages, estimate, warnings } }) {
    const entry = state.orchestrations.get(orchestrationId);
    if (entry === undefined) return;
    const stageOf = new Map(stages.flatMap((ids, index) => ids.map((id) => [id, index + 1] as const)));
    for (const subtask of plan.subtasks) {
      entry.nodes.set(subtask.id, newNode(subtask, stageOf.get(subtask.id) ?? 1, null));
    }
    Object.assign(entry, { plan, estimate, warnings, open: plan.subtasks.length });
    state.deadlines.set('planning', orchestrationId, null);
    state.tellOrchestration(orchestrationId, { type: 'orchestration.planned' });
  },
  'orchestration.stageStarted'(state, { at, payload: { orchestrationId, stage } }) {
    const entry = state.orchestrations.get(orchestrationId);
    if (entry === undefined) return;
    entry.stage = Math.max(entry.stage, stage);
    entry.stages.push({ stage, startedAt: at, finishedAt: null });
  },
  'orchestration.stageCompleted'(state, { at, payload: { orchestrationId, stage } }) {
    for (const one of state.orchestrations.get(orchestrationId)?.stages ?? []) {
      if (one.stage === stage) one.finishedAt = at;
    }
  },
  'orchestration.replaced'(state, { payload: { orchestrationId, subtaskId, subtasks } }) {
    const entry = state.orchestrations.get(orchestrationId);
    const replaced = entry?.nodes.get(subtaskId);
    if (entry === undefined || replaced === undefined) return;
    settle(entry, replaced, 'replaced');
    for (const subtask of subtasks) {
      const node = newNode(subtask, replaced.stage, subtaskId);
      if (subtask.dependencies.length === 0) node.dependencies = replaced.dependencies;
      entry.nodes.set(subtask.id, node);
      entry.open++;
    }
    // Whoever waited for the one that was replaced waits for all that stand in for it.
    for (const node of entry.nodes.values()) {
      if (!node.dependencies.includes(subtaskId)) continue;
      node.dependencies = node.dependencies.flatMap((id) => (id === subtaskId ? subtasks.map((one) => one.id) : [id]));
    }
  },
  'orchestration.blocked'(state, { payload: { orchestrationId, subtaskId } }) {
    const node = state.orchestrations.get(orchestrationId)?.nodes.get(subtaskId);
    if (node !== undefined) node.status = 'blocked';
    state.tellOrchestration(orchestrationId, { type: 'orchestration.blocked', subtaskId });
  },
  'orchestration.unblocked'(state, { at, payload: { orchestrationId, subtaskId, choice } }) {
    const entry = state.orchestrations.get(orchestrationId);
    const node = entry?.nodes.get(subtaskId);
    if (entry !== undefined && node !== undefined) {
      if (choice === 'skip') settle(entry, node, 'skipped', at);
      if (choice === 'retry') Object.assign(node, { status: 'waiting', retries: node.retries + 1 });
    }
    state.tellOrchestration(orchestrationId, { type: 'orchestration.unblocked', subtaskId });
  },
  'orchestration.pause'(state, { payload: { orchestrationId } }) {
    state.tellOrchestration(orchestrationId, { type: 'orchestration.paused' });
  },
  'orchestration.resume'(state, { payload: { orchestrationId } }) {
    state.tellOrchestration(orchestrationId, { type: 'orchestration.resumed' });
  },
  'orchestration.completed': end,
  'orchestration.failed': end,
  'orchestration.cancelled': end,
} satisfies Folds;

/** A task that is part of a plan was submitted. */
export function noteBegin(state: HubState, record: RecordOf<'task.submit'>): void {
  const node = nodeOf(state, record.payload);
  if (node === undefined) return;
  node.status = 'running';
  node.startedAt ??= record.at;
  node.taskIds.push(record.payload.taskId);
}

/** A task that is part of a plan has ended. */
export function noteEnd(
  state: HubState,
  part: { readonly orchestrationId?: string | undefined; readonly subtaskId?: string | undefined },
  { type, at, payload }: RecordOf<'task.completed' | 'task.failed' | 'task.cancelled'>,
  result: PlanNode['result'],
): void {
  const entry = state.orchestrations.get(part.orchestrationId ?? '');
  const node = entry?.nodes.get(part.subtaskId ?? '');
  if (entry === undefined || node === undefined || node.status !== 'running') return;
  node.agentId = payload.agentId;
  node.attempts += payload.attempts;
  if (type === 'task.completed') {
    node.result = result;
    settle(entry, node, 'completed', at);
  } else {
    node.status = type === 'task.failed' ? 'failed' : 'cancelled';
    node.failures.push('error' in payload ? payload.error.message : payload.reason);
  }
}

/** An agent that is at a subtask asks a specialist. */
export function noteConsultation(state: HubState, { payload }: RecordOf<'consultation.request'>): void {
  const { orchestrationId, subtaskId } = state.tasks.get(payload.taskId ?? '')?.spec ?? {};
  const { specialistType, question } = payload;
  if (orchestrationId === undefined || subtaskId === undefined) return;
  state.orchestrations.get(orchestrationId)?.consultations.push({ subtaskId, specialistType, question });
}

/** A person is asked, about a subtask or by the agent that is at it. */
export function noteGate(state: HubState, { gateId, taskId, reason, ...gate }: Payload<'gate.open'>): void {
  const { orchestrationId, subtaskId } =
    gate.orchestrationId === undefined ? (state.tasks.get(taskId ?? '')?.spec ?? {}) : gate;
  if (orchestrationId === undefined) return;
  state.orchestrations.get(orchestrationId)?.gates.push({ gateId, subtaskId: subtaskId ?? null, reason });
}

export const nodeOf = (
  state: HubState,
  part: { readonly orchestrationId?: string | undefined; readonly subtaskId?: string | undefined },
): PlanNode | undefined =>
  part.orchestrationId === undefined
    ? undefined
    : state.orchestrations.get(part.orchestrationId)?.nodes.get(part.subtaskId ?? '');

function settle(entry: OrchestrationEntry, node: PlanNode, status: PlanNode['status'], at?: number): void {
  if (!isSettled(node)) entry.open--;
  node.status = status;
  node.finishedAt = at ?? node.finishedAt;
}

function end(state: HubState, { type, at, payload }: Ended): void {
  const { orchestrationId } = payload;
  const entry = state.orchestrations.get(orchestrationId);
  if (entry === undefined) return;
  state.tellOrchestration(orchestrationId, { type });
  state.broken.delete(`orchestration:${orchestrationId}`);
  state.deadlines.set('planning', orchestrationId, null);
  entry.finishedAt = at;
  entry.reason = 'reason' in payload ? payload.reason : null;
  state.orchestrations.delete(orchestrationId);
  state.finishedOrchestrations.set(orchestrationId, entry);
  state.finishedOrchestrations.trim(state.config.keepFinished);
  state.orchestrationCounters[
    type === 'orchestration.completed' ? 'completed' : type === 'orchestration.failed' ? 'failed' : 'cancelled'
  ]++;
}
