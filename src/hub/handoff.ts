/** What a subtask's agent is told: its work, what it follows from, what waits for it. */
import { type Json, maxJsonBytes } from '../machines/json.ts';
import type { NodeStatus, OrchestrationEntry, PlanNode } from './orchestration-state.ts';

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
  const those = (status: NodeStatus) => (id: string) => nodes.get(id)?.status === status;
  const isAll = dependencies.every(those('completed'));
  const dependenciesCompleted = isAll ? dependencies : dependencies.filter(those('completed'));
  let nextSubtasks: string[] | undefined;
  let relatedSubtasks: string[] | undefined;
  for (const node of nodes.values()) {
    const { id } = node.subtask;
    if (id === subtask.id || node.status === 'replaced') continue;
    if (node.dependencies.includes(subtask.id)) nextSubtasks = named(nextSubtasks, id);
    else if (node.stage === stage && !dependencies.includes(id)) relatedSubtasks = named(relatedSubtasks, id);
  }
  const results: { [subtaskId: string]: Json } = dependenciesCompleted.length === 0 ? nothing : {};
  const resultsLeftOut: string[] = [];
  const handoff = {
    orchestrationId: spec.orchestrationId,
    subtaskId: subtask.id,
    title: subtask.title,
    description: subtask.description,
    successCriteria: subtask.successCriteria,
    files: subtask.files,
    orchestrationContext: `Part of: ${spec.request.title}`,
    dependenciesCompleted,
    dependenciesSkipped: isAll ? none : dependencies.filter(those('skipped')),
    results,
    resultsLeftOut: none,
    nextSubtasks: exactly(nextSubtasks),
    relatedSubtasks: exactly(relatedSubtasks),
  };
  let reserved = reserve;
  let room = Number.NaN;
  for (const id of dependenciesCompleted) {
    const result = nodes.get(id)?.result ?? null;
    const most = bytesAtMost(id) + bytesAtMost(result);
    if (most <= reserved) {
      results[id] = result;
      reserved -= most;
      continue;
    }
    if (Number.isNaN(room)) room = maxJsonBytes - bytesOf(handoff) - reserve;
    const bytes = bytesOf(id) + bytesOf(result) + 2;
    if (bytes > room) {
      resultsLeftOut.push(id);
    } else {
      results[id] = result;
      room -= bytes;
    }
  }
  return resultsLeftOut.length === 0 ? handoff : { ...handoff, resultsLeftOut };
}

/** The list with one more, unless it is long; none when there was none. */
function named(list: string[] | undefined, id: string): string[] {
  if (list === undefined) return [id];
  if (list.length < mostNamed) list.push(id);
  return list;
}

/** Handoffs stay in the log: without the room for more that a list has which was added to. */
const exactly = (list: readonly string[] = none): readonly string[] => (list.length < 2 ? list : list.slice());
const none: readonly string[] = Object.freeze([]);
const nothing = Object.freeze({});

/** Room that is kept for small results, so that they need not be measured, in bytes. */
const reserve = 16 * 1024;

const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

/** No fewer bytes than the JSON text has, quickly; no end of them when that is not small. */
function bytesAtMost(value: Json): number {
  if (typeof value === 'string') return 6 * value.length + 3;
  if (typeof value !== 'object' || value === null) return 26;
  let bytes = 2;
  for (const key in value) {
    bytes += bytesAtMost(key) + bytesAtMost((value as { readonly [key: string]: Json })[key] ?? null);
    if (bytes > reserve) return Number.POSITIVE_INFINITY;
  }
  return bytes;
}
