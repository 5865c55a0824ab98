/**
 * The task orchestrator's files, as it writes them itself: its plan, a subtask, a handoff. Reading is seed-format.ts.
 *
 * - K3 what is written here reads back as the same plan.
 */
import type { Minutes, Plan, Subtask } from '../machines/plan.ts';
import type { Estimate } from './estimate.ts';

interface PlanProgress {
  /** From 1. */
  readonly currentStage: number;
  readonly completed: readonly string[];
  readonly active: readonly string[];
  readonly failed: readonly string[];
  readonly zombie: readonly string[];
}

export interface PlanDocumentInput {
  readonly orchestrationId: string;
  readonly parentTaskId: string;
  readonly plan: Plan;
  readonly stages: readonly (readonly string[])[];
  readonly estimate: Estimate;
  /** `low`, `medium` or `high`. */
  readonly complexity: string;
  /** In ms since the epoch. */
  readonly createdAt: number;
  /** The orchestration's status word. */
  readonly status: string;
  /** A subtask's status word, by its id. Default: `pending`. */
  readonly statusOf?: (subtaskId: string) => string;
  readonly progress?: PlanProgress;
}

/** `coordination/orchestrator/tasks/{id}.json`. */
export function planDocument(input: PlanDocumentInput) {
  const { orchestrationId, parentTaskId, plan, stages, estimate, complexity, status } = input;
  const { statusOf = () => 'pending', progress } = input;
  return {
    orchestration_id: orchestrationId,
    parent_task_id: parentTaskId,
    task_title: plan.title,
    ...(plan.description !== '' && { task_description: plan.description }),
    complexity,
    created_at: isoTime(input.createdAt),
    status,
    subtasks: plan.subtasks.map((subtask) =>
      subtaskDocument(subtask, { parentTaskId, status: statusOf(subtask.id), createdAt: input.createdAt }),
    ),
    execution_plan: Object.fromEntries(stages.map((ids, index) => [`stage_${index + 1}`, [...ids]])),
    resource_estimate: {
      total_subtasks: estimate.subtasks,
      duration_estimate: `${rangeText(estimate.minutes)} minutes`,
      token_estimate: estimate.tokens,
      masters: estimate.masters,
      workers: estimate.workers,
      parallelization_possible: estimate.parallelizationPossible,
      bottlenecks: estimate.bottlenecks,
    },
    progress: {
      current_stage: progress?.currentStage ?? 1,
      completed_subtasks: [...(progress?.completed ?? [])],
      active_subtasks: [...(progress?.active ?? [])],
      failed_subtasks: [...(progress?.failed ?? [])],
      zombie_subtasks: [...(progress?.zombie ?? [])],
    },
  };
}

export interface SubtaskDocumentInput {
  readonly parentTaskId: string;
  readonly status: string;
  /** In ms since the epoch. */
  readonly createdAt: number;
}

/** `coordination/orchestrator/subtasks/{id}.json`: the template, with the range of minutes when there is one. */
export function subtaskDocument(subtask: Subtask, { parentTaskId, status, createdAt }: SubtaskDocumentInput) {
  const { minutes, capabilities } = subtask;
  return {
    subtask_id: subtask.id,
    parent_task_id: parentTaskId,
    title: subtask.title,
    description: subtask.description,
    assigned_to: subtask.owner,
    worker_type: subtask.workerType,
    dependencies: subtask.dependencies,
    estimated_duration_minutes: minutes.max,
    ...(minutes.min !== minutes.max && { estimated_duration_range: rangeText(minutes) }),
    estimated_tokens: subtask.tokens,
    ...(capabilities.length > 0 && { required_capabilities: capabilities }),
    files_affected: subtask.files,
    success_criteria: subtask.successCriteria,
    status,
    created_at: isoTime(createdAt),
  };
}

export interface HandoffInput {
  readonly orchestrationId: string;
  readonly subtaskId: string;
  /** The master. */
  readonly owner: string;
  /** `low`, `normal`, `high`, … */
  readonly priority: string;
  /** What it is a part of. */
  readonly orchestrationContext: string;
  readonly dependenciesCompleted: readonly string[];
  /** What the dependencies gave, by their ids. */
  readonly results?: { readonly [subtaskId: string]: unknown };
  readonly nextSubtasks: readonly string[];
  readonly relatedSubtasks: readonly string[];
  /** In ms since the epoch. */
  readonly createdAt: number;
}

/** `coordination/masters/{master}/handoffs/{handoff_id}.json`. */
export function handoffDocument(input: HandoffInput) {
  const { subtaskId, owner, results = {} } = input;
  return {
    handoff_id: `to-${owner}-subtask-${subtaskId}`,
    from: 'orchestrator',
    to: owner,
    subtask_id: subtaskId,
    parent_orchestration: input.orchestrationId,
    priority: input.priority,
    context: {
      orchestration_context: input.orchestrationContext,
      dependencies_completed: [...input.dependenciesCompleted],
      ...(Object.keys(results).length > 0 && { dependency_results: results }),
      next_subtasks: input.nextSubtasks.map((id) => `${id} (waits for this)`),
      related_subtasks: input.relatedSubtasks.map((id) => `${id} (parallel)`),
    },
    created_at: isoTime(input.createdAt),
  };
}

/** `2025-11-05T18:00:00Z`. */
export const isoTime = (at: number): string => new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');

/** `10-15`, or `10`. */
export const rangeText = ({ min, max }: Minutes): string => (min === max ? `${max}` : `${min}-${max}`);
