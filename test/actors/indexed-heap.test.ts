import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IndexedHeap } from '../../src/actors/indexed-heap.ts';

type Action =
  | { readonly do: 'set'; readonly id: string; readonly key: number }
  | { readonly do: 'remove'; readonly id: string }
  | { readonly do: 'pop' };

const id = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN');
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('set' as const), id, key: fc.integer({ min: 0, max: 99 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), id }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pop' as const) }) },
);

interface Item {
  readonly id: string;
  readonly key: number;
  readonly order: number;
}
const before = (a: Item, b: Item) => a.key < b.key || (a.key === b.key && a.order < b.order);

test('after any actions the heap holds, finds and yields what a sorted array does (P1)', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 150, size: 'max' }), (actions) => {
      const heap = new IndexedHeap<Item>(before);
      let model: Item[] = [];
      const sort = () => model.sort((a, b) => (before(a, b) ? -1 : 1));
      for (const [order, step] of actions.entries()) {
        if (step.do === 'set') {
          const item = { id: step.id, key: step.key, order };
          heap.set(item.id, item);
          model = [...model.filter((other) => other.id !== item.id), item];
        } else if (step.do === 'remove') {
          expect(heap.remove(step.id)).toEqual(model.find((item) => item.id === step.id));
          model = model.filter((item) => item.id !== step.id);
        } else {
          sort();
          expect(heap.pop()).toEqual(model.shift());
        }
        sort();
        expect(heap.size).toBe(model.length);
        expect(heap.peek()).toEqual(model[0]);
        expect(heap.get('a')).toEqual(model.find((item) => item.id === 'a'));
        expect([...heap.values()].sort((a, b) => (before(a, b) ? -1 : 1))).toEqual(model);
      }
      for (const item of model) expect(heap.pop()).toEqual(item);
      expect(heap.pop()).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});
