import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { handDriver } from '../support/hand-driver.ts';

test('an agent with room for three has at most three tasks at once', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'a', type: 'dev', concurrency: 3, run: driver.run });
  const tasks = Array.from({ length: 5 }, (_, index) => hub.submit({ id: `t${index}`, type: 'x' }));
  await simulation.settle();
  expect(hub.agent('a')?.tasks).toEqual(['t0', 't1', 't2']);
  expect(hub.pendingCount()).toBe(2);
  driver.calls[1]?.finish();
  await simulation.settle();
  expect(hub.agent('a')?.tasks).toEqual(['t0', 't2', 't3']);
  for (const index of [0, 2, 3]) driver.calls[index]?.finish(index);
  await simulation.settle();
  driver.last.finish('last');
  await simulation.settle();
  expect(hub.agent('a')).toMatchObject({ status: 'idle', completed: 5, tasks: [] });
  expect((await Promise.all(tasks.map(({ result }) => result))).map(({ status }) => status)).toEqual(
    Array(5).fill('completed'),
  );
  await expectFoldEqual(simulation);
});

test('a failure of one of its tasks leaves the others alone', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'a', type: 'dev', concurrency: 2, run: driver.run });
  const [one, two] = [hub.submit({ type: 'x', metadata: { maxAttempts: 1 } }), hub.submit({ type: 'x' })];
  await simulation.settle();
  driver.calls[0]?.fail(new Error('no'));
  await simulation.settle();
  expect(hub.task(one.id)?.status).toBe('failed');
  expect(hub.task(two.id)?.status).toBe('running');
  expect(driver.calls[1]?.context.signal.aborted).toBe(false);
  await expectFoldEqual(simulation);
});

test('a gate on one of its tasks holds the agent: no more work, but what it has goes on (A2, I10)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'a', type: 'dev', concurrency: 3, run: driver.run });
  const [one, two] = [hub.submit({ type: 'x' }), hub.submit({ type: 'x' })];
  await simulation.settle();
  driver.calls[0]?.context.escalate('which way?');
  const three = hub.submit({ type: 'x' });
  await simulation.settle();
  expect(hub.task(one.id)?.state).toBe('running.awaitingHuman');
  expect(hub.agent('a')?.status).toBe('paused');
  expect(hub.task(three.id)?.status).toBe('queued');
  driver.calls[1]?.finish();
  await simulation.settle();
  expect(hub.task(two.id)?.status).toBe('completed');
  expect(hub.task(three.id)?.status).toBe('queued');
  const [gate] = hub.gates();
  await hub.decideGate(gate?.id ?? '', { decision: 'approve', by: 'alice' });
  expect(hub.task(three.id)?.status).toBe('running');
  await expectFoldEqual(simulation);
});

test('a specialist that also works is asked as soon as it is idle (W1, R2)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'expert', type: 'expert', concurrency: 2, run: driver.run, answer: () => 'like this' });
  hub.register({
    id: 'dev',
    type: 'dev',
    run: [{ consult: { type: 'expert', question: 'how?' } }, { return: 'built' }],
  });
  hub.submit({ type: 'review', requirements: { agentType: 'expert' } });
  await simulation.settle();
  const task = hub.submit({ type: 'build', requirements: { agentType: 'dev' } });
  await simulation.settle();
  expect(hub.consultations()).toMatchObject([{ state: 'requested', specialistId: null }]);
  driver.last.finish();
  await simulation.settle();
  expect(await task.result).toMatchObject({ status: 'completed', result: 'built' });
  await expectFoldEqual(simulation);
});

test('when it crashes, all of its tasks go back', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', concurrency: 2, run: [{ work: '1s' }, { crash: true }] });
  const tasks = [hub.submit({ type: 'x' }), hub.submit({ type: 'x' })];
  await simulation.advance(1000);
  expect(hub.agent('a')).toMatchObject({ state: 'unreachable', tasks: [] });
  expect(hub.queue().map(({ id }) => id)).toEqual(tasks.map(({ id }) => id));
  await expectFoldEqual(simulation);
});

