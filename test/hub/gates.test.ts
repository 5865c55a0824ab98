import { describe, expect, test } from 'vitest';
import type { AgentContext, GateHandle } from '../../src/actors/driver.ts';
import { contentHash } from '../../src/machines/hash.ts';
import { admitJson, maxJsonBytes } from '../../src/machines/json.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { handDriver } from '../support/hand-driver.ts';
import { recordsOf } from '../support/log.ts';
import { rejection } from '../support/refusals.ts';

/** An agent that has opened a gate in the middle of a task. */
async function escalated(options: Parameters<AgentContext['escalate']>[2] = {}) {
  const simulation = await simulate();
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'dev', type: 'dev', run: driver.run });
  const task = hub.submit({ id: 't1', type: 'migrate' });
  await simulation.settle();
  const gate: GateHandle = driver.last.context.escalate('drop the table?', { rows: 12 }, options);
  await simulation.settle();
  return { simulation, hub, driver, task, gate };
}

test('a gate shows what a person needs to decide', async () => {
  const { simulation, hub, gate } = await escalated({ ladder: [{ afterMs: 1000, action: 'remind' }] });
  const now = simulation.environment.now();
  expect(hub.gates()).toEqual([
    {
      id: gate.id,
      reason: 'drop the table?',
      context: { rows: 12 },
      agentId: 'dev',
      taskId: 't1',
      taskType: 'migrate',
      approvers: null,
      choices: null,
      orchestrationId: null,
      openedAt: now,
      next: { action: 'remind', at: now + 1000 },
      reminders: 0,
      contentHash: contentHash({ reason: 'drop the table?', context: { rows: 12 } }),
    },
  ]);
  await gate.accepted;
  await expectFoldEqual(simulation);
});

test('while it is open, its agent is paused and gets no work (I10)', async () => {
  const { simulation, hub, task } = await escalated();
  const next = hub.submit({ type: 'x' });
  await simulation.settle();
  expect(hub.agent('dev')).toMatchObject({ status: 'paused', currentTask: 't1' });
  expect(hub.task(task.id)).toMatchObject({ state: 'running.awaitingHuman', status: 'running' });
  expect(hub.task(next.id)?.status).toBe('queued');
  await expectFoldEqual(simulation);
});

test('approved: the agent goes on with what the person said', async () => {
  const { simulation, hub, driver, task, gate } = await escalated();
  await hub.decideGate(gate.id, { decision: 'approve', by: 'alice', reason: 'fine', answer: { keep: ['id'] } });
  expect(await gate.outcome).toEqual({ status: 'approved', by: 'alice', reason: 'fine', answer: { keep: ['id'] } });
  expect(hub.agent('dev')?.state).toBe('active.working');
  expect(hub.task(task.id)?.state).toBe('running.working');
  expect(hub.gates()).toEqual([]);
  driver.last.finish('migrated');
  await simulation.settle();
  expect(await task.result).toMatchObject({ status: 'completed', result: 'migrated' });
  await expectFoldEqual(simulation);
});

test('rejected: the task fails, its driver is called off, the agent is free (U2)', async () => {
  const { simulation, hub, driver, task, gate } = await escalated();
  const outcome = rejection(gate.outcome);
  await hub.decideGate(gate.id, { decision: 'reject', by: 'alice', reason: 'too risky' });
  expect(await task.result).toMatchObject({
    status: 'failed',
    agentId: 'dev',
    error: { code: 'rejected', message: 'rejected by alice: too risky' },
  });
  expect((await outcome).message).toContain('called off');
  expect(driver.last.context.signal.aborted).toBe(true);
  expect(hub.agent('dev')?.status).toBe('idle');
  await expectFoldEqual(simulation);
});

