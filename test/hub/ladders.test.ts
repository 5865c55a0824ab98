import { expect, test } from 'vitest';
import type { Rung } from '../../src/machines/messages.ts';
import { simulate, simulationStart } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';
import { refusal, rejection } from '../support/refusals.ts';

const minute = 60_000;

async function climbing(ladder: Rung[], approvers?: string[]) {
  const simulation = await simulate();
  const { hub } = simulation;
  const gate = hub.escalate('may I?', null, { ladder, ...(approvers && { approvers }) });
  await simulation.settle();
  return { simulation, hub, gate, shown: () => hub.gates()[0] };
}

test('remind, hand over, then let a default decide', async () => {
  const { simulation, hub, gate, shown } = await climbing(
    [
      { afterMs: 10 * minute, action: 'remind' },
      { afterMs: 20 * minute, action: 'remind' },
      { afterMs: 30 * minute, action: 'handOver', approver: 'boss' },
      { afterMs: 60 * minute, action: 'approve' },
    ],
    ['alice'],
  );
  expect(shown()).toMatchObject({ next: { action: 'remind', at: simulationStart + 10 * minute }, reminders: 0 });
  await simulation.advance(10 * minute);
  expect(shown()).toMatchObject({ next: { action: 'remind', at: simulationStart + 30 * minute }, reminders: 1 });
  await simulation.advance(20 * minute);
  expect(shown()).toMatchObject({ next: { action: 'handOver' }, reminders: 2, approvers: ['alice'] });
  await simulation.advance(30 * minute);
  expect(shown()).toMatchObject({ next: { action: 'approve' }, approvers: ['boss'] });
  expect((await rejection(hub.decideGate(gate.id, { decision: 'approve', by: 'alice' }))).code).toBe('forbidden');
  await simulation.run();
  expect(await gate.outcome).toEqual({ status: 'approved', by: 'ladder', reason: '', answer: null });
  expect(simulation.environment.now()).toBe(simulationStart + 120 * minute);
  expect(recordsOf(simulation, 'gate.reminded').map(({ payload }) => payload.rung)).toEqual([0, 1]);
  await expectFoldEqual(simulation);
});

test('the next approver decides', async () => {
  const ladder: Rung[] = [
    { afterMs: minute, action: 'handOver', approver: 'boss' },
    { afterMs: minute, action: 'expire' },
  ];
  const { simulation, hub, gate } = await climbing(ladder, ['alice']);
  await simulation.advance(minute);
  await hub.decideGate(gate.id, { decision: 'approve', by: 'boss' });
  expect(await gate.outcome).toMatchObject({ by: 'boss' });
  await simulation.run();
  expect(simulation.environment.now()).toBe(simulationStart + minute);
  expect(hub.picture().deadlines).toEqual([]);
  await expectFoldEqual(simulation);
});

test('the default can be to reject', async () => {
  const { simulation, gate } = await climbing([{ afterMs: minute, action: 'reject' }]);
  await simulation.run();
  expect(await gate.outcome).toMatchObject({ status: 'rejected', by: 'ladder' });
  await expectFoldEqual(simulation);
});

test('or to give up: then a late decision is refused (I11)', async () => {
  const { simulation, hub, gate } = await climbing([{ afterMs: minute, action: 'expire' }]);
  await simulation.run();
  expect(await gate.outcome).toEqual({ status: 'expired' });
  const late = await rejection(hub.decideGate(gate.id, { decision: 'approve', by: 'alice' }));
  expect(late).toMatchObject({ code: 'gateClosed' });
  expect(late.message).toContain('expired');
  expect(hub.deadLetters()).toHaveLength(1);
  await expectFoldEqual(simulation);
});

test('a gate without a ladder waits for ever', async () => {
  const { simulation, shown } = await climbing([]);
  await simulation.advance(400 * 86_400_000);
  expect(shown()).toMatchObject({ next: null });
  await expectFoldEqual(simulation);
});

test('after the last step a gate waits for ever', async () => {
  const { simulation, hub, gate, shown } = await climbing([{ afterMs: minute, action: 'remind' }]);
  await simulation.run();
  expect(shown()).toMatchObject({ next: null, reminders: 1 });
  await hub.decideGate(gate.id, { decision: 'approve', by: 'anybody' });
  expect(await gate.outcome).toMatchObject({ by: 'anybody' });
  await expectFoldEqual(simulation);
});

test('an expired gate of a task fails the task', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({
    id: 'dev',
    type: 'dev',
    run: [{ escalate: { reason: 'may I?', ladder: [{ after: '1h', action: 'expire' }] } }],
  });
  const task = hub.submit({ type: 'x' });
  await simulation.run();
  expect(await task.result).toMatchObject({
    status: 'failed',
    durationMs: 60 * minute,
    error: { code: 'gateExpired', message: 'nobody decided in time' },
  });
  expect(hub.agent('dev')?.status).toBe('idle');
  await expectFoldEqual(simulation);
});

test('a step that makes no sense is refused', async () => {
  const { hub } = await simulate();
  const open = (rung: unknown) => refusal(() => hub.escalate('r', null, { ladder: [rung as Rung] })).path;
  expect(open({ afterMs: 0, action: 'remind' })).toBe('ladder.0.afterMs');
  expect(open({ afterMs: 5, action: 'shout' })).toBe('ladder.0.action');
  expect(open({ afterMs: 5, action: 'handOver' })).toBe('ladder.0.approver');
  expect(hub.gates()).toEqual([]);
});