/** An expert with room for two tasks, driven by hand, and somebody who will ask it. */
async function withExpert() {
  const simulation = await simulate();
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'expert', type: 'expert', concurrency: 2, run: driver.run, answer: () => 'like this' });
  hub.register({ id: 'dev', type: 'dev', run: [{ consult: { type: 'expert', question: 'how?' } }] });
  return { simulation, hub, driver };
}

test('a question is not left behind by tasks that keep its specialist busy (W2)', async () => {
  const { simulation, hub, driver } = await withExpert();
  for (const id of ['r1', 'r2', 'r3']) {
    hub.submit({ id, type: 'review', requirements: { agentType: 'expert' } });
  }
  await simulation.settle();
  const task = hub.submit({ type: 'build', requirements: { agentType: 'dev' } });
  await simulation.settle();
  driver.calls[0]?.finish();
  await simulation.settle();
  expect(hub.agent('expert')?.tasks).toEqual(['r2']);
  expect(hub.explainRouting('r3')).toMatchObject({
    choice: null,
    summary: expect.stringMatching(
      /^all that can do it are busy: expert is active.working with r2, and a question waits/,
    ),
  });
  driver.calls[1]?.finish();
  await simulation.settle();
  expect(await task.result).toMatchObject({ status: 'completed' });
  expect(hub.agent('expert')?.tasks).toEqual(['r3']);
  await expectFoldEqual(simulation);
});

test.each(['is asked of somebody else', 'is called off'])(
  'when the question that it was kept for %s, it gets tasks again (W1, W2)',
  async (end) => {
    const { simulation, hub } = await withExpert();
    hub.submit({ id: 'r1', type: 'review', requirements: { agentType: 'expert' } });
    await simulation.settle();
    hub.submit({ id: 'asks', type: 'build', requirements: { agentType: 'dev' } });
    await simulation.settle();
    hub.submit({ id: 'r2', type: 'review', requirements: { agentType: 'expert' } });
    expect(hub.agent('expert')?.tasks).toEqual(['r1']);
    if (end === 'is called off') hub.cancel('asks');
    else hub.register({ id: 'other', type: 'expert', taskTypes: ['none'], run: [], answer: () => 'like that' });
    await simulation.settle();
    expect(hub.agent('expert')?.tasks).toEqual(['r1', 'r2']);
    await expectFoldEqual(simulation);
  },
);

test('an agent whose own question nobody can answer now is not kept for others (W1, W2)', async () => {
  const { simulation, hub, driver } = await withExpert();
  hub.submit({ id: 'r1', type: 'review', requirements: { agentType: 'expert' } });
  await simulation.settle();
  hub.submit({ id: 'asks', type: 'build', requirements: { agentType: 'dev' } });
  await simulation.settle();
  hub.submit({ id: 'r2', type: 'review', requirements: { agentType: 'expert' } });
  expect(hub.agent('expert')?.tasks).toEqual(['r1']);
  const asked = driver.calls[0]?.context.consult('nobody', 'and what of this?');
  await simulation.settle();
  expect(hub.agent('expert')?.tasks).toEqual(['r1', 'r2']);

  hub.register({ id: 'somebody', type: 'nobody', run: [], answer: () => 'nothing' });
  await simulation.settle();
  expect(await asked).toMatchObject({ status: 'answered' });
  for (const call of driver.calls) call.finish();
  await simulation.run();
  expect(hub.task('asks')?.status).toBe('completed');
  await expectFoldEqual(simulation);
});

test('a task goes to whoever is idle while another is kept for a question that it could not answer (W2)', async () => {
  const { simulation, hub, driver } = await withExpert();
  hub.submit({ id: 'r1', type: 'review', requirements: { agentType: 'expert' } });
  hub.submit({ id: 'asks', type: 'build', requirements: { agentType: 'dev' } });
  await simulation.settle();
  hub.register({ id: 'mute', type: 'expert', run: driver.run });
  hub.submit({ id: 'r2', type: 'review', requirements: { agentType: 'expert' } });
  await simulation.settle();
  expect(hub.agents().map(({ id, tasks }) => [id, ...tasks])).toEqual([
    ['expert', 'r1'],
    ['dev', 'asks'],
    ['mute', 'r2'],
  ]);
  await expectFoldEqual(simulation);
});
