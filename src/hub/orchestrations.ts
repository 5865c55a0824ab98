/**
 * Complex tasks: analyse, plan, run the subtasks over the specialists, and ask a person when one cannot
 * be done.
 *
 * Owns: what an orchestration does next. Does not own: how a subtask's task is done, retried or routed;
 * it is an ordinary task.
 *
 * - Or1 a subtask begins when all that it depends on is done; in `stages` mode also not before all of the
 *   stages before are done.
 * - Or2 a subtask that failed for good is revised once by the planner, then it waits for a person; its
 *   siblings go on where they can.
 * - Or3 when an orchestration ends, so has everything that it began.
 */
import { contentHash } from '../machines/hash.ts';
import type { Json } from '../machines/json.ts';
import type { Payload, RecordOf } from '../machines/messages.ts';
import type { Plan, Subtask } from '../machines/plan.ts';
import { analyse } from './complexity.ts';
import { estimatePlan } from './estimate.ts';
import { handoffOf } from './handoff.ts';
import { isSettled, type OrchestrationEntry, type PlanNode } from './orchestration-state.ts';
import { checkPlan } from './plan-rules.ts';
import { acceptPlan, acceptRevision } from './planner.ts';
import { stagesOf } from './stages.ts';
import { cancelTask } from './task-endings.ts';
import type { Decisions, Turn } from './turn.ts';

/** What a person can choose when a subtask cannot be done; turning the gate down aborts. */
export const choices = ['retry', 'skip', 'replace'] as const;

export const orchestrationDecisions = {
  'orchestration.request'(turn, { payload }) {
    const { orchestrationId, request, plan } = payload;
    const { complexity, level, reasons, domains, masters, master } = analyse(request);
    const isComplex = complexity === 'complex' || plan !== undefined;
    turn.emit(orchestrationId, 'orchestration.analysed', {
      orchestrationId,
      complexity: isComplex ? 'complex' : 'simple',
      level,
      reasons: [...reasons],
      domains: [...domains],
      masters: [...masters],
      master,
    });
    if (plan !== undefined) takePlan(turn, orchestrationId, plan);
    else if (!isComplex) goStraight(turn, payload, master);
    // Otherwise the planner is asked, once the analysis is durable.
  },
  'orchestration.plan'(turn, { payload: { orchestrationId, plan } }) {
    takePlan(turn, orchestrationId, plan);
  },
  'orchestration.unplanned'(turn, { payload: { orchestrationId, reason } }) {
    fail(turn, orchestrationId, reason);
  },
  'orchestration.planned': (turn, { payload }) => advance(turn, payload.orchestrationId),
  'task.completed': (turn, record) => advanceParent(turn, record),
  'task.failed': (turn, { payload }) => {
    const part = partOf(turn, payload.taskId);
    if (part === undefined) return;
    const { orchestrationId, subtaskId } = part;
    turn.emit(orchestrationId, 'orchestration.subtaskFailed', {
      orchestrationId,
      subtaskId,
      taskId: payload.taskId,
      error: payload.error,
    });
  },
  'task.cancelled'(turn, { payload }) {
    const part = partOf(turn, payload.taskId);
    if (part !== undefined) askPerson(turn, part.entry, part.subtaskId, `was cancelled: ${payload.reason}`);
  },
  'orchestration.subtaskFailed'(turn, { payload: { orchestrationId, subtaskId, error } }) {
    const entry = turn.state.orchestrations.get(orchestrationId);
    const node = entry?.nodes.get(subtaskId);
    if (entry === undefined || node === undefined || mayBeRevised(turn, node)) return; // The planner is asked then.
    askPerson(turn, entry, subtaskId, error.message);
  },
  'orchestration.revision'(turn, { payload: { orchestrationId, subtaskId, subtasks } }) {
    const entry = turn.state.orchestrations.get(orchestrationId);
    const node = entry?.nodes.get(subtaskId);
    if (entry === undefined || node?.status !== 'failed') return;
    const others = replacements(turn, entry, node, subtasks);
    if (others.length > 0) replace(turn, entry, subtaskId, others, 'planner');
    else askPerson(turn, entry, subtaskId, node.failures.at(-1) ?? 'it failed');
  },
  'orchestration.replaced': (turn, { payload }) => advance(turn, payload.orchestrationId),
  'orchestration.unblocked': (turn, { payload }) => advance(turn, payload.orchestrationId),
  'orchestration.resume': (turn, { payload }) => advance(turn, payload.orchestrationId),
  'orchestration.cancel'(turn, { payload: { orchestrationId, reason } }) {
    const entry = turn.state.orchestrations.get(orchestrationId);
    if (entry === undefined) return;
    stopWhatRuns(turn, entry, reason);
    turn.emit(orchestrationId, 'orchestration.cancelled', { orchestrationId, reason, durationMs: age(turn, entry) });
  },
} satisfies Decisions;

