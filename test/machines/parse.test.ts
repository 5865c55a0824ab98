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
  expect(error.expected).toBe('a list');
  expect(error.message).toBe('scenario.agents.0.script: expected a list, found "none"');
});

test('a fault in the input itself has no path', () => {
  const error = refusal(() => parse(z.string(), 5));
  expect(error.path).toBe('');
  expect(error.message).toBe('expected text, found 5');
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

const settings = z.strictObject({
  id: z.string(),
  limit: z.int().min(1).max(9).optional(),
  mode: z.enum(['slow', 'fast']).optional(),
  metadata: z.strictObject({ priority: z.union([z.enum(['low', 'high']), z.int()]).optional() }).optional(),
  kind: z.discriminatedUnion('is', [z.object({ is: z.literal('old') }), z.object({ is: z.literal('new') })]).optional(),
  perType: z.record(z.string().max(3), z.number()).optional(),
});

test.each<[string, object, string, string, string]>([
  ['a field too many', { x: 1 }, 'x', 'one of id, limit, mode,', 'x: is not known here; expected one of id, limit,'],
  ['a slip', { limitt: 1 }, 'limitt', 'one of id,', 'limitt: is not known here; did you mean limit?'],
  ['a field of another', { prioritty: 3 }, 'prioritty', 'one of', 'is not known here; did you mean metadata.priority?'],
  ['an unknown field before one that is missing', { idd: 1, id: undefined }, 'idd', 'one of', 'did you mean id?'],
  ['nothing', { id: undefined }, 'id', 'text', 'id: is required'],
  ['too little', { limit: 0 }, 'limit', 'at least 1', 'limit: expected at least 1, found 0'],
  ['too much', { limit: 10 }, 'limit', 'at most 9', 'limit: expected at most 9, found 10'],
  ['a word', { mode: 'fats' }, 'mode', 'one of slow, fast', 'mode: expected one of slow, fast, found "fats"; did you'],
  ['a kind', { kind: { is: 'neww' } }, 'kind.is', 'one of old, new', 'found "neww"; did you mean new?'],
  ['a key', { perType: { long: 1 } }, 'perType.long', 'at most 3 letters', 'expected at most 3 letters, found "long"'],
  [
    'no branch of a union',
    { metadata: { priority: [] } },
    'metadata.priority',
    'one of low, high or a number',
    'expected one of low, high or a number, found an empty list',
  ],
])('%s: the error says what was expected, and the message helps', (_name, change, path, expected, message) => {
  const error = refusal(() => parse(settings, { id: 'a', ...change }));
  expect(error).toMatchObject({ path, expected: expect.stringContaining(expected) });
  expect(error.message).toContain(message);
});

test('one letter is told as one', () => {
  expect(() => parse(z.string().min(1), '')).toThrow('expected at least 1 letter, found ""');
  expect(() => parse(z.string().min(2), 'a')).toThrow('expected at least 2 letters, found "a"');
});
