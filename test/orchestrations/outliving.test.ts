/** Or3, Id1 and I13 over random runs: whatever is done to orchestrations, nothing that one began outlives it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Script } from '../../src/actors/script.ts';
import type { Hub } from '../../src/hub/hub.ts';
import type { Planner } from '../../src/hub/planner.ts';
import { HubError } from '../../src/machines/errors.ts';
import type { HubRecord } from '../../src/machines/messages.ts';
import { type SimulationOptions, simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { expectInvariants } from '../support/invariants.ts';
import { plan, subtask } from '../support/plans.ts';
import { storeWith } from '../support/stores.ts';

const ids = ['o1', 'o2', 'o3'];
const parts = plan(
  subtask('a'),
  subtask('b', { owner: 'security' }),
  subtask('c', { dependencies: ['a'] }),
  subtask('d', { dependencies: ['a', 'b'] }),
);

const ladder: { after: string; action: 'reject' }[] = [{ after: '4m', action: 'reject' }];
const step: fc.Arbitrary<Script[number]> = fc.oneof(
  fc.record({ work: fc.constantFrom('1m', '5m', '30m') }),
  fc.record({ fail: fc.constantFrom('no', { message: 'not yet', times: 1 }) }),
  fc.record({ crash: fc.constant({ times: 1 }) }),
  fc.record({ consult: fc.constant({ type: 'security', question: 'how?', timeout: '2m' }) }),
  fc.record({ escalate: fc.record({ reason: fc.constant('may I?'), ladder: fc.constantFrom(ladder) }) }),
);

type Action = (hub: Hub) => unknown;
const orchestration = fc.constantFrom(...ids);
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(orchestration, fc.constantFrom('stages' as const, 'dag' as const), fc.boolean()).map(
      ([id, mode, byHand]) =>
        (hub: Hub) =>
          hub.orchestrate({ id, title: id, mode, orchestrationRequired: true, ...(byHand && { plan: parts }) }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom('x1', 'x2', 'x3'),
        fc.constantFrom('development', 'security'),
        fc.array(step, { maxLength: 3 }),
      )
      .map(
        ([id, type, run]) =>
          (hub: Hub) =>
            hub.register({ id, type, run, answer: [{ return: 'so' }], concurrency: 2 }),
      ),
  },
  fc.constantFrom('x1', 'x2', 'x3').map((id) => (hub: Hub) => hub.unregister(id)),
  orchestration.map((id) => (hub: Hub) => hub.pauseOrchestration(id)),
  orchestration.map((id) => (hub: Hub) => hub.resumeOrchestration(id)),
  orchestration.map((id) => (hub: Hub) => hub.cancelOrchestration(id)),
  fc.nat(9).map((index) => (hub: Hub) => hub.cancel(liveTasks(hub)[index] ?? 'none')),
  {
    weight: 3,
    arbitrary: fc.tuple(fc.nat(3), fc.constantFrom('retry', 'skip', 'replace', 'reject')).map(
      ([index, choice]) =>
        (hub: Hub) =>
          hub.decideGate(hub.gates()[index]?.id ?? 'none', {
            decision: choice === 'reject' ? 'reject' : 'approve',
            by: 'ann',
            ...(choice !== 'reject' && { choice }),
            answer: [subtask(`new-${hub.status().seq}`)],
          }),
    ),
  },
  fc.nat(3).map((index) => (hub: Hub) => hub.acceptLateResult(hub.deadLetters()[index]?.letterSeq ?? 0, 'ann')),
);
const scene = fc.array(fc.tuple(action, fc.constantFrom(0, 0, 60_000, 400_000)), { minLength: 3, maxLength: 25 });

const liveTasks = (hub: Hub): string[] =>
  hub
    .tasks()
    .filter(({ finishedAt }) => finishedAt === null)
    .map(({ id }) => id);

/** Plans at once, or fails; revises by splitting, or not. */
const planner: Planner = {
  plan: ({ title }) => (title === 'o3' ? 'nonsense' : parts),
  revise: ({ id }) => (id === 'a' ? [subtask(`${id}-1`), subtask(`${id}-2`, { dependencies: [`${id}-1`] })] : null),
};

