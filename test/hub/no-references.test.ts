import { expect, test } from 'vitest';
import { type AnyActor, createMachine, fromCallback } from 'xstate';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { reachable, waysToActors } from '../support/reachable.ts';
import { refusal } from '../support/refusals.ts';

test('the walk that looks for actors finds one where there is one', async () => {
  const { hub } = await simulate();
  expect(waysToActors({ deep: [{ hub: hub.actor }] })).not.toEqual([]);
  expect(waysToActors({ map: new Map([['x', hub.actor.system]]) })).not.toEqual([]);
});

test('from all that a driver is given no actor can be reached (D1, X1, I8)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const given: unknown[] = [];
  hub.register({
    id: 'expert',
    type: 'expert',
    run: [],
    answer: (question, context) => {
      given.push(question, context);
      return 'so';
    },
  });
  hub.register({
    id: 'dev',
    type: 'dev',
    run: async (task, context) => {
      const gate = context.escalate('which way?');
      const next = context.inbox.next();
      given.push(task, context, gate, await context.send({ to: 'dev', type: 'note' }), await next);
      given.push(await gate.outcome, await context.consult('expert', 'how?'), context.inbox.peek());
      await context.send({ to: 'nobody', type: 'x' }).catch((error) => given.push(error));
    },
  });
  const task = hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
  await simulation.settle();
  await hub.decideGate(hub.gates()[0]?.id ?? '', { decision: 'approve', by: 'alice' });
  await simulation.settle();
  expect(await task.result).toMatchObject({ status: 'completed' });
  expect(given).toHaveLength(11);
  expect(reachable(given).size).toBeGreaterThan(100);
  expect(waysToActors(given)).toEqual([]);
  await expectFoldEqual(simulation);
});

test('not even from the reason with which the work is called off', async () => {
  const { hub, settle } = await simulate();
  const reasons: unknown[] = [];
  hub.register({
    id: 'dev',
    type: 'dev',
    run: async (_task, context) => {
      await context.sleep(1000).catch(() => reasons.push(context.signal, context.signal.reason));
    },
  });
  const task = hub.submit({ type: 'x' });
  await settle();
  task.cancel();
  await settle();
  expect(reasons).toHaveLength(2);
  expect(waysToActors(reasons)).toEqual([]);
});

test('a mind lives in a system of its own: no parent, no siblings, no hub (I8)', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const seen: { self: AnyActor; events: unknown[]; input: unknown }[] = [];
  const mind = createMachine({
    invoke: {
      src: fromCallback(({ self }) => {
        seen.push({ self: self._parent as AnyActor, events: [], input: null });
      }),
    },
    context: ({ input }) => ({ input }),
    on: {
      '*': {
        actions: ({ event, context, self }) => {
          seen.push({ self: self as AnyActor, events: [event], input: context.input });
        },
      },
    },
  });
  hub.register({ id: 'dev', type: 'dev', run: mind });
  hub.submit({ type: 'x' });
  await hub.send({ to: 'dev', type: 'order', body: { now: true } });
  await simulation.settle();
  expect(seen).toHaveLength(2);
  for (const { self, events, input } of seen) {
    expect(self._parent).toBeUndefined();
    expect(self.system).not.toBe(hub.actor.system);
    expect(self.system.getAll()).toEqual({});
    expect(self.system.get('hub')).toBeUndefined();
    expect(waysToActors([events, input])).toEqual([]);
    const others = [...reachable([self, self.system])].filter(([value]) => value === hub.actor || value === hub);
    expect(others).toEqual([]);
  }
  await expectFoldEqual(simulation);
});

test("the hub's own system hands out nobody (no systemId)", async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'dev', type: 'dev', run: [{ stall: true }] });
  hub.submit({ id: 't', type: 'x' });
  await simulation.settle();
  const { system } = hub.actor;
  expect(system.getAll()).toEqual({});
  for (const name of ['hub', 'dev', 'agent:dev', 't', 'task:t', 'x:0', 'x:1']) expect(system.get(name)).toBeUndefined();
});

test('the actors that an embedder sees can be watched and not moved', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'dev', type: 'dev', run: [{ work: '1m' }] });
  const task = hub.submit({ type: 'x' });
  const states: unknown[] = [];
  task.actor?.subscribe(({ value }) => states.push(value));
  const before = simulation.hub.picture();
  for (const actor of [hub.actor, task.actor] as unknown as AnyActor[]) {
    expect(refusal(() => actor.send({ type: 'task.completed' })).code).toBe('forbidden');
    expect(refusal(() => actor.send({ type: 'xstate.stop' })).code).toBe('forbidden');
    expect(refusal(() => actor.stop()).code).toBe('forbidden');
  }
  expect(simulation.hub.picture()).toEqual(before);
  await simulation.run();
  expect(states).toEqual([{ running: 'working' }, 'completed']);
  expect(await task.result).toMatchObject({ status: 'completed' });
  await expectFoldEqual(simulation);
});