/** Whether the planner is asked how else a subtask could be done: once, and not about its own answer. */
export const mayBeRevised = ({ planner }: Pick<Turn, 'planner'>, node: PlanNode): boolean =>
  planner.revise !== undefined && node.replaces === null && node.retries === 0;

/** What a person chose at the gate of a subtask. */
export function unblock(turn: Turn, payload: Payload<'gate.decide'>, gate: Payload<'gate.open'>): void {
  const { orchestrationId = '', subtaskId = '' } = gate;
  const entry = turn.state.orchestrations.get(orchestrationId);
  const node = entry?.nodes.get(subtaskId);
  if (entry === undefined || node === undefined) return;
  const choice = payload.choice === 'skip' || payload.choice === 'replace' ? payload.choice : 'retry';
  const others = choice === 'replace' ? replacements(turn, entry, node, payload.answer) : [];
  if (choice === 'replace' && others.length === 0) {
    turn.emit(orchestrationId, 'orchestration.unblocked', { orchestrationId, subtaskId, choice, by: payload.by });
    return askPerson(turn, entry, subtaskId, 'what was to replace it is not a valid plan');
  }
  if (choice === 'replace') replace(turn, entry, subtaskId, others, payload.by);
  turn.emit(orchestrationId, 'orchestration.unblocked', { orchestrationId, subtaskId, choice, by: payload.by });
}

/** Ends an orchestration that cannot be completed, and all that it began. */
export function fail(turn: Turn, orchestrationId: string, why: string): void {
  const entry = turn.state.orchestrations.get(orchestrationId);
  if (entry === undefined) return;
  const reason = why.slice(0, 500);
  stopWhatRuns(turn, entry, reason);
  turn.emit(orchestrationId, 'orchestration.failed', { orchestrationId, reason, durationMs: age(turn, entry) });
}

function takePlan(turn: Turn, orchestrationId: string, answer: Json): void {
  const entry = turn.state.orchestrations.get(orchestrationId);
  if (entry === undefined || entry.plan !== null) return;
  try {
    planned(turn, orchestrationId, acceptPlan(answer, { owners: mastersOf(turn) }));
  } catch (error) {
    fail(turn, orchestrationId, error instanceof Error ? error.message : String(error));
  }
}

/** A simple request is one subtask for its master. */
function goStraight(turn: Turn, { orchestrationId, request }: Payload<'orchestration.request'>, master: string | null) {
  const owner = master ?? request.masters?.[0];
  if (owner === undefined || !mastersOf(turn).includes(owner)) {
    return fail(turn, orchestrationId, `it is for ${owner ?? 'nobody that is known'}, and there is no such master`);
  }
  const { title, description, files = [], minutes = 30, tokens = 0 } = request;
  const subtask: Subtask = {
    id: 'task',
    title,
    description,
    owner,
    workerType: null,
    capabilities: [],
    dependencies: [],
    minutes: { min: Math.min(minutes, 10), max: minutes },
    tokens,
    files,
    successCriteria: '',
  };
  planned(turn, orchestrationId, { title, description, subtasks: [subtask] }, []);
}

