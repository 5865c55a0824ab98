import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type AnyStateMachine, enqueueActions } from 'xstate';
import { agentMachine } from '../../src/machines/agent.ts';
import { consultationMachine } from '../../src/machines/consultation.ts';
import { gateMachine } from '../../src/machines/gate.ts';
import { taskMachine } from '../../src/machines/task.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { handDriver } from '../support/hand-driver.ts';
import { recordsOf } from '../support/log.ts';

const explode = () => {
  throw new Error('boom');
};

/** The chart with an action that throws, always. */
const broken = <M extends AnyStateMachine>(machine: M, name: string): M =>
  machine.provide({ actions: { [name]: explode } } as never) as M;

/** The chart with an action that throws the first time, and then does what it should. */
function brokenOnce<M extends AnyStateMachine>(machine: M, name: string): M {
  const whole = machine.implementations.actions[name];
  let isSpent = false;
  const action = enqueueActions(({ enqueue }) => {
    if (isSpent) return enqueue(whole as never);
    isSpent = true;
    explode();
  });
  return machine.provide({ actions: { [name]: action } } as never) as M;
}

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

describe("a task's chart that throws fails its task, and nobody else (I22)", () => {
  test('while it is assigned: its agent is free again', async () => {
    const simulation = await simulate({ charts: { task: brokenOnce(taskMachine, 'take') } });
    const { hub } = simulation;
    hub.register({ id: 'dev', type: 'dev', run: [{ return: 'fine' }] });
    const [failing, good] = [hub.submit({ type: 'x' }), hub.submit({ type: 'x' })];
    await simulation.run();
    expect(await failing.result).toMatchObject({ status: 'failed', error: { code: 'chartError' } });
    expect(await good.result).toMatchObject({ status: 'completed' });
    expect(hub.agent('dev')).toMatchObject({ status: 'idle', tasks: [] });
    expect(hub.status().queue).toMatchObject({ queued: 0, processing: 0 });
    await expectFoldEqual(simulation);
  });

  test('while it opens a consultation: the question ends with it', async () => {
    const simulation = await simulate({ charts: { task: broken(taskMachine, 'openConsultation') } });
    const { hub } = simulation;
    hub.register({ id: 'expert', type: 'expert', run: [], answer: [{ stall: true }] });
    hub.register({ id: 'dev', type: 'dev', run: [{ consult: { type: 'expert', question: 'how?' } }] });
    const failing = hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
    await simulation.run();
    expect(await failing.result).toMatchObject({ status: 'failed', agentId: 'dev', error: { code: 'chartError' } });
    expect(hub.consultations()).toEqual([]);
    expect(hub.agents().map(({ status }) => status)).toEqual(['idle', 'idle']);
    await expectFoldEqual(simulation);
  });

  test('while it opens a gate: the gate ends with it', async () => {
    const simulation = await simulate({ charts: { task: broken(taskMachine, 'openGate') } });
    const { hub } = simulation;
    hub.register({ id: 'dev', type: 'dev', run: [{ escalate: { reason: 'may I?' } }] });
    const failing = hub.submit({ type: 'x' });
    await simulation.run();
    expect(await failing.result).toMatchObject({ status: 'failed', error: { code: 'chartError' } });
    expect(hub.gates()).toEqual([]);
    expect(hub.agent('dev')?.status).toBe('idle');
    await expectFoldEqual(simulation);
  });
});

