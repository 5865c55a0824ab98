/**
 * What a working spec has to say beyond its shape, by risk tier. Each rule is one function and a name.
 *
 * - R1 a rule speaks of fields whose shape is right only; of the others the shape has spoken already.
 * - R2 a rule sees the spec, its tier's configuration and the time, and nothing else.
 */
import type { ValidationFault } from './validator.ts';
import type { TierConfig } from './working-spec-config.ts';
import { specHints, type WorkingSpec } from './working-spec-schema.ts';

export interface Reading {
  /** The fields that are there and whose shape is right. */
  readonly spec: Partial<WorkingSpec>;
  /** Whether the field is there at all, right or wrong. */
  has(field: keyof WorkingSpec): boolean;
  /** What the spec's tier asks for; undefined when the tier is not known. */
  readonly tier: TierConfig | undefined;
  /** ms since the epoch. */
  readonly now: number;
}

type Rule = (reading: Reading) => readonly ValidationFault[];

/** Errors. */
export const errorRules: readonly Rule[] = [
  contractsWhereTheTierAsks,
  observabilityInTier1,
  rollbackInTier1,
  securityInTier1,
  budgetWithinTheTier,
  experimentsInTier3Only,
  experimentNotOver,
];

/** Warnings. */
export const warningRules: readonly Rule[] = [
  acceptanceIsNamed,
  acceptanceIdsAreDistinct,
  invariantsAreNamed,
  budgetAboveTheTierIsWaived,
];

const isEmpty = (list: readonly unknown[] | undefined): boolean => list === undefined || list.length === 0;

const fault = (field: string, message: string, suggestion = specHints[field]): readonly ValidationFault[] => [
  { field, message, ...(suggestion !== undefined && { suggestion }) },
];

function contractsWhereTheTierAsks({ spec: { risk_tier, contracts }, tier }: Reading) {
  if (!tier?.contracts || contracts === undefined || !isEmpty(contracts)) return [];
  return fault('contracts', `tier ${risk_tier} needs a contract`, '{ type: openapi, path: docs/api.yaml }');
}

function observabilityInTier1({ spec: { risk_tier, observability }, has }: Reading) {
  if (risk_tier !== 1) return [];
  if (observability === undefined ? has('observability') : !Object.values(observability).every(isEmpty)) return [];
  return fault(
    'observability',
    'tier 1 has to say how it is observed',
    '{ logs: [auth.failed], metrics: [auth_latency_ms], traces: [] }',
  );
}

function rollbackInTier1({ spec: { risk_tier, rollback }, has }: Reading) {
  if (risk_tier !== 1 || !isEmpty(rollback)) return [];
  if (rollback === undefined && has('rollback')) return [];
  return fault('rollback', 'tier 1 has to say how it is taken back', 'the steps, one a line, data included');
}

function securityInTier1({ spec: { risk_tier, non_functional } }: Reading) {
  if (risk_tier !== 1 || non_functional === undefined || !isEmpty(non_functional.security)) return [];
  return fault(
    'non_functional.security',
    'tier 1 has to say what keeps it secure',
    'what is asked of authentication, authorisation and the protection of data',
  );
}

const limits = [
  ['max_files', 'maxFiles', 'files'],
  ['max_loc', 'maxLoc', 'lines'],
] as const;

/** The budgets that are above those of the tier. */
const overBudget = ({ spec: { risk_tier, change_budget }, tier }: Reading) =>
  limits.flatMap(([field, setting, unit]) => {
    if (tier === undefined || change_budget === undefined || change_budget[field] <= tier[setting]) return [];
    return [
      {
        field: `change_budget.${field}`,
        message: `${change_budget[field]} ${unit} are more than the ${tier[setting]} of tier ${risk_tier}`,
        limit: tier[setting],
      },
    ];
  });

/** A waiver is a person's word that it may be more: see {@link budgetAboveTheTierIsWaived}. */
function budgetWithinTheTier(reading: Reading) {
  const { spec, has } = reading;
  if (!isEmpty(spec.waiver_ids) || (spec.waiver_ids === undefined && has('waiver_ids'))) return [];
  return overBudget(reading).flatMap(({ field, message, limit }) =>
    fault(field, message, `at most ${limit}, in more than one change if need be, or name the waiver in waiver_ids`),
  );
}

function experimentsInTier3Only({ spec: { risk_tier, experimental_mode } }: Reading) {
  if (!experimental_mode?.enabled || risk_tier === undefined || risk_tier === 3) return [];
  return fault(
    'experimental_mode',
    `experiments are for tier 3, and this is tier ${risk_tier}`,
    'switch it off (enabled: false), or cut the work down to what is tier 3',
  );
}

function experimentNotOver({ spec: { experimental_mode }, now }: Reading) {
  if (!experimental_mode?.enabled || endOf(experimental_mode.expires_at) > now) return [];
  return fault(
    'experimental_mode.expires_at',
    `the experiment ended with ${experimental_mode.expires_at}`,
    'a date to come, or end the experiment (enabled: false)',
  );
}

const day = 86_400_000;

/** A date counts until its day is over, in UTC. */
const endOf = (expiresAt: string): number => Date.parse(expiresAt) + (expiresAt.includes('T') ? 0 : day);

function acceptanceIsNamed({ spec: { acceptance }, has }: Reading) {
  if (acceptance === undefined ? has('acceptance') : acceptance.length > 0) return [];
  return fault('acceptance', 'no acceptance criteria: nothing says when this is done');
}

function acceptanceIdsAreDistinct({ spec: { acceptance = [] } }: Reading) {
  const seen = new Set<string>();
  return acceptance.flatMap(({ id }, index) => {
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return fault(`acceptance.${index}.id`, `${id} is there twice`, 'an id of its own');
  });
}

function invariantsAreNamed({ spec: { invariants }, has }: Reading) {
  if (invariants === undefined ? has('invariants') : invariants.length > 0) return [];
  return fault('invariants', 'no invariants: nothing says what must stay true');
}

function budgetAboveTheTierIsWaived(reading: Reading) {
  const { waiver_ids = [] } = reading.spec;
  if (waiver_ids.length === 0) return [];
  return overBudget(reading).flatMap(({ field, message }) =>
    fault(field, `${message}; ${waiver_ids.join(', ')} has to allow it`, 'see that the waiver is granted and not over'),
  );
}