function planned(turn: Turn, orchestrationId: string, plan: Plan, found?: { rule: string; message: string }[]): void {
  const staged = stagesOf(plan.subtasks);
  const stages = 'stages' in staged ? staged.stages : [];
  const warnings = found ?? checkPlan(plan, { owners: mastersOf(turn) }).warnings;
  turn.emit(orchestrationId, 'orchestration.planned', {
    orchestrationId,
    plan,
    stages,
    estimate: estimatePlan(plan, stages) as unknown as Json,
    warnings: warnings.map(({ rule, message }) => ({ rule, message })),
  });
}

/** Begins what can begin, and ends what has come to its end. */
function advance(turn: Turn, orchestrationId: string): void {
  const entry = turn.state.orchestrations.get(orchestrationId);
  const state = entry?.actor.getSnapshot();
  if (entry === undefined || state === undefined) return;
  finishStages(turn, entry);
  if (entry.open === 0) {
    turn.emit(orchestrationId, 'orchestration.completed', { orchestrationId, durationMs: age(turn, entry) });
    return;
  }
  if (!state.matches('running') && !state.matches('blocked')) return;
  const stage = entry.spec.mode === 'dag' ? Number.POSITIVE_INFINITY : firstOpenStage(entry);
  const ready = [...entry.nodes.values()].filter((node) => node.status === 'waiting' && mayBegin(entry, node, stage));
  startStages(turn, entry, ready);
  for (const node of ready) begin(turn, entry, node);
}

function mayBegin(entry: OrchestrationEntry, node: PlanNode, openStage: number): boolean {
  if (node.stage > openStage) return false;
  for (const id of node.dependencies) {
    const dependency = entry.nodes.get(id);
    if (dependency !== undefined && !isSettled(dependency)) return false;
  }
  return true;
}

function firstOpenStage({ nodes }: OrchestrationEntry): number {
  let first = Number.POSITIVE_INFINITY;
  for (const node of nodes.values()) if (!isSettled(node)) first = Math.min(first, node.stage);
  return first;
}

function startStages(turn: Turn, { spec, nodes, stages }: OrchestrationEntry, ready: readonly PlanNode[]): void {
  const begun = new Set(stages.map(({ stage }) => stage));
  const fresh = new Set(ready.map(({ stage }) => stage).filter((stage) => !begun.has(stage)));
  for (const stage of [...fresh].sort((a, b) => a - b)) {
    const subtasks = [...nodes.values()].filter((node) => node.stage === stage).map(({ subtask }) => subtask.id);
    turn.emit(spec.orchestrationId, 'orchestration.stageStarted', {
      orchestrationId: spec.orchestrationId,
      stage,
      subtasks,
    });
  }
}

function finishStages(turn: Turn, { spec, nodes, stages }: OrchestrationEntry): void {
  for (const { stage } of stages.filter(({ finishedAt }) => finishedAt === null)) {
    if ([...nodes.values()].some((node) => node.stage === stage && !isSettled(node))) continue;
    const { orchestrationId } = spec;
    turn.emit(orchestrationId, 'orchestration.stageCompleted', { orchestrationId, stage });
  }
}

function begin(turn: Turn, entry: OrchestrationEntry, node: PlanNode): void {
  const { orchestrationId, priority } = entry.spec;
  const { owner, capabilities, workerType, id } = node.subtask;
  const { noProgressMs, maxAttempts } = turn.state.config.orchestration;
  const times = node.taskIds.length;
  turn.emit('hub', 'task.submit', {
    taskId: nameOf(entry, node, times === 0 ? '' : `.${times + 1}`),
    type: workerType ?? 'subtask',
    payload: handoffOf(entry, node) as unknown as Json,
    priority,
    requirements: { agentType: owner, capabilities, languages: [], specialisations: [] },
    maxAttempts,
    ifNoAgent: 'wait',
    orchestrationId,
    subtaskId: id,
    noProgressMs,
  });
}

