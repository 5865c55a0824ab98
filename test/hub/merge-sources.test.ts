import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { mergeSources, originText, type Sources } from '../../src/hub/merge-sources.ts';
import { settingsOf } from '../../src/hub/settings.ts';
import { refusal } from '../support/refusals.ts';

/** A schema with every form that a setting can have; nothing in the code knows it. */
const schema = z.strictObject({
  limit: z.int().min(1).default(10).describe('Most of it.'),
  ratio: z.number().min(0).max(1).meta({ description: 'How much of it.' }).default(0.5),
  name: z.string().default('none'),
  wait: z.union([z.number().min(0), z.string().regex(/^\d+s$/)]).default('5s'),
  isOn: z.boolean().default(false),
  types: z.array(z.string()).default([]),
  perType: z.record(z.string(), z.int()).default({}),
  extra: z.strictObject({ deep: z.int() }).nullable().default(null),
  note: z.string().optional(),
  perAgent: z.record(z.string(), z.union([z.literal('off'), z.strictObject({ rate: z.int() })])).default({}),
  retry: z
    .strictObject({
      maxAttempts: z.int().min(1).default(3).describe('Attempts in all.'),
      backoff: z.strictObject({ firstMs: z.int().default(1000), p95Ms: z.int().default(7) }).prefault({}),
    })
    .refine(({ maxAttempts, backoff }) => maxAttempts > 1 || backoff.firstMs === 0, {
      message: 'expected no backoff when there is one attempt',
      path: ['backoff'],
    })
    .prefault({}),
});
const merge = (sources: Sources) => mergeSources(schema, sources);
const file = (text: string) => ({ name: 'hub.yaml', text });
const origin = ({ origins }: ReturnType<typeof merge>, key: string) =>
  originText(origins[key] ?? { source: 'default' });

describe('settings', () => {
  test('T1 are read off the schema: every leaf with its variable, type, default and description', () => {
    const rows = settingsOf(schema).map(({ key, variable, type, default: value, description }) => [
      key,
      variable,
      type,
      value,
      description,
    ]);

    expect(rows).toEqual([
      ['limit', 'XSTATE_HUB_LIMIT', 'a whole number, at least 1', 10, 'Most of it.'],
      ['ratio', 'XSTATE_HUB_RATIO', 'a number, at least 0, at most 1', 0.5, 'How much of it.'],
      ['name', 'XSTATE_HUB_NAME', 'text', 'none', ''],
      ['wait', 'XSTATE_HUB_WAIT', 'a number, at least 0 or text', '5s', ''],
      ['isOn', 'XSTATE_HUB_IS_ON', 'true or false', false, ''],
      ['types', 'XSTATE_HUB_TYPES', 'a list, each text', [], ''],
      ['perType', 'XSTATE_HUB_PER_TYPE', 'a mapping', {}, ''],
      ['extra', 'XSTATE_HUB_EXTRA', 'a mapping or null', null, ''],
      ['note', 'XSTATE_HUB_NOTE', 'text', undefined, ''],
      ['perAgent', 'XSTATE_HUB_PER_AGENT', 'a mapping', {}, ''],
      ['retry.maxAttempts', 'XSTATE_HUB_RETRY_MAX_ATTEMPTS', 'a whole number, at least 1', 3, 'Attempts in all.'],
      ['retry.backoff.firstMs', 'XSTATE_HUB_RETRY_BACKOFF_FIRST_MS', 'a whole number', 1000, ''],
      ['retry.backoff.p95Ms', 'XSTATE_HUB_RETRY_BACKOFF_P95_MS', 'a whole number', 7, ''],
    ]);
  });
});

describe('M1 precedence', () => {
  const sources = {
    file: file('limit: 20\nretry:\n  maxAttempts: 4\n  backoff: { firstMs: 20, p95Ms: 20 }\n'),
    env: { XSTATE_HUB_RETRY_MAX_ATTEMPTS: '5', XSTATE_HUB_RETRY_BACKOFF_FIRST_MS: '30', PATH: '/bin' },
    options: { retry: { backoff: { firstMs: 40, p95Ms: undefined } } },
  };

  test('defaults < file < environment < options, leaf by leaf', () => {
    const { value } = merge(sources);

    expect(value).toMatchObject({
      ratio: 0.5,
      limit: 20,
      retry: { maxAttempts: 5, backoff: { firstMs: 40, p95Ms: 20 } },
    });
  });

  test('each leaf knows where it comes from', () => {
    const merged = merge(sources);

    expect(Object.keys(merged.origins)).toEqual(settingsOf(schema).map(({ key }) => key));
    expect(origin(merged, 'ratio')).toBe('default');
    expect(origin(merged, 'limit')).toBe('hub.yaml:1');
    expect(origin(merged, 'retry.maxAttempts')).toBe('XSTATE_HUB_RETRY_MAX_ATTEMPTS');
    expect(origin(merged, 'retry.backoff.firstMs')).toBe('options');
    expect(origin(merged, 'retry.backoff.p95Ms')).toBe('hub.yaml:4');
  });

  test.each(['', '# nothing\n', 'retry:\n', '{}'])('the file %j sets nothing', (text) => {
    expect(merge({ file: file(text) })).toEqual(merge({}));
  });

  test('a list or a mapping of names is one value: the higher source replaces it', () => {
    const { value } = merge({
      file: file('types: [a, b]\nperType: { a: 1 }'),
      options: { types: ['c'], perType: { b: 2 } },
    });

    expect(value).toMatchObject({ types: ['c'], perType: { b: 2 } });
  });
});

