import { describe, expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { handDriver } from '../support/hand-driver.ts';
import { refusal } from '../support/refusals.ts';
import { restartAfter } from '../support/restart.ts';

test('the embedder can ask a human without any agent', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'dev', type: 'dev', run: [{ work: '1m' }] });
  const gate = hub.escalate('ship it?', { version: '1.0' });
  await gate.accepted;
  expect(hub.gates()).toMatchObject([{ id: gate.id, agentId: null, taskId: null, taskType: null }]);
  expect(hub.agent('dev')?.status).toBe('idle');
  await hub.decideGate(gate.id, { decision: 'reject', by: 'alice', reason: 'not yet' });
  expect(await gate.outcome).toEqual({ status: 'rejected', by: 'alice', reason: 'not yet', answer: null });
  expect(hub.agent('dev')?.status).toBe('idle');
  await expectFoldEqual(simulation);
});

test('an idle agent is held until the gate is approved (I10)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'dev', type: 'dev', run: [] });
  const gate = hub.escalate('is it well?', null, { agentId: 'dev' });
  const task = hub.submit({ type: 'x' });
  await simulation.run();
  expect(hub.agent('dev')?.status).toBe('paused');
  expect(hub.task(task.id)?.status).toBe('queued');
  await hub.decideGate(gate.id, { decision: 'approve', by: 'alice' });
  await simulation.run();
  expect(await task.result).toMatchObject({ status: 'completed' });
  await expectFoldEqual(simulation);
});

test.each(['reject', 'expire'] as const)(
  'a gate without a task that ends with %s leaves the agent held (U2)',
  async (end) => {
    const simulation = await simulate();
    const { hub } = simulation;
    hub.register({ id: 'dev', type: 'dev', run: [] });
    const ladder = end === 'expire' ? [{ afterMs: 1000, action: 'expire' as const }] : [];
    const gate = hub.escalate('is it well?', null, { agentId: 'dev', ladder });
    const task = hub.submit({ type: 'x' });
    if (end === 'reject') await hub.decideGate(gate.id, { decision: 'reject', by: 'alice' });
    await simulation.run();
    expect(hub.gates()).toEqual([]);
    expect(hub.agent('dev')).toMatchObject({ status: 'paused', gates: [] });
    expect(hub.task(task.id)?.status).toBe('queued');
    hub.resumeAgent('dev');
    await simulation.run();
    expect(await task.result).toMatchObject({ status: 'completed' });
    await expectFoldEqual(simulation);
  },
);

test('escalating for an agent that works stops its task as well', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'dev', type: 'dev', run: driver.run });
  const task = hub.submit({ type: 'x' });
  await simulation.settle();
  const gate = hub.escalate('it goes in circles', { failures: 3 }, { agentId: 'dev' });
  await simulation.settle();
  expect(hub.task(task.id)?.state).toBe('running.awaitingHuman');
  expect(hub.gates()).toMatchObject([{ taskId: task.id, agentId: 'dev' }]);
  await hub.decideGate(gate.id, { decision: 'reject', by: 'alice' });
  await simulation.settle();
  expect(await task.result).toMatchObject({ status: 'failed', error: { code: 'rejected' } });
  expect(driver.last.context.signal.aborted).toBe(true);
  await expectFoldEqual(simulation);
});

/** A person has asked about an agent that works, and another one could do its task. */
async function doubted() {
  const simulation = await simulate();
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'dev', type: 'dev', run: driver.run });
  const task = hub.submit({ id: 't1', type: 'x' });
  await simulation.settle();
  const gate = hub.escalate('it goes in circles', null, { agentId: 'dev' });
  await simulation.settle();
  return { simulation, hub, driver, task, gate };
}

