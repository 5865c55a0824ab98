/** What the hub tells about itself: plain copies, made when they are asked for. */
import type { Json } from '../machines/json.ts';
import type { Failure, Fault, Requirements, Rung } from '../machines/messages.ts';
import { type AgentStatus, agentStatus, statePath, type TaskStatus, taskStatus } from '../machines/status.ts';
import type { BreakerState } from './breaker.ts';
import { newAgent, type Performance } from './performance.ts';
import type { ProjectState } from './project-state.ts';
import type { AgentEntry } from './registry.ts';
import type { ScheduleEntry } from './schedules.ts';
import type { ConsultationEntry, Counters, FinishedTask, GateEntry, HubState, TaskEntry } from './state.ts';
import type { QueueStats } from './task-queue.ts';

export interface TaskView {
  readonly id: string;
  readonly type: string;
  readonly status: TaskStatus;
  /** Where its chart stands: `running.consulting`. */
  readonly state: string;
  readonly priority: number;
  readonly requirements: Requirements;
  readonly agentId: string | null;
  readonly attempts: number;
  readonly progress: TaskEntry['progress'];
  /** Consultations and gates that it waits for. */
  readonly waitsFor: readonly string[];
  /** In ms since the epoch. */
  readonly submittedAt: number;
  readonly dueAt: number | null;
  readonly finishedAt: number | null;
  readonly result: Json;
  readonly error: Failure | null;
  /** Why it was cancelled. */
  readonly reason: string | null;
  /** What the validator found in its working spec. */
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
}

export interface AgentView {
  readonly id: string;
  readonly type: string;
  readonly name: string | null;
  readonly modelFamily: string | null;
  /** The only types of tasks that it takes; empty for any. */
  readonly taskTypes: readonly string[];
  readonly capabilities: readonly string[];
  readonly languages: readonly string[];
  readonly specialisations: readonly string[];
  readonly status: AgentStatus;
  /** Where its chart stands: `active.waiting`. */
  readonly state: string;
  readonly currentTask: string | null;
  readonly tasks: readonly string[];
  /** The consultation that it answers. */
  readonly answering: string | null;
  /** The gates that hold it. */
  readonly gates: readonly string[];
  readonly inbox: number;
  /** Tasks that it has, as a share of what it can have. */
  readonly load: number;
  readonly completed: number;
  readonly failed: number;
  /** Running averages that begin with a prior. */
  readonly performance: Performance;
  /** Whether its circuit breaker lets work through. */
  readonly breaker: BreakerState;
  /** When something was last heard of it, in ms since the epoch. */
  readonly lastHeardAt: number;
}

export interface ScheduleView {
  readonly id: string;
  /** The type of its tasks. */
  readonly taskType: string;
  readonly everyMs: number | null;
  readonly cron: string | null;
  readonly timezone: string | null;
  /** In ms since the epoch; null for never again. */
  readonly nextAt: number | null;
  readonly isPaused: boolean;
  readonly fired: number;
  readonly skipped: number;
  /** The task that it submitted last. */
  readonly lastTaskId: string | null;
}

export interface ConsultationView {
  readonly id: string;
  readonly state: string;
  readonly from: string;
  readonly taskId: string | null;
  readonly specialistType: string;
  readonly specialistId: string | null;
  readonly question: string;
  readonly context: Json;
  readonly requestedAt: number;
  readonly dueAt: number | null;
}

/** What a person needs to decide. */
export interface GateView {
  readonly id: string;
  readonly reason: string;
  readonly context: Json;
  readonly agentId: string | null;
  readonly taskId: string | null;
  readonly taskType: string | null;
  /** Who may decide; null for any human. */
  readonly approvers: readonly string[] | null;
  readonly openedAt: number;
  /** What there is to choose from when it is approved; null when approval is all. */
  readonly choices: readonly string[] | null;
  /** The orchestration that cannot go on without a decision. */
  readonly orchestrationId: string | null;
  /** What happens next when nobody decides, and when. */
  readonly next: { readonly action: Rung['action']; readonly at: number } | null;
  readonly reminders: number;
  /** Hand it to `decideGate`, so that nobody decides on something else than what they saw. */
  readonly contentHash: string;
}

export interface HubStatus {
  readonly project: string;
  /** recovering, running, paused, draining or stopped. */
  readonly state: string;
  /** How many records the log has. */
  readonly seq: number;
  readonly queue: QueueStats & { readonly next: string | null };
  readonly agents: readonly AgentView[];
  /** Live tasks by status, and all that ever ended. */
  readonly tasks: { readonly [status in TaskStatus]: number };
  readonly consultations: number;
  readonly gates: number;
  readonly deadLetters: number;
  readonly schedules: readonly ScheduleView[];
  readonly projectState: ProjectView;
}

export interface ProjectView extends ProjectState {
  readonly counters: Readonly<Counters>;
  /** Share of the submitted tasks that have ended, 0 to 1; null before the first. */
  readonly progress: number | null;
}

export function viewTask(entry: TaskEntry): TaskView {
  const { value, context } = entry.actor.getSnapshot();
  return {
    id: entry.spec.taskId,
    type: entry.spec.type,
    status: taskStatus(value),
    state: statePath(value),
    priority: entry.priority,
    requirements: entry.spec.requirements,
    agentId: context.agentId,
    attempts: context.attempts,
    progress: entry.progress,
    waitsFor: [...context.consultations, ...context.gates],
    submittedAt: entry.submittedAt,
    dueAt: context.dueAt,
    finishedAt: null,
    result: null,
    error: null,
    reason: null,
    faults: entry.faults,
    warnings: entry.warnings,
  };
}

