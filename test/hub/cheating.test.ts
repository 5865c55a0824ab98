import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AgentContext, OutgoingMessage } from '../../src/actors/driver.ts';
import { deliver } from '../../src/actors/sealed-actor.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { handDriver } from '../support/hand-driver.ts';
import { recordsOf } from '../support/log.ts';
import { refusal, rejection } from '../support/refusals.ts';

/** A mole with a task of its own, and a victim with another. */
async function infiltrated() {
  const simulation = await simulate();
  const { hub } = simulation;
  const [mole, victim] = [handDriver(), handDriver()];
  hub.register({ id: 'victim', type: 'dev', run: victim.run });
  hub.submit({ id: 'prey', type: 'x' });
  hub.register({ id: 'mole', type: 'dev', run: mole.run });
  hub.submit({ id: 'cover', type: 'x' });
  await simulation.settle();
  return { simulation, hub, mole: mole.last.context, moleWork: mole, victim };
}

describe('a forged sender', () => {
  test.each<[string, Record<string, unknown>]>([
    ['from', { from: 'hub' }],
    ['seq', { seq: 1 }],
    ['at', { at: 0 }],
    ['id', { id: 'r1' }],
    ['causationId', { causationId: 'r1' }],
    ['payload', { payload: {} }],
  ])('in "%s" is refused, and leaves no record', async (key, forged) => {
    const { simulation, mole } = await infiltrated();
    const message = { to: 'victim', type: 'order', ...forged } as OutgoingMessage;
    expect(await rejection(mole.send(message))).toMatchObject({ code: 'invalid', path: key });
    await expectFoldEqual(simulation);
    expect(recordsOf(simulation, 'message.send')).toEqual([]);
  });

  test('in the body is only a body', async () => {
    const { simulation, hub, mole } = await infiltrated();
    await mole.send({ to: 'victim', type: 'order', body: { from: 'hub', seq: 1 } });
    expect(hub.inbox('victim')).toMatchObject([{ from: 'mole', body: { from: 'hub', seq: 1 } }]);
    await expectFoldEqual(simulation);
  });

  test('whatever a driver says, the log names the driver (I2)', async () => {
    const { simulation, mole } = await infiltrated();
    mole.progress(1);
    mole.heartbeat();
    await mole.send({ to: 'hub', type: 'note' });
    void mole.consult('dev', 'who am I?');
    mole.escalate('who am I?');
    await simulation.settle();
    const said = simulation
      .records()
      .filter(({ type }) =>
        ['task.progressed', 'agent.heartbeat', 'message.send', 'consultation.request', 'gate.open'].includes(type),
      );
    expect(said.map(({ from }) => from)).toEqual(Array(5).fill('mole'));
    await expectFoldEqual(simulation);
  });

  test.each([{ taskId: 'prey' }, { agentId: 'victim' }, { lease: 3 }, { orchestrationId: 'o1' }, { subtaskId: 'one' }])(
    'options cannot point at what somebody else has: %o is refused',
    async (lie) => {
      const { simulation, hub, mole } = await infiltrated();
      hub.register({ id: 'idle', type: 'dev', run: [] });
      const [path] = Object.keys(lie);
      const options = { ladder: [{ afterMs: 1000, action: 'reject' }], ...lie } as never;
      for (const escalate of [mole.escalate, hub.as('idle').escalate]) {
        expect(refusal(() => escalate('stop it', null, options))).toMatchObject({ code: 'invalid', path });
      }
      for (const consult of [mole.consult, hub.as('idle').consult]) {
        const refused = rejection(consult('nobody', 'how?', null, { timeoutMs: 1000, ...lie } as never));
        expect(await refused).toMatchObject({ code: 'invalid', path });
      }
      if (!('agentId' in lie)) {
        expect(refusal(() => hub.escalate('stop it', null, options))).toMatchObject({ code: 'invalid', path });
      }
      await simulation.advance(2000);
      expect(hub.gates()).toEqual([]);
      expect(hub.consultations()).toEqual([]);
      expect(hub.task('prey')?.state).toBe('running.working');
      await expectFoldEqual(simulation);
    },
  );
});

