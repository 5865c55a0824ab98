import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ValidationResult } from '../../src/hub/validator.ts';
import { obligations, workingSpecValidator } from '../../src/hub/working-spec.ts';
import type { WorkingSpecConfigInput } from '../../src/hub/working-spec-config.ts';
import { refusal } from '../support/refusals.ts';
import { goodSpec, noon, tierOne } from '../support/working-spec.ts';

const check = (spec: unknown, config?: WorkingSpecConfigInput) => workingSpecValidator(config)(spec, noon);
const changed = (change: object) => check({ ...goodSpec(), ...change });
const without = (field: string) =>
  check(Object.fromEntries(Object.entries(goodSpec()).filter(([key]) => key !== field)));
const fields = ({ errors }: ValidationResult) => errors.map(({ field }) => field);
const right = { valid: true, errors: [], warnings: [] };

const required = Object.keys(goodSpec());

test('a spec that is right has no faults, in each tier', () => {
  expect(check(goodSpec())).toEqual(right);
  expect(check(tierOne())).toEqual(right);
  expect(changed({ risk_tier: 3 })).toEqual(right);
});

test('every optional field of CAWS is known', () => {
  const progress = { status: 'in_progress', tests_written: 3, tests_passing: 1, coverage: 40 };
  const spec = {
    ...tierOne(),
    acceptance: [{ ...goodSpec().acceptance[0], progress }],
    contracts: [{ type: 'grpc', path: 'auth.proto', version: '2', tests_required: true }],
    change_budget: { max_files: 25, max_loc: 1000 },
    observability: { logs: ['a'], metrics: ['b'], traces: ['c'] },
    waiver_ids: ['WV-0001'],
    experimental_mode: { enabled: false, rationale: 'to see', expires_at: '2020-01-01' },
    metadata: { anything: { goes: [1, null] } },
  };

  expect(check(spec)).toEqual(right);
});

describe('shape', () => {
  test('there are eleven required fields', () => {
    expect(required).toHaveLength(11);
    expect(fields(check({})).sort()).toEqual([...required].sort());
  });

  test.each(required)('%s is required, and the fault says what to write', (field) => {
    const { valid, errors } = without(field);

    expect({ valid, errors }).toEqual({
      valid: false,
      errors: [{ field, message: 'is required', suggestion: expect.any(String) }],
    });
  });

  test.each(['FEAT-1', 'FIX-0123', 'REFACTOR-999'])('the id %s is fine', (id) => {
    expect(changed({ id }).valid).toBe(true);
  });

  test.each(['invalid', 'feat-1', 'FEAT-1a', 'FEAT_1', '', 7])('the id %j is refused', (id) => {
    const { errors } = changed({ id });

    expect(errors).toEqual([expect.objectContaining({ field: 'id', suggestion: expect.stringContaining('PROJ-001') })]);
  });

  test.each([
    [5, '3'],
    [0, '1'],
    [-2, '1'],
    [2.5, '2'],
    ['2', '2, without quotes'],
    ['high', expect.stringContaining('1 (critical')],
  ])('tier %j is refused, and %j is suggested', (risk_tier, suggestion) => {
    const { errors } = changed({ risk_tier });

    expect(errors).toEqual([{ field: 'risk_tier', message: expect.stringContaining('one of 1, 2, 3'), suggestion }]);
  });

  test.each([
    ['docs', 'doc'],
    ['Feature', 'feature'],
    ['invalid', 'feature, refactor, fix, doc or chore'],
  ])('mode %j is refused, and %j is suggested', (mode, suggestion) => {
    const { errors } = changed({ mode });

    expect(errors).toEqual([
      { field: 'mode', message: `expected one of feature, refactor, fix, doc, chore, found "${mode}"`, suggestion },
    ]);
  });

  test('fields that are not known are named, with the one that was meant', () => {
    const { errors } = changed({ acceptence: [], lifecycle_state: 'draft', scope: { in: ['src/'], outt: [] } });

    expect(errors).toEqual([
      { field: 'scope.outt', message: 'is not known here', suggestion: 'out' },
      { field: 'acceptence', message: 'is not known here', suggestion: 'acceptance' },
      { field: 'lifecycle_state', message: 'is not known here', suggestion: 'what is your own goes under metadata' },
    ]);
  });

  test.each(['given', 'when', 'then'])('a criterion whose %s is empty, or is not there, is an error', (word) => {
    const [criterion] = goodSpec().acceptance;
    const at = `acceptance.1.${word}`;

    expect(fields(changed({ acceptance: [criterion, { ...criterion, id: 'A2', [word]: '  ' }] }))).toEqual([at]);
    expect(changed({ acceptance: [criterion, { ...criterion, id: 'A2', [word]: undefined }] }).errors).toEqual([
      { field: at, message: 'is required', suggestion: expect.any(String) },
    ]);
  });

  test.each<[object, string]>([
    [{ title: ' ' }, 'title'],
    [{ scope: { in: [], out: [] } }, 'scope.in'],
    [{ scope: { out: [] } }, 'scope.in'],
    [{ scope: { in: ['src/', ''] } }, 'scope.in.1'],
    [{ blast_radius: { modules: [] } }, 'blast_radius.data_migration'],
    [{ operational_rollback_slo: 'soon' }, 'operational_rollback_slo'],
    [{ invariants: 'none' }, 'invariants'],
    [{ contracts: [{ type: 'soap', path: 'a.wsdl' }] }, 'contracts.0.type'],
    [{ contracts: null }, 'contracts'],
    [{ rollback: null }, 'rollback'],
    [{ non_functional: { perf: { api_p95_ms: 'fast' } } }, 'non_functional.perf.api_p95_ms'],
    [{ non_functional: { perf: { p95: 1 } } }, 'non_functional.perf.p95'],
    [{ change_budget: { max_files: 1.5, max_loc: 10 } }, 'change_budget.max_files'],
    [{ waiver_ids: ['WV-0001', 'WV-1'] }, 'waiver_ids.1'],
    [{ experimental_mode: { enabled: false, rationale: 'to see' } }, 'experimental_mode.expires_at'],
  ])('%j is refused at %s', (change, field) => {
    expect(fields(changed(change))).toEqual([field]);
  });

  test.each([null, undefined, 7, 'a spec', [], [goodSpec()]])('%j is no spec', (spec) => {
    expect(check(spec)).toMatchObject({ valid: false, errors: [{ field: '' }] });
  });
});

