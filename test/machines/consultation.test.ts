import { expect, test } from 'vitest';
import { type ConsultationEvent, consultationMachine } from '../../src/machines/consultation.ts';
import { after } from '../support/charts.ts';

const given = (...events: ConsultationEvent[]) =>
  after(consultationMachine, { consultationId: 'c', dueAt: null }, events);
const asked: ConsultationEvent = { type: 'consultation.asked', specialistId: 's1', lease: 4 };

test('a consultation is requested, asked of a specialist and answered', () => {
  const { paths, context } = given(asked, { type: 'consultation.answered' });
  expect(paths).toEqual(['requested', 'asked', 'answered']);
  expect(context).toMatchObject({ specialistId: 's1', lease: 4 });
});

test('after its specialist is lost, it is asked of another one under a new lease (C2)', () => {
  const returned = given(asked, { type: 'consultation.returned' });
  expect(returned.path).toBe('requested');
  expect(returned.context).toMatchObject({ specialistId: null, lease: null });
  const again = given(asked, { type: 'consultation.returned' }, { ...asked, specialistId: 's2', lease: 9 });
  expect(again.path).toBe('asked');
  expect(again.context).toMatchObject({ specialistId: 's2', lease: 9 });
});

test('nobody can answer what nobody was asked', () => {
  expect(given({ type: 'consultation.answered' }).path).toBe('requested');
});

test.each(['unavailable', 'expired', 'cancelled'] as const)('it can be %s before and after it was asked', (end) => {
  expect(given({ type: `consultation.${end}` }).path).toBe(end);
  expect(given(asked, { type: `consultation.${end}` }).path).toBe(end);
});

test.each(['answered', 'unavailable', 'expired', 'cancelled'] as const)('once %s it is final (C1)', (end) => {
  const { snapshot, status } = given(asked, { type: `consultation.${end}` });
  expect(status).toBe('done');
  expect(snapshot.can({ type: 'consultation.cancelled' })).toBe(false);
});
