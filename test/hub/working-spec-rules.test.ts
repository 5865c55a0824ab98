import { describe, expect, test } from 'vitest';
import { workingSpecValidator } from '../../src/hub/working-spec.ts';
import type { WorkingSpecConfigInput } from '../../src/hub/working-spec-config.ts';
import { goodSpec, noon, tierOne } from '../support/working-spec.ts';

const check = (spec: object, config?: WorkingSpecConfigInput, now = noon) => {
  const { errors, warnings } = workingSpecValidator(config)(spec, now);
  return { errors: errors.map(({ field }) => field), warnings: warnings.map(({ field }) => field) };
};
const fine = { errors: [], warnings: [] };
/** A spec with all that any tier needs, in this tier. */
const inTier = (risk_tier: number, change: object = {}) => ({ ...tierOne(), risk_tier, ...change });

describe.each([
  ['contracts', { contracts: [] }, [1, 2]],
  ['observability', { observability: undefined }, [1]],
  ['observability', { observability: {} }, [1]],
  ['observability', { observability: { logs: [], metrics: [], traces: [] } }, [1]],
  ['rollback', { rollback: undefined }, [1]],
  ['rollback', { rollback: [] }, [1]],
  ['non_functional.security', { non_functional: {} }, [1]],
  ['non_functional.security', { non_functional: { security: [] } }, [1]],
])('%s with %j', (field, change, tiers) => {
  test.each([1, 2, 3])('in tier %i', (tier) => {
    expect(check(inTier(tier, change))).toEqual({ errors: tiers.includes(tier) ? [field] : [], warnings: [] });
  });
});

test('every fault of a rule comes with a suggestion', () => {
  const spec = {
    ...goodSpec(),
    risk_tier: 1,
    contracts: [],
    non_functional: {},
    change_budget: { max_files: 1000, max_loc: 100_000 },
    experimental_mode: { enabled: true, rationale: 'to see', expires_at: '2020-01-01' },
  };
  const { errors } = workingSpecValidator()(spec, noon);

  expect(errors).toHaveLength(8);
  for (const fault of errors) expect(fault).toMatchObject({ suggestion: expect.stringMatching(/\S/) });
});

describe('acceptance and invariants', () => {
  test.each(['acceptance', 'invariants'])('an empty list of %s is a warning; none is an error, too', (field) => {
    expect(check({ ...goodSpec(), [field]: [] })).toEqual({ errors: [], warnings: [field] });
    expect(check({ ...goodSpec(), [field]: undefined })).toEqual({ errors: [field], warnings: [field] });
    expect(check({ ...goodSpec(), [field]: null })).toEqual({ errors: [field], warnings: [field] });
  });

  test('one id for two criteria is a warning', () => {
    const [criterion] = goodSpec().acceptance;

    expect(check({ ...goodSpec(), acceptance: [criterion, criterion, { ...criterion, id: 'A2' }] })).toEqual({
      errors: [],
      warnings: ['acceptance.1.id'],
    });
  });
});

describe('the budget', () => {
  test.each([
    [1, 25, 1000],
    [2, 50, 2000],
    [3, 100, 5000],
  ])('of tier %i is %i files and %i lines', (tier, max_files, max_loc) => {
    const within = { change_budget: { max_files, max_loc } };
    const above = { change_budget: { max_files: max_files + 1, max_loc: max_loc + 1 } };

    expect(check(inTier(tier, within))).toEqual(fine);
    expect(check(inTier(tier, above)).errors).toEqual(['change_budget.max_files', 'change_budget.max_loc']);
  });

  test('above it with a waiver: a warning that names the waiver', () => {
    const spec = inTier(2, { change_budget: { max_files: 51, max_loc: 1 }, waiver_ids: ['WV-0007'] });
    const { valid, warnings } = workingSpecValidator()(spec, noon);

    expect(valid).toBe(true);
    expect(warnings).toEqual([
      expect.objectContaining({ field: 'change_budget.max_files', message: expect.stringContaining('WV-0007') }),
    ]);
  });

  test('is configuration, and so is who needs contracts', () => {
    const config = { tier3: { maxFiles: 3, contracts: true }, tier2: { contracts: false } };
    const spec = { change_budget: { max_files: 4, max_loc: 1 }, contracts: [] };

    expect(check(inTier(3, spec), config).errors).toEqual(['contracts', 'change_budget.max_files']);
    expect(check(inTier(2, spec), config)).toEqual(fine);
  });
});

describe('experiments', () => {
  const until = (expires_at: string, enabled = true) => ({
    experimental_mode: { enabled, rationale: 'to see', expires_at },
  });

  test.each([
    [1, ['experimental_mode']],
    [2, ['experimental_mode']],
    [3, []],
  ])('in tier %i', (tier, errors) => {
    expect(check(inTier(tier, until('2026-12-31'))).errors).toEqual(errors);
  });

  test('that are switched off are in nobody’s way', () => {
    expect(check(inTier(1, until('2020-01-01', false)))).toEqual(fine);
  });

  test.each([
    ['2020-01-01', false],
    ['2026-05-31', false],
    ['2026-06-01', true],
    ['2026-06-01T12:00:00Z', false],
    ['2026-06-01T13:59:00+02:00', false],
    ['2026-06-01T12:00:01Z', true],
    ['2026-06-01T10:00:00-03:00', true],
  ])('until %s, at noon of 1 June: %j', (expiresAt, isOn) => {
    expect(check(inTier(3, until(expiresAt))).errors).toEqual(isOn ? [] : ['experimental_mode.expires_at']);
  });

  test('V1 whether they are over depends on the time that is given, not on the clock', () => {
    const spec = inTier(3, until('2025-12-31'));
    const lastMoment = Date.parse('2025-12-31T23:59:59.999Z');

    expect(check(spec, {}, lastMoment)).toEqual(fine);
    expect(check(spec, {}, lastMoment + 1).errors).toEqual(['experimental_mode.expires_at']);
  });

  test.each(['2026-12-31T18:00:00', '2026-02-30', 'next year', 20261231])(
    '%j is no date that all read alike',
    (date) => {
      expect(check(inTier(3, until(date as string))).errors).toEqual(['experimental_mode.expires_at']);
    },
  );
});