test('the largest answer that a decision can have is told, and the approval that has it is no larger than a message may be', async () => {
  const { simulation, hub, gate } = await escalated();
  const decision = { decision: 'approve', by: 'alice' } as const;
  const room = maxJsonBytes - JSON.stringify({ ...decision, answer: '', gateId: gate.id }).length;
  const largest = 'x'.repeat(room);
  expect((await rejection(hub.decideGate(gate.id, { ...decision, answer: `${largest}x` }))).code).toBe('tooLarge');
  await hub.decideGate(gate.id, { ...decision, answer: largest });
  expect(await gate.outcome).toMatchObject({ status: 'approved', answer: largest });
  for (const { payload } of recordsOf(simulation, 'gate.approved')) expect(admitJson(payload)).toEqual(payload);
  await expectFoldEqual(simulation);
});

describe('a gate is decided once (U1, I11)', () => {
  test('the second of two decisions is refused and recorded', async () => {
    const { simulation, hub, gate } = await escalated();
    const first = hub.decideGate(gate.id, { decision: 'approve', by: 'alice' });
    const second = rejection(hub.decideGate(gate.id, { decision: 'reject', by: 'bob' }));
    await first;
    expect(await second).toMatchObject({ code: 'gateClosed', path: 'gateId' });
    expect((await second).message).toContain('approved');
    expect(hub.deadLetters()).toMatchObject([
      { messageType: 'gate.decide', reason: 'gateClosed', payload: { gateId: gate.id, by: 'bob', decision: 'reject' } },
    ]);
    expect(hub.task('t1')?.status).toBe('running');
    await expectFoldEqual(simulation);
  });

  test('of a hundred deciders one is heard', async () => {
    const { simulation, hub, gate } = await escalated();
    const decisions = Array.from({ length: 100 }, (_, index) =>
      hub.decideGate(gate.id, { decision: index % 2 === 0 ? 'approve' : 'reject', by: `human-${index}` }),
    );
    const settled = await Promise.allSettled(decisions);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(recordsOf(simulation, 'gate.approved')).toMatchObject([{ payload: { by: 'human-0' } }]);
    expect(recordsOf(simulation, 'gate.rejected')).toEqual([]);
    expect(hub.deadLetters()).toHaveLength(99);
    await expectFoldEqual(simulation);
  });

  test('a decision after the task is over is refused and recorded', async () => {
    const { simulation, hub, gate, task } = await escalated();
    const outcome = rejection(gate.outcome);
    task.cancel();
    await simulation.settle();
    await outcome;
    const late = await rejection(hub.decideGate(gate.id, { decision: 'approve', by: 'alice' }));
    expect(late.code).toBe('gateClosed');
    expect(late.message).toContain('cancelled');
    expect(hub.deadLetters()).toMatchObject([{ reason: 'gateClosed' }]);
    await expectFoldEqual(simulation);
  });

  test('a gate that there never was is unknown', async () => {
    const { simulation, hub } = await escalated();
    const before = simulation.records().length;
    expect((await rejection(hub.decideGate('nothing', { decision: 'approve', by: 'a' }))).code).toBe('unknownGate');
    expect(simulation.records()).toHaveLength(before);
  });
});

describe('who may decide', () => {
  test('only an approver, where there are any; another attempt is recorded', async () => {
    const { simulation, hub, gate } = await escalated({ approvers: ['alice', 'bob'] });
    expect(hub.gates()[0]?.approvers).toEqual(['alice', 'bob']);
    const refused = await rejection(hub.decideGate(gate.id, { decision: 'approve', by: 'mallory' }));
    expect(refused).toMatchObject({ code: 'forbidden', path: 'by' });
    expect(hub.deadLetters()).toMatchObject([{ reason: 'notAllowed', payload: { by: 'mallory' } }]);
    expect(hub.gates()).toHaveLength(1);
    await hub.decideGate(gate.id, { decision: 'approve', by: 'bob' });
    expect(await gate.outcome).toMatchObject({ by: 'bob' });
    await expectFoldEqual(simulation);
  });

  test('never an agent, not even as an approver', async () => {
    const { simulation, hub, gate } = await escalated({ approvers: ['dev'] });
    const refused = await rejection(hub.decideGate(gate.id, { decision: 'approve', by: 'dev' }));
    expect(refused).toMatchObject({ code: 'forbidden', path: 'by' });
    expect(hub.gates()).toHaveLength(1);
    await expectFoldEqual(simulation);
  });
});

