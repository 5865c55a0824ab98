import { describe, expect, test } from 'vitest';
import type { Hub } from '../../src/hub/hub.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { handDriver } from '../support/hand-driver.ts';
import { recordsOf, typesOf } from '../support/log.ts';
import { refusal, rejection } from '../support/refusals.ts';

describe('a paused hub', () => {
  test('gives out no work, lets what runs go on and takes tasks; then everybody looks again', async () => {
    const simulation = await simulate();
    const { hub } = simulation;
    hub.register({ id: 'a', type: 'dev', run: [{ work: '1m' }] });
    hub.register({ id: 'e', type: 'expert', run: [], answer: [{ return: 'so' }] });
    hub.register({
      id: 'asker',
      type: 'asker',
      run: [{ work: '1m' }, { consult: { type: 'expert', question: 'how?' } }],
    });
    const running = hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
    const asking = hub.submit({ type: 'x', requirements: { agentType: 'asker' } });
    await simulation.settle();
    hub.pause('lunch');
    expect(hub.status().state).toBe('paused');
    const waiting = hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
    await simulation.run();
    expect(hub.task(running.id)?.status).toBe('completed');
    expect(hub.task(waiting.id)?.status).toBe('queued');
    expect(hub.task(asking.id)?.state).toBe('running.consulting');
    expect(hub.consultations()).toMatchObject([{ state: 'requested' }]);
    hub.resume();
    await simulation.run();
    expect(hub.tasks().map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
    await expectFoldEqual(simulation);
  });

  test('drains when it is told to, with what had waited (H1, H2)', async () => {
    const simulation = await simulate();
    const { hub } = simulation;
    hub.register({ id: 'a', type: 'dev', run: [{ work: '1m' }] });
    hub.pause();
    const task = hub.submit({ type: 'x' });
    await simulation.settle();
    const drained = hub.drain();
    await simulation.run();
    await drained;
    expect(await task.result).toMatchObject({ status: 'completed' });
    expect(hub.status().state).toBe('stopped');
    await expectFoldEqual(simulation);
  });
});

describe('a draining hub', () => {
  test('takes no new tasks, finishes what there is and stops', async () => {
    const simulation = await simulate();
    const { hub } = simulation;
    hub.register({
      id: 'a',
      type: 'dev',
      run: [{ escalate: { reason: 'r', ladder: [{ after: '1h', action: 'approve' }] } }],
    });
    const tasks = [hub.submit({ type: 'x' }), hub.submit({ type: 'x' })];
    const drained = hub.drain();
    expect(hub.status().state).toBe('draining');
    expect(refusal(() => hub.submit({ type: 'x' })).code).toBe('draining');
    await simulation.run();
    await drained;
    for (const { result } of tasks) expect(await result).toMatchObject({ status: 'completed' });
    expect(hub.status().state).toBe('stopped');
    expect(recordsOf(simulation, 'hub.stopped')).toMatchObject([{ payload: { reason: 'drained' } }]);
    expect(typesOf(simulation).at(-1)).toBe('hub.stopped');
    await expectFoldEqual(simulation);
  });

  test('that has nothing stops at once', async () => {
    const { hub, settle } = await simulate();
    void hub.drain();
    expect(hub.status().state).toBe('stopped');
    await settle();
    await hub.stopped;
  });

  test('waits for questions and gates of agents without tasks too', async () => {
    const simulation = await simulate();
    const { hub } = simulation;
    hub.register({ id: 'a', type: 'dev', run: [] });
    const gate = hub.escalate('last words?');
    const question = hub.as('a').consult('expert', 'any?', null, { timeoutMs: 1000 });
    void hub.drain();
    await simulation.run();
    expect(await question).toEqual({ status: 'expired' });
    expect(hub.status().state).toBe('draining');
    await hub.decideGate(gate.id, { decision: 'approve', by: 'alice' });
    await hub.stopped;
    expect(hub.status().state).toBe('stopped');
    await expectFoldEqual(simulation);
  });

  test('can be stopped without waiting', async () => {
    const simulation = await simulate();
    const { hub } = simulation;
    hub.submit({ type: 'x' });
    void hub.drain();
    await hub.stop('fire');
    expect(recordsOf(simulation, 'hub.stopped')).toMatchObject([{ payload: { reason: 'fire' } }]);
  });
});

describe('a stopped hub', () => {
  async function stopped() {
    const simulation = await simulate();
    const { hub } = simulation;
    const driver = handDriver();
    hub.register({ id: 'a', type: 'dev', run: driver.run });
    hub.register({ id: 'b', type: 'qa', run: [] });
    const running = hub.submit({ id: 'running', type: 'x', requirements: { agentType: 'dev' }, idempotencyKey: 'k' });
    const queued = hub.submit({ id: 'queued', type: 'x', requirements: { agentType: 'dev' } });
    await hub.send({ to: 'a', type: 'note' });
    const gate = hub.escalate('anybody?');
    const spokesman = hub.as('b');
    const next = spokesman.inbox.next();
    next.catch(() => {});
    await simulation.settle();
    await driver.last.context.inbox.next();
    await hub.stop('closing time');
    return { simulation, hub, driver, running, queued, gate, spokesman, next };
  }

  test('has called off its drivers, and whoever waits hears of it', async () => {
    const { simulation, hub, driver, running, queued, gate, next } = await stopped();
    expect(driver.last.context.signal.aborted).toBe(true);
    for (const promise of [running.result, queued.result, gate.outcome, next]) {
      const error = await rejection(promise as Promise<unknown>);
      expect(error.code).toBe('stopped');
      expect(error.message).toContain('closing time');
    }
    expect(hub.status().state).toBe('stopped');
    await expectFoldEqual(simulation);
  });

  test('takes no command', async () => {
    const { simulation, hub, spokesman } = await stopped();
    const records = simulation.records().length;
    const commands: ((hub: Hub) => unknown)[] = [
      (it) => it.submit({ type: 'x' }),
      (it) => it.submit({ id: 'running', type: 'x', requirements: { agentType: 'dev' }, idempotencyKey: 'k' }),
      (it) => it.register({ id: 'c', type: 'qa', run: [] }),
      (it) => it.unregister('a'),
      (it) => it.pauseAgent('a'),
      (it) => it.cancel('queued'),
      (it) => it.prioritise('queued', 1),
      (it) => it.assign('queued', 'b'),
      (it) => it.send({ to: 'a', type: 'note' }),
      (it) => it.escalate('help'),
      (it) => it.decideGate(it.gates()[0]?.id ?? '', { decision: 'approve', by: 'alice' }),
      (it) => it.updateProject({ phase: 'after' }),
      (it) => it.pause(),
      (it) => it.resume(),
      (it) => it.drain(),
      () => spokesman.send({ to: 'a', type: 'note' }),
      () => spokesman.consult('dev', 'hello?'),
      () => spokesman.heartbeat(),
    ];
    for (const command of commands) {
      const error = await rejection(Promise.resolve().then(() => command(hub)));
      expect(error.code, String(command)).toBe('stopped');
    }
    await simulation.settle();
    expect(simulation.records()).toHaveLength(records);
  });

  test('takes no late answer, and no acknowledgement', async () => {
    const { simulation, hub, driver } = await stopped();
    const records = simulation.records().length;
    driver.last.finish('too late');
    await simulation.run();
    expect(simulation.records()).toHaveLength(records);
    await expect(hub.stopped).resolves.toBeUndefined();
  });

  test('can still be looked at, and stopped again', async () => {
    const { hub } = await stopped();
    await hub.stop();
    expect(hub.task('running')).toMatchObject({ status: 'running', agentId: 'a' });
    expect(hub.queue().map(({ id }) => id)).toEqual(['queued']);
    expect(hub.gates()).toHaveLength(1);
    expect(await hub.log().next()).toMatchObject({ value: { seq: 1, type: 'hub.started' } });
  });

  test('lets no deadline pass', async () => {
    const simulation = await simulate();
    const { hub } = simulation;
    hub.submit({ type: 'x', metadata: { timeoutMs: 1000 } });
    await hub.stop();
    expect(simulation.environment.next()).toBeUndefined();
    await simulation.run();
    expect(typesOf(simulation).at(-1)).toBe('hub.stopped');
  });
});

test('an agent that is paused by an operator gets no work until it is resumed (A2, I10)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ work: '1m' }] });
  const running = hub.submit({ type: 'x' });
  await simulation.settle();
  hub.pauseAgent('a', 'maintenance');
  const waiting = hub.submit({ type: 'x' });
  await simulation.run();
  expect(hub.task(running.id)?.status).toBe('completed');
  expect(hub.task(waiting.id)?.status).toBe('queued');
  expect(refusal(() => hub.assign(waiting.id, 'a')).code).toBe('conflict');
  hub.resumeAgent('a');
  await simulation.run();
  expect(hub.task(waiting.id)?.status).toBe('completed');
  await expectFoldEqual(simulation);
});