describe("an agent's chart that throws ends its agent, and its work goes back (I22)", () => {
  test('while it takes a task', async () => {
    const simulation = await simulate({ charts: { agent: brokenOnce(agentMachine, 'takeTask') } });
    const { hub } = simulation;
    const driver = handDriver();
    hub.register({ id: 'broken', type: 'dev', run: driver.run });
    const work = hub.submit({ type: 'x' });
    await simulation.settle();
    expect(hub.agent('broken')).toBeUndefined();
    expect(hub.task(work.id)).toMatchObject({ status: 'queued', attempts: 1 });
    expect(recordsOf(simulation, 'agent.unregistered')).toMatchObject([{ payload: { reason: 'its chart failed' } }]);
    hub.register({ id: 'good', type: 'dev', run: [] });
    await simulation.run();
    expect(await work.result).toMatchObject({ status: 'completed', agentId: 'good', attempts: 2 });
    await expectFoldEqual(simulation);
  });

  test('while it takes a question: the next specialist is asked', async () => {
    const simulation = await simulate({ charts: { agent: brokenOnce(agentMachine, 'takeQuestion') } });
    const { hub } = simulation;
    for (const id of ['e1', 'e2']) hub.register({ id, type: 'expert', run: [], answer: [{ return: id }] });
    hub.register({ id: 'dev', type: 'dev', run: async (_task, { consult }) => consult('expert', 'how?') });
    const work = hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
    await simulation.run();
    expect(await work.result).toMatchObject({ result: { status: 'answered', by: 'e2' } });
    expect(hub.agents().map(({ id }) => id)).toEqual(['e2', 'dev']);
    await expectFoldEqual(simulation);
  });

  test.each(['openGate', 'openConsultation'])('while it does %s: what it had open ends', async (name) => {
    const simulation = await simulate({ charts: { agent: broken(agentMachine, name) } });
    const { hub } = simulation;
    hub.register({
      id: 'dev',
      type: 'dev',
      run: [
        name === 'openGate' ? { escalate: { reason: 'may I?' } } : { consult: { type: 'expert', question: 'how?' } },
      ],
    });
    const work = hub.submit({ type: 'x' });
    await simulation.run();
    expect(hub.agents()).toEqual([]);
    expect([hub.gates(), hub.consultations()]).toEqual([[], []]);
    expect(hub.task(work.id)?.status).toBe('queued');
    await expectFoldEqual(simulation);
  });
});

describe("a consultation's chart that throws ends without an answer (I22)", () => {
  test.each(['ask', 'unask'])('while it does %s', async (name) => {
    const simulation = await simulate({ charts: { consultation: broken(consultationMachine, name) } });
    const { hub } = simulation;
    hub.register({ id: 'expert', type: 'expert', run: [], answer: [{ work: '1m' }] });
    hub.register({ id: 'dev', type: 'dev', run: async (_task, { consult }) => consult('expert', 'how?') });
    const work = hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
    await simulation.settle();
    if (name === 'unask') hub.unregister('expert');
    await simulation.run();
    expect(await work.result).toMatchObject({
      status: 'completed',
      result: { status: 'unavailable', reason: 'its chart failed' },
    });
    expect(hub.consultations()).toEqual([]);
    expect(hub.agents().every(({ status }) => status === 'idle')).toBe(true);
    await expectFoldEqual(simulation);
  });
});

describe("a gate's chart that throws ends its gate and its task (I22)", () => {
  test.each(['remind', 'handOver'])('while it does %s', async (name) => {
    const simulation = await simulate({ charts: { gate: broken(gateMachine, name) } });
    const { hub } = simulation;
    hub.register({
      id: 'dev',
      type: 'dev',
      run: [{ escalate: { reason: 'may I?', ladder: [{ after: '1m', action: name as 'remind', approver: 'boss' }] } }],
    });
    const work = hub.submit({ type: 'x' });
    await simulation.run();
    expect(await work.result).toMatchObject({ status: 'failed', error: { code: 'chartError' } });
    expect(hub.gates()).toEqual([]);
    expect(hub.agent('dev')?.status).toBe('idle');
    await expectFoldEqual(simulation);
  });

  test('while it is decided: the decision stands', async () => {
    const simulation = await simulate({ charts: { gate: broken(gateMachine, 'decide') } });
    const { hub } = simulation;
    hub.register({ id: 'dev', type: 'dev', run: [{ escalate: { reason: 'may I?' } }, { return: 'I may' }] });
    const work = hub.submit({ type: 'x' });
    await simulation.settle();
    await hub.decideGate(hub.gates()[0]?.id ?? '', { decision: 'approve', by: 'alice' });
    await simulation.run();
    expect(await work.result).toMatchObject({ status: 'completed', result: 'I may' });
    await expectFoldEqual(simulation);
  });

  test('without a task: its agent goes on', async () => {
    const simulation = await simulate({ charts: { gate: broken(gateMachine, 'remind') } });
    const { hub } = simulation;
    hub.register({ id: 'dev', type: 'dev', run: [] });
    const gate = hub.escalate('well?', null, { agentId: 'dev', ladder: [{ afterMs: 5, action: 'remind' }] });
    await simulation.run();
    expect(await gate.outcome).toEqual({ status: 'cancelled', reason: 'its chart failed' });
    expect(hub.agent('dev')?.status).toBe('idle');
    await expectFoldEqual(simulation);
  });
});
