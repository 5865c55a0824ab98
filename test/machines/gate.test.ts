import { expect, test } from 'vitest';
import { type GateEvent, gateMachine } from '../../src/machines/gate.ts';
import { after } from '../support/charts.ts';

const given = (...events: GateEvent[]) =>
  after(gateMachine, { gateId: 'g', dueAt: 100, approvers: ['alice', 'bob'] }, events);

test('a gate waits, open, for whoever may decide', () => {
  expect(given()).toMatchObject({
    path: 'open',
    context: { rung: 0, dueAt: 100, reminders: 0, approvers: ['alice', 'bob'], decidedBy: null },
  });
});

test('each step of the ladder leads to the next, with its own deadline (G2)', () => {
  const { path, context } = given(
    { type: 'gate.reminded', dueAt: 200 },
    { type: 'gate.reminded', dueAt: 300 },
    { type: 'gate.handedOver', approver: 'carol', dueAt: null },
  );
  expect(path).toBe('open');
  expect(context).toMatchObject({ rung: 3, reminders: 2, approvers: ['carol'], dueAt: null });
});

test.each(['approved', 'rejected'] as const)('a gate is %s once, by somebody (G1, I11)', (decision) => {
  const { path, status, context, snapshot } = given({ type: `gate.${decision}`, by: 'alice' });
  expect(path).toBe(decision);
  expect(status).toBe('done');
  expect(context.decidedBy).toBe('alice');
  for (const type of ['gate.approved', 'gate.rejected'] as const) {
    expect(snapshot.can({ type, by: 'bob' })).toBe(false);
  }
});

test.each(['expired', 'cancelled'] as const)('a gate that is %s was decided by nobody, and is final', (end) => {
  const { path, status, context } = given({ type: `gate.${end}` });
  expect(path).toBe(end);
  expect(status).toBe('done');
  expect(context.decidedBy).toBeNull();
});
