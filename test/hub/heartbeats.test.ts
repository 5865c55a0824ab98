import { expect, test } from 'vitest';
import { simulate, simulationStart } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { handDriver } from '../support/hand-driver.ts';
import { recordsOf } from '../support/log.ts';

test('an agent that falls silent is lost, and its task goes back once, as a second attempt (I18)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'silent', type: 'dev', heartbeatMs: 60_000, run: driver.run });
  const task = hub.submit({ type: 'x' });
  await simulation.advance(59_999);
  expect(hub.task(task.id)?.status).toBe('running');
  await simulation.advance(1);
  expect(hub.agent('silent')).toMatchObject({ state: 'unreachable', status: 'paused', currentTask: null });
  expect(hub.task(task.id)).toMatchObject({ status: 'queued', attempts: 1, agentId: null });
  expect(driver.last.context.signal.aborted).toBe(true);
  expect(recordsOf(simulation, 'agent.lost')).toMatchObject([{ payload: { reason: 'silent for 1m' } }]);

  hub.register({ id: 'other', type: 'dev', run: [{ return: 'done' }] });
  await simulation.run();
  expect(await task.result).toMatchObject({ status: 'completed', agentId: 'other', attempts: 2, result: 'done' });
  expect(recordsOf(simulation, 'task.returned')).toHaveLength(1);
  await expectFoldEqual(simulation);
});

test('the late result of a lost agent is a dead letter and changes no outcome (I17)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const [slow, fast] = [handDriver(), handDriver()];
  hub.register({ id: 'slow', type: 'dev', heartbeatMs: 1000, run: slow.run });
  const task = hub.submit({ type: 'x' });
  await simulation.advance(1000);
  hub.register({ id: 'fast', type: 'dev', run: fast.run });
  await simulation.settle();
  slow.last.finish('from the dead');
  await simulation.settle();
  expect(hub.task(task.id)).toMatchObject({ status: 'running', agentId: 'fast' });
  fast.last.finish('from the living');
  await simulation.settle();
  expect(await task.result).toMatchObject({ status: 'completed', agentId: 'fast', result: 'from the living' });
  expect(hub.deadLetters()).toMatchObject([{ from: 'slow', reason: 'staleLease', messageType: 'task.result' }]);
  await expectFoldEqual(simulation);
});

test('a sign of life brings a lost agent back, and it gets work again', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'a', type: 'dev', heartbeatMs: 1000, run: driver.run });
  const task = hub.submit({ type: 'x' });
  await simulation.advance(1000);
  expect(hub.agent('a')?.state).toBe('unreachable');
  hub.as('a').heartbeat();
  await simulation.settle();
  expect(recordsOf(simulation, 'agent.found')).toHaveLength(1);
  expect(hub.agent('a')?.state).toBe('active.working');
  driver.last.finish('at last');
  await simulation.settle();
  expect(await task.result).toMatchObject({ status: 'completed', agentId: 'a', attempts: 2, result: 'at last' });
  expect(driver.calls.map(({ task: { attempt } }) => attempt)).toEqual([1, 2]);
  await expectFoldEqual(simulation);
});

test('every message is a sign of life', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({
    id: 'a',
    type: 'dev',
    heartbeatMs: 1000,
    run: async (_task, context) => {
      for (const speak of [
        () => context.heartbeat(),
        () => context.progress(50),
        () => context.send({ to: 'hub', type: 'note' }),
        () => context.consult('nobody', 'hello?', null, { ifNone: 'refuse' }),
      ]) {
        await context.sleep(900);
        await speak();
      }
      await context.sleep(900);
    },
  });
  const task = hub.submit({ type: 'x' });
  await simulation.run();
  expect(await task.result).toMatchObject({ status: 'completed', attempts: 1, durationMs: 4500 });
  expect(recordsOf(simulation, 'agent.lost')).toEqual([]);
  await expectFoldEqual(simulation);
});

test('a scripted agent sends heartbeats while it works', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', heartbeatMs: 60_000, run: [{ work: '10m' }] });
  const task = hub.submit({ type: 'x' });
  await simulation.run();
  expect(await task.result).toMatchObject({ status: 'completed', attempts: 1 });
  expect(recordsOf(simulation, 'agent.heartbeat').length).toBeGreaterThan(9);
  await expectFoldEqual(simulation);
});

test('an idle agent may be silent, and so may one that a gate holds', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'idle', type: 'qa', heartbeatMs: 1000, run: [] });
  hub.register({ id: 'held', type: 'dev', heartbeatMs: 1000, run: [{ escalate: { reason: 'which?' } }] });
  hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
  await simulation.advance(3_600_000);
  expect(hub.agents().map(({ state }) => state)).toEqual(['idle', 'paused']);
  expect(hub.picture().deadlines).toEqual([]);
  const [gate] = hub.gates();
  await hub.decideGate(gate?.id ?? '', { decision: 'approve', by: 'alice' });
  await simulation.settle();
  expect(recordsOf(simulation, 'task.completed')).toHaveLength(1);
  await expectFoldEqual(simulation);
});

