/** What a plan will take: time, tokens, people, and where it will be held up. */
import type { Minutes, Plan, Subtask } from '../machines/plan.ts';
import { type CriticalPath, criticalPath } from './stages.ts';

export interface Estimate {
  readonly subtasks: number;
  /** Stage by stage: each takes as long as its longest subtask. */
  readonly minutes: Minutes;
  readonly tokens: number;
  /** The owners, in the order of the plan. */
  readonly masters: string[];
  /** One for each subtask. */
  readonly workers: number;
  /** Most subtasks that run at once. */
  readonly parallelism: number;
  readonly parallelizationPossible: boolean;
  /** The longest chain of dependencies: as fast as it could be when nothing else had to be waited for. */
  readonly criticalPath: CriticalPath;
  /** Where everything waits for one subtask: `stage_3: Tests must wait for Backend, Frontend`. */
  readonly bottlenecks: string[];
}

/** @param stages ids stage by stage, as `checkPlan` gives them */
export function estimatePlan({ subtasks }: Pick<Plan, 'subtasks'>, stages: readonly (readonly string[])[]): Estimate {
  const byId = new Map<string, Subtask>();
  for (const subtask of subtasks) byId.set(subtask.id, subtask);
  const staged = stages.map((ids) => ids.map((id) => byId.get(id) as Subtask));
  const parallelism = staged.reduce((most, { length }) => Math.max(most, length), 0);
  return {
    subtasks: subtasks.length,
    minutes: inTurn(staged),
    tokens: subtasks.reduce((total, { tokens }) => total + tokens, 0),
    masters: [...new Set(subtasks.map(({ owner }) => owner))],
    workers: subtasks.length,
    parallelism,
    parallelizationPossible: parallelism > 1,
    criticalPath: criticalPath(staged),
    bottlenecks: staged.flatMap((stage, index) => bottleneck(stage, index, staged.length, byId)),
  };
}

function inTurn(stages: readonly (readonly Subtask[])[]): Minutes {
  const total = { min: 0, max: 0 };
  for (const stage of stages) {
    const longest = { min: 0, max: 0 };
    for (const { minutes } of stage) {
      longest.min = Math.max(longest.min, minutes.min);
      longest.max = Math.max(longest.max, minutes.max);
    }
    total.min += longest.min;
    total.max += longest.max;
  }
  return total;
}

/** A subtask that is alone in its stage, waits for others, and brings several of them together or has others behind it. */
function bottleneck(
  stage: readonly Subtask[],
  index: number,
  stages: number,
  byId: ReadonlyMap<string, Subtask>,
): string[] {
  const [only, another] = stage;
  if (only === undefined || another !== undefined) return [];
  const before = [...new Set(only.dependencies)]
    .map((id) => byId.get(id)?.title)
    .filter((title) => title !== undefined);
  if (before.length === 0 || (before.length === 1 && index === stages - 1)) return [];
  return [`stage_${index + 1}: ${only.title} must wait for ${listed(before)}`];
}

/** The first few, and how many more. */
function listed(titles: readonly string[]): string {
  const most = 5;
  const more = titles.length - most;
  return titles.slice(0, most).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
