import { describe, expect, test } from 'vitest';
import type { AgentContext, AssignedTask, EscalateOptions } from '../../src/actors/driver.ts';
import { simulatedEnvironment } from '../../src/actors/simulated-environment.ts';
import { memoryStore } from '../../src/actors/store.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { handDriver } from '../support/hand-driver.ts';
import { recordsOf } from '../support/log.ts';
import { rejection } from '../support/refusals.ts';
import { heldStore, storeWith } from '../support/stores.ts';

const day = 86_400_000;

const asking = async (_task: unknown, { escalate }: AgentContext) => {
  const outcome = await escalate('Deploy?', { build: 7 }, { ladder: [{ afterMs: 60 * day, action: 'reject' }] })
    .outcome;
  return outcome.status === 'approved' ? { by: outcome.by, answer: outcome.answer } : outcome.status;
};

/** A task waits at a gate, and its agent is lost. */
async function lostAtGate() {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'one', type: 'dev', run: asking });
  const task = hub.submit({ id: 't1', type: 'x' });
  await simulation.settle();
  const [gate] = hub.gates();
  hub.reportLost('one');
  await simulation.settle();
  return { simulation, hub, task, gateId: gate?.id ?? '' };
}

test('a gate stays open when its agent is lost, holds nobody, and the next agent goes on with it (Gl1, Gl2)', async () => {
  const { simulation, hub, task, gateId } = await lostAtGate();
  expect(hub.gates().map(({ id }) => id)).toEqual([gateId]);

  hub.register({ id: 'two', type: 'dev', run: asking });
  await simulation.settle();
  expect(hub.gates()).toHaveLength(1);
  expect(hub.agent('two')).toMatchObject({ status: 'paused', gates: [gateId] });
  expect(hub.agent('one')?.gates).toEqual([]);

  await hub.decideGate(gateId, { decision: 'approve', by: 'ann', answer: 'go' });
  expect(await task.result).toMatchObject({ status: 'completed', attempts: 2, result: { by: 'ann', answer: 'go' } });
  await expectFoldEqual(simulation);
});

test('an approval that comes while nobody has the task is heard by the next agent, who need not ask again (Gl2)', async () => {
  const { simulation, hub, task, gateId } = await lostAtGate();
  await hub.decideGate(gateId, { decision: 'approve', by: 'ann', answer: 'go' });

  hub.register({ id: 'two', type: 'dev', run: asking });
  await simulation.settle();

  expect(await task.result).toMatchObject({ status: 'completed', result: { by: 'ann', answer: 'go' } });
  expect(simulation.records().filter(({ type }) => type === 'gate.open')).toHaveLength(1);
  await expectFoldEqual(simulation);
});

test('an approval that is given as the next agent asks is told once it is durable, and not before (Z2, I5)', async () => {
  const { store, hold, letThrough } = heldStore();
  const simulation = await simulate({ store });
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'one', type: 'dev', run: driver.run });
  hub.submit({ type: 'x' });
  await simulation.settle();
  const gate = driver.last.context.escalate('Deploy?');
  await simulation.settle();
  hub.reportLost('one');
  hub.register({ id: 'two', type: 'dev', run: driver.run });
  await simulation.settle();

  hold();
  const heard: string[] = [];
  const again = driver.last.context.escalate('Deploy?');
  again.outcome.then(({ status }) => heard.push(status));
  await new Promise(setImmediate);
  const decided = hub.decideGate(gate.id, { decision: 'approve', by: 'ann' });
  letThrough();
  hold();
  await new Promise(setImmediate);
  expect(simulation.records().at(-1)?.type).toBe('gate.rejoin');
  expect(heard).toEqual([]);
  letThrough();
  await decided;
  expect(await again.outcome).toMatchObject({ status: 'approved', by: 'ann' });
  await expectFoldEqual(simulation);
});