describe('several faults', () => {
  test('are told at once, those of the rules too', () => {
    const result = check({
      ...goodSpec(),
      id: 'x',
      risk_tier: 1,
      contracts: [],
      acceptance: [],
      experimental_mode: { enabled: true, rationale: 'to see', expires_at: '2026-05-01' },
      mystery: 1,
    });

    expect(fields(result)).toEqual([
      'id',
      'mystery',
      'contracts',
      'observability',
      'rollback',
      'experimental_mode',
      'experimental_mode.expires_at',
    ]);
    expect(result.warnings.map(({ field }) => field)).toEqual(['acceptance']);
  });

  test('R1 a field whose shape is wrong is not said to be missing as well', () => {
    const { errors, warnings } = check({ ...tierOne(), observability: 'none', rollback: 'none', acceptance: 'none' });

    expect(errors.map(({ message }) => message)).toEqual([
      'expected a list, found "none"',
      'expected a list, found "none"',
      'expected a mapping of fields, found "none"',
    ]);
    expect(warnings).toEqual([]);
  });

  test('S1 a hundred are told, and how many more there are', () => {
    const { errors } = changed({ scope: { in: Array.from({ length: 250 }, () => '') } });

    expect(errors).toHaveLength(101);
    expect(errors.at(-1)).toEqual({ field: '', message: 'and 150 more' });
  });

  test('S2 what somebody wrote is shown in part', () => {
    const long = 'x'.repeat(100_000);

    expect(JSON.stringify(changed({ id: long, [long]: 1, mode: long })).length).toBeLessThan(2000);
  });
});

test('V2 it answers, whatever JSON it is given', () => {
  const anyKey = fc.oneof(fc.constantFrom(...required, 'toString', 'valueOf', '__proto__', 'constructor'), fc.string());
  const { anything } = fc.letrec((tie) => ({
    anything: fc.oneof({ maxDepth: 4 }, fc.jsonValue(), tie('object'), fc.array(tie('anything'), { maxLength: 3 })),
    object: fc
      .array(fc.tuple(anyKey, tie('anything')), { maxLength: 6 })
      .map((entries) =>
        JSON.parse(`{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)}}`),
      ),
  }));
  const nearlyRight = fc
    .tuple(fc.constantFrom(...required), anything)
    .map(([field, value]) => ({ ...tierOne(), [field]: value }));

  fc.assert(
    fc.property(fc.oneof(anything, nearlyRight), (spec) => {
      const before = JSON.stringify(spec);
      const { valid, errors, warnings } = check(spec);

      expect(valid).toBe(errors.length === 0);
      for (const { field, message } of [...errors, ...warnings]) {
        expect(typeof field).toBe('string');
        expect(message).not.toBe('');
      }
      expect(JSON.stringify(spec)).toBe(before);
    }),
    { numRuns: 2000 },
  );
});

test('what a tier obliges to comes from the configuration', () => {
  expect(obligations(1)).toEqual([
    'branch coverage of at least 90 %',
    'a mutation score of at least 70 %',
    'at most 25 files and 1000 lines changed',
    'a contract for each interface that changes, with its tests',
    "a person's review",
    'observability, steps to roll back, and security requirements',
  ]);
  expect(obligations(3)).toHaveLength(3);
  expect(obligations(3, { tier3: { branchCoverage: 75.5 } })).toContain('branch coverage of at least 75.5 %');
});

test('a configuration that cannot be is refused, with its path', () => {
  const config = { tier2: { maxFiles: -1 } };

  expect(refusal(() => workingSpecValidator(config))).toMatchObject({
    code: 'invalid',
    path: 'workingSpec.tier2.maxFiles',
  });
});
