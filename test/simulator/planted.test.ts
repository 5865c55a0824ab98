/** The simulator finds what was put in on purpose, and makes it small. */
import { expect, test } from 'vitest';
import { drawPlan } from '../../src/simulator/draw.ts';
import type { Plan } from '../../src/simulator/plan.ts';
import { plantedBugs } from '../../src/simulator/planted/all-bugs.ts';
import { shrink } from '../../src/simulator/shrink.ts';
import { simulatePlan } from '../../src/simulator/simulate-plan.ts';

/** The first seed that finds a bug, with the plan and what failed. */
async function find(name: string): Promise<{ plan: Plan; invariant: string } | undefined> {
  const bug = plantedBugs.find((one) => one.name === name);
  for (let seed = 1; seed <= 60 && bug !== undefined; seed++) {
    const plan = drawPlan(seed);
    const [first] = (await simulatePlan(plan, { seams: bug.seams })).violations;
    if (first !== undefined) return { plan, invariant: first.invariant };
  }
  return undefined;
}

test('there are at least 20, each with a name of its own', () => {
  expect(plantedBugs.length).toBeGreaterThanOrEqual(20);
  expect(new Set(plantedBugs.map(({ name }) => name)).size).toBe(plantedBugs.length);
});

test.each([
  ['ack-before-sync', ['I1', 'I5']],
  ['early-acknowledgement', ['I1', 'I5']],
  ['deadlines-from-now', ['I12']],
  ['forgotten-keys', ['I4']],
  ['decided-twice', ['I11']],
  ['last-in-first-out', ['I6']],
  ['called-twice', ['V1']],
  ['paused-agents-work', ['I10']],
  ['row-forgotten', ['I13']],
  ['restored-late', ['I12', 'I13']],
])('%s is found', { timeout: 60_000 }, async (name, invariants) => {
  expect(invariants).toContain((await find(name))?.invariant);
});

test('no bug is left behind when its run is over', async () => {
  const plan = drawPlan(1);
  const { traceHash } = await simulatePlan(plan);
  for (const { seams } of plantedBugs.filter((bug) => bug.seams.patch !== undefined))
    await simulatePlan(plan, { seams });
  expect(await simulatePlan(plan)).toMatchObject({ traceHash, violations: [] });
});

test('a failing plan is made small, and still fails as it did', { timeout: 60_000 }, async () => {
  const seams = plantedBugs.find(({ name }) => name === 'decided-twice')?.seams ?? {};
  const found = await find('decided-twice');
  if (found === undefined) throw new Error('not found');
  const { plan, invariant } = found;
  const small = await shrink(plan, { invariant, seams, runs: 150 });
  expect(small.actions.length).toBeLessThan(plan.actions.length / 2);
  const { violations } = await simulatePlan(small, { seams });
  expect(violations.map((one) => one.invariant)).toContain(invariant);
});
