/**
 * Whether a plan is fit to be run. Each rule is one function, and its name is what a finding carries.
 *
 * - P1 errors are what must not be (a plan with one is not run); warnings are what should not be.
 * - P2 every fault is told, but of a plan at most {@link mostFindings} errors and as many warnings, and then how many more.
 * - P3 stages that the author gave are used when they are sound; otherwise they are computed. A plan with a cycle has none.
 */

import { slipOf } from '../machines/nearest.ts';
import { parse } from '../machines/parse.ts';
import type { Plan, Subtask } from '../machines/plan.ts';
import { type PlanLimits, type PlanLimitsInput, planLimitsSchema } from '../machines/plan-limits.ts';
import { clip } from './clip.ts';
import { isEmptyCriterion, isMeasurable, joints, responsibilitiesOf } from './plan-words.ts';
import { type Staging, stagesOf } from './stages.ts';

export interface Finding {
  /** The name of the rule. */
  readonly rule: string;
  readonly message: string;
  /** The subtask that it is about; without it the plan as a whole. */
  readonly subtaskId?: string;
  /** What to do instead. */
  readonly suggestion?: string;
}

export interface CheckOptions {
  /** The owners that exist; without them any owner will do. */
  readonly owners?: readonly string[] | undefined;
  readonly limits?: PlanLimitsInput | undefined;
}

export interface PlanCheck {
  /** Whether there are no errors; warnings do not count. */
  readonly valid: boolean;
  readonly errors: Finding[];
  readonly warnings: Finding[];
  /** Ids stage by stage; empty when there is a cycle. */
  readonly stages: string[][];
}

/** Most errors, and most warnings, of one plan. */
export const mostFindings = 100;
/** Most of them of one rule about one subtask. */
const mostOfOne = 10;
/** Among more names than these nobody looks for the one that was meant: it would take too long. */
const mostNames = 200;

/** Throws `invalid` when the limits cannot be. */
export const checkPlan = (plan: Plan, { owners, limits }: CheckOptions = {}): PlanCheck =>
  checkWithin(plan, owners, parse(planLimitsSchema, limits ?? {}, 'limits'));

/** As `checkPlan`, with limits that have been read. */
export function checkWithin(plan: Plan, owners: readonly string[] | undefined, limits: PlanLimits): PlanCheck {
  const reading = read(plan, owners, limits);
  const errors = found(errorRules, reading);
  const warnings = found(warningRules, reading);
  return {
    valid: errors.length === 0,
    errors: bounded(errors),
    warnings: bounded(warnings),
    stages: reading.stages.map((stage) => [...stage]),
  };
}

function found(rules: readonly Rule[], reading: Reading): Finding[] {
  const findings: Finding[] = [];
  for (const rule of rules) findings.push(...rule(reading));
  return findings;
}

interface Reading {
  readonly plan: Plan;
  readonly limits: PlanLimits;
  readonly owners: readonly string[] | undefined;
  /** The first subtask of each id. */
  readonly byId: ReadonlyMap<string, Subtask>;
  readonly staging: Staging;
  /** The stage of each id, from 1, as the author gave them; the first when an id is in several. */
  readonly givenStage: ReadonlyMap<string, number> | undefined;
  /** The stages that hold. */
  readonly stages: readonly (readonly string[])[];
}

type Rule = (reading: Reading) => readonly Finding[];

const errorRules: readonly Rule[] = [
  noSubtasks,
  duplicateId,
  unknownDependency,
  cycle,
  dependencyWithinStage,
  stageOrder,
  stageMembers,
  tooManyStages,
  unknownOwner,
  noSuccessCriterion,
  emptySuccessCriterion,
  tooManyFiles,
  tooManyMinutes,
  tooManyTokens,
];

const warningRules: readonly Rule[] = [
  tooFewSubtasks,
  tooManySubtasks,
  severalResponsibilities,
  longSubtask,
  unmeasurableCriterion,
  looseStages,
];

function read(plan: Plan, owners: readonly string[] | undefined, limits: PlanLimits): Reading {
  const byId = new Map<string, Subtask>();
  for (const subtask of plan.subtasks) if (!byId.has(subtask.id)) byId.set(subtask.id, subtask);
  const staging = stagesOf(plan.subtasks);
  const given = plan.givenStages;
  const givenStage = given && stageById(given);
  const computed = 'stages' in staging ? staging.stages : [];
  const reading = { plan, limits, owners, byId, staging, givenStage, stages: computed };
  if (given === undefined) return reading;
  const isSound = [cycle, dependencyWithinStage, stageOrder, stageMembers].every((rule) => rule(reading).length === 0);
  return isSound ? { ...reading, stages: given.filter(({ length }) => length > 0) } : reading;
}

function stageById(stages: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  const stageOf = new Map<string, number>();
  for (const [index, ids] of stages.entries()) {
    for (const id of ids) if (!stageOf.has(id)) stageOf.set(id, index + 1);
  }
  return stageOf;
}

