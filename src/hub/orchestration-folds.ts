/**
 * How orchestrations fold: what each record says of a plan and its subtasks.
 *
 * Does not own: what the records of tasks, questions and gates say of them; that is orchestration-notes.ts.
 */
import type { RecordOf } from '../machines/messages.ts';
import { changing, newNode, type OrchestrationEntry, settle } from './orchestration-state.ts';
import { hold, letGo } from './queueing.ts';
import type { HubState } from './state.ts';
import type { Folds } from './turn.ts';

type Ended = RecordOf<'orchestration.completed' | 'orchestration.failed' | 'orchestration.cancelled'>;

export const orchestrationFolds = {
  'orchestration.request'(state, { seq, at, correlationId, payload }) {
    const { orchestrationId } = payload;
    state.changes.orchestration.add(orchestrationId);
    state.orchestrations.set(orchestrationId, {
      spec: payload,
      requestedAt: at,
      place: seq,
      correlationId,
      actor: state.spawn('orchestration', orchestrationId, { orchestrationId }),
      ended: null,
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
    const entry = changing(state, payload.orchestrationId);
    if (entry === undefined) return;
    entry.analysis = payload;
    state.tellOrchestration(payload.orchestrationId, { type: 'orchestration.analysed' });
    watchPlanning(state, entry, at);
  },
  'orchestration.planned'(state, { payload: { orchestrationId, plan, stages, estimate, warnings } }) {
    const entry = changing(state, orchestrationId);
    if (entry === undefined) return;
    const stageOf = new Map<string, number>();
    for (const [index, ids] of stages.entries()) for (const id of ids) stageOf.set(id, index + 1);
    for (const subtask of plan.subtasks) {
      entry.nodes.set(subtask.id, newNode(subtask, stageOf.get(subtask.id) ?? 1, null));
    }
    entry.plan = plan;
    entry.estimate = estimate;
    entry.warnings = warnings;
    entry.open = plan.subtasks.length;
    state.deadlines.set('planning', orchestrationId, null);
    state.tellOrchestration(orchestrationId, { type: 'orchestration.planned' });
  },
  'orchestration.stageStarted'(state, { at, payload: { orchestrationId, stage } }) {
    const entry = changing(state, orchestrationId);
    if (entry === undefined) return;
    entry.stage = Math.max(entry.stage, stage);
    entry.stages.push({ stage, startedAt: at, finishedAt: null });
  },
  'orchestration.stageCompleted'(state, { at, payload: { orchestrationId, stage } }) {
    for (const one of changing(state, orchestrationId)?.stages ?? []) {
      if (one.stage === stage) one.finishedAt = at;
    }
  },
  'orchestration.subtaskFailed'(state, { at, payload: { orchestrationId, subtaskId } }) {
    const entry = changing(state, orchestrationId);
    const node = entry?.nodes.get(subtaskId);
    if (entry === undefined || node === undefined) return;
    node.failedAt = at;
    watchRevisions(state, entry);
  },
  'orchestration.replaced'(state, { at, payload: { orchestrationId, subtaskId, subtasks } }) {
    const entry = changing(state, orchestrationId);
    const replaced = entry?.nodes.get(subtaskId);
    if (entry === undefined || replaced === undefined) return;
    settle(entry, replaced, 'replaced', at);
    for (const subtask of subtasks) {
      const node = newNode(subtask, replaced.stage, subtaskId);
      node.dependencies =
        subtask.dependencies.length === 0 ? replaced.dependencies : presentOf(entry, subtask.dependencies);
      entry.nodes.set(subtask.id, node);
      entry.open++;
    }
    // Whoever waited for the one that was replaced waits for all that stand in for it.
    for (const node of entry.nodes.values()) {
      if (node.dependencies.includes(subtaskId)) node.dependencies = presentOf(entry, node.dependencies);
    }
    watchRevisions(state, entry);
  },
  'orchestration.blocked'(state, { payload: { orchestrationId, subtaskId } }) {
    const entry = changing(state, orchestrationId);
    const node = entry?.nodes.get(subtaskId);
    if (entry === undefined || node === undefined) return;
    node.status = 'blocked';
    state.tellOrchestration(orchestrationId, { type: 'orchestration.blocked', subtaskId });
    watchRevisions(state, entry);
  },
  'orchestration.unblocked'(state, { at, payload: { orchestrationId, subtaskId, choice, gateId } }) {
    const entry = changing(state, orchestrationId);
    const node = entry?.nodes.get(subtaskId);
    if (entry === undefined || node === undefined) return;
    if (choice === 'skip') settle(entry, node, 'skipped', at);
    if (choice === 'retry') Object.assign(node, { status: 'waiting', retries: node.retries + 1 });
    for (const gate of entry.gates) if (gate.gateId === gateId) gate.choice = choice;
    state.tellOrchestration(orchestrationId, { type: 'orchestration.unblocked', subtaskId });
  },
  'orchestration.pause'(state, { payload: { orchestrationId } }) {
    state.tellOrchestration(orchestrationId, { type: 'orchestration.paused' });
    hold(state, orchestrationId);
  },
  'orchestration.resume'(state, { payload: { orchestrationId } }) {
    state.tellOrchestration(orchestrationId, { type: 'orchestration.resumed' });
    letGo(state, orchestrationId);
  },
  'orchestration.completed': end,
  'orchestration.failed': end,
  'orchestration.cancelled': end,
} satisfies Folds;

/** After a restart the planner is asked again, and has all of its time again. */
export function watchPlannersAgain(state: HubState, at: number): void {
  for (const entry of state.orchestrations.values()) {
    state.changes.orchestration.add(entry.spec.orchestrationId);
    watchPlanning(state, entry, at);
    for (const node of entry.nodes.values()) if (node.status === 'failed') node.failedAt = at;
    watchRevisions(state, entry);
  }
}

function watchPlanning(state: HubState, { spec, plan, analysis }: OrchestrationEntry, at: number): void {
  if (plan !== null || spec.plan !== undefined || analysis?.complexity !== 'complex') return;
  state.deadlines.set('planning', spec.orchestrationId, at + state.config.orchestration.planningMs);
}

/** When the planner is given up that was asked longest ago. */
function watchRevisions(state: HubState, { spec, nodes }: OrchestrationEntry): void {
  let first = Number.POSITIVE_INFINITY;
  for (const { status, failedAt } of nodes.values()) {
    if (status === 'failed' && failedAt !== null) first = Math.min(first, failedAt);
  }
  const dueAt = first === Number.POSITIVE_INFINITY ? null : first + state.config.orchestration.planningMs;
  state.deadlines.set('revision', spec.orchestrationId, dueAt);
}

/** These subtasks, with those that were replaced by what stands in for them now. */
function presentOf({ nodes }: OrchestrationEntry, ids: readonly string[]): string[] {
  const present = new Set<string>();
  const add = (id: string): void => {
    if (nodes.get(id)?.status !== 'replaced') present.add(id);
    else for (const node of nodes.values()) if (node.replaces === id) add(node.subtask.id);
  };
  ids.forEach(add);
  return [...present];
}

function end(state: HubState, { type, at, payload }: Ended): void {
  const { orchestrationId } = payload;
  const entry = state.orchestrations.get(orchestrationId);
  if (entry === undefined) return;
  state.tellOrchestration(orchestrationId, { type });
  state.broken.delete(`orchestration:${orchestrationId}`);
  state.deadlines.set('planning', orchestrationId, null);
  state.deadlines.set('revision', orchestrationId, null);
  entry.actor = null;
  entry.ended = endings[type];
  entry.finishedAt = at;
  entry.reason = 'reason' in payload ? payload.reason : null;
  state.orchestrations.delete(orchestrationId);
  state.changes.orchestration.remove(orchestrationId, entry.place);
  state.finishedOrchestrations.set(orchestrationId, entry);
  forget(state, entry);
  state.orchestrationCounters[entry.ended]++;
}

/** Together, those that are remembered have at most as many subtasks as finished tasks are remembered. */
function forget(state: HubState, entry: OrchestrationEntry): void {
  const weightOf = ({ nodes }: OrchestrationEntry) => Math.max(1, nodes.size);
  state.finishedSubtasks += weightOf(entry);
  while (state.finishedSubtasks > state.config.keepFinished) {
    const oldest = state.finishedOrchestrations.shift();
    if (oldest === undefined) return;
    state.finishedSubtasks -= weightOf(oldest);
  }
}

const endings = {
  'orchestration.completed': 'completed',
  'orchestration.failed': 'failed',
  'orchestration.cancelled': 'cancelled',
} as const;