describe('a person who asks about an agent holds it until a human has decided (I10)', () => {
  test('when it is lost and comes back, while its task goes on with another', async () => {
    const { simulation, hub, driver, task, gate } = await doubted();
    hub.reportLost('dev');
    const again = handDriver();
    hub.register({ id: 'dev', type: 'dev', run: again.run });
    const other = handDriver();
    hub.register({ id: 'other', type: 'dev', run: other.run });
    await simulation.settle();
    expect(hub.agent('dev')).toMatchObject({ status: 'paused', gates: [gate.id] });
    expect(hub.task('t1')).toMatchObject({ state: 'running.working', agentId: 'other' });
    other.last.finish('done');
    hub.submit({ id: 't2', type: 'x' });
    hub.submit({ id: 't3', type: 'x' });
    await simulation.settle();
    expect(await task.result).toMatchObject({ status: 'completed', result: 'done' });
    expect(hub.agent('dev')).toMatchObject({ status: 'paused', gates: [gate.id] });
    await hub.decideGate(gate.id, { decision: 'approve', by: 'alice' });
    await simulation.settle();
    expect(again.last.task.id).toBe('t3');
    expect(driver.calls).toHaveLength(1);
    await expectFoldEqual(simulation);
  });

  test('over a restart of the hub', async () => {
    const { simulation, gate } = await doubted();
    const later = await restartAfter(simulation, 1000);
    const driver = handDriver();
    later.hub.register({ id: 'dev', type: 'dev', run: driver.run });
    await later.settle();
    expect(later.hub.agent('dev')).toMatchObject({ status: 'paused', gates: [gate.id] });
    expect(driver.calls).toEqual([]);
    await later.hub.decideGate(gate.id, { decision: 'approve', by: 'alice' });
    await later.settle();
    expect(driver.last.task).toMatchObject({ id: 't1' });
    await expectFoldEqual(later);
  });

  test.each(['finish', 'fail'] as const)('when what it was at ends with a %s', async (end) => {
    const { simulation, hub, driver, gate } = await doubted();
    driver.last[end](new Error('no'));
    hub.submit({ id: 't2', type: 'x' });
    await simulation.run();
    expect(hub.agent('dev')).toMatchObject({ status: 'paused', gates: [gate.id] });
    expect(driver.calls).toHaveLength(1);
    await hub.decideGate(gate.id, { decision: 'approve', by: 'alice' });
    await simulation.settle();
    expect(driver.calls).toHaveLength(2);
    await expectFoldEqual(simulation);
  });

  test('and longer, when it is turned down: but a task that is with another by then goes on', async () => {
    const { simulation, hub, gate } = await doubted();
    const other = handDriver();
    hub.register({ id: 'other', type: 'dev', run: other.run });
    hub.reportLost('dev');
    hub.register({ id: 'dev', type: 'dev', run: [] });
    await hub.decideGate(gate.id, { decision: 'reject', by: 'alice' });
    await simulation.settle();
    expect(hub.agent('dev')).toMatchObject({ status: 'paused', gates: [] });
    expect(hub.task('t1')).toMatchObject({ state: 'running.working', agentId: 'other' });
    hub.resumeAgent('dev');
    expect(hub.agent('dev')?.status).toBe('idle');
    await expectFoldEqual(simulation);
  });
});

test('a result that comes while the gate is open counts, and the gate is cancelled', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'dev', type: 'dev', run: driver.run });
  const task = hub.submit({ type: 'x' });
  await simulation.settle();
  const gate = driver.last.context.escalate('may I?');
  driver.last.finish('done anyway');
  await simulation.settle();
  expect(await task.result).toMatchObject({ status: 'completed', result: 'done anyway' });
  expect(await gate.outcome).toEqual({ status: 'cancelled', reason: 'the task is completed' });
  expect(hub.agent('dev')?.status).toBe('idle');
  await expectFoldEqual(simulation);
});

test('whoever speaks for an agent can escalate for it', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'dev', type: 'dev', run: [] });
  const gate = hub.as('dev').escalate('help');
  await gate.accepted;
  expect(hub.agent('dev')?.status).toBe('paused');
  await hub.decideGate(gate.id, { decision: 'approve', by: 'alice' });
  expect(await gate.outcome).toMatchObject({ status: 'approved' });
  await expectFoldEqual(simulation);
});

test.each<[string, unknown[], string]>([
  ['no reason', [''], 'reason'],
  ['nobody to approve', ['r', null, { approvers: [] }], 'approvers'],
  ['a context that is not JSON', ['r', { at: new Date(0) }], 'context.at'],
  ['an unknown option', ['r', null, { urgent: true }], 'urgent'],
])('%s is refused', async (_what, given, path) => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'dev', type: 'dev', run: [] });
  for (const escalate of [hub.escalate.bind(hub), hub.as('dev').escalate]) {
    expect(refusal(() => escalate(...(given as Parameters<typeof hub.escalate>))).path).toBe(path);
  }
  await expectFoldEqual(simulation);
  expect(hub.gates()).toEqual([]);
});