function noSubtasks({ plan }: Reading) {
  return plan.subtasks.length > 0 ? [] : [of('noSubtasks', 'the plan has no subtasks')];
}

function duplicateId({ plan, byId }: Reading) {
  if (byId.size === plan.subtasks.length) return [];
  const count = new Map<string, number>();
  for (const { id } of plan.subtasks) count.set(id, (count.get(id) ?? 0) + 1);
  return [...count]
    .filter(([, times]) => times > 1)
    .map(([id, times]) =>
      about(id, 'duplicateId', `${times} subtasks have the id ${id}`, 'give each an id of its own'),
    );
}

function unknownDependency({ plan, byId }: Reading) {
  const isUnknown = (dependency: string) => !byId.has(dependency);
  return plan.subtasks
    .filter(({ dependencies }) => dependencies.some(isUnknown))
    .flatMap(({ id, dependencies }) =>
      [...new Set(dependencies.filter(isUnknown))].slice(0, mostOfOne).map((dependency) => {
        const message = `${id} depends on ${dependency}, and there is no such subtask`;
        return about(id, 'unknownDependency', message, didYouMean(dependency, byId.keys()));
      }),
    );
}

function cycle({ staging }: Reading) {
  if (!('cycle' in staging)) return [];
  const [first = ''] = staging.cycle;
  const path = staging.cycle.join(' → ');
  return [about(first, 'cycle', `subtasks wait for each other: ${path}`, 'take one of these dependencies out')];
}

function dependencyWithinStage(reading: Reading) {
  return misplaced(reading, (own, needed) => own === needed).map(({ id, dependency, stage }) =>
    about(
      id,
      'dependencyWithinStage',
      `${id} depends on ${dependency}, and both are in stage ${stage}`,
      `move ${id} to a later stage`,
    ),
  );
}

function stageOrder(reading: Reading) {
  return misplaced(reading, (own, needed) => own < needed).map(({ id, dependency, stage, neededStage }) =>
    about(
      id,
      'stageOrder',
      `${id} is in stage ${stage}, before ${dependency} in stage ${neededStage}, on which it depends`,
      `move ${id} behind stage ${neededStage}`,
    ),
  );
}

/** The dependencies whose two stages, as they were given, are as `isWrong` says. */
function misplaced({ plan, givenStage }: Reading, isWrong: (own: number, needed: number) => boolean) {
  if (givenStage === undefined) return [];
  return plan.subtasks.flatMap(({ id, dependencies }) => {
    const stage = givenStage.get(id);
    return [...new Set(dependencies)]
      .flatMap((dependency) => {
        const neededStage = givenStage.get(dependency);
        const isFine = stage === undefined || neededStage === undefined || !isWrong(stage, neededStage);
        return isFine ? [] : [{ id, dependency, stage, neededStage }];
      })
      .slice(0, mostOfOne);
  });
}

/** Given stages have every subtask once, and nothing else. */
function stageMembers({ plan, byId, givenStage }: Reading) {
  if (givenStage === undefined) return [];
  const times = new Map<string, number>();
  for (const id of (plan.givenStages ?? []).flat()) times.set(id, (times.get(id) ?? 0) + 1);
  return [
    ...[...times].flatMap(([id, count]) => {
      if (!byId.has(id)) {
        const message = `stage ${givenStage.get(id)} names ${id}, and there is no such subtask`;
        return [of('stageMembers', message, didYouMean(id, byId.keys()))];
      }
      return count > 1 ? [about(id, 'stageMembers', `${id} is in the stages ${count} times`, 'leave it in one')] : [];
    }),
    ...[...byId.keys()]
      .filter((id) => !times.has(id))
      .map((id) => about(id, 'stageMembers', `${id} is in no stage`, 'put it behind what it depends on')),
  ];
}

function tooManyStages({ stages, limits: { maxStages } }: Reading) {
  if (stages.length <= maxStages) return [];
  const message = `the plan has ${stages.length} stages, and ${most(maxStages)}: the task is too complex`;
  return [of('tooManyStages', message, 'break it down into several requests')];
}

function unknownOwner({ plan, owners }: Reading) {
  if (owners === undefined) return [];
  return plan.subtasks
    .filter(({ owner }) => !owners.includes(owner))
    .map(({ id, owner }) => {
      const known = owners.length === 0 ? 'there are none' : `there are ${owners.join(', ')}`;
      const message = `${id} belongs to ${owner}, and there is no such master; ${known}`;
      return about(id, 'unknownOwner', message, didYouMean(owner, owners));
    });
}

const whatToLookAt = 'say what can be looked at, counted or run when it is done';

function noSuccessCriterion({ plan }: Reading) {
  return plan.subtasks
    .filter(({ successCriteria }) => successCriteria.trim() === '')
    .map(({ id }) => about(id, 'noSuccessCriterion', `${id} has no success criterion`, whatToLookAt));
}