test('a decision on other content than is shown is refused and recorded (I11)', async () => {
  const { simulation, hub, gate } = await escalated();
  const stale = contentHash({ reason: 'drop the table?', context: { rows: 2 } });
  const refused = await rejection(hub.decideGate(gate.id, { decision: 'approve', by: 'alice', contentHash: stale }));
  expect(refused).toMatchObject({ code: 'conflict', path: 'contentHash' });
  expect(hub.deadLetters()).toMatchObject([{ reason: 'staleContent' }]);
  const shown = hub.gates()[0]?.contentHash ?? '';
  await hub.decideGate(gate.id, { decision: 'approve', by: 'alice', contentHash: shown });
  expect(await gate.outcome).toMatchObject({ status: 'approved' });
  await expectFoldEqual(simulation);
});

test.each<[string, Record<string, unknown>, string, string]>([
  ['that is none', { decision: 'perhaps' }, 'invalid', 'decision'],
  ['by nobody', { by: '' }, 'invalid', 'by'],
  ['with something unknown', { force: true }, 'invalid', 'force'],
  ['with an answer that is not JSON', { answer: new Set() }, 'notJson', 'answer'],
])('a decision %s is refused', async (_what, change, code, path) => {
  const { simulation, hub, gate } = await escalated();
  const before = simulation.records().length;
  const decision = { decision: 'approve', by: 'alice', ...change } as never;
  expect(await rejection(hub.decideGate(gate.id, decision))).toMatchObject({ code, path });
  expect(simulation.records()).toHaveLength(before);
  expect(hub.gates()).toHaveLength(1);
});

describe('several gates at once', () => {
  test('the task waits until the last one is decided, in whatever order', async () => {
    const simulation = await simulate();
    const { hub } = simulation;
    hub.register({
      id: 'dev',
      type: 'dev',
      run: [
        { escalate: { reason: 'first', wait: false } },
        { escalate: { reason: 'second', wait: false } },
        { escalate: { reason: 'third', wait: false } },
        { return: 'all decided' },
      ],
    });
    const task = hub.submit({ type: 'x' });
    await simulation.settle();
    const ids = hub.gates().map(({ id }) => id);
    expect(hub.agent('dev')?.gates).toEqual(ids);
    for (const id of ids.toReversed()) {
      expect(hub.task(task.id)?.state).toBe('running.awaitingHuman');
      await hub.decideGate(id, { decision: 'approve', by: 'alice' });
    }
    await simulation.settle();
    expect(await task.result).toMatchObject({ status: 'completed', result: 'all decided' });
    await expectFoldEqual(simulation);
  });

  test('one rejection ends the task and the other gates', async () => {
    const { simulation, hub, driver, gate } = await escalated();
    const other = driver.last.context.escalate('and the index?');
    await simulation.settle();
    await hub.decideGate(gate.id, { decision: 'reject', by: 'alice' });
    await simulation.settle();
    expect(hub.task('t1')?.error).toEqual({ code: 'rejected', message: 'rejected by alice' });
    expect((await rejection(hub.decideGate(other.id, { decision: 'approve', by: 'bob' }))).message).toContain(
      'cancelled',
    );
    await expectFoldEqual(simulation);
  });
});

test('a decision that says nothing is refused like any other bad input', async () => {
  const { hub, gate } = await escalated();
  for (const nothing of [undefined, null, 1, 'approve']) {
    expect((await rejection(hub.decideGate(gate.id, nothing as never))).code).toBe('invalid');
  }
  expect((await rejection(hub.decideGate('no-such-gate', undefined as never))).code).toBe('unknownGate');
});
