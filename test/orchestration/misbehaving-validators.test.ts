import { expect, test } from 'vitest';
import type { Validator } from '../../src/index.ts';
import { recordSchema } from '../../src/machines/messages.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';
import { refusal } from '../support/refusals.ts';

const throwing = (thrown: unknown) => () => {
  throw thrown;
};
const right = { valid: true, errors: [], warnings: [] };

test.each<[string, unknown, string]>([
  ['throws', throwing(new Error('no rules')), 'the validator failed: no rules'],
  ['throws what is no error', throwing('just so'), 'the validator failed: just so'],
  ['throws what cannot be shown', throwing(Object.create(null)), 'something that cannot be shown'],
  ['answers with nothing', () => undefined, 'the validator failed: expected { valid, errors, warnings }'],
  ['answers with yes', () => true, 'the validator failed: expected { valid, errors, warnings }'],
  ['answers with a promise', async () => right, 'a promise'],
  ['answers with a promise that fails', async () => Promise.reject(new Error('late')), 'a promise'],
  ['leaves out the errors', () => ({ valid: true }), 'the validator failed'],
  ['tells faults that are none', () => ({ ...right, warnings: [{ field: 5 }] }), 'the validator failed'],
  ['tells faults without end', () => ({ ...right, warnings: new Array(2 ** 32 - 1) }), 'the validator failed'],
  [
    'tells more than a record can have',
    () => ({ ...right, warnings: [{ field: '', message: 'x'.repeat(1e6) }] }),
    'over',
  ],
  ['says no and not why', () => ({ ...right, valid: false }), 'the validator does not say why'],
  ['says yes and tells errors', () => ({ ...right, errors: [{ field: 'id', message: 'wrong' }] }), 'wrong'],
  ['says neither yes nor no', () => ({ ...right, valid: 'perhaps' }), 'the validator does not say why'],
])('a validator that %s has not said that the spec is good, and the log says so', async (_how, validator, message) => {
  const simulation = await simulate({ validator: validator as Validator });
  const { hub } = simulation;
  const error = refusal(() => hub.submit({ id: 't1', type: 'x', spec: {} }));
  expect(error.code).toBe('invalidSpec');
  expect(error.faults[0]?.message).toContain(message);
  await simulation.settle();
  const [invalid] = recordsOf(simulation, 'task.invalid');
  expect(recordSchema.safeParse(invalid).success).toBe(true);
  expect(hub.status().state).toBe('running');
  expect(hub.task('t1')?.status).toBe('cancelled');
  await expectFoldEqual(simulation);
});

test('of very many faults the first thousand are told, and how many more there are', async () => {
  const errors = Array.from({ length: 1500 }, (_, index) => ({ field: `f${index}`, message: 'wrong' }));
  const { hub } = await simulate({ validator: () => ({ valid: false, errors, warnings: [] }) });
  const { faults } = refusal(() => hub.submit({ type: 'x', spec: {} }));
  expect(faults).toHaveLength(1001);
  expect(faults.at(-1)).toEqual({ field: '', message: 'and 500 more' });
});

test('a validator of one’s own decides', async () => {
  const validator: Validator = (spec) => ({
    ...right,
    warnings: [{ field: 'a', message: `seen ${JSON.stringify(spec)}`, suggestion: 'b' }],
  });
  const { hub } = await simulate({ validator });
  const { id } = hub.submit({ type: 'x', spec: { a: 1 } });
  expect(hub.task(id)?.warnings).toEqual([{ field: 'a', message: 'seen {"a":1}', suggestion: 'b' }]);
});