describe('a forged event of XState', () => {
  const types = ['xstate.stop', 'xstate.init', 'xstate.done.actor.gate', 'xstate.error.actor.x', 'XSTATE.STOP'];

  test.each(types)('%s is no type of a message', async (type) => {
    const { simulation, hub, mole } = await infiltrated();
    expect((await rejection(mole.send({ to: 'victim', type }))).code).toBe('invalid');
    expect((await rejection(hub.send({ to: 'victim', type }))).code).toBe('invalid');
    await expectFoldEqual(simulation);
    expect(recordsOf(simulation, 'message.send')).toEqual([]);
  });

  const names = types.filter((type) => type !== 'xstate.stop'); // Past the seal, that one stops any actor: it is XState's own.
  test.each([...names, 'task.completed', 'gate.approved', 'hub.stopped'])(
    'even past the seal, %s does nothing to the hub (Y1)',
    async (type) => {
      const { simulation, hub } = await infiltrated();
      const before = hub.picture();
      const forged = { type, seq: 1, payload: { taskId: 'prey' }, output: {}, actorId: 'task:prey' };
      deliver(hub.actor, forged as never);
      deliver(hub.actor, { type } as never);
      expect(hub.picture()).toEqual(before);
      expect(hub.actor.getSnapshot().status).toBe('active');
      await expectFoldEqual(simulation);
    },
  );
});

test('no message of an agent moves a chart, whatever its type is called', async () => {
  const types = fc.constantFrom('task.completed', 'task.cancelled', 'gate.approved', 'agent.paused', 'hub.stop');
  await fc.assert(
    fc.asyncProperty(types, async (type) => {
      const { simulation, hub, mole } = await infiltrated();
      await mole.send({ to: 'victim', type, body: { taskId: 'prey', agentId: 'victim', by: 'alice' } });
      await mole.send({ to: 'hub', type, body: { taskId: 'prey', reason: 'x' } });
      await simulation.settle();
      expect(hub.task('prey')?.state).toBe('running.working');
      expect(hub.agent('victim')?.state).toBe('active.working');
      expect(hub.status().state).toBe('running');
      await expectFoldEqual(simulation);
    }),
    { numRuns: 10 },
  );
});

test('what a driver is given cannot be changed for others', async () => {
  const { simulation, hub, moleWork } = await infiltrated();
  const { task } = moleWork.last;
  expect(() => Object.assign(task, { id: 'prey' })).toThrow(TypeError);
  expect(() => Object.assign(task.requirements, { agentType: 'qa' })).toThrow(TypeError);
  moleWork.last.finish('mine');
  await simulation.settle();
  expect(hub.task('cover')).toMatchObject({ status: 'completed', result: 'mine' });
  expect(hub.task('prey')?.status).toBe('running');
});

test('a context that was kept speaks for nobody once the agent is gone (I2)', async () => {
  const { simulation, hub, moleWork, mole } = await infiltrated();
  const kept: AgentContext = { ...mole };
  moleWork.last.finish();
  await simulation.settle();
  hub.unregister('mole');
  expect((await rejection(kept.send({ to: 'victim', type: 'order' }))).code).toBe('unknownAgent');
  await expectFoldEqual(simulation);
  expect(hub.inbox('victim')).toEqual([]);
});

test('a payload cannot set a prototype', async () => {
  const { simulation, hub, mole } = await infiltrated();
  const body = JSON.parse('{"__proto__": {"isAdmin": true}, "constructor": {"prototype": {"isAdmin": true}}}');
  expect(await rejection(mole.send({ to: 'victim', type: 'order', body }))).toMatchObject({
    code: 'notJson',
    path: 'body.__proto__',
  });
  hub.updateProject({ metadata: { constructor: { prototype: { isAdmin: true } } } });
  hub.updateProject({ metadata: { constructor: 1, prototype: 2 } });
  expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  expect(hub.projectState().metadata).toEqual({ constructor: 1, prototype: 2 });
  await expectFoldEqual(simulation);
});
