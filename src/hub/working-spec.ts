/**
 * The default validator: CAWS working specs.
 *
 * Owns how the shape (working-spec-schema.ts) and the rules (working-spec-rules.ts) come together.
 *
 * - V1, V2 of validator.ts.
 * - S1 all faults are told, those of the shape first; of one kind at most {@link mostFaults}, and then how many more.
 * - S2 what is told is bounded and is JSON, so that it can stand in the log.
 */
import { parse } from '../machines/parse.ts';
import { type ShapeFault, shapeFaults } from '../machines/shape-faults.ts';
import { clip } from './clip.ts';
import type { ValidationFault, Validator } from './validator.ts';
import {
  tierConfig,
  type WorkingSpecConfig,
  type WorkingSpecConfigInput,
  workingSpecConfigSchema,
} from './working-spec-config.ts';
import { errorRules, type Reading, warningRules } from './working-spec-rules.ts';
import { type RiskTier, specHints, type WorkingSpec, workingSpecSchema } from './working-spec-schema.ts';

/** Most errors, and most warnings, of one answer. */
const mostFaults = 100;

/** Throws `invalid` when the configuration cannot be. */
export function workingSpecValidator(config: WorkingSpecConfigInput = {}): Validator {
  const policy = parse(workingSpecConfigSchema, config, 'workingSpec');
  return (spec, now) => {
    if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) {
      const message = 'expected a working spec: a mapping of fields';
      return { valid: false, errors: [{ field: '', message }], warnings: [] };
    }
    const shape = shapeFaults(workingSpecSchema, spec);
    const reading = read(spec, shape, policy, now);
    const errors = [...shape.map((fault) => specFault(fault, spec)), ...errorRules.flatMap((rule) => rule(reading))];
    const warnings = warningRules.flatMap((rule) => rule(reading));
    return { valid: errors.length === 0, errors: bounded(errors), warnings: bounded(warnings) };
  };
}

/** What a spec of this tier obliges its author to, one sentence each. */
export function obligations(tier: RiskTier, config: WorkingSpecConfigInput = {}): readonly string[] {
  const duties = tierConfig(parse(workingSpecConfigSchema, config, 'workingSpec'), tier);
  return [
    `branch coverage of at least ${duties.branchCoverage} %`,
    `a mutation score of at least ${duties.mutationScore} %`,
    `at most ${duties.maxFiles} files and ${duties.maxLoc} lines changed`,
    ...(duties.contracts ? ['a contract for each interface that changes, with its tests'] : []),
    ...(duties.manualReview ? ["a person's review"] : []),
    ...(tier === 1 ? ['observability, steps to roll back, and security requirements'] : []),
  ];
}

function read(spec: object, shape: readonly ShapeFault[], config: WorkingSpecConfig, now: number): Reading {
  const faulty = new Set(shape.map(({ path }) => path[0]));
  const right: Partial<WorkingSpec> = Object.fromEntries(
    Object.entries(spec).filter(([field, value]) => !faulty.has(field) && value !== undefined),
  );
  return {
    spec: right,
    has: (field) => (spec as { [field: string]: unknown })[field] != null,
    tier: right.risk_tier && tierConfig(config, right.risk_tier),
    now,
  };
}

function specFault({ path, message, meant }: ShapeFault, spec: object): ValidationFault {
  const field = path.map(String).join('.');
  const hint = specHints[path.map((key) => (typeof key === 'number' ? '*' : String(key))).join('.')];
  const suggestion = tierSuggestion(field, spec) ?? meant ?? hint ?? ownField(path, message);
  return { field, message, ...(suggestion !== undefined && { suggestion }) };
}

/** The tier that is nearest to the number that is there. */
function tierSuggestion(field: string, spec: object): string | undefined {
  if (field !== 'risk_tier') return undefined;
  const { risk_tier: tier } = spec as { risk_tier?: unknown };
  if (typeof tier === 'string' && /^[123]$/.test(tier)) return `${tier}, without quotes`;
  if (typeof tier !== 'number' || !Number.isFinite(tier)) return undefined;
  return String(Math.min(3, Math.max(1, Math.floor(tier))));
}

const ownField = (path: readonly PropertyKey[], message: string): string | undefined =>
  path.length === 1 && message === 'is not known here' ? 'what is your own goes under metadata' : undefined;

function bounded(faults: readonly ValidationFault[]): readonly ValidationFault[] {
  const told = faults.slice(0, mostFaults).map(({ field, ...rest }) => ({ field: clip(field, 200), ...rest }));
  const left = faults.length - told.length;
  return left === 0 ? told : [...told, { field: '', message: `and ${left} more` }];
}
