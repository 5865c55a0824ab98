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
import { type Plan, planSchema, type Subtask } from '../machines/plan.ts';
import { clip } from './clip.ts';
import { analyse, analysisByPlan } from './complexity.ts';
import { estimatePlan } from './estimate.ts';
import { handoffOf } from './handoff.ts';
import { isSettled, type OrchestrationEntry, type PlanNode } from './orchestration-state.ts';
import { type CheckOptions, checkWithin, type Finding } from './plan-rules.ts';
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
    const read = plan === undefined ? undefined : readOrFail(turn, orchestrationId, plan);
    if (plan !== undefined && read === undefined) return;
    const { score: _score, ...analysis } = read === undefined ? analyse(request) : analysisByPlan(request, read.plan);
    turn.emit(orchestrationId, 'orchestration.analysed', { orchestrationId, ...analysis });
    if (read !== undefined) planned(turn, orchestrationId, read);
    else if (analysis.complexity === 'simple') goStraight(turn, payload, analysis.master);
    // Otherwise the planner is asked, once the analysis is durable.
  },
  'orchestration.plan'(turn, { payload: { orchestrationId, plan } }) {
    if (turn.state.orchestrations.get(orchestrationId)?.plan !== null) return;
    const read = readOrFail(turn, orchestrationId, plan);
    if (read !== undefined) planned(turn, orchestrationId, read);
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
  const reason = clip(why, 500) || 'failed';
  stopWhatRuns(turn, entry, reason);
  turn.emit(orchestrationId, 'orchestration.failed', { orchestrationId, reason, durationMs: age(turn, entry) });
}

interface CheckedPlan {
  readonly plan: Plan;
  readonly stages: string[][];
  readonly warnings: readonly Finding[];
}

/** The plan that was read last: what was checked at the door need not be checked again in the turn that it begins. */
let last: (CheckedPlan & { readonly owners: string; readonly limits: object }) | undefined;

/**
 * An answer as the plan that it is, with its stages, by who there is and by how large a plan may be.
 *
 * Throws `invalid` with all findings.
 */
export function readPlan({ agents, config }: HubState, answer: Json): CheckedPlan {
  const owners = agents.types();
  const { limits } = config.orchestration;
  if (last?.plan === answer && last.limits === limits && last.owners === owners.join()) return last;
  const { data: plan } = planSchema.safeParse(answer);
  const check = plan && checkWithin(plan, owners, limits);
  if (plan === undefined || check === undefined || !check.valid) throw refusalOf(answer, { owners, limits });
  last = { plan, stages: check.stages, warnings: check.warnings, owners: owners.join(), limits };
  return last;
}

/** As `readPlan`; a plan that cannot be run ends its orchestration. */
function readOrFail(turn: Turn, orchestrationId: string, answer: Json): CheckedPlan | undefined {
  try {
    return readPlan(turn.state, answer);
  } catch (error) {
    fail(turn, orchestrationId, withAdvice(error));
    return undefined;
  }
}

/** All that is wrong with an answer that is no plan, or not a good one. */
function refusalOf(answer: Json, options: CheckOptions): unknown {
  try {
    acceptPlan(answer, options);
  } catch (refusal) {
    return refusal;
  }
  return new HubError('invalid', 'the plan is not valid');
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
  const plan = { title, description, subtasks: [subtask] };
  planned(turn, orchestrationId, { plan, stages: [[subtask.id]], warnings: [] });
}

function planned(turn: Turn, orchestrationId: string, { plan, stages, warnings }: CheckedPlan): void {
  const asked = turn.state.orchestrations.get(orchestrationId)?.spec.request.masters ?? [];
  const idle = asked.filter((master) => !plan.subtasks.some(({ owner }) => owner === master));
  turn.emit(orchestrationId, 'orchestration.planned', {
    orchestrationId,
    plan,
    stages,
    estimate: estimatePlan(plan, stages) as unknown as Json,
    warnings: [
      ...warnings.map(({ rule, message }) => ({ rule, message })),
      ...idle.map((master) => ({
        rule: 'masterWithoutSubtask',
        message: `${master} has to take part, and has no subtask`,
      })),
    ],
  });
}

