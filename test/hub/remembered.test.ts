/** Blocks of what is remembered: however it grows and is forgotten, and wherever checkpoints fall (Cb1, Re1). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changedBlocks, restoreRemembered, spanOf } from '../../src/hub/checkpoint/remembered.ts';
import { Recent } from '../../src/hub/recent.ts';
import type { Json } from '../../src/machines/json.ts';

type Step = { readonly add: number } | { readonly keep: number } | 'checkpoint' | 'restart';

const steps = fc.array(
  fc.oneof(
    fc.record({ add: fc.integer({ min: 1, max: 150 }) }),
    fc.record({ keep: fc.integer({ min: 0, max: 200 }) }),
    fc.constant('checkpoint' as const),
    fc.constant('restart' as const),
  ),
  { minLength: 1, maxLength: 30 },
);

const table = 'past';
type Blocks = ReadonlyMap<number, readonly (readonly [string, number])[]>;
const blocksIn = (rows: ReadonlyMap<string, Json>): Blocks =>
  new Map([...rows].map(([key, row]) => [Number(key.slice(table.length + 1)), row as unknown as [string, number][]]));

function restored(rows: ReadonlyMap<string, Json>, span: ReturnType<typeof spanOf>): Recent<number> {
  const recent = new Recent<number>();
  restoreRemembered(recent, blocksIn(rows), span, (row: number) => row);
  return recent;
}

test('what is restored is what was remembered, with its numbers', () => {
  fc.assert(
    fc.property(steps, (all: readonly Step[]) => {
      let recent = new Recent<number>();
      let count = 0;
      let saved = spanOf(recent);
      const rows = new Map<string, Json>();
      const save = () => {
        for (const [key, block] of changedBlocks(table, recent, saved, (value) => value)) {
          if (block === null) rows.delete(key);
          else rows.set(key, JSON.parse(JSON.stringify(block)));
        }
        saved = spanOf(recent);
      };
      for (const step of [...all, 'checkpoint' as const]) {
        if (typeof step !== 'string' && 'add' in step) {
          for (let added = 0; added < step.add; added++) recent.set(`k${++count}`, count);
        } else if (typeof step !== 'string') recent.trim(step.keep);
        else {
          save();
          const again = restored(rows, saved);
          expect([...again]).toEqual([...recent]);
          expect(spanOf(again)).toEqual(saved);
          if (step === 'restart') recent = again;
        }
      }
      const needed = saved.end === saved.first ? 1 : Math.ceil(saved.end / 64) - Math.floor(saved.first / 64);
      expect(rows.size).toBeLessThanOrEqual(needed); // What is forgotten does not pile up.
    }),
    { numRuns: 500 },
  );
});

test('only blocks that have changed are written', () => {
  const recent = new Recent<number>();
  for (let count = 1; count <= 200; count++) recent.set(`k${count}`, count);
  const saved = spanOf(recent);
  const keys = () =>
    [...changedBlocks(table, recent, saved, (value) => value)].map(([key, row]) => [key, row === null]);
  expect(keys()).toEqual([]);
  recent.set('k201', 201);
  expect(keys()).toEqual([['past:3', false]]);
  recent.trim(100);
  expect(keys()).toEqual([
    ['past:0', true],
    ['past:3', false],
  ]);
});
