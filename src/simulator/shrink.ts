/**
 * Makes a failing plan small: leaves out actions, then people and settings, as long as the same invariant still fails.
 *
 * - Sh1 what comes out fails as what went in did.
 */
import type { Action, Behaviour, Plan } from './plan.ts';
import type { Seams } from './seams.ts';
import { simulatePlan } from './simulate-plan.ts';

export interface ShrinkOptions {
  /** The invariant that has to fail. */
  readonly invariant: string;
  readonly seams?: Seams;
  /** Most runs to spend. Default: 400. */
  readonly runs?: number;
  /** Called after each run, with how many actions are left. */
  readonly onProgress?: (left: number) => void;
}

export async function shrink(plan: Plan, { invariant, seams, runs = 400, onProgress }: ShrinkOptions): Promise<Plan> {
  let smallest = plan;
  let left = runs;
  /** Whether this one fails, too; then it is the smallest. */
  const isEnough = async (candidate: Plan): Promise<boolean> => {
    if (left-- <= 0) return false;
    const { violations } = await simulatePlan(candidate, seams && { seams });
    const fails = violations.some((one) => one.invariant === invariant);
    if (fails) smallest = candidate;
    onProgress?.(smallest.actions.length);
    return fails;
  };

  await withoutChunks(
    () => smallest.actions,
    (actions) => isEnough({ ...smallest, actions }),
  );
  for (const simpler of simplifications(smallest)) await isEnough({ ...smallest, ...simpler });
  await withoutChunks(
    () => smallest.humans,
    (humans) => isEnough({ ...smallest, humans }),
  );
  for (const [index] of smallest.actions.entries()) {
    for (const simpler of simplerActions(smallest.actions[index])) {
      const actions = smallest.actions.with(index, simpler);
      if (await isEnough({ ...smallest, actions })) break;
    }
  }
  return smallest;
}

/** Delta debugging: drops ever smaller chunks, until no single one can be dropped. */
async function withoutChunks<T>(items: () => readonly T[], isEnough: (fewer: T[]) => Promise<boolean>): Promise<void> {
  for (let size = Math.ceil(items().length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < items().length; ) {
      const fewer = items().toSpliced(from, size);
      if (!(await isEnough(fewer))) from += size;
    }
  }
}

const simplifications = ({ broken, configs, router, planner, appendMs, observers }: Plan): Partial<Plan>[] => [
  ...(appendMs.some((ms) => ms > 0) ? [{ appendMs: [0] }] : []),
  ...(configs.length > 1 ? [{ configs: configs.slice(0, 1) }] : []),
  { configs: [{}] },
  ...(broken === null ? [] : [{ broken: null }]),
  ...(router === 'longestFree' ? [] : [{ router: 'longestFree' as const }]),
  ...(planner === 'rules' ? [] : [{ planner: 'rules' as const }]),
  ...(observers.listeners === 'none' && observers.inspectors === 0
    ? []
    : [{ observers: { inspectors: 0, listeners: 'none' as const } }]),
];

/** An agent with less to do. */
function simplerActions(action: Action | undefined): Action[] {
  if (action?.do !== 'register') return [];
  const { agent } = action;
  const { answers: _answers, ...silent } = agent;
  const withBehaviours = (behaviours: Behaviour[]) => ({ ...action, agent: { ...agent, behaviours } });
  return [
    { ...action, agent: { ...silent, behaviours: [[]] } },
    withBehaviours([[]]),
    ...agent.behaviours.map((one) => withBehaviours([one])),
    { ...action, agent: silent },
  ];
}
