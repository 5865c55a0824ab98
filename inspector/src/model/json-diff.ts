/**
 * Two JSON values side by side, as one tree: what is the same, new, gone or different.
 *
 * - Jd1 the tree has every key of both values, those of the later one first, each in its own order.
 */
import type { Json } from 'xstate-hub';

export interface DiffNode {
  readonly key: string;
  /** `inside`: it is there in both, and something within it is not the same. */
  readonly change: 'same' | 'new' | 'gone' | 'changed' | 'inside';
  /** Undefined where there is none. */
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  /** Null for a value that holds no others. */
  readonly children: readonly DiffNode[] | null;
  /** How many values within it, or itself, are not the same. */
  readonly changes: number;
}

type Parts = ReadonlyMap<string, Json>;

/** One value as a tree in which nothing has changed. */
export const treeOf = (key: string, value: Json): DiffNode => whole(key, value, 'same');

export function diffTree(key: string, before: Json, after: Json): DiffNode {
  const [old, now] = [partsOf(before), partsOf(after)];
  if (old === null || now === null || Array.isArray(before) !== Array.isArray(after)) {
    if (before === after) return whole(key, after, 'same');
    return { key, change: 'changed', before, after, children: null, changes: 1 };
  }
  const children = [
    ...[...now].map(([one, value]) => {
      const was = old.get(one);
      return was === undefined ? whole(one, value, 'new') : diffTree(one, was, value);
    }),
    ...[...old].filter(([one]) => !now.has(one)).map(([one, value]) => whole(one, value, 'gone')),
  ];
  const changes = children.reduce((sum, child) => sum + child.changes, 0);
  return { key, change: changes === 0 ? 'same' : 'inside', before, after, children, changes };
}

/** All of it is the same, or new, or gone. */
function whole(key: string, value: Json, change: 'same' | 'new' | 'gone'): DiffNode {
  const parts = partsOf(value);
  return {
    key,
    change,
    before: change === 'new' ? undefined : value,
    after: change === 'gone' ? undefined : value,
    children: parts && [...parts].map(([one, inner]) => whole(one, inner, change)),
    changes: change === 'same' ? 0 : 1,
  };
}

function partsOf(value: Json): Parts | null {
  if (typeof value !== 'object' || value === null) return null;
  return new Map(Array.isArray(value) ? value.map((one: Json, index) => [String(index), one]) : Object.entries(value));
}