describe('an approval counts for what was asked for, and by whom (U1, Gl2)', () => {
  const ladder = [{ afterMs: day, action: 'reject' }] as const;
  const first = { approvers: ['intern'], ladder };

  /** A task asks, is begun anew, and asks the same in another way. */
  async function askedInTwoWays(second: EscalateOptions, isApproved: boolean) {
    const simulation = await simulate();
    const { hub } = simulation;
    const run = async ({ attempt }: AssignedTask, { escalate }: AgentContext) =>
      (await escalate('Deploy?', { build: 7 }, attempt === 1 ? first : second).outcome).status;
    hub.register({ id: 'one', type: 'dev', run });
    hub.submit({ id: 't1', type: 'x' });
    await simulation.settle();
    const [gate] = hub.gates();
    hub.reportLost('one');
    if (isApproved) await hub.decideGate(gate?.id ?? '', { decision: 'approve', by: 'intern' });
    hub.register({ id: 'two', type: 'dev', run });
    await simulation.settle();
    return { simulation, hub };
  }

  describe.each([
    ['while it is open', false],
    ['when it is approved', true],
  ])('%s', (_when, isApproved) => {
    test.each<[string, EscalateOptions]>([
      ['other approvers', { ...first, approvers: ['boss'] }],
      ['any human', { ladder }],
      ['another ladder', { ...first, ladder: [{ afterMs: day, action: 'approve' }] }],
      ['no ladder', { approvers: first.approvers }],
    ])('who asks for %s is asked for anew', async (_what, second) => {
      const { simulation, hub } = await askedInTwoWays(second, isApproved);
      const opened = recordsOf(simulation, 'gate.open').map(({ payload }) => payload.gateId);
      expect(opened).toHaveLength(2);
      expect(hub.task('t1')).toMatchObject({ state: 'running.awaitingHuman', waitsFor: [opened[1]] });
      await expectFoldEqual(simulation);
    });

    test('who asks in the same way is not', async () => {
      const { simulation } = await askedInTwoWays({ ladder: [{ ...ladder[0] }], approvers: ['intern'] }, isApproved);
      expect(recordsOf(simulation, 'gate.open')).toHaveLength(1);
      await expectFoldEqual(simulation);
    });
  });
});

test('what somebody said who may not decide is not heard as what was said with the approval (U1)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const run = async (_task: unknown, { escalate }: AgentContext) =>
    escalate('Deploy?', null, { approvers: ['ann'], ladder: [{ afterMs: day, action: 'approve' }] }).outcome;
  hub.register({ id: 'one', type: 'dev', run });
  const task = hub.submit({ type: 'x' });
  await simulation.settle();
  const [gate] = hub.gates();
  const decision = { decision: 'approve', by: 'mallory', reason: 'trust me', answer: { target: 'elsewhere' } } as const;
  expect((await rejection(hub.decideGate(gate?.id ?? '', decision))).code).toBe('forbidden');
  hub.reportLost('one');
  await simulation.advance(day);
  hub.register({ id: 'two', type: 'dev', run });
  await simulation.settle();

  expect(await task.result).toMatchObject({
    status: 'completed',
    result: { status: 'approved', by: 'ladder', reason: '', answer: null },
  });
  await expectFoldEqual(simulation);
});

test('in logs whose approvals do not say it, what was decided last is what was said', async () => {
  const { simulation, hub, gateId } = await lostAtGate();
  await hub.decideGate(gateId, { decision: 'approve', by: 'ann', reason: 'fine', answer: 'go' });
  const records = simulation.records().map((record) => {
    if (record.type !== 'gate.approved') return record;
    const { reason: _reason, answer: _answer, ...payload } = record.payload;
    return { ...record, payload };
  });

  const later = await simulate({ store: storeWith(records), startAt: simulation.environment.now() + day, seed: 2 });
  later.hub.register({ id: 'one', type: 'dev', run: asking });
  await later.settle();
  expect(later.hub.task('t1')).toMatchObject({ status: 'completed', result: { by: 'ann', answer: 'go' } });
});

