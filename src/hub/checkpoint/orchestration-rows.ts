/**
 * Complex tasks in checkpoints, at work and remembered: one row each, with the whole plan.
 *
 * - Co1 a subtask stands in the row once: in the plan, or with its node when it came later.
 */
import type { Json } from '../../machines/json.ts';
import type { Subtask } from '../../machines/plan.ts';
import type { OrchestrationEntry, PlanNode } from '../orchestration-state.ts';
import type { HubState } from '../state.ts';
import { type ChartReader, savedChart } from './charts.ts';
import { restoreDeadlines, type SavedDeadline, savedDeadlines } from './rows.ts';

interface NodeRow extends Omit<PlanNode, 'subtask'> {
  /** Its id when it is the plan's. */
  readonly subtask: Subtask | string;
}

export interface OrchestrationRow extends Omit<OrchestrationEntry, 'actor' | 'nodes'> {
  readonly nodes: readonly NodeRow[];
  /** Null when it has ended. */
  readonly chart: Json;
  readonly deadlines: readonly SavedDeadline[];
}

export function saveOrchestration(state: HubState, entry: OrchestrationEntry): OrchestrationRow {
  const { actor, nodes, stages, consultations, gates, ...kept } = entry;
  const planned = new Set(kept.plan?.subtasks);
  return {
    ...kept,
    nodes: Array.from(nodes.values(), ({ subtask, ...node }) => ({
      ...node,
      subtask: planned.has(subtask) ? subtask.id : subtask,
    })),
    stages: stages.map((stage) => ({ ...stage })),
    consultations: consultations.map((note) => ({ ...note })),
    gates: gates.map((note) => ({ ...note })),
    chart: actor === null ? null : savedChart(actor),
    deadlines: savedDeadlines(state, 'orchestration', kept.spec.orchestrationId),
  };
}

/** One that is at work. */
export function restoreOrchestration(state: HubState, charts: ChartReader, row: OrchestrationRow): void {
  const { orchestrationId } = row.spec;
  const actor = charts.respawn('orchestration', orchestrationId, row.chart);
  state.orchestrations.set(orchestrationId, { ...endedOrchestration(row), actor });
  restoreDeadlines(state, orchestrationId, row.deadlines);
}

/** One that has ended. */
export function endedOrchestration(row: OrchestrationRow): OrchestrationEntry {
  const { chart: _chart, deadlines: _deadlines, nodes, stages, consultations, gates, ...kept } = row;
  const planned = new Map(kept.plan?.subtasks.map((subtask) => [subtask.id, subtask]));
  return {
    ...kept,
    actor: null,
    nodes: new Map(nodes.map((node) => nodeOf(node, planned)).map((node) => [node.subtask.id, node])),
    stages: stages.map((stage) => ({ ...stage })),
    consultations: consultations.map((note) => ({ ...note })),
    gates: gates.map((note) => ({ ...note })),
  };
}

function nodeOf({ subtask, ...node }: NodeRow, planned: ReadonlyMap<string, Subtask>): PlanNode {
  return { ...node, subtask: typeof subtask === 'string' ? (planned.get(subtask) as Subtask) : subtask };
}