/** Begins what can begin, and ends what has come to its end. */
function advance(turn: Turn, { payload: { orchestrationId } }: { payload: { orchestrationId?: string | undefined } }) {
  const entry = orchestrationId === undefined ? undefined : turn.state.orchestrations.get(orchestrationId);
  const state = entry?.actor?.getSnapshot();
  if (orchestrationId === undefined || entry === undefined || state === undefined || entry.plan === null) return;
  const firstOpen = firstOpenStage(entry);
  finishStages(turn, entry, firstOpen);
  if (entry.open === 0) {
    turn.emit(orchestrationId, 'orchestration.completed', { orchestrationId, durationMs: age(turn, entry) });
    return;
  }
  if (state.value !== 'running' && state.value !== 'blocked') return;
  const last = entry.spec.mode === 'dag' ? Number.POSITIVE_INFINITY : firstOpen;
  const ready: PlanNode[] = [];
  for (const node of entry.nodes.values()) {
    if (node.status === 'waiting' && node.stage <= last && hasAllItNeeds(entry, node)) ready.push(node);
  }
  if (ready.length === 0) return;
  startStages(turn, entry, ready);
  for (const node of ready) begin(turn, entry, node);
}

function hasAllItNeeds({ nodes }: OrchestrationEntry, { dependencies }: PlanNode): boolean {
  for (const id of dependencies) {
    const dependency = nodes.get(id);
    if (dependency !== undefined && !isSettled(dependency)) return false;
  }
  return true;
}

function firstOpenStage({ nodes }: OrchestrationEntry): number {
  let first = Number.POSITIVE_INFINITY;
  for (const node of nodes.values()) if (node.stage < first && !isSettled(node)) first = node.stage;
  return first;
}

function startStages(turn: Turn, { spec, nodes, stages }: OrchestrationEntry, ready: readonly PlanNode[]): void {
  const fresh: number[] = [];
  for (const { stage } of ready) {
    if (!fresh.includes(stage) && !stages.some((begun) => begun.stage === stage)) fresh.push(stage);
  }
  for (const stage of fresh.sort((a, b) => a - b)) {
    const subtasks: string[] = [];
    for (const node of nodes.values()) if (node.stage === stage) subtasks.push(node.subtask.id);
    turn.emit(spec.orchestrationId, 'orchestration.stageStarted', {
      orchestrationId: spec.orchestrationId,
      stage,
      subtasks: subtasks.slice(), // Without the room for more that a list has which was added to.
    });
  }
}

function finishStages(turn: Turn, { spec, nodes, stages }: OrchestrationEntry, firstOpen: number): void {
  const { orchestrationId } = spec;
  for (const { stage, finishedAt } of stages) {
    if (finishedAt !== null || (stage >= firstOpen && !isSettledStage(nodes, stage))) continue;
    turn.emit(orchestrationId, 'orchestration.stageCompleted', { orchestrationId, stage });
  }
}

function isSettledStage(nodes: ReadonlyMap<string, PlanNode>, stage: number): boolean {
  for (const node of nodes.values()) if (node.stage === stage && !isSettled(node)) return false;
  return true;
}

const none: string[] = Object.freeze([]) as unknown as [];

function begin(turn: Turn, entry: OrchestrationEntry, node: PlanNode): void {
  const { orchestrationId, priority } = entry.spec;
  const { owner, capabilities, workerType, id } = node.subtask;
  const { noProgressMs, maxAttempts } = turn.state.config.orchestration;
  turn.emit('hub', 'task.submit', {
    taskId: taskIdFor(turn.state, entry, node),
    type: workerType ?? 'subtask',
    payload: handoffOf(entry, node) as unknown as Json,
    priority,
    requirements: { agentType: owner, capabilities, languages: none, specialisations: none },
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
