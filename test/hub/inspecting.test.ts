import { expect, test, vi } from 'vitest';
import { type AnyActorRef, type InspectionEvent, initialTransition } from 'xstate';
import { logHash } from '../../src/machines/hash.ts';
import { taskMachine } from '../../src/machines/task.ts';
import { type SimulationOptions, simulate } from '../../src/testing.ts';

/** A run with a bit of everything that depends on chance. */
async function hashOf(options: SimulationOptions): Promise<string> {
  const simulation = await simulate(options);
  const { hub } = simulation;
  hub.register({
    id: 'expert',
    type: 'expert',
    run: [],
    answer: [{ work: { min: '1m', max: '1h' } }, { return: 'so' }],
  });
  for (const id of ['a', 'b']) {
    hub.register({
      id,
      type: 'dev',
      heartbeatMs: 600_000,
      run: [
        { work: { min: '1m', max: '30m' } },
        { consult: { type: 'expert', question: 'how?' } },
        { fail: 'no luck' },
      ],
    });
  }
  for (let count = 0; count < 4; count++) hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
  await simulation.run();
  expect(hub.tasks().map(({ status }) => status)).toEqual(Array(4).fill('failed'));
  return logHash(simulation.records());
}

test('the same seed gives the same log, byte for byte; another seed another one', async () => {
  const [once, again, other] = [await hashOf({ seed: 5 }), await hashOf({ seed: 5 }), await hashOf({ seed: 6 })];
  expect(again).toBe(once);
  expect(other).not.toBe(once);
});

test('inspectors are passive: neither watching nor throwing changes the log (I23)', async () => {
  const plain = await hashOf({ seed: 5 });
  const seen: InspectionEvent[] = [];
  expect(await hashOf({ seed: 5, inspect: (event) => seen.push(event) })).toBe(plain);
  expect(seen.length).toBeGreaterThan(100);
  const throwing = vi.fn(() => {
    throw new Error('the inspector broke');
  });
  expect(await hashOf({ seed: 5, inspect: throwing })).toBe(plain);
  expect(throwing.mock.calls.length).toBe(seen.length);
});

test('listeners, subscribers and slow readers of the log change nothing either (I23)', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const plain = await hashOf({ seed: 5 });
  const simulation = await simulate({ seed: 5 });
  simulation.hub.on('*', () => {
    throw new Error('the listener broke');
  });
  simulation.hub.actor.subscribe(() => {});
  for await (const _record of simulation.hub.log()) await simulation.settle();
  expect(await hashOf({ seed: 5 })).toBe(plain);
});

test('an inspector sees every actor of the hub, under its name', async () => {
  const ids = new Set<string>();
  const inspect = (event: InspectionEvent) => {
    if (event.type === '@xstate.actor') ids.add((event.actorRef as AnyActorRef).id);
  };
  const simulation = await simulate({ inspect });
  const { hub } = simulation;
  hub.register({ id: 'dev', type: 'dev', run: [{ consult: { type: 'x', question: 'q' } }] });
  hub.submit({ id: 't', type: 'x' });
  const gate = hub.escalate('r');
  await simulation.settle();
  const [consultation] = hub.consultations();
  expect([...ids].slice(1).sort()).toEqual(
    ['agent:dev', `consultation:${consultation?.id}`, `gate:${gate.id}`, 'task:t'].sort(),
  );
});

test("a task's actor can be subscribed to, selected from, and ends with its task", async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'dev', type: 'dev', run: [{ escalate: { reason: 'may I?' } }] });
  const task = hub.submit({ type: 'x' });
  const states: unknown[] = [];
  const complete = vi.fn();
  task.actor?.subscribe({ next: ({ value }) => states.push(value), complete });
  await simulation.settle();
  await hub.decideGate(hub.gates()[0]?.id ?? '', { decision: 'approve', by: 'alice' });
  await simulation.run();
  expect(states).toEqual([{ running: 'working' }, { running: 'awaitingHuman' }, { running: 'working' }, 'completed']);
  expect(complete).toHaveBeenCalledTimes(1);
  expect(task.actor?.getSnapshot().status).toBe('done');
  const [initial] = initialTransition(taskMachine, { taskId: 't', dueAt: null });
  expect(Object.keys(task.actor?.getSnapshot().context ?? {})).toEqual(Object.keys(initial.context));
});

test("the hub's actor tells where the hub stands, and how long its log is", async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const seen: unknown[] = [];
  hub.actor.subscribe(({ value, context }) => seen.push([value, context.seq]));
  hub.pause();
  hub.resume();
  await hub.stop();
  expect(seen).toEqual([
    ['paused', 2],
    ['running', 3],
    ['running', 4],
    ['stopped', 5],
  ]);
  expect(JSON.stringify(hub.actor.getPersistedSnapshot())).toContain('"seq":5');
});
