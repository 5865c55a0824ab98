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
  for (const node of nodes.values()) {
    const { id } = node.subtask;
    if (id === subtask.id || node.status === 'replaced') continue;
    if (node.dependencies.includes(subtask.id)) {
      if (nextSubtasks.length < mostNamed) nextSubtasks.push(id);
    } else if (node.stage === stage && relatedSubtasks.length < mostNamed && !dependencies.includes(id)) {
      relatedSubtasks.push(id);
    }
  }
  const results: { [subtaskId: string]: Json } = done.length === 0 ? nothing : {};
  const resultsLeftOut: string[] = [];
  const handoff = {
    orchestrationId: spec.orchestrationId,
    subtaskId: subtask.id,
    title: subtask.title,
    description: subtask.description,
    successCriteria: subtask.successCriteria,
    files: subtask.files,
    orchestrationContext: `Part of: ${spec.request.title}`,
    dependenciesCompleted:
      done.length === dependencies.length ? dependencies : exactly(done.map((node) => node.subtask.id)),
    dependenciesSkipped: exactly(dependenciesSkipped),
    results,
    resultsLeftOut: none,
    nextSubtasks: exactly(nextSubtasks),
    relatedSubtasks: exactly(relatedSubtasks),
  };
  let reserved = reserve;
  let room = Number.NaN;
  for (const { subtask: of, result } of done) {
    const most = bytesAtMost(of.id) + bytesAtMost(result);
    if (most <= reserved) {
      results[of.id] = result;
      reserved -= most;
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
const nothing = Object.freeze({});

/** Room that is kept for small results, so that they need not be measured, in bytes. */
const reserve = 16 * 1024;

const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

/** No fewer bytes than the JSON text has, quickly; no end of them when that is not small. */
function bytesAtMost(value: Json): number {
  if (typeof value === 'string') return 6 * value.length + 3;
  if (typeof value !== 'object' || value === null) return 26;
  const keys = Object.keys(value);
  if (keys.length > 100) return Number.POSITIVE_INFINITY;
  let bytes = 2;
  for (const key of keys) {
    bytes += bytesAtMost(key) + bytesAtMost((value as { readonly [key: string]: Json })[key] ?? null);
    if (bytes > reserve) return Number.POSITIVE_INFINITY;
  }
  return bytes;
}
