/**
 * Complex tasks: analyse, plan, run the subtasks over the specialists.
 *
 * Owns: what an orchestration does next. Does not own: how a subtask's task is done, retried or routed, since it is an
 * ordinary task; and what happens when one failed for good (blocked-subtasks.ts).
 *
 * - Or1 a subtask begins when all that it depends on is done; in `stages` mode also not before all of the
 *   stages before are done.
 * - Or3 when an orchestration ends, so has everything that it began.
 */
import { HubError } from '../machines/errors.ts';
import type { Json } from '../machines/json.ts';
import type { Payload } from '../machines/messages.ts';
import type { Plan, Subtask } from '../machines/plan.ts';
import { analyse } from './complexity.ts';
import { estimatePlan } from './estimate.ts';
import { handoffOf } from './handoff.ts';
import { isSettled, type OrchestrationEntry, type PlanNode } from './orchestration-state.ts';
import { type CheckOptions, checkPlan } from './plan-rules.ts';
import { acceptPlan } from './planner.ts';
import type { HubState } from './state.ts';
import { taskIdFor } from './subtask-ids.ts';
import { cancelTask } from './task-endings.ts';
import { describe } from './thrown.ts';
import type { Decisions, Turn } from './turn.ts';

export const orchestrationDecisions = {
  'orchestration.request'(turn, { payload }) {
    const { orchestrationId, request, plan } = payload;
    const entry = turn.state.orchestrations.get(orchestrationId);
    if (entry === undefined) return;
    turn.began(entry);
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
    if (turn.state.orchestrations.get(orchestrationId)?.plan === null) fail(turn, orchestrationId, reason);
  },
  'orchestration.planned': advance,
  'task.completed': advance,
  'orchestration.replaced': advance,
  'orchestration.unblocked': advance,
  'orchestration.resume': advance,
  'orchestration.cancel'(turn, { payload: { orchestrationId, reason } }) {
    const entry = turn.state.orchestrations.get(orchestrationId);
    if (entry === undefined) return;
    stopWhatRuns(turn, entry, reason);
    turn.emit(orchestrationId, 'orchestration.cancelled', { orchestrationId, reason, durationMs: age(turn, entry) });
  },
} satisfies Decisions;

/** Ends an orchestration that cannot be completed, and all that it began. */
export function fail(turn: Turn, orchestrationId: string, why: string): void {
  const entry = turn.state.orchestrations.get(orchestrationId);
  if (entry === undefined) return;
  const reason = why.slice(0, 500) || 'failed';
  stopWhatRuns(turn, entry, reason);
  turn.emit(orchestrationId, 'orchestration.failed', { orchestrationId, reason, durationMs: age(turn, entry) });
}

/** By what a plan is checked: who there is, and how large it may be. */
export const planRules = ({ agents, config }: HubState): CheckOptions => ({
  owners: agents.types(),
  limits: config.orchestration.limits,
});

function takePlan(turn: Turn, orchestrationId: string, answer: Json): void {
  if (turn.state.orchestrations.get(orchestrationId)?.plan !== null) return;
  let plan: Plan;
  try {
    plan = acceptPlan(answer, planRules(turn.state));
  } catch (error) {
    return fail(turn, orchestrationId, withAdvice(error));
  }
  const { stages, warnings } = checkPlan(plan, planRules(turn.state));
  planned(turn, orchestrationId, plan, stages, warnings);
}

/** Why a plan is refused, and what would help. */
function withAdvice(error: unknown): string {
  const [fault, more] = error instanceof HubError ? error.faults : [];
  const advice = more === undefined ? fault?.suggestion : undefined;
  return advice === undefined ? describe(error) : `${describe(error)}; ${advice}`;
}

/** A simple request is one subtask for its master. */
function goStraight(turn: Turn, { orchestrationId, request }: Payload<'orchestration.request'>, master: string | null) {
  const owner = master ?? request.masters?.[0];
  if (owner === undefined || !turn.state.agents.types().includes(owner)) {
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
  planned(turn, orchestrationId, { title, description, subtasks: [subtask] }, [[subtask.id]], []);
}

function planned(
  turn: Turn,
  orchestrationId: string,
  plan: Plan,
  stages: string[][],
  warnings: readonly { readonly rule: string; readonly message: string }[],
): void {
  turn.emit(orchestrationId, 'orchestration.planned', {
    orchestrationId,
    plan,
    stages,
    estimate: estimatePlan(plan, stages) as unknown as Json,
    warnings: warnings.map(({ rule, message }) => ({ rule, message })),
  });
}

/** Begins what can begin, and ends what has come to its end. */
function advance(turn: Turn, { payload: { orchestrationId } }: { payload: { orchestrationId?: string | undefined } }) {
  const entry = orchestrationId === undefined ? undefined : turn.state.orchestrations.get(orchestrationId);
  const state = entry?.actor?.getSnapshot();
  if (orchestrationId === undefined || entry === undefined || state === undefined || entry.plan === null) return;
  finishStages(turn, entry);
  if (entry.open === 0) {
    turn.emit(orchestrationId, 'orchestration.completed', { orchestrationId, durationMs: age(turn, entry) });
    return;
  }
  if (state.value !== 'running' && state.value !== 'blocked') return;
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
  turn.emit('hub', 'task.submit', {
    taskId: taskIdFor(turn.state, entry, node),
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

/** Or3. The tasks' own ends find no live orchestration any more, so nobody is asked about them. */
function stopWhatRuns(turn: Turn, { nodes, gates }: OrchestrationEntry, reason: string): void {
  for (const node of nodes.values()) {
    const taskId = node.taskIds.at(-1);
    if (node.status === 'running' && taskId !== undefined) cancelTask(turn, taskId, reason);
  }
  for (const { gateId } of gates) {
    if (turn.state.gates.has(gateId)) turn.emit(gateId, 'gate.cancelled', { gateId, reason });
  }
}

const age = ({ state }: Turn, { requestedAt }: OrchestrationEntry): number => state.at - requestedAt;