export const viewFinished = (finished: FinishedTask): TaskView => ({
  id: finished.spec.taskId,
  type: finished.spec.type,
  status: finished.status,
  state: finished.status,
  priority: finished.priority,
  requirements: finished.spec.requirements,
  agentId: finished.agentId,
  attempts: finished.attempts,
  progress: null,
  waitsFor: [],
  submittedAt: finished.submittedAt,
  dueAt: null,
  finishedAt: finished.finishedAt,
  result: finished.result,
  error: finished.error,
  reason: finished.reason,
  faults: finished.faults,
  warnings: finished.warnings,
});

export function viewAgent(entry: AgentEntry): AgentView {
  const { value, context } = entry.actor.getSnapshot();
  return {
    ...profileOf(entry.spec),
    status: agentStatus(value),
    state: statePath(value),
    currentTask: context.tasks[0] ?? null,
    tasks: context.tasks,
    answering: context.answering,
    gates: context.gates,
    inbox: entry.inbox.length,
    load: context.tasks.length / entry.spec.concurrency,
    completed: entry.completed,
    failed: entry.failed,
    performance: entry.performance,
    breaker: entry.breaker,
    lastHeardAt: entry.lastHeardAt,
  };
}

/** An agent whose registration waits for the end of the turn in which somebody registered it. */
export const viewNewAgent = (spec: AgentEntry['spec'], now: number): AgentView => ({
  ...profileOf(spec),
  status: 'idle',
  state: 'idle',
  currentTask: null,
  tasks: [],
  answering: null,
  gates: [],
  inbox: 0,
  load: 0,
  completed: 0,
  failed: 0,
  performance: newAgent,
  breaker: 'closed',
  lastHeardAt: now,
});

const profileOf = (spec: AgentEntry['spec']) => ({
  id: spec.agentId,
  type: spec.type,
  name: spec.name ?? null,
  modelFamily: spec.modelFamily ?? null,
  taskTypes: spec.taskTypes,
  capabilities: spec.capabilities,
  languages: spec.languages,
  specialisations: spec.specialisations,
});

export const viewSchedule = ({ spec, nextAt, isPaused, fired, skipped, lastTaskId }: ScheduleEntry): ScheduleView => ({
  id: spec.scheduleId,
  taskType: spec.task.type,
  everyMs: spec.everyMs ?? null,
  cron: spec.cron ?? null,
  timezone: spec.timezone ?? null,
  nextAt,
  isPaused,
  fired,
  skipped,
  lastTaskId,
});

export function viewConsultation(entry: ConsultationEntry): ConsultationView {
  const { value, context } = entry.actor.getSnapshot();
  const { consultationId, taskId, specialistType, question, context: about } = entry.spec;
  return {
    id: consultationId,
    state: statePath(value),
    from: entry.requesterId,
    taskId: taskId ?? null,
    specialistType,
    specialistId: context.specialistId,
    question,
    context: about,
    requestedAt: entry.requestedAt,
    dueAt: context.dueAt,
  };
}

export function viewGate(entry: GateEntry, state: HubState): GateView {
  const { context } = entry.actor.getSnapshot();
  const { gateId, reason, context: about, agentId, taskId, ladder, contentHash } = entry.spec;
  const step = ladder[context.rung];
  return {
    id: gateId,
    reason,
    context: about,
    agentId: agentId ?? null,
    taskId: taskId ?? null,
    taskType: (taskId === undefined ? undefined : state.tasks.get(taskId)?.spec.type) ?? null,
    approvers: context.approvers,
    choices: entry.spec.choices ?? null,
    orchestrationId: entry.spec.orchestrationId ?? null,
    openedAt: entry.openedAt,
    next: step === undefined || context.dueAt === null ? null : { action: step.action, at: context.dueAt },
    reminders: context.reminders,
    contentHash,
  };
}

export function viewProject({ projectState, counters }: HubState): ProjectView {
  const { submitted, completed, failed, cancelled } = counters;
  return {
    ...projectState,
    counters: { ...counters },
    progress: submitted === 0 ? null : (completed + failed + cancelled) / submitted,
  };
}

export function viewStatus(state: HubState): HubStatus {
  const { completed, failed, cancelled } = state.counters;
  const tasks = { pending: 0, queued: 0, assigned: 0, running: 0, completed, failed, cancelled };
  for (const { actor } of state.tasks.values()) tasks[taskStatus(actor.getSnapshot().value)]++;
  return {
    project: state.project,
    state: state.life,
    seq: state.seq,
    queue: { ...state.queue.stats, next: state.queue.peek()?.id ?? null },
    agents: [...state.agents.all()].map(viewAgent),
    tasks,
    consultations: state.consultations.size,
    gates: state.gates.size,
    deadLetters: state.deadLetters.size,
    schedules: [...state.schedules.values()].map(viewSchedule),
    projectState: viewProject(state),
  };
}

/** Every task that is live or remembered. */
export const viewTasks = ({ finished, tasks }: HubState): TaskView[] => [
  ...[...finished.values()].map(viewFinished),
  ...[...tasks.values()].map(viewTask),
];
