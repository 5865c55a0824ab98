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

/** The end of the chain that takes longest to a subtask, with it. */
interface Chain {
  readonly id: string;
  readonly minutes: Minutes;
  readonly before: Chain | undefined;
}

/**
 * The chain of dependencies that takes longest (by the longer estimate).
 *
 * @param stages subtasks stage by stage: what one depends on is in a stage before
 */
export function criticalPath(stages: readonly (readonly (Ordered & { readonly minutes: Minutes })[])[]): CriticalPath {
  const chains = new Map<string, Chain>();
  let longest: Chain | undefined;
  for (const { id, dependencies, minutes } of stages.flat()) {
    let before: Chain | undefined;
    for (const dependency of dependencies) before = longer(before, chains.get(dependency));
    const { min, max } = before?.minutes ?? { min: 0, max: 0 };
    const chain = { id, minutes: { min: min + minutes.min, max: max + minutes.max }, before };
    chains.set(id, chain);
    longest = longer(longest, chain);
  }
  const subtasks: string[] = [];
  for (let here = longest; here !== undefined; here = here.before) subtasks.push(here.id);
  return { subtasks: subtasks.reverse(), minutes: longest?.minutes ?? { min: 0, max: 0 } };
}

/** The first, unless the other takes longer. */
function longer(chain: Chain | undefined, other: Chain | undefined): Chain | undefined {
  if (chain === undefined || other === undefined) return chain ?? other;
  const [a, b] = [chain.minutes, other.minutes];
  return b.max > a.max || (b.max === a.max && b.min > a.min) ? other : chain;
}

interface Sorted {
  /** The stage of each subtask, from 0; undefined for those that are in a cycle, or behind one. */
  readonly level: readonly (number | undefined)[];
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
  return { level, left: subtasks.length - order.length, before };
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
