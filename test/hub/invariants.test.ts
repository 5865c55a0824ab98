/** Whatever is done to a hub, in whatever order, the invariants hold; and then everything drains. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Script } from '../../src/actors/script.ts';
import type { Hub } from '../../src/hub/hub.ts';
import { HubError } from '../../src/machines/errors.ts';
import { type SimulationOptions, simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { expectInvariants } from '../support/invariants.ts';
import { storeWith } from '../support/stores.ts';

const types = ['dev', 'qa', 'expert'];
const agentIds = ['a1', 'a2', 'a3', 'a4'];
const taskIds = ['t1', 't2', 't3', 't4', 't5', 't6'];

const ladders: { after: string; action: 'remind' | 'approve' | 'reject' | 'expire' }[][] = [
  [{ after: '3m', action: 'approve' }],
  [
    { after: '1m', action: 'remind' },
    { after: '4m', action: 'reject' },
  ],
  [{ after: '2m', action: 'expire' }],
];
const step: fc.Arbitrary<Script[number]> = fc.oneof(
  fc.record({ work: fc.constantFrom<number | string>('1m', '5m', { min: 1, max: '2m' } as never) }),
  fc.record({
    consult: fc.record({
      type: fc.constantFrom(...types),
      question: fc.constant('how?'),
      timeout: fc.constantFrom('2m', '10m'),
      ifNone: fc.constantFrom('wait' as const, 'refuse' as const),
    }),
  }),
  fc.record({
    escalate: fc.record({
      reason: fc.constant('may I?'),
      wait: fc.boolean(),
      ladder: fc.constantFrom(...ladders),
    }),
  }),
  fc.record({ send: fc.record({ to: fc.constantFrom('hub', 'a1'), type: fc.constant('note') }) }),
  fc.record({ fail: fc.constant({ message: 'no', times: 1 }) }),
  fc.record({ crash: fc.constant({ times: 1 }) }),
  fc.record({ progress: fc.constant({ percent: 50 }) }),
);
const script = fc.array(step, { maxLength: 4 });

type Action = (hub: Hub) => unknown;
const agent = fc.constantFrom(...agentIds);
const task = fc.constantFrom(...taskIds);
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        task,
        fc.integer({ min: 0, max: 3 }),
        fc.constantFrom(undefined, ...types),
        fc.constantFrom(undefined, 400_000),
      )
      .map(
        ([id, priority, agentType, timeoutMs]) =>
          (hub: Hub) =>
            hub.submit({
              id,
              type: 'x',
              metadata: { priority, ...(timeoutMs && { timeoutMs }) },
              requirements: agentType === undefined ? {} : { agentType },
            }),
      ),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        agent,
        fc.constantFrom(...types),
        script,
        fc.integer({ min: 1, max: 2 }),
        fc.constantFrom(undefined, 90_000),
      )
      .map(
        ([id, type, run, concurrency, heartbeatMs]) =>
          (hub: Hub) =>
            hub.register({
              id,
              type,
              concurrency,
              run,
              answer: [{ work: '1m' }, { return: 'so' }],
              ...(heartbeatMs && { heartbeatMs }),
            }),
      ),
  },
  agent.map((id) => (hub: Hub) => hub.unregister(id)),
  agent.map((id) => (hub: Hub) => hub.pauseAgent(id)),
  agent.map((id) => (hub: Hub) => hub.resumeAgent(id)),
  agent.map((id) => (hub: Hub) => hub.reportLost(id)),
  agent.map((id) => (hub: Hub) => hub.as(id).heartbeat()),
  agent.map(
    (id) => (hub: Hub) =>
      hub.escalate('well?', null, { agentId: id, ladder: [{ afterMs: 200_000, action: 'approve' }] }),
  ),
  agent.map((id) => (hub: Hub) => hub.dequeue(id)),
  task.map((id) => (hub: Hub) => hub.cancel(id)),
  fc.tuple(task, fc.integer({ min: 0, max: 3 })).map(
    ([id, priority]) =>
      (hub: Hub) =>
        hub.prioritise(id, priority),
  ),
  fc.constantFrom<Action>(
    (hub) => hub.pause(),
    (hub) => hub.resume(),
    (hub) => hub.purgeDeadLetters(),
    (hub) => Promise.all(hub.gates().map(({ id }) => hub.decideGate(id, { decision: 'approve', by: 'alice' }))),
    (hub) => hub.gates()[0] && hub.decideGate(hub.gates()[0]?.id ?? '', { decision: 'reject', by: 'bob' }),
  ),
);
const scene = fc.array(fc.tuple(action, fc.constantFrom(0, 0, 30_000, 120_000)), { minLength: 1, maxLength: 25 });

/** W1: nobody who is free and no task that they could do are left side by side. */
function expectNobodyIdleBesideWork(hub: Hub): void {
  if (hub.status().state !== 'running') return;
  const idle = hub.agents({ status: 'idle' });
  for (const { id, requirements } of hub.queue()) {
    const able = idle.filter(({ type }) => requirements.agentType === undefined || requirements.agentType === type);
    expect(able, `W1 ${id}`).toEqual([]);
  }
  for (const { id, state, specialistType, from } of hub.consultations()) {
    if (state !== 'requested') continue;
    const able = idle.filter((one) => one.type === specialistType && one.id !== from);
    expect(able, `W1 ${id}`).toEqual([]);
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

test('safety in any run, and everything drains when all are willing (I1, I2, I3, I10, I11, I13, I15, I18, I21, I27, W1)', async () => {
  await fc.assert(
    fc.asyncProperty(scene, fc.integer(), fc.nat(24), async (actions, seed, restartAt) => {
      const options: SimulationOptions = {
        seed,
        config: { inboxLimit: 2, breaker: { failures: 2 }, retry: { maxAttempts: 3 } },
      };
      let simulation = await simulate(options);
      for (const [index, [act, ms]] of actions.entries()) {
        if (index === restartAt) {
          await simulation.settle();
          simulation = await simulate({ ...options, store: storeWith(simulation.records()) });
        }
        await attempt(simulation.hub, act);
        await simulation.advance(ms);
        const { queue, tasks } = simulation.hub.status();
        expect(queue.queued, 'I21').toBe(tasks.queued);
        expect(queue.processing, 'I21').toBe(tasks.assigned + tasks.running);
        expectNobodyIdleBesideWork(simulation.hub);
      }
      await expectFoldEqual(simulation);

      const { hub } = simulation;
      for (const { id } of hub.agents()) hub.unregister(id);
      for (const type of types) hub.register({ id: `willing-${type}`, type, run: [], answer: [{ return: 'so' }] });
      const drained = hub.drain();
      await simulation.run();
      await drained;
      expect(
        hub.tasks().every(({ status }) => ['completed', 'failed', 'cancelled'].includes(status)),
        'I1',
      ).toBe(true);
      const submitted = simulation.records().filter(({ type }) => type === 'task.submit');
      expect(hub.tasks()).toHaveLength(submitted.length);
      expectInvariants(simulation.records());
      await expectFoldEqual(simulation);
    }),
    { numRuns: 150 },
  );
});
