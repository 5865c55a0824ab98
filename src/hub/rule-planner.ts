/**
 * A planner that needs no model: rules over the words of a request.
 *
 * - U1 the same request gives the same plan.
 * - U2 what it has no rule for it refuses; it does not guess.
 */
import { HubError } from '../machines/errors.ts';
import { type ComplexRequest, mostSubtasks, type Plan, type Subtask } from '../machines/plan.ts';
import { analyse } from './complexity.ts';
import { type Layers, layersOf, objectOf } from './plan-recipes.ts';
import { ownerOf, type Step, workKinds } from './plan-steps.ts';
import type { Planner, PlannerContext } from './planner.ts';
import { splitSubtask } from './split-subtask.ts';

export function rulePlanner(): Planner {
  return { plan, revise: splitSubtask };
}

/** Throws `noPlan` for a request of which it does not see whose work it is. */
function plan(request: ComplexRequest, { masters }: Pick<PlannerContext, 'masters'>): Plan {
  const { domains } = analyse(request);
  if (domains.length === 0 && (request.masters ?? []).length === 0) {
    throw new HubError('noPlan', `there is no rule for "${request.title}": its words do not say whose work it is`, {
      path: 'domains',
      expected: 'the domains or masters that are needed, or a plan',
    });
  }
  return assemble(request, layersOf({ request, domains }), masters);
}

function assemble(request: ComplexRequest, layers: Layers, masters: readonly string[]): Plan {
  const total = layers.flat().length;
  if (total > mostSubtasks) {
    throw new HubError('noPlan', `it would take ${total} subtasks: break it down into several requests`, {
      path: 'files',
      expected: `fewer files, for at most ${mostSubtasks} subtasks`,
    });
  }
  const slug = slugOf(request.title);
  const subtasks: Subtask[] = [];
  let before: string[] = [];
  for (const layer of layers) {
    const ids: string[] = [];
    for (const step of layer) {
      const id = `${slug}-${String(subtasks.length + 1).padStart(3, '0')}-${step.name ?? step.kind}`.slice(0, 128);
      subtasks.push(subtaskOf(step, id, before, request, masters));
      ids.push(id);
    }
    before = ids;
  }
  return { title: request.title, description: request.description, subtasks };
}

function subtaskOf(
  step: Step,
  id: string,
  dependencies: readonly string[],
  request: ComplexRequest,
  masters: readonly string[],
): Subtask {
  const { workerType, minutes, tokens, criterion } = workKinds[step.kind];
  return {
    id,
    title: step.title,
    description: `${step.title}. Part of: ${request.title}\n\n${request.description.slice(0, 2000)}`.trim(),
    owner: ownerOf(step, masters),
    workerType,
    capabilities: [],
    dependencies: [...dependencies],
    minutes: { ...minutes },
    tokens,
    files: [...(step.files ?? [])],
    successCriteria: step.criterion ?? criterion(step.about),
  };
}

const small = new Set('a an and all entire for from in into new of on our the this to whole with'.split(' '));

/** A word for the ids: "authentication system" is `auth`, "the API layer" is `api`. */
function slugOf(title: string): string {
  const words = objectOf(title)
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  const [word = 'task'] = words.filter((each) => /[a-z]/.test(each) && !small.has(each));
  return word.startsWith('auth') ? 'auth' : word.slice(0, 24);
}