describe('M3 variables', () => {
  test.each([
    ['LIMIT', '7', { limit: 7 }],
    ['NAME', '7', { name: '7' }],
    ['NAME', 'true', { name: 'true' }],
    ['WAIT', '7', { wait: 7 }],
    ['WAIT', '7s', { wait: '7s' }],
    ['IS_ON', 'true', { isOn: true }],
    ['TYPES', '["a","b"]', { types: ['a', 'b'] }],
    ['PER_TYPE', '{"a":1}', { perType: { a: 1 } }],
    ['EXTRA', '{"deep":1}', { extra: { deep: 1 } }],
    ['EXTRA', 'null', { extra: null }],
    ['LIMIT', '', { limit: 10 }],
  ])('XSTATE_HUB_%s=%s', (name, text, value) => {
    expect(merge({ env: { [`XSTATE_HUB_${name}`]: text } }).value).toMatchObject(value);
  });
});

describe('M2 refused', () => {
  test.each<[Sources, string, string, string]>([
    [{ file: file('a: 1') }, 'a', 'hub.yaml:1: a: is not known here', 'one of limit, ratio'],
    [{ file: file('\nlimitt: 1') }, 'limitt', 'hub.yaml:2: limitt: is not known here; did you mean limit?', 'one of'],
    [{ file: file('retry:\n  max: 1') }, 'retry.max', 'hub.yaml:2: retry.max: is not known here', 'maxAttempts'],
    [
      { file: file('limit:') },
      'limit',
      'hub.yaml:1: limit: expected a whole number, at least 1, found nothing',
      'a whole',
    ],
    [{ file: file('retry: 3') }, 'retry', 'hub.yaml:1: retry: expected a mapping of fields, found 3', 'a mapping'],
    [{ file: file('- 1') }, '', 'hub.yaml:1: expected a mapping of fields, found a list', 'a mapping'],
    [
      { file: file('perType:\n  a: x') },
      'perType.a',
      'hub.yaml:2: perType.a: expected a number, found "x"',
      'a number',
    ],
    [{ file: file('extra: { dep: 1, deep: 2 }') }, 'extra.dep', 'hub.yaml:1: extra.dep: is not known here', 'deep'],
    [
      { options: { limit: 0 } },
      'limit',
      'options: limit: expected a whole number, at least 1, found 0',
      'a whole number',
    ],
    [{ options: { constructor: 1 } }, 'constructor', 'options: constructor: is not known here', 'one of'],
    [
      { env: { XSTATE_HUB_LIMIT: 'many' } },
      'limit',
      'XSTATE_HUB_LIMIT: limit: expected a whole number, at least 1, found "many"',
      'a whole number, at least 1',
    ],
    [{ env: { XSTATE_HUB_TYPES: '["a",1]' } }, 'types.1', 'XSTATE_HUB_TYPES: types.1: expected text, found 1', 'text'],
    [
      { env: { XSTATE_HUB_RETRY_MAX_ATEMPTS: '1' } },
      'XSTATE_HUB_RETRY_MAX_ATEMPTS',
      'XSTATE_HUB_RETRY_MAX_ATEMPTS: is not known here; did you mean XSTATE_HUB_RETRY_MAX_ATTEMPTS?',
      'XSTATE_HUB_RETRY_MAX_ATTEMPTS',
    ],
    [
      { env: { XSTATE_HUB_RETRY: '{"maxAttempts":1}' } },
      'XSTATE_HUB_RETRY',
      'XSTATE_HUB_RETRY: is not known here; did you mean',
      'a known variable',
    ],
  ])('%j', (sources, path, message, expected) => {
    expect(refusal(() => merge(sources))).toMatchObject({
      code: 'invalid',
      path,
      message: expect.stringContaining(message),
      expected: expect.stringContaining(expected),
    });
  });

  test('all at once, one a line', () => {
    const { message } = refusal(() =>
      merge({ file: file('a: 1\nlimit: x'), env: { XSTATE_HUB_RATIO: '2' }, options: { name: 1 } }),
    );

    expect(message.split('\n').map((line) => line.split(': ', 2).join(': '))).toEqual([
      'hub.yaml:1: a',
      'hub.yaml:2: limit',
      'XSTATE_HUB_RATIO: ratio',
      'options: name',
    ]);
  });

  test('what does not go together names the sources of its parts', () => {
    const { message, path } = refusal(() =>
      merge({ env: { XSTATE_HUB_RETRY_BACKOFF_FIRST_MS: '9' }, options: { retry: { maxAttempts: 1 } } }),
    );

    expect(message).toMatch(/^XSTATE_HUB_RETRY_BACKOFF_FIRST_MS: retry\.backoff: expected no backoff when/);
    expect(path).toBe('retry.backoff');
  });

  test.each([
    ['a bracket that does not close', 'limit: ['],
    ['a key twice', 'limit: 1\nlimit: 2'],
    ['an alias of nothing', 'limit: *here'],
  ])('a file that is not YAML: %s', (_name, text) => {
    expect(refusal(() => merge({ file: file(text) }))).toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/^hub\.yaml(:\d+:\d+)?: not YAML: /),
    });
  });

  test('a file of two documents', () => {
    expect(refusal(() => merge({ file: file('limit: 1\n---\nlimit: 2') }))).toMatchObject({
      code: 'invalid',
      message: 'hub.yaml:2:1: expected one document, and here another begins',
      expected: 'one document',
    });
  });

  test('a setting that has to be set says so', () => {
    const needy = z.strictObject({ limit: z.int(), name: z.string().default('x') });

    expect(settingsOf(needy).map((setting) => setting.default)).toEqual([undefined, 'x']);
    expect(refusal(() => mergeSources(needy, {}))).toMatchObject({
      path: 'limit',
      message: 'configuration: limit: is required',
    });
  });
});