test('a lost specialist: its question is asked of the next one', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const expert = { type: 'expert', run: [], heartbeatMs: 1000 };
  hub.register({ ...expert, id: 'e1', answer: [{ stall: true }] });
  hub.register({ ...expert, id: 'e2', answer: [{ return: 'so' }] });
  hub.register({ id: 'dev', type: 'dev', run: async (_task, { consult }) => consult('expert', 'how?') });
  const task = hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
  await simulation.run();
  expect(await task.result).toMatchObject({ result: { status: 'answered', by: 'e2', answer: 'so' }, durationMs: 1000 });
  expect(recordsOf(simulation, 'consultation.returned')).toHaveLength(1);
  expect(hub.agent('e1')?.state).toBe('unreachable');
  await expectFoldEqual(simulation);
});

test('a lost requester: its consultation is cancelled, and its specialist is free', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'expert', type: 'expert', run: [], answer: [{ stall: true }] });
  hub.register({ id: 'dev', type: 'dev', run: [{ consult: { type: 'expert', question: 'how?' } }] });
  hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
  await simulation.settle();
  hub.reportLost('dev', 'its process is gone');
  expect(hub.consultations()).toEqual([]);
  expect(hub.agents().map(({ state }) => state)).toEqual(['idle', 'unreachable']);
  await expectFoldEqual(simulation);
});

test('an agent may be silent while it waits for an answer, and not any more when it has it', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'expert', type: 'expert', run: [], answer: [{ work: '1h' }] });
  hub.register({
    id: 'dev',
    type: 'dev',
    heartbeatMs: 1000,
    run: [{ consult: { type: 'expert', question: 'how?' } }, { stall: true }],
  });
  hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
  await simulation.advance(3_600_000);
  expect(hub.agent('dev')?.state).toBe('active.working');
  await simulation.advance(1000);
  expect(hub.agent('dev')?.state).toBe('unreachable');
  await expectFoldEqual(simulation);
});

test('what holds an agent still holds it when it comes back (A2, I10)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'a', type: 'dev', heartbeatMs: 1000, run: driver.run });
  hub.submit({ type: 'x' });
  await simulation.advance(1000);
  const gate = hub.escalate('is it all right?', null, { agentId: 'a' });
  hub.as('a').heartbeat();
  await simulation.settle();
  expect(hub.agent('a')).toMatchObject({ state: 'paused', gates: [gate.id], tasks: [] });
  await hub.decideGate(gate.id, { decision: 'approve', by: 'alice' });
  expect(hub.agent('a')?.state).toBe('active.working');
  expect(simulation.environment.now()).toBe(simulationStart + 1000);
  await expectFoldEqual(simulation);
});

test('an operator can hold and release an agent that is lost', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ crash: { times: 1 } }] });
  const task = hub.submit({ type: 'x' });
  await simulation.settle();
  expect(hub.agent('a')?.state).toBe('unreachable');
  hub.pauseAgent('a');
  hub.as('a').heartbeat();
  await simulation.settle();
  expect(hub.agent('a')?.state).toBe('paused');
  hub.resumeAgent('a');
  await simulation.run();
  expect(await task.result).toMatchObject({ status: 'completed', attempts: 2 });
  await expectFoldEqual(simulation);
});

test.each(['consulting', 'awaitingHuman'])(
  'one task that is %s does not excuse an agent that is silent about another (I18)',
  async (state) => {
    const simulation = await simulate();
    const { hub } = simulation;
    hub.register({
      id: 'a',
      type: 'dev',
      concurrency: 2,
      heartbeatMs: 1000,
      run: ({ id }, { consult, escalate }) => {
        if (id === 'hangs') return new Promise(() => {});
        return state === 'consulting' ? consult('nobody', 'how?') : escalate('which?').outcome;
      },
    });
    for (const id of ['hangs', 'asks']) hub.submit({ id, type: 'x' });
    await simulation.settle();
    expect(hub.tasks().map((task) => task.state)).toEqual(['running.working', `running.${state}`]);
    await simulation.advance(1000);
    expect(hub.agent('a')?.state).toBe('unreachable');
    expect(hub.queue().map(({ id }) => id)).toEqual(['hangs', 'asks']);
    await expectFoldEqual(simulation);
  },
);

test('a hold from outside does not excuse silence about what goes on (A2)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', heartbeatMs: 1000, run: [{ stall: true }] });
  const task = hub.submit({ type: 'x' });
  hub.escalate('is it all right?', null, { agentId: 'a' });
  await simulation.settle();
  expect(hub.task(task.id)?.state).toBe('running.working');
  await simulation.advance(1000);
  expect(hub.agent('a')?.state).toBe('unreachable');
  expect(hub.task(task.id)?.status).toBe('queued');
  await expectFoldEqual(simulation);
});

test('a specialist may be silent while it asks somebody itself, and not any more when it has the answer', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'deep', type: 'deep', run: [], answer: [{ work: '1h' }] });
  hub.register({
    id: 'expert',
    type: 'expert',
    heartbeatMs: 1000,
    run: [],
    answer: [{ consult: { type: 'deep', question: 'how?' } }, { stall: true }],
  });
  hub.register({ id: 'dev', type: 'dev', run: [{ consult: { type: 'expert', question: 'how?' } }] });
  hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
  await simulation.advance(3_600_000);
  expect(hub.agent('expert')?.state).toBe('active.answering');
  await simulation.advance(1000);
  expect(hub.agent('expert')?.state).toBe('unreachable');
  await expectFoldEqual(simulation);
});
