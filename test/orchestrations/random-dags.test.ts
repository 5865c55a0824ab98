/** Or1 over random plans, in both modes, with agents of random speed: every order that was run respects the plan. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AgentContext, AssignedTask } from '../../src/actors/driver.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { expectInvariants } from '../support/invariants.ts';
import { recordsOf } from '../support/log.ts';
import { plan, subtask } from '../support/plans.ts';

interface Drawn {
  readonly dependencies: readonly number[];
  readonly owner: string;
  readonly minutes: number;
  /** Fails on its first attempt. */
  readonly fails: boolean;
}

const drawn = fc.record({
  dependencies: fc.uniqueArray(fc.nat(30), { maxLength: 4 }),
  owner: fc.constantFrom('development', 'security'),
  minutes: fc.integer({ min: 0, max: 15 }),
  fails: fc.boolean(),
});

const nameOf = (index: number) => `s${index}`;
/** Each depends on some that come before it, so there is no cycle; the order in the plan is another. */
const toPlan = (parts: readonly Drawn[], turn: number) => {
  const subtasks = parts.map(({ dependencies, owner }, index) =>
    subtask(nameOf(index), {
      owner,
      dependencies: index === 0 ? [] : [...new Set(dependencies.map((number) => nameOf(number % index)))],
    }),
  );
  return plan(...subtasks.slice(turn % parts.length), ...subtasks.slice(0, turn % parts.length));
};

/** The stage of each subtask by its definition: one more than the latest of what it depends on. */
function depths(subtasks: ReturnType<typeof toPlan>['subtasks']): Map<string, number> {
  const byId = new Map(subtasks.map((each) => [each.id, each]));
  const found = new Map<string, number>();
  const depthOf = (id: string): number => {
    const known = found.get(id);
    if (known !== undefined) return known;
    const depth = 1 + Math.max(0, ...(byId.get(id)?.dependencies ?? []).map(depthOf));
    found.set(id, depth);
    return depth;
  };
  for (const { id } of subtasks) depthOf(id);
  return found;
}

const scene = fc.record({
  parts: fc.array(drawn, { minLength: 1, maxLength: 14 }),
  mode: fc.constantFrom('stages' as const, 'dag' as const),
  turn: fc.nat(20),
  seed: fc.nat(1000),
  agents: fc.integer({ min: 1, max: 3 }),
});

test('no subtask is begun before what it depends on is done, and by stages none before the stages before', async () => {
  await fc.assert(
    fc.asyncProperty(scene, async ({ parts, mode, turn, seed, agents }) => {
      const simulation = await simulate({
        seed,
        config: { breaker: { failures: 1000 }, orchestration: { limits: { maxStages: 100 } } },
      });
      const { hub } = simulation;
      const run = async (task: AssignedTask, context: AgentContext) => {
        const { subtaskId } = task.payload as { subtaskId: string };
        const { minutes, fails } = parts[Number(subtaskId.slice(1))] as Drawn;
        await context.sleep(minutes * 60_000);
        if (fails && task.attempt === 1) throw new Error('not yet');
        return `result of ${subtaskId}`;
      };
      for (let index = 0; index < agents; index++) {
        hub.register({ id: `dev-${index}`, type: 'development', run });
        hub.register({ id: `sec-${index}`, type: 'security', concurrency: 2, run });
      }
      const given = toPlan(parts, turn);
      hub.orchestrate({ id: 'one', title: 'One', plan: given, mode });
      await simulation.run();

      const depth = depths(given.subtasks);
      const [planned] = recordsOf(simulation, 'orchestration.planned');
      expect(planned?.payload.stages).toHaveLength(Math.max(...depth.values()));
      const doneAt = new Map(
        recordsOf(simulation, 'task.completed').map(({ seq, payload }) => [payload.subtaskId ?? '', seq]),
      );
      for (const { seq, payload } of recordsOf(simulation, 'task.submit')) {
        const id = payload.subtaskId ?? '';
        const { dependencies = [] } = given.subtasks.find((each) => each.id === id) ?? {};
        for (const dependency of dependencies) expect(doneAt.get(dependency)).toBeLessThan(seq);
        const { results } = payload.payload as { results: object };
        expect(results).toEqual(Object.fromEntries(dependencies.map((each) => [each, `result of ${each}`])));
        if (mode === 'dag') continue;
        for (const [other, stage] of depth) {
          if (stage < (depth.get(id) ?? 0)) expect(doneAt.get(other)).toBeLessThan(seq);
        }
      }
      expect(hub.report('one').status).toBe('completed');
      expect(doneAt.size).toBe(parts.length);
      expectInvariants(simulation.records());
      await expectFoldEqual(simulation);
    }),
    { numRuns: 60 },
  );
});
