import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DiffNode, diffTree, treeOf } from '../../inspector/src/model/json-diff.ts';
import { canonicalJson, type Json } from '../../src/machines/json.ts';

const flat = (node: DiffNode, path = ''): string[] =>
  node.change === 'inside'
    ? (node.children ?? []).flatMap((child) => flat(child, `${path}.${child.key}`))
    : node.change === 'same'
      ? []
      : [`${path} ${node.change}`];

test('what is new, gone and different, and where', () => {
  const before = { phase: 'build', metadata: { a: 1, b: { deep: [1, 2] }, c: null } };
  const after = { phase: 'test', metadata: { b: { deep: [1, 3, 4] }, c: null, d: {} } };
  expect(flat(diffTree('', before, after))).toEqual([
    '.phase changed',
    '.metadata.b.deep.1 changed',
    '.metadata.b.deep.2 new',
    '.metadata.d new',
    '.metadata.a gone',
  ]);
  expect(diffTree('', before, after).changes).toBe(5);
  expect(diffTree('', [1], { 0: 1 }).change).toBe('changed');
});

/** One side of a tree, put together again (Jd1). */
function side(node: DiffNode, of: 'before' | 'after'): Json | undefined {
  const whole = node[of];
  if (whole === undefined || node.children === null) return whole;
  const parts = node.children.flatMap((child) => {
    const value = side(child, of);
    return value === undefined ? [] : [[child.key, value] as const];
  });
  return Array.isArray(whole) ? parts.map(([, value]) => value) : Object.fromEntries(parts);
}

test('Jd1: both values can be read from the tree, whatever they are', () => {
  const json = fc.jsonValue() as fc.Arbitrary<Json>;
  fc.assert(
    fc.property(json, json, (before, after) => {
      const tree = diffTree('', before, after);
      expect(canonicalJson(side(tree, 'before') ?? null)).toBe(canonicalJson(before));
      expect(canonicalJson(side(tree, 'after') ?? null)).toBe(canonicalJson(after));
      expect(tree.changes === 0).toBe(canonicalJson(before) === canonicalJson(after));
      expect(treeOf('', before)).toEqual(diffTree('', before, before));
    }),
  );
});
