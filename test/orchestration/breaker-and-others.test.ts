/** The breaker next to whatever else holds an agent or fails its tasks. */
import { expect, test } from 'vitest';
import { type Simulation, simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { handDriver } from '../support/hand-driver.ts';
import { recordsOf } from '../support/log.ts';

const minute = 60_000;
const config = { retry: { maxAttempts: 1 }, breaker: { failures: 1, resetMs: minute } };

/** An agent whose breaker has just tripped. */
async function tripped() {
  const simulation = await simulate({ config });
  const driver = handDriver();
  simulation.hub.register({ id: 'a', type: 'dev', run: driver.run });
  simulation.hub.submit({ type: 'x' });
  await simulation.settle();
  driver.last.fail(new Error('no'));
  await simulation.settle();
  expect(agentOf(simulation)).toMatchObject({ breaker: 'open', state: 'paused' });
  return { simulation, driver };
}

const agentOf = ({ hub }: Simulation) => hub.agent('a');

test('paused by an operator meanwhile, it stays paused when its time is over', async () => {
  const { simulation } = await tripped();
  simulation.hub.pauseAgent('a');
  await simulation.run();
  expect(agentOf(simulation)).toMatchObject({ breaker: 'halfOpen', state: 'paused' });
  simulation.hub.resumeAgent('a');
  expect(agentOf(simulation)).toMatchObject({ breaker: 'halfOpen', state: 'idle' });
  await expectFoldEqual(simulation);
});

test('resumed by an operator, it still has to wait for its time', async () => {
  const { simulation } = await tripped();
  simulation.hub.pauseAgent('a');
  simulation.hub.resumeAgent('a');
  expect(agentOf(simulation)).toMatchObject({ breaker: 'open', state: 'paused' });
  await simulation.run();
  expect(agentOf(simulation)).toMatchObject({ breaker: 'halfOpen', state: 'idle' });
  await expectFoldEqual(simulation);
});

test('lost meanwhile, it comes back held, or free when its time is over', async () => {
  for (const [ms, state] of [
    [minute / 2, 'paused'],
    [2 * minute, 'idle'],
  ] as const) {
    const { simulation, driver } = await tripped();
    simulation.hub.reportLost('a');
    await simulation.advance(ms);
    expect(agentOf(simulation)?.state).toBe('unreachable');
    simulation.hub.register({ id: 'a', type: 'dev', run: driver.run });
    expect(agentOf(simulation)?.state).toBe(state);
    await expectFoldEqual(simulation);
  }
});

test('it is not asked as a specialist either', async () => {
  const simulation = await simulate({ config });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'expert', run: [{ fail: 'no' }], answer: [{ return: 'so' }] });
  hub.register({ id: 'asker', type: 'dev', run: [{ consult: { type: 'expert', question: 'how?' } }] });
  hub.submit({ type: 'x', requirements: { agentType: 'expert' } });
  await simulation.settle();
  hub.submit({ id: 'asking', type: 'x', requirements: { agentType: 'dev' } });
  await simulation.advance(minute - 1);
  expect(hub.consultations()).toMatchObject([{ state: 'requested' }]);
  await simulation.run();
  expect(hub.task('asking')?.status).toBe('completed');
  await expectFoldEqual(simulation);
});

/** A person says no to what the agent at work asks; the hub ends the task with that. */
async function rejectGate(simulation: Simulation, driver: ReturnType<typeof handDriver>): Promise<void> {
  const { hub } = simulation;
  driver.last.context.escalate('may I?').outcome.catch(() => {});
  await simulation.settle();
  hub.decideGate(hub.gates()[0]?.id ?? '', { decision: 'reject', by: 'ann' });
  await simulation.settle();
}

test('a task that ends by a person’s no says nothing about the agent', async () => {
  const simulation = await simulate({ config });
  const driver = handDriver();
  simulation.hub.register({ id: 'a', type: 'dev', run: driver.run });
  const task = simulation.hub.submit({ type: 'x' });
  await simulation.settle();
  await rejectGate(simulation, driver);
  expect(simulation.hub.task(task.id)?.error?.code).toBe('rejected');
  expect(agentOf(simulation)).toMatchObject({ breaker: 'closed', status: 'idle', performance: { taskCount: 0 } });
  await expectFoldEqual(simulation);
});

test('nor does it when half open: the next task is the one to try', async () => {
  const { simulation, driver } = await tripped();
  await simulation.run();
  simulation.hub.submit({ type: 'x' });
  await simulation.settle();
  await rejectGate(simulation, driver);
  expect(agentOf(simulation)).toMatchObject({ breaker: 'halfOpen', status: 'idle' });
  simulation.hub.submit({ type: 'x' });
  await simulation.settle();
  driver.last.finish();
  await simulation.settle();
  expect(agentOf(simulation)?.breaker).toBe('closed');
  expect(recordsOf(simulation, 'agent.tripped')).toHaveLength(1);
  await expectFoldEqual(simulation);
});

test('a task that is called off when half open decides nothing', async () => {
  const { simulation } = await tripped();
  await simulation.run();
  const task = simulation.hub.submit({ type: 'x' });
  await simulation.settle();
  task.cancel();
  expect(agentOf(simulation)).toMatchObject({ breaker: 'halfOpen', status: 'idle' });
  await expectFoldEqual(simulation);
});

test('a task that runs out of time under an agent counts; one that did in the queue does not', async () => {
  const simulation = await simulate({ config });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ stall: true }] });
  hub.submit({ type: 'x', metadata: { timeoutMs: 2000 } });
  hub.submit({ type: 'x', metadata: { timeoutMs: 1000 } });
  await simulation.advance(1000);
  expect(agentOf(simulation)?.breaker).toBe('closed');
  await simulation.advance(1000);
  expect(agentOf(simulation)?.breaker).toBe('open');
  await expectFoldEqual(simulation);
});
