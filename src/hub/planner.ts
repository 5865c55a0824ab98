/**
 * The port of planning: what takes a complex request apart.
 *
 * - Q1 whatever a planner answers is checked: it becomes a plan by `acceptPlan` or `acceptRevision`, and not otherwise.
 */
import { z } from 'zod';
import { HubError, type SpecFault } from '../machines/errors.ts';
import { type ComplexRequest, type Plan, planSchema, type Subtask, subtaskSchema } from '../machines/plan.ts';
import { shapeFaults } from '../machines/shape-faults.ts';
import { type CheckOptions, checkPlan, type Finding } from './plan-rules.ts';

export interface PlannerContext {
  /** Who can own a subtask: agent types. */
  readonly masters: readonly string[];
  /** Aborts when nobody waits for the plan any more. */
  readonly signal: AbortSignal;
}

export interface RevisionContext extends PlannerContext {
  /** Why it failed, attempt by attempt. */
  readonly failures: readonly string[];
  /** What its dependencies gave, by their ids. */
  readonly results: { readonly [subtaskId: string]: unknown };
}

export interface Planner {
  /** Answers a `Plan`. Throws when there is none for such a request. */
  plan(request: ComplexRequest, context: PlannerContext): unknown | Promise<unknown>;
  /** Answers subtasks that together replace one that failed, or null when it should stay as it is. */
  revise?(subtask: Subtask, context: RevisionContext): unknown | Promise<unknown>;
}

/** The answer as a plan; throws a HubError `invalid` that has all that is wrong with it, also as `faults`. */
export function acceptPlan(answer: unknown, options: CheckOptions = {}): Plan {
  const plan = shaped(planSchema, answer, 'plan');
  const { errors } = checkPlan(plan, options);
  if (errors.length > 0) throw refusal('plan', errors.map(faultOf));
  return plan;
}

export interface RevisionOptions extends CheckOptions {
  /** Ids that are in use in the orchestration. */
  readonly taken?: readonly string[] | undefined;
}

/**
 * The answer as subtasks that replace `subtask`; empty when it was null, which means that there are none.
 *
 * They may depend on each other and on what `subtask` depends on. One that depends on no other of them takes over
 * the dependencies of `subtask`. Throws as `acceptPlan` does.
 */
export function acceptRevision(answer: unknown, subtask: Subtask, options: RevisionOptions = {}): Subtask[] {
  if (answer === null) return [];
  const subtasks = shaped(revisionSchema, answer, 'revision');
  const own = new Set(subtasks.map(({ id }) => id));
  const outside = new Set(subtask.dependencies);
  const taken = new Set([...(options.taken ?? []), subtask.id]);
  const again = [...own].filter((id) => taken.has(id));
  // What is done already does not count among the dependencies that have to be known.
  const inside = subtasks.map((one) => ({ ...one, dependencies: one.dependencies.filter((id) => !outside.has(id)) }));
  const { errors } = checkPlan({ title: subtask.title, description: '', subtasks: inside }, options);
  const faults = [...again.map((id) => ({ field: id, message: `${id} is in use` })), ...errors.map(faultOf)];
  if (faults.length > 0) throw refusal('revision', faults);
  return subtasks.map((one) =>
    one.dependencies.some((id) => own.has(id))
      ? one
      : { ...one, dependencies: [...new Set([...subtask.dependencies, ...one.dependencies])] },
  );
}

const revisionSchema = z.array(subtaskSchema).min(1, 'expected at least one subtask, or null').max(100);

/** The answer in its shape; planners are foreign code, so even reading what they answer can throw. */
function shaped<S extends z.ZodType>(schema: S, answer: unknown, what: string): z.output<S> {
  if (answer === undefined || answer === null) throw new HubError('invalid', 'the planner answered nothing');
  let faults: SpecFault[];
  try {
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    faults = shapeFaults(schema, answer).map(({ path, message }) => ({ field: path.map(String).join('.'), message }));
  } catch (cause) {
    throw new HubError('invalid', `the ${what} cannot be read`, { expected: `a ${what} as JSON`, cause });
  }
  throw refusal(what, faults);
}

const faultOf = ({ subtaskId, message, suggestion }: Finding): SpecFault => ({
  field: subtaskId ?? '',
  message,
  ...(suggestion !== undefined && { suggestion }),
});

/** Most faults that a message tells; `faults` has all of them. */
const mostTold = 10;

function refusal(what: string, faults: readonly SpecFault[]): HubError {
  const told = faults
    .slice(0, mostTold)
    .map(({ field, message }) => (field === '' || message.includes(field) ? message : `${field}: ${message}`));
  const more = faults.length > mostTold ? [`and ${faults.length - mostTold} more`] : [];
  const [first] = faults;
  return new HubError('invalid', `the ${what} is not valid: ${[...told, ...more].join('; ')}`, {
    path: first?.field ?? '',
    expected: first?.suggestion ?? first?.message ?? `a ${what}`,
    faults,
  });
}
