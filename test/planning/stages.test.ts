import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { criticalPath, type Ordered, stagesOf } from '../../src/hub/stages.ts';

/** `{ a: '', b: 'a', c: 'a b' }`: what each depends on. */
const graph = (edges: { readonly [id: string]: string }): Ordered[] =>
  Object.entries(edges).map(([id, needs]) => ({ id, dependencies: needs.split(' ').filter((need) => need !== '') }));

const staged = (subtasks: readonly Ordered[]): string[][] => {
  const staging = stagesOf(subtasks);
  if ('cycle' in staging) throw new Error(`a cycle: ${staging.cycle.join(' → ')}`);
  return staging.stages;
};

describe('stages', () => {
  test.each([
    ['nothing', {}, []],
    ['one', { a: '' }, [['a']]],
    ['a chain', { a: '', b: 'a', c: 'b' }, [['a'], ['b'], ['c']]],
    ['a diamond', { a: '', b: 'a', c: 'a', d: 'b c' }, [['a'], ['b', 'c'], ['d']]],
    [
      'two of their own',
      { a: '', b: '', c: 'a', d: 'b' },
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['a short cut', { a: '', b: 'a', c: 'a b' }, [['a'], ['b'], ['c']]],
    ['the same twice', { a: '', b: 'a a' }, [['a'], ['b']]],
  ])('%s', (_name, edges, stages) => {
    expect(stagesOf(graph(edges))).toEqual({ stages });
  });

  test('G2 within a stage the order is that of the plan, whatever came first in time', () => {
    expect(stagesOf(graph({ z: 'b', y: 'a', b: '', a: '' }))).toEqual({
      stages: [
        ['b', 'a'],
        ['z', 'y'],
      ],
    });
  });

  test('G3 what depends on nothing that is there is overlooked', () => {
    expect(stagesOf(graph({ a: 'ghost', b: 'a' }))).toEqual({ stages: [['a'], ['b']] });
  });
});

describe('cycles', () => {
  test.each([
    ['of one', { a: 'a' }, ['a', 'a']],
    ['of two', { a: 'b', b: 'a' }, ['a', 'b', 'a']],
    ['of three', { a: 'c', b: 'a', c: 'b' }, ['a', 'c', 'b', 'a']],
    ['behind what is fine', { a: '', b: 'a d', c: 'b', d: 'c' }, ['b', 'd', 'c', 'b']],
    ['before what only waits for it', { a: 'c', b: 'c', c: 'b' }, ['b', 'c', 'b']],
  ])('%s', (_name, edges, cycle) => {
    expect(stagesOf(graph(edges))).toEqual({ cycle });
  });
});

/** Random graphs without a cycle: each depends on some of those before it in a hidden order. */
const dag = fc
  .integer({ min: 1, max: 40 })
  .chain((size) =>
    fc.tuple(
      fc.array(fc.array(fc.nat({ max: 1_000_000 }), { maxLength: 5 }), { minLength: size, maxLength: size }),
      fc.shuffledSubarray(
        Array.from({ length: size }, (_, index) => index),
        { minLength: size, maxLength: size },
      ),
    ),
  )
  .map(([draws, places]) => {
    const subtasks = draws.map((needs, index) => ({
      id: `t${index}`,
      dependencies: index === 0 ? [] : needs.map((draw) => `t${draw % index}`),
    }));
    return places.map((place) => subtasks[place] as Ordered);
  });

/** The longest chain of dependencies before a subtask, the slow and obvious way. */
function depth(id: string, byId: ReadonlyMap<string, Ordered>, known = new Map<string, number>()): number {
  const before = known.get(id);
  if (before !== undefined) return before;
  const needs = byId.get(id)?.dependencies ?? [];
  const own = needs.length === 0 ? 0 : Math.max(...needs.map((need) => depth(need, byId, known))) + 1;
  known.set(id, own);
  return own;
}

describe('whatever the graph', () => {
  test('G1 all dependencies are in earlier stages, and no subtask could be in an earlier one', () => {
    fc.assert(
      fc.property(dag, (subtasks) => {
        const stages = staged(subtasks);
        const stageOf = new Map(stages.flatMap((ids, stage) => ids.map((id) => [id, stage] as const)));
        const byId = new Map(subtasks.map((subtask) => [subtask.id, subtask]));

        expect(stages.flat().sort()).toEqual(subtasks.map(({ id }) => id).sort());
        for (const { id, dependencies } of subtasks) {
          for (const need of dependencies) expect(stageOf.get(need)).toBeLessThan(stageOf.get(id) as number);
          expect(stageOf.get(id)).toBe(depth(id, byId));
        }
        expect(stages.every((ids) => ids.length > 0)).toBe(true);
      }),
    );
  });

  test('a planted cycle is found, and what is printed is a real one', () => {
    fc.assert(
      fc.property(dag, fc.array(fc.nat({ max: 39 }), { minLength: 1, maxLength: 6 }), (subtasks, draws) => {
        const ring = [...new Set(draws.map((draw) => (subtasks[draw % subtasks.length] as Ordered).id))];
        const next = (id: string) => ring[(ring.indexOf(id) + 1) % ring.length] as string;
        const planted = subtasks.map(({ id, dependencies }) => ({
          id,
          dependencies: ring.includes(id) ? [...dependencies, next(id)] : dependencies,
        }));
        const staging = stagesOf(planted);
        const cycle = 'cycle' in staging ? staging.cycle : [];
        const needs = new Map(planted.map(({ id, dependencies }) => [id, dependencies]));

        expect(cycle.length).toBeGreaterThanOrEqual(2);
        expect(cycle.at(-1)).toBe(cycle[0]);
        expect(new Set(cycle).size).toBe(cycle.length - 1);
        for (let index = 1; index < cycle.length; index++) {
          expect(needs.get(cycle[index - 1] as string)).toContain(cycle[index]);
        }
      }),
    );
  });
});

describe('the critical path', () => {
  /** The subtasks themselves, stage by stage. */
  const inStages = <S extends Ordered>(subtasks: readonly S[]): S[][] =>
    staged(subtasks).map((ids) => ids.map((id) => subtasks.find((subtask) => subtask.id === id) as S));

  const timed = (edges: { readonly [id: string]: string }, minutes: { readonly [id: string]: [number, number] }) =>
    inStages(
      graph(edges).map((subtask) => {
        const [min, max] = minutes[subtask.id] ?? [1, 1];
        return { ...subtask, minutes: { min, max } };
      }),
    );

  test('is the chain that takes longest, not the one with most subtasks', () => {
    const stages = timed({ a: '', b: 'a', c: 'b', d: '', e: 'd c' }, { d: [30, 40], e: [5, 5] });

    expect(criticalPath(stages)).toEqual({ subtasks: ['d', 'e'], minutes: { min: 35, max: 45 } });
  });

  test('goes by the longer estimates', () => {
    const stages = timed({ sure: '', doubtful: '' }, { sure: [20, 20], doubtful: [5, 25] });

    expect(criticalPath(stages)).toEqual({ subtasks: ['doubtful'], minutes: { min: 5, max: 25 } });
  });

  test('of nothing is empty', () => {
    expect(criticalPath([])).toEqual({ subtasks: [], minutes: { min: 0, max: 0 } });
  });

  test('of chains that take equally long it is the first, in the order of the plan', () => {
    expect(criticalPath(timed({ b: '', a: '', d: 'a b', c: 'a' }, {})).subtasks).toEqual(['a', 'd']);
  });

  test('whatever the graph: a real chain, and none takes longer', () => {
    fc.assert(
      fc.property(dag, fc.array(fc.nat({ max: 60 }), { minLength: 40, maxLength: 40 }), (subtasks, draws) => {
        const all = subtasks.map((subtask, index) => ({ ...subtask, minutes: { min: 0, max: draws[index] ?? 0 } }));
        const byId = new Map(all.map((subtask) => [subtask.id, subtask]));
        const ends = new Map<string, number>();
        const endOf = (id: string): number => {
          const known = ends.get(id);
          if (known !== undefined) return known;
          const { dependencies, minutes } = byId.get(id) as (typeof all)[number];
          const end = Math.max(0, ...dependencies.map(endOf)) + minutes.max;
          ends.set(id, end);
          return end;
        };
        const path = criticalPath(inStages(all));

        expect(path.minutes.max).toBe(Math.max(...all.map(({ id }) => endOf(id))));
        expect(path.subtasks.reduce((sum, id) => sum + (byId.get(id)?.minutes.max ?? 0), 0)).toBe(path.minutes.max);
        for (let index = 1; index < path.subtasks.length; index++) {
          expect(byId.get(path.subtasks[index] as string)?.dependencies).toContain(path.subtasks[index - 1]);
        }
      }),
    );
  });
});
