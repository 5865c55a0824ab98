/**
 * Subtasks have a file each, in one folder for all orchestrations: a planner whose ids are names of files, and no
 * two the same.
 */
import type { Planner } from '../hub/planner.ts';
import { asFileName, isFileName, longestId } from './file-names.ts';

/** An id that no other subtask of the folder has; it is taken from then on, or until it is released. */
export class SubtaskIds {
  readonly #taken = new Set<string>();

  take(id: string): string {
    const name = asFileName(id);
    let unique = name;
    for (let count = 2; this.#taken.has(keyOf(unique)); count++) unique = `${name.slice(0, longestId - 8)}-${count}`;
    this.#taken.add(keyOf(unique));
    return unique;
  }

  /** Of a subtask that comes to nothing. */
  release(id: string): void {
    this.#taken.delete(keyOf(id));
  }

  /** Of a subtask that is in the log. */
  note(id: string): void {
    this.#taken.add(keyOf(id));
  }
}

/** Some systems take `A.json` and `a.json` for one file. */
const keyOf = (id: string): string => id.toLowerCase();

export function uniquePlanner(planner: Planner, ids: SubtaskIds): Planner {
  const { revise } = planner;
  return {
    async plan(request, context) {
      const plan = await planner.plan(request, context);
      return isWithSubtasks(plan) ? { ...plan, subtasks: renamed(plan.subtasks, ids) } : plan;
    },
    ...(revise && {
      async revise(subtask, context) {
        const answer = await revise.call(planner, subtask, context);
        return isList(answer) ? renamed(answer, ids) : answer;
      },
    }),
  };
}

interface Named {
  readonly id: string;
  readonly dependencies?: readonly string[];
}

/** What is no list of subtasks is left for the hub to refuse. */
const isList = (value: unknown): value is Named[] =>
  Array.isArray(value) && value.every((one) => typeof one?.id === 'string' && !hasOddDependencies(one));
const isWithSubtasks = (value: unknown): value is { readonly subtasks: readonly Named[] } =>
  typeof value === 'object' && value !== null && 'subtasks' in value && isList(value.subtasks);
const hasOddDependencies = ({ dependencies }: { readonly dependencies?: unknown }): boolean =>
  dependencies !== undefined && !Array.isArray(dependencies);

/** The same subtasks under ids of their own. One that is there twice stays so, and the plan is refused. */
export function renamed<T extends Named>(subtasks: readonly T[], ids: SubtaskIds): T[] {
  const names = new Map<string, string>();
  for (const { id } of subtasks) if (!names.has(id)) names.set(id, ids.take(id));
  const nameOf = (id: string) => names.get(id) ?? id;
  return subtasks.map((subtask) => ({
    ...subtask,
    id: nameOf(subtask.id),
    ...(subtask.dependencies && { dependencies: subtask.dependencies.map(nameOf) }),
  }));
}

/** Whether an id can stand in the names of the folder's files as it is. */
export const isSafeId = (id: string): boolean => isFileName(id, longestId);