/** An id that says whose it is, as far as there is room. */
function nameOf({ spec, nodes }: OrchestrationEntry, { subtask }: PlanNode, suffix: string): string {
  const name = `${spec.orchestrationId}.${subtask.id}`;
  if (name.length + suffix.length <= 120) return `${name}${suffix}`;
  return `${spec.orchestrationId.slice(0, 90)}.${[...nodes.keys()].indexOf(subtask.id)}${suffix}`;
}

function advanceParent(turn: Turn, { payload: { taskId } }: RecordOf<'task.completed'>): void {
  const orchestrationId = turn.state.finished.get(taskId)?.spec.orchestrationId;
  if (orchestrationId !== undefined) advance(turn, orchestrationId);
}

/** The live orchestration and the subtask that a finished task belongs to, if it is the one that counts. */
function partOf({ state }: Turn, taskId: string) {
  const { orchestrationId, subtaskId } = state.finished.get(taskId)?.spec ?? {};
  if (orchestrationId === undefined || subtaskId === undefined) return undefined;
  const entry = state.orchestrations.get(orchestrationId);
  const node = entry?.nodes.get(subtaskId);
  if (entry === undefined || node === undefined || node.taskIds.at(-1) !== taskId) return undefined;
  return { entry, orchestrationId, subtaskId };
}

function askPerson(turn: Turn, entry: OrchestrationEntry, subtaskId: string, why: string): void {
  const { orchestrationId, approvers } = entry.spec;
  const node = entry.nodes.get(subtaskId);
  if (node === undefined) return;
  const gateId = nameOf(entry, node, `.gate${entry.gates.length + 1}`);
  const { title, owner, successCriteria } = node.subtask;
  const shown = {
    reason: `${title}: ${why}`.slice(0, 10_000),
    context: {
      orchestration: entry.spec.request.title,
      subtask: subtaskId,
      owner,
      successCriteria,
      failures: [...node.failures],
    },
  };
  turn.emit('hub', 'gate.open', {
    gateId,
    orchestrationId,
    subtaskId,
    ...shown,
    choices: [...choices],
    ...(approvers && { approvers }),
    ladder: [],
    contentHash: contentHash(shown),
  });
  turn.emit(orchestrationId, 'orchestration.blocked', {
    orchestrationId,
    subtaskId,
    gateId,
    reason: why.slice(0, 500) || 'failed',
  });
}

function replacements(turn: Turn, entry: OrchestrationEntry, node: PlanNode, answer: Json): readonly Subtask[] {
  try {
    return acceptRevision(answer, node.subtask, { owners: mastersOf(turn), taken: [...entry.nodes.keys()] });
  } catch {
    return [];
  }
}

function replace(
  turn: Turn,
  { spec }: OrchestrationEntry,
  subtaskId: string,
  subtasks: readonly Subtask[],
  by: string,
): void {
  const { orchestrationId } = spec;
  turn.emit(orchestrationId, 'orchestration.replaced', { orchestrationId, subtaskId, subtasks: [...subtasks], by });
}

/** Or3. The tasks' own ends find no live orchestration any more, so nobody is asked about them. */
function stopWhatRuns(turn: Turn, { spec, nodes }: OrchestrationEntry, reason: string): void {
  for (const node of nodes.values()) {
    const taskId = node.taskIds.at(-1);
    if (node.status === 'running' && taskId !== undefined) cancelTask(turn, taskId, reason);
  }
  for (const [gateId, gate] of turn.state.gates) {
    if (gate.spec.orchestrationId === spec.orchestrationId) turn.emit(gateId, 'gate.cancelled', { gateId, reason });
  }
}

const age = ({ state }: Turn, { requestedAt }: OrchestrationEntry): number => state.at - requestedAt;

/** Who can own a subtask: the types of the registered agents. */
export const mastersOf = ({ state }: Pick<Turn, 'state'>): string[] => [
  ...new Set([...state.agents.all()].map(({ spec }) => spec.type)),
];
