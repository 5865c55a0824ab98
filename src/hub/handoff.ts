/** What a subtask's agent is told: its work, what it follows from, what waits for it. */
import { type Json, maxJsonBytes } from '../machines/json.ts';
import type { OrchestrationEntry, PlanNode } from './orchestration-state.ts';

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
  /** Dependencies that a person has decided to go on without. */
  readonly dependenciesSkipped: readonly string[];
  /** What the completed dependencies gave, by subtask. */
  readonly results: { readonly [subtaskId: string]: Json };
  /** Dependencies whose results would make the message too large; the report has them. */
  readonly resultsLeftOut: readonly string[];
  /** Subtasks that wait for this one; the first hundred. */
  readonly nextSubtasks: readonly string[];
  /** Subtasks that can run at the same time; the first hundred. */
  readonly relatedSubtasks: readonly string[];
}

/** Most subtasks that are named as next, or as related. */
const mostNamed = 100;

export function handoffOf({ spec, nodes }: OrchestrationEntry, { subtask, dependencies, stage }: PlanNode): Handoff {
  const needed = dependencies.map((id) => nodes.get(id)).filter((node) => node !== undefined);
  const done = needed.filter(({ status }) => status === 'completed');
  const nextSubtasks: string[] = [];
  const relatedSubtasks: string[] = [];
  for (const [id, node] of nodes) {
    if (id === subtask.id || node.status === 'replaced') continue;
    if (node.dependencies.includes(subtask.id)) {
      if (nextSubtasks.length < mostNamed) nextSubtasks.push(id);
    } else if (node.stage === stage && relatedSubtasks.length < mostNamed && !dependencies.includes(id)) {
      relatedSubtasks.push(id);
    }
  }
  const handoff = {
    orchestrationId: spec.orchestrationId,
    subtaskId: subtask.id,
    title: subtask.title,
    description: subtask.description,
    successCriteria: subtask.successCriteria,
    files: subtask.files,
    orchestrationContext: `Part of: ${spec.request.title}`,
    dependenciesCompleted: done.map((node) => node.subtask.id),
    dependenciesSkipped: needed.filter(({ status }) => status === 'skipped').map((node) => node.subtask.id),
    nextSubtasks,
    relatedSubtasks,
  };
  return { ...handoff, ...withinRoom(done, done.length === 0 ? 0 : maxJsonBytes - bytesOf(handoff) - slack) };
}

/** For the names of the fields. */
const slack = 1024;

function withinRoom(done: readonly PlanNode[], room: number): Pick<Handoff, 'results' | 'resultsLeftOut'> {
  const results: { [subtaskId: string]: Json } = {};
  const resultsLeftOut: string[] = [];
  let left = room;
  for (const { subtask, result } of done) {
    const bytes = bytesOf(subtask.id) + bytesOf(result) + 2;
    if (bytes > left) {
      resultsLeftOut.push(subtask.id);
    } else {
      results[subtask.id] = result;
      left -= bytes;
    }
  }
  return { results, resultsLeftOut };
}

function bytesOf(value: unknown): number {
  const text = JSON.stringify(value);
  return text.length * 3 < slack ? text.length * 3 : new TextEncoder().encode(text).length;
}