test('a rejection while nobody has the task fails it', async () => {
  const { simulation, hub, task, gateId } = await lostAtGate();

  await hub.decideGate(gateId, { decision: 'reject', by: 'ann' });

  expect(await task.result).toMatchObject({ status: 'failed', error: { code: 'rejected' } });
  await expectFoldEqual(simulation);
});

test('a gate that nobody waits for ends with its task (K2)', async () => {
  const { simulation, hub, task } = await lostAtGate();

  task.cancel();
  await simulation.settle();

  expect(hub.gates()).toEqual([]);
  expect((await task.result).status).toBe('cancelled');
  await expectFoldEqual(simulation);
});

test('who asks twice in one attempt is asked twice; and after a failed attempt people are asked anew', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({
    id: 'one',
    type: 'dev',
    async run({ attempt }, { escalate }) {
      await escalate('Charge?', null).outcome;
      await escalate('Charge?', null).outcome;
      if (attempt === 1) throw new Error('the card was declined');
      return 'charged';
    },
  });
  hub.on('gate.open', ({ payload }) => void hub.decideGate(payload.gateId, { decision: 'approve', by: 'ann' }));
  const task = hub.submit({ type: 'x' });
  await simulation.run();

  expect(await task.result).toMatchObject({ status: 'completed', attempts: 2 });
  expect(simulation.records().filter(({ type }) => type === 'gate.open')).toHaveLength(4);
  await expectFoldEqual(simulation);
});

test('a gate and its deadline outlive a restart of the hub, and the restart costs no attempt (I12)', async () => {
  const first = await simulate({ store: memoryStore() });
  first.hub.register({ id: 'one', type: 'dev', run: asking });
  first.hub.submit({ id: 't1', type: 'x', metadata: { maxAttempts: 1 } });
  await first.settle();
  const [gate] = first.hub.gates();
  const later = simulatedEnvironment(2, first.environment.now() + 30 * day);

  const second = await simulate({ store: storeWith(first.records()), startAt: later.now() });
  expect(second.hub.gates()).toMatchObject([{ id: gate?.id, next: gate?.next }]);
  second.hub.register({ id: 'one', type: 'dev', run: asking });
  await second.settle();
  expect(second.hub.agent('one')?.status).toBe('paused');

  await second.run();
  expect(second.hub.task('t1')).toMatchObject({ status: 'failed', error: { code: 'rejected' } });
  expect(second.environment.now() - first.environment.now()).toBe(60 * day);
  await expectFoldEqual(second);
});

test('a gate of an earlier lease that closes does not let a task go on that waits at another (I21)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const asks = async (task: { readonly attempt: number }, { escalate }: AgentContext) => {
    const gates = task.attempt === 1 ? [escalate('First?'), escalate('Second?')] : [escalate('Second?')];
    return (await Promise.all(gates.map(({ outcome }) => outcome))).map(({ status }) => status);
  };
  hub.register({ id: 'one', type: 'dev', run: asks });
  const task = hub.submit({ id: 't1', type: 'x' });
  await simulation.settle();
  const [first, second] = hub.gates().map(({ id }) => id) as [string, string];
  hub.reportLost('one');
  hub.register({ id: 'two', type: 'dev', run: asks });
  await simulation.settle();
  expect(hub.task('t1')).toMatchObject({ state: 'running.awaitingHuman', waitsFor: [second] });

  await hub.decideGate(first, { decision: 'approve', by: 'ann' });
  expect(hub.task('t1')).toMatchObject({ state: 'running.awaitingHuman', waitsFor: [second] });
  await hub.decideGate(second, { decision: 'approve', by: 'ann' });
  expect(await task.result).toMatchObject({ status: 'completed', result: ['approved'] });
  await expectFoldEqual(simulation);
});
