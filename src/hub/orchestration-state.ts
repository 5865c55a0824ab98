/** What is known of each complex task: its plan, how far each subtask is, what it took. */
import type { SealedActor } from '../actors/sealed-actor.ts';
import type { Json } from '../machines/json.ts';
import type { Payload } from '../machines/messages.ts';
import type { orchestrationMachine } from '../machines/orchestration.ts';
import type { Plan, Subtask } from '../machines/plan.ts';

export type NodeStatus =
  | 'waiting'
  | 'running'
  | 'completed'
  | 'failed'
  | 'blocked'
  | 'skipped'
  | 'replaced'
  | 'cancelled';

/** A subtask in a running plan. */
export interface PlanNode {
  readonly subtask: Subtask;
  /** From 1. Those that replace another have its stage. */
  readonly stage: number;
  /** The subtask that it replaces in part. */
  readonly replaces: string | null;
  status: NodeStatus;
  /** Its tasks, one for each time that it was begun. */
  readonly taskIds: string[];
  /** What it depends on now: those that replaced a dependency stand in for it. */
  dependencies: readonly string[];
  startedAt: number | null;
  finishedAt: number | null;
  agentId: string | null;
  /** Attempts over all its tasks. */
  attempts: number;
  retries: number;
  zombies: number;
  failures: string[];
  result: Json;
}

export interface OrchestrationEntry {
  readonly spec: Payload<'orchestration.request'>;
  readonly requestedAt: number;
  readonly correlationId: string;
  readonly actor: SealedActor<typeof orchestrationMachine>;
  analysis: Payload<'orchestration.analysed'> | null;
  plan: Plan | null;
  estimate: Json;
  warnings: readonly { readonly rule: string; readonly message: string }[];
  readonly nodes: Map<string, PlanNode>;
  /** The stage that was begun last, from 0. */
  stage: number;
  readonly stages: { readonly stage: number; readonly startedAt: number; finishedAt: number | null }[];
  /** How many of its subtasks have not ended. */
  open: number;
  readonly consultations: { readonly subtaskId: string; readonly specialistType: string; readonly question: string }[];
  readonly gates: { readonly gateId: string; readonly subtaskId: string | null; readonly reason: string }[];
  finishedAt: number | null;
  /** Why it failed or was cancelled. */
  reason: string | null;
}

export const isSettled = ({ status }: PlanNode): boolean =>
  status === 'completed' || status === 'skipped' || status === 'replaced';

export function newNode(subtask: Subtask, stage: number, replaces: string | null): PlanNode {
  return {
    subtask,
    stage,
    replaces,
    status: 'waiting',
    taskIds: [],
    dependencies: subtask.dependencies,
    startedAt: null,
    finishedAt: null,
    agentId: null,
    attempts: 0,
    retries: 0,
    zombies: 0,
    failures: [],
    result: null,
  };
}
