import { expect, test } from 'vitest';
import { z } from 'zod';
import { parse } from '../../src/machines/parse.ts';
import { refusal } from '../support/refusals.ts';

const step = z.union([
  z.strictObject({ work: z.string() }),
  z.strictObject({ consult: z.strictObject({ type: z.string(), timeout: z.union([z.number(), z.string()]) }) }),
  z.strictObject({
    escalate: z.strictObject({ reason: z.string(), ladder: z.array(z.strictObject({ after: z.number() })) }),
  }),
]);
const schema = z.strictObject({ agents: z.array(z.strictObject({ script: z.array(step) })) });
const withStep = (given: unknown) => ({ agents: [{ script: [{ work: '1s' }, given] }] });

test('what fits is handed back as the schema reads it', () => {
  expect(parse(z.object({ n: z.coerce.number() }), { n: '5' })).toEqual({ n: 5 });
});

test('the path of the first fault is dotted, behind where the input stands', () => {
  const error = refusal(() => parse(schema, { agents: [{ script: 'none' }] }, 'scenario'));
  expect(error.code).toBe('invalid');
  expect(error.path).toBe('scenario.agents.0.script');
  expect(error.expected).toBe('expected array, received string');
  expect(error.message).toBe(`scenario.agents.0.script: ${error.expected}`);
});

test('a fault in the input itself has no path', () => {
  const error = refusal(() => parse(z.string(), 5));
  expect(error.path).toBe('');
  expect(error.message).toBe(error.expected);
});

test.each([
  ['one level in', { consult: { type: 5, timeout: 1 } }, 'agents.0.script.1.consult.type'],
  ['a union within a union', { consult: { type: 'qa', timeout: [] } }, 'agents.0.script.1.consult.timeout'],
  [
    'the deepest of all',
    { escalate: { reason: 'r', ladder: [{ after: 'x' }] } },
    'agents.0.script.1.escalate.ladder.0.after',
  ],
  ['an unknown key inside', { consult: { type: 'qa', timeout: 1, how: 1 } }, 'agents.0.script.1.consult.how'],
])('inside a union the branch that got furthest is blamed: %s', (_name, given, path) => {
  expect(refusal(() => parse(schema, withStep(given))).path).toBe(path);
});

test('a key that nobody knows is named, and said to be unknown', () => {
  const error = refusal(() => parse(schema, { agents: [], extra: 1 }));
  expect(error.path).toBe('extra');
  expect(error.expected).toBe('is not known here');
});
