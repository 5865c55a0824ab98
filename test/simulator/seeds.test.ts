/** A sample of what `npm run simulate` does. */
import { expect, test } from 'vitest';
import { drawPlan } from '../../src/simulator/draw.ts';
import { planSchema } from '../../src/simulator/plan.ts';
import { readPlan } from '../../src/simulator/plan-file.ts';
import { Tally } from '../../src/simulator/report.ts';
import { simulatePlan } from '../../src/simulator/simulate-plan.ts';
import { toScenario } from '../../src/simulator/to-scenario.ts';

/** So many seeds, others in each of the two builds of XState. */
const seeds = 150;

test(`nothing fails in ${seeds} seeds, with faults of all kinds (I1 to I27)`, { timeout: 180_000 }, async ({
  task,
}) => {
  const tally = new Tally();
  const from = task.file.projectName === 'development' ? 1 : 1 + seeds;
  for (let seed = from; seed < from + seeds; seed++) {
    const result = await simulatePlan(drawPlan(seed), { coverage: tally.coverage });
    expect(result.violations, `seed ${seed}`).toEqual([]);
    tally.add(result);
  }
  const { faultsInjected, transitionsCovered, transitions, records } = tally.report(1);
  expect(records).toBeGreaterThan(5000);
  expect(transitionsCovered / transitions).toBeGreaterThan(0.7);
  const kinds = 'crash crash:before crash:unsynced crash:synced tornWrite lostSuffix ioError diskFull slowDisk twoHubs';
  const people = 'doubleClick staleDecision forged listenerThrows reentry agentCrash zombieAnswer stall agentFails';
  const checkpoints = 'checkpoint checkpointLoaded crash:checkpoint checkpointFails';
  for (const fault of `${kinds} ${people} clockBack clockForward clockSkew ${checkpoints}`.split(' ')) {
    expect(faultsInjected[fault], fault).toBeGreaterThan(0);
  }
});

test('the same seed gives the same plan and the same trace; another gives another', async () => {
  for (const seed of [3, 7, 11, 42]) {
    const [first, second, other] = [drawPlan(seed), drawPlan(seed), drawPlan(seed + 1)];
    expect(first).toEqual(second);
    const hash = (await simulatePlan(first)).traceHash;
    expect((await simulatePlan(second)).traceHash).toBe(hash);
    expect((await simulatePlan(other)).traceHash).not.toBe(hash);
  }
});

test('a plan that was kept as JSON is the same plan', async () => {
  for (const seed of [1, 2, 5, 8]) {
    const plan = drawPlan(seed);
    const kept = readPlan(JSON.stringify(plan), 'plan.json');
    expect((await simulatePlan(kept)).traceHash).toBe((await simulatePlan(plan)).traceHash);
  }
});

test('inspectors change nothing, however many there are and whatever they throw (I23)', async () => {
  for (const seed of [1, 4, 9]) {
    const plan = drawPlan(seed);
    const hashes = new Set<string>();
    for (const inspectors of [0, 1, 50]) {
      hashes.add((await simulatePlan({ ...plan, observers: { ...plan.observers, inspectors } })).traceHash);
    }
    expect(hashes.size, `seed ${seed}`).toBe(1);
  }
});

test('a plan without faults is a scenario, too', () => {
  const scenario = toScenario(
    planSchema.parse({
      ...drawPlan(1),
      router: 'longestFree',
      planner: 'rules',
      broken: null,
      configs: [{}],
      appendMs: [0],
      observers: { inspectors: 0, listeners: 'none' },
      humans: [],
      actions: [
        { at: 0, do: 'register', agent: { profile: { id: 'a', type: 'dev' }, behaviours: [[{ work: '1m' }]] } },
        { at: 5, do: 'submit', task: { id: 't', type: 'x', metadata: { timeoutMs: 1000 } } },
        { at: 9, do: 'cancel', task: 't' },
      ],
    }),
  );
  expect(scenario).toMatchObject({ agents: [{ id: 'a' }], tasks: [{ at: 5, id: 't', metadata: { timeout: 1000 } }] });
  expect(toScenario(planSchema.parse({ ...drawPlan(1), actions: [{ at: 0, do: 'forge', which: 1 }] }))).toBeUndefined();
});
