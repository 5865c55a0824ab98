/**
 * The order of subtasks: stages, cycles and the critical path.
 *
 * - G1 every subtask is in the earliest stage that its dependencies allow, so there are as few stages as can be.
 * - G2 within a stage the order is that of the plan.
 * - G3 dependencies that name nothing are overlooked; plan-rules.ts reports them.
 * - G4 time and space are linear in subtasks and dependencies, and nothing recurses.
 */
import type { Minutes } from '../machines/plan.ts';

/** As much of a subtask as order needs. */
export interface Ordered {
  readonly id: string;
  readonly dependencies: readonly string[];
}

export type Staging =
  | { readonly stages: string[][] }
  /** Ids in a ring, the first again at the end: each needs the next. */
  | { readonly cycle: string[] };

/** Ids stage by stage, or a cycle when there is one. */
export function stagesOf(subtasks: readonly Ordered[]): Staging {
  const { level, left, before } = kahn(subtasks);
  if (left > 0) return { cycle: cycleAmong(subtasks, level, before) };
  const stages: string[][] = [];
  for (const [index, { id }] of subtasks.entries()) {
    const stage = level[index] ?? 0;
    while (stages.length <= stage) stages.push([]);
    stages[stage]?.push(id);
  }
  return { stages };
}

export interface CriticalPath {
  /** Ids, first to last. */
  readonly subtasks: string[];
  /** Of these subtasks, one after the other. */
  readonly minutes: Minutes;
}

/** The chain of dependencies that takes longest (by the longer estimate); empty when there is a cycle. */
export function criticalPath(subtasks: readonly (Ordered & { readonly minutes: Minutes })[]): CriticalPath {
  const { order, left, before } = kahn(subtasks);
  const finish: Minutes[] = [];
  const via: (number | undefined)[] = [];
  let last: number | undefined;
  for (const index of left > 0 ? [] : order) {
    const previous = latest(before[index] ?? [], finish);
    const start = previous === undefined ? { min: 0, max: 0 } : (finish[previous] ?? { min: 0, max: 0 });
    const own = subtasks[index]?.minutes ?? { min: 0, max: 0 };
    finish[index] = { min: start.min + own.min, max: start.max + own.max };
    via[index] = previous;
    last = latest(last === undefined ? [index] : [last, index], finish);
  }
  const path: string[] = [];
  for (let here = last; here !== undefined; here = via[here]) path.push(subtasks[here]?.id ?? '');
  return { subtasks: path.reverse(), minutes: (last !== undefined && finish[last]) || { min: 0, max: 0 } };
}

/** Which of these ends last; the first of those that end together. */
function latest(indices: readonly number[], finish: readonly Minutes[]): number | undefined {
  let best: number | undefined;
  for (const index of indices) {
    const end = finish[index];
    const bestEnd = best === undefined ? undefined : finish[best];
    if (end === undefined) continue;
    const isLater =
      bestEnd === undefined || end.max > bestEnd.max || (end.max === bestEnd.max && end.min > bestEnd.min);
    if (isLater) best = index;
  }
  return best;
}

interface Sorted {
  /** The stage of each subtask, from 0; undefined for those that are in a cycle, or behind one. */
  readonly level: readonly (number | undefined)[];
  /** Indices, none before what it needs. */
  readonly order: readonly number[];
  /** How many could not be placed. */
  readonly left: number;
  /** The indices that each subtask needs. */
  readonly before: readonly (readonly number[])[];
}

function kahn(subtasks: readonly Ordered[]): Sorted {
  const place = new Map<string, number>();
  for (const [index, { id }] of subtasks.entries()) if (!place.has(id)) place.set(id, index);
  const after: number[][] = subtasks.map(() => []);
  const before = subtasks.map(({ dependencies }, index) => {
    const needed: number[] = [];
    for (const dependency of dependencies) {
      const at = place.get(dependency);
      if (at === undefined) continue;
      needed.push(at);
      after[at]?.push(index);
    }
    return needed;
  });
  const missing = before.map(({ length }) => length);
  const level: (number | undefined)[] = subtasks.map((_subtask, index) => (missing[index] === 0 ? 0 : undefined));
  const order = subtasks.map((_subtask, index) => index).filter((index) => missing[index] === 0);
  // First in, first out: whatever is taken out comes stage by stage, so the last need to be met is a latest one.
  for (let head = 0; head < order.length; head++) {
    const done = order[head] ?? 0;
    for (const index of after[done] ?? []) {
      missing[index] = (missing[index] ?? 0) - 1;
      if (missing[index] !== 0) continue;
      level[index] = (level[done] ?? 0) + 1;
      order.push(index);
    }
  }
  return { level, order, left: subtasks.length - order.length, before };
}

/** Whatever could not be placed needs something that could not be placed: following that ends in a ring. */
function cycleAmong(
  subtasks: readonly Ordered[],
  level: readonly (number | undefined)[],
  before: readonly (readonly number[])[],
): string[] {
  const seenAt = new Map<number, number>();
  const path: number[] = [];
  let here = level.indexOf(undefined);
  while (!seenAt.has(here)) {
    seenAt.set(here, path.length);
    path.push(here);
    here = before[here]?.find((needed) => level[needed] === undefined) ?? here;
  }
  const ring = path.slice(seenAt.get(here));
  const first = ring.indexOf(ring.reduce((a, b) => Math.min(a, b)));
  const turned = [...ring.slice(first), ...ring.slice(0, first)];
  return [...turned, ...turned.slice(0, 1)].map((index) => subtasks[index]?.id ?? '');
}