function emptySuccessCriterion({ plan }: Reading) {
  return plan.subtasks
    .filter(({ successCriteria }) => successCriteria.trim() !== '' && isEmptyCriterion(successCriteria))
    .map(({ id, successCriteria }) => {
      const message = `the success criterion of ${id} says nothing: ${quoted(successCriteria)}`;
      return about(id, 'emptySuccessCriterion', message, whatToLookAt);
    });
}

function tooManyFiles({ plan, limits: { maxFiles } }: Reading) {
  return plan.subtasks
    .filter(({ files }) => files.length > maxFiles && new Set(files).size > maxFiles)
    .map(({ id, files }) => {
      const message = `${id} changes ${new Set(files).size} files, and ${most(maxFiles)}`;
      return about(id, 'tooManyFiles', message, 'split it by its files');
    });
}

function tooManyMinutes({ plan, limits: { maxMinutes } }: Reading) {
  return plan.subtasks
    .filter(({ minutes }) => minutes.max > maxMinutes)
    .map(({ id, minutes }) => {
      const message = `${id} takes up to ${minutes.max} minutes, and ${most(maxMinutes)}`;
      return about(id, 'tooManyMinutes', message, 'split it');
    });
}

function tooManyTokens({ plan, limits: { maxTokens } }: Reading) {
  return plan.subtasks
    .filter(({ tokens }) => tokens > maxTokens)
    .map(({ id, tokens }) => {
      const message = `${id} takes ${tokens} tokens, and ${most(maxTokens)}`;
      return about(id, 'tooManyTokens', message, 'split it');
    });
}

function tooFewSubtasks({ plan, limits: { minSubtasks } }: Reading) {
  const { length } = plan.subtasks;
  if (length === 0 || length >= minSubtasks) return [];
  const subtasks = length === 1 ? '1 subtask is' : `${length} subtasks are`;
  return [of('tooFewSubtasks', `${subtasks} fewer than ${minSubtasks}`, 'is it a simple task after all?')];
}

function tooManySubtasks({ plan, limits: { maxSubtasks } }: Reading) {
  const { length } = plan.subtasks;
  if (length <= maxSubtasks) return [];
  return [of('tooManySubtasks', `${length} subtasks are more than ${maxSubtasks}`, 'join the smallest of them')];
}

function severalResponsibilities({ plan }: Reading) {
  return plan.subtasks
    .filter(({ title }) => joints.test(title))
    .flatMap(({ id, title }) => {
      const parts = responsibilitiesOf(title);
      if (parts.length < 2) return [];
      const message = `${id} does ${parts.length} things: ${parts.map(quoted).join(', ')}`;
      return [about(id, 'severalResponsibilities', message, 'make a subtask of each')];
    });
}

function longSubtask({ plan, limits: { longMinutes, maxMinutes } }: Reading) {
  return plan.subtasks
    .filter(({ minutes: { max } }) => max > longMinutes && max <= maxMinutes)
    .map(({ id, minutes: { max } }) => {
      const message = `${id} takes up to ${max} minutes, more than the ${longMinutes} that it should`;
      return about(id, 'longSubtask', message, 'split it, if it can be');
    });
}

function unmeasurableCriterion({ plan }: Reading) {
  return plan.subtasks
    .filter(({ successCriteria }) => !isMeasurable(successCriteria) && !isEmptyCriterion(successCriteria))
    .map(({ id, successCriteria }) => {
      const message = `the success criterion of ${id} cannot be measured: ${quoted(successCriteria)}`;
      return about(id, 'unmeasurableCriterion', message, whatToLookAt);
    });
}

/** Given stages that make something wait for no reason. */
function looseStages({ plan, staging, stages }: Reading) {
  if (plan.givenStages === undefined || !('stages' in staging) || staging.stages.length >= stages.length) return [];
  const message = `the plan has ${stages.length} stages, and its dependencies need only ${staging.stages.length}`;
  return [of('looseStages', message, 'leave the stages out, and they are computed')];
}

const most = (count: number): string => `${count} ${count === 1 ? 'is' : 'are'} the most`;

const of = (rule: string, message: string, suggestion?: string): Finding => ({
  rule,
  message,
  ...(suggestion !== undefined && { suggestion }),
});

const about = (subtaskId: string, rule: string, message: string, suggestion?: string): Finding => ({
  ...of(rule, message, suggestion),
  subtaskId,
});

function didYouMean(word: string, words: Iterable<string>): string | undefined {
  const known = [...words];
  const meant = known.length > mostNames ? undefined : slipOf(word, known);
  return meant === undefined ? undefined : `did you mean ${meant}?`;
}

const quoted = (text: string): string => JSON.stringify(clip(text, 60));

function bounded(findings: readonly Finding[]): Finding[] {
  const left = findings.length - mostFindings;
  if (left <= 0) return [...findings];
  return [...findings.slice(0, mostFindings), of('more', `and ${left} more`)];
}
