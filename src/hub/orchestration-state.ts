/** What is known of each complex task: its plan, how far each subtask is, what it took. */
import type { SealedActor } from '../actors/sealed-actor.ts';
import type { Json } from '../machines/json.ts';
import type { Payload } from '../machines/messages.ts';
import type { orchestrationMachine } from '../machines/orchestration.ts';
import type { Plan, Subtask } from '../machines/plan.ts';
import { statePath } from '../machines/status.ts';
import type { HubState } from './state.ts';

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
  taskIds: readonly string[];
  /** What it depends on now: those that replaced a dependency stand in for it. */
  dependencies: readonly string[];
  startedAt: number | null;
  finishedAt: number | null;
  /** When its last task failed; the planner is asked from then on. */
  failedAt: number | null;
  /** Whether a person turned its last task down: then no planner gets round that. */
  isRejected: boolean;
  /** Whose result it is, or who had it last. */
  agentId: string | null;
  /** Attempts over all its tasks. */
  attempts: number;
  /** How often a person chose to try again. */
  retries: number;
  zombies: number;
  failures: readonly string[];
  result: Json;
}

export interface ConsultationNote {
  readonly consultationId: string;
  readonly subtaskId: string;
  readonly specialistType: string;
  readonly question: string;
  /** answered, unavailable, expired or cancelled; null while it is open. */
  outcome: string | null;
  /** Who answered. */
  by: string | null;
}

export interface GateNote {
  readonly gateId: string;
  readonly subtaskId: string | null;
  readonly reason: string;
  /** approved, rejected, expired or cancelled; null while it is open. */
  outcome: string | null;
  /** Who decided. */
  by: string | null;
  /** What they chose, where there was a choice. */
  choice: string | null;
}

export interface OrchestrationEntry {
  readonly spec: Payload<'orchestration.request'>;
  readonly requestedAt: number;
  /** Sequence number of the request: its place among all orchestrations. */
  readonly place: number;
  readonly correlationId: string;
  /** Null when it has ended. */
  actor: SealedActor<typeof orchestrationMachine> | null;
  /** How it ended. */
  ended: 'completed' | 'failed' | 'cancelled' | null;
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
  readonly consultations: ConsultationNote[];
  readonly gates: GateNote[];
  finishedAt: number | null;
  /** Why it failed or was cancelled. */
  reason: string | null;
}

/** The entry of an orchestration that is about to change. */
export function changing(
  { changes, orchestrations }: HubState,
  orchestrationId: string,
): OrchestrationEntry | undefined {
  changes.orchestration.add(orchestrationId);
  return orchestrations.get(orchestrationId);
}

/** analysing, planning, running, blocked, paused, completed, failed or cancelled. */
export const statusOf = ({ ended, actor }: OrchestrationEntry): string =>
  ended ?? (actor === null ? '' : statePath(actor.getSnapshot().value));

export const isSettled = ({ status }: PlanNode): boolean =>
  status === 'completed' || status === 'skipped' || status === 'replaced';

/** A subtask has come to its end, however it did. */
export function settle(entry: OrchestrationEntry, node: PlanNode, status: NodeStatus, at: number): void {
  if (!isSettled(node)) entry.open--;
  node.status = status;
  node.finishedAt = at;
}

const none: readonly string[] = [];

export function newNode(subtask: Subtask, stage: number, replaces: string | null): PlanNode {
  return {
    subtask,
    stage,
    replaces,
    status: 'waiting',
    taskIds: none,
    dependencies: subtask.dependencies,
    startedAt: null,
    finishedAt: null,
    failedAt: null,
    isRejected: false,
    agentId: null,
    attempts: 0,
    retries: 0,
    zombies: 0,
    failures: none,
    result: null,
  };
}