/** At the end of each orchestration, all of its tasks and gates have ended. */
function expectNothingOutlives(records: readonly HubRecord[]): void {
  const tasks = new Map<string, Set<string>>();
  const gates = new Map<string, Set<string>>();
  const partOf = new Map<string, string>();
  const add = (map: Map<string, Set<string>>, key: string, id: string) => {
    map.set(key, (map.get(key) ?? new Set()).add(id));
    partOf.set(id, key);
  };
  for (const { type, payload, seq } of records) {
    if (type === 'task.submit' && payload.orchestrationId !== undefined) {
      expect(partOf.has(payload.taskId), `Id1 ${seq}`).toBe(false);
      add(tasks, payload.orchestrationId, payload.taskId);
    }
    if (type === 'gate.open') {
      const owner = payload.orchestrationId ?? partOf.get(payload.taskId ?? '');
      if (owner !== undefined) add(gates, owner, payload.gateId);
    }
    if (type === 'task.completed' || type === 'task.failed' || type === 'task.cancelled') {
      tasks.get(partOf.get(payload.taskId) ?? '')?.delete(payload.taskId);
      partOf.delete(payload.taskId);
    }
    if (/^gate\.(approved|rejected|expired|cancelled)$/.test(type)) {
      const { gateId } = payload as { gateId: string };
      gates.get(partOf.get(gateId) ?? '')?.delete(gateId);
    }
    if (/^orchestration\.(completed|failed|cancelled)$/.test(type)) {
      const { orchestrationId } = payload as { orchestrationId: string };
      expect([...(tasks.get(orchestrationId) ?? [])], `Or3 ${seq}`).toEqual([]);
      expect([...(gates.get(orchestrationId) ?? [])], `Or3 ${seq}`).toEqual([]);
    }
  }
}

/** Commands may be refused; nothing else may go wrong. */
async function attempt(hub: Hub, act: Action): Promise<void> {
  try {
    await act(hub);
  } catch (error) {
    if (!(error instanceof HubError) || error.code === 'internal' || error.code === 'storeFailed') throw error;
  }
}

test('nothing outlives what it was for, in any run, and all can be brought to an end', async () => {
  await fc.assert(
    fc.asyncProperty(scene, fc.integer(), fc.nat(24), async (actions, seed, restartAt) => {
      const options: SimulationOptions = {
        seed,
        planner,
        config: {
          breaker: { failures: 1000 },
          orchestration: { maxAttempts: 2 },
          keepFinished: seed % 2 === 0 ? 0 : 100,
        },
      };
      let simulation = await simulate(options);
      for (const type of ['development', 'security']) {
        simulation.hub.register({ id: `first-${type}`, type, run: [{ work: '3m' }], answer: [{ return: 'so' }] });
      }
      for (const [index, [act, ms]] of actions.entries()) {
        await attempt(simulation.hub, act);
        await simulation.advance(ms);
        if (index !== restartAt) continue;
        await expectFoldEqual(simulation);
        const startAt = simulation.environment.now() + 60_000;
        simulation = await simulate({ ...options, store: storeWith(simulation.records()), startAt });
      }
      await expectFoldEqual(simulation);
      expectInvariants(simulation.records());
      expectNothingOutlives(simulation.records());

      const { hub } = simulation;
      for (const { id } of hub.agents()) hub.unregister(id);
      for (const type of ['development', 'security']) hub.register({ id: `willing-${type}`, type, run: [] });
      for (let round = 0; round < 20 && hub.orchestrations().active > 0; round++) {
        for (const { id } of hub.orchestrations().current) hub.resumeOrchestration(id);
        for (const { id, choices } of hub.gates()) {
          const decision = { decision: 'approve' as const, by: 'ann', ...(choices && { choice: 'skip' }) };
          await attempt(hub, () => hub.decideGate(id, decision)); // The one before may have closed it.
        }
        await simulation.run();
      }
      expect(hub.orchestrations().current).toEqual([]);
      expect(liveTasks(hub)).toEqual([]);
      expect([hub.gates(), hub.consultations(), hub.picture().deadlines]).toEqual([[], [], []]);
      expectNothingOutlives(simulation.records());
      await expectFoldEqual(simulation);
    }),
    { numRuns: 150 },
  );
}, 60_000);
