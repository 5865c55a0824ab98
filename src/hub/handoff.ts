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
  const done: PlanNode[] = [];
  const dependenciesSkipped: string[] = [];
  for (const id of dependencies) {
    const node = nodes.get(id);
    if (node?.status === 'completed') done.push(node);
    else if (node?.status === 'skipped') dependenciesSkipped.push(id);
  }
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
  const results: { [subtaskId: string]: Json } = {};
  const resultsLeftOut: string[] = [];
  const handoff = {
    orchestrationId: spec.orchestrationId,
    subtaskId: subtask.id,
    title: subtask.title,
    description: subtask.description,
    successCriteria: subtask.successCriteria,
    files: subtask.files,
    orchestrationContext: `Part of: ${spec.request.title}`,
    dependenciesCompleted: done.map((node) => node.subtask.id),
    dependenciesSkipped: exactly(dependenciesSkipped),
    results,
    resultsLeftOut: none,
    nextSubtasks: exactly(nextSubtasks),
    relatedSubtasks: exactly(relatedSubtasks),
  };
  let room = Number.NaN;
  for (const { subtask: of, result } of done) {
    if (done.length <= mostNamed && isTiny(result)) {
      results[of.id] = result;
      continue;
    }
    if (Number.isNaN(room)) room = maxJsonBytes - bytesOf(handoff) - reserve;
    const bytes = bytesOf(of.id) + bytesOf(result) + 2;
    if (bytes > room) {
      resultsLeftOut.push(of.id);
    } else {
      results[of.id] = result;
      room -= bytes;
    }
  }
  return resultsLeftOut.length === 0 ? handoff : { ...handoff, resultsLeftOut };
}

/** Handoffs stay in the log: without the room for more that a list has which was added to. */
const exactly = (list: readonly string[]): readonly string[] => (list.length === 0 ? none : list.slice());
const none: readonly string[] = Object.freeze([]);

/** Whether a result counts as nothing; all of them have room in the reserve. */
const isTiny = (result: Json): boolean =>
  result === null || typeof result === 'boolean' || typeof result === 'number' || result === '';

/** For the names of the fields, and for what is tiny, in bytes. */
const reserve = 32 * 1024;

/** Bytes of the JSON text; of a short one, no fewer than it has. */
function bytesOf(value: unknown): number {
  const text = JSON.stringify(value);
  return text.length < 1000 ? text.length * 3 : new TextEncoder().encode(text).length;
}
