/** The documents of the coordination folder, made of the ledger and the hub's views. */
import type { Handoff } from '../hub/handoff.ts';
import type { OrchestrationReport, SubtaskReport } from '../hub/orchestration-report.ts';
import type { OrchestrationsView, OrchestrationView } from '../hub/orchestration-views.ts';
import { handoffDocument, isoTime, planDocument, subtaskDocument } from '../hub/seed-documents.ts';
import { priorities } from '../hub/task-input.ts';
import type { GateView } from '../hub/views.ts';
import { type OrchestrationFacts, type SubtaskFacts, taskIdOf } from './ledger.ts';
import { decisionPlace } from './places.ts';

/** Status words of the hub, as the task orchestrator calls them. */
const words: { readonly [status: string]: string } = {
  analysing: 'planning',
  planning: 'planning',
  waiting: 'pending',
  running: 'in_progress',
};
const wordFor = (status: string): string => words[status] ?? status;

/** `orchestrator/tasks/{id}.json`; undefined while there is no plan. */
export function planFile(facts: OrchestrationFacts, report: OrchestrationReport): object | undefined {
  const { id, plan, stages, estimate, level, requestedAt } = facts;
  if (plan === null || estimate === null) return undefined;
  const byId = new Map(report.subtasks.map((subtask) => [subtask.id, subtask]));
  const having = (...statuses: SubtaskReport['status'][]) =>
    report.subtasks.filter(({ status }) => statuses.includes(status)).map((subtask) => subtask.id);
  return {
    ...planDocument({
      orchestrationId: id,
      parentTaskId: taskIdOf(id),
      plan,
      stages,
      estimate,
      complexity: level,
      createdAt: requestedAt,
      status: wordFor(report.status),
      statusOf: (subtaskId) => wordFor(byId.get(subtaskId)?.status ?? 'waiting'),
      progress: {
        currentStage: Math.max(1, ...report.stages.map(({ stage }) => stage)),
        completed: having('completed', 'skipped'),
        active: having('running'),
        failed: having('failed', 'blocked'),
        zombie: report.subtasks.filter(isZombie).map((subtask) => subtask.id),
      },
    }),
    ...(report.reason !== null && { failure_reason: report.reason }),
  };
}

/** Taken for a zombie, and not done since. */
const isZombie = ({ zombies, status }: SubtaskReport): boolean =>
  zombies > 0 && !['completed', 'skipped', 'replaced'].includes(status);

/** `orchestrator/subtasks/{id}.json`. */
export function subtaskFile(facts: SubtaskFacts, report: SubtaskReport | undefined): object {
  const { orchestrationId, subtask, createdAt, retries, reason, modifications } = facts;
  return {
    ...subtaskDocument(subtask, {
      parentTaskId: taskIdOf(orchestrationId),
      status: wordFor(report?.status ?? 'waiting'),
      createdAt,
    }),
    ...(retries > 0 && { retry_count: retries }),
    ...(reason !== null && { retry_reason: reason }),
    ...(modifications !== null && { retry_modifications: modifications }),
  };
}

/** `orchestrator/state/current.json`. */
export function stateFile(view: OrchestrationsView, gates: readonly GateView[]): object {
  return {
    active_orchestrations: view.active,
    total_orchestrations: view.total,
    completed_orchestrations: view.completed,
    failed_orchestrations: view.failed,
    cancelled_orchestrations: view.cancelled,
    current_orchestrations: view.current.map((one) => ({
      orchestration_id: one.id,
      task_title: one.title,
      status: wordFor(one.status),
      current_stage: one.currentStage,
      progress_percent: one.progressPercent,
      active_subtasks: one.activeSubtasks,
      ...(one.blockedSubtasks.length > 0 && { blocked_subtasks: one.blockedSubtasks }),
      health: one.health,
      ...escalation(one, gates),
    })),
    ...(gates.length > 0 && {
      waiting_for_decision: gates.map((gate) => ({
        gate_id: gate.id,
        reason: gate.reason,
        decisions: decisionsOf(gate),
        decide_in: decideIn(gate),
      })),
    }),
    last_update: isoTime(view.lastUpdate),
  };
}

/** Why an orchestration is blocked, and what is done about it. */
function escalation({ id, status, blockedSubtasks }: OrchestrationView, gates: readonly GateView[]): object {
  const [blocking] = blockedSubtasks;
  const gate = gates.find(({ orchestrationId, context }) => {
    return orchestrationId === id && (context as { readonly subtask?: unknown } | null)?.subtask === blocking;
  });
  if (status !== 'blocked' || gate === undefined) return {};
  return {
    orchestration_status: status,
    blocking_subtask: blocking,
    failure_reason: gate.reason,
    escalation: `Notifying user for manual intervention, in ${decideIn(gate)}`,
  };
}

const decideIn = ({ id }: GateView): string => ['coordination', ...decisionPlace(id)].join('/');

/** What a person can answer. */
export const decisionsOf = ({ choices }: Pick<GateView, 'choices'>): string[] =>
  choices === null ? ['approve', 'reject'] : [...choices, 'abort'];

export interface HandoffFileInput {
  readonly handoff: Handoff;
  readonly owner: string;
  readonly priority: number;
  readonly retries: number;
  readonly reason: string | null;
  /** In ms since the epoch. */
  readonly now: number;
}

/** `masters/{master}/handoffs/to-{master}-subtask-{id}.json`. */
export function handoffFile({ handoff, owner, priority, retries, reason, now }: HandoffFileInput): object {
  return {
    ...handoffDocument({ ...handoff, owner, priority: priorityWord(priority), createdAt: now }),
    ...(retries > 0 && { retry_count: retries, retry_reason: reason ?? '' }),
  };
}

const priorityWord = (priority: number): string =>
  Object.entries(priorities).find(([, value]) => value === priority)?.[0] ?? String(priority);

/** As a file has it. */
export const fileText = (document: object): string => `${JSON.stringify(document, null, 2)}\n`;
