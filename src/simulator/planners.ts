/** The planners of simulated runs: the hub's own, and such as fail in their ways. */
import { sleep } from '../actors/environment.ts';
import type { Planner } from '../hub/planner.ts';
import { rulePlanner } from '../hub/rule-planner.ts';
import { hashOf } from './crew.ts';
import type { Life } from './life.ts';
import type { Plan } from './plan.ts';

/** Splits a subtask that failed into two, or says that it should stay, by its id. */
const revise: NonNullable<Planner['revise']> = (subtask) =>
  hashOf(subtask.id) % 2 === 0
    ? null
    : ['1', '2'].map((part) => ({ ...subtask, id: `${subtask.id}-${part}`, dependencies: [] }));

const planners: { readonly [name in Plan['planner']]: (life: Life) => Planner } = {
  rules: () => rulePlanner(),
  revises: () => ({ ...rulePlanner(), revise }),
  slow: ({ environment }) => {
    const rules = rulePlanner();
    return {
      async plan(request, context) {
        await sleep(environment, 40_000, context.signal);
        return rules.plan(request, context);
      },
      async revise(subtask, context) {
        await sleep(environment, 40_000, context.signal);
        return revise(subtask, context);
      },
    };
  },
  throws: () => ({
    plan: () => {
      throw new Error('no idea');
    },
    revise: () => Promise.reject(undefined),
  }),
  garbage: () => ({ plan: () => ({ title: () => {} }), revise: () => [{ id: 1 }] }),
  silent: () => ({ plan: () => new Promise(() => {}), revise: () => new Promise(() => {}) }),
};

export const plannerOf = (name: Plan['planner'], life: Life): Planner => planners[name](life);
