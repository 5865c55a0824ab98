/** What a subtask's agent is told: its work, what it follows from, what waits for it. */
import { canonicalJson, type Json, maxJsonBytes } from '../machines/json.ts';
import { isSettled, type OrchestrationEntry, type PlanNode } from './orchestration-state.ts';

export interface Handoff {
  readonly orchestrationId: string;
  readonly subtaskId: string;
  readonly title: string;
  readonly description: string;
  readonly successCriteria: string;
  readonly files: readonly string[];
  /** What it is a part of. */
  readonly orchestrationContext: string;
  readonly dependenciesCompleted: readonly string[];
  /** What the dependencies gave, by subtask. */
  readonly results: { readonly [subtaskId: string]: Json };
  /** Subtasks that wait for this one. */
  readonly nextSubtasks: readonly string[];
  /** Subtasks that run at the same time. */
  readonly relatedSubtasks: readonly string[];
}

/** Results that would make the message too large are left out; the report has them. */
const roomForResults = maxJsonBytes / 2;

export function handoffOf({ spec, nodes }: OrchestrationEntry, { subtask, dependencies, stage }: PlanNode): Handoff {
  const done = dependencies
    .map((id) => nodes.get(id))
    .filter((node): node is PlanNode => node !== undefined && isSettled(node));
  const others = [...nodes.values()].filter((node) => node.subtask.id !== subtask.id);
  return {
    orchestrationId: spec.orchestrationId,
    subtaskId: subtask.id,
    title: subtask.title,
    description: subtask.description,
    successCriteria: subtask.successCriteria,
    files: subtask.files,
    orchestrationContext: `Part of: ${spec.request.title}`,
    dependenciesCompleted: done.map((node) => node.subtask.id),
    results: withinRoom(done),
    nextSubtasks: others.filter((node) => node.dependencies.includes(subtask.id)).map((node) => node.subtask.id),
    relatedSubtasks: others
      .filter((node) => node.stage === stage && node.status !== 'replaced')
      .map((node) => node.subtask.id),
  };
}

function withinRoom(done: readonly PlanNode[]): Handoff['results'] {
  const results: { [subtaskId: string]: Json } = {};
  let bytes = 0;
  for (const { subtask, result } of done) {
    bytes += canonicalJson(result).length;
    if (bytes <= roomForResults) results[subtask.id] = result;
  }
  return results;
}
