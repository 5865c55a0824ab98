/**
 * Which transitions of a chart an event took.
 *
 * - Cs1 a step is found by the chart alone: from the states that were active, innermost first, by the event, to where
 *   the actor stands now; what needs no event is followed behind it.
 */
import type { ChartDescription, ChartState, ChartTransition } from 'xstate-hub/machines';

/** A transition: the state that it leaves, and its place among that state's. */
export interface Step {
  readonly from: string;
  readonly index: number;
  readonly transition: ChartTransition;
}

/** `running.consulting` is within `running`. */
export const isWithin = (path: string, outer: string): boolean =>
  outer === '' || path === outer || path.startsWith(`${outer}.`);

export class ChartSteps {
  readonly #states: ReadonlyMap<string, ChartState>;

  constructor({ root, states }: ChartDescription) {
    this.#states = new Map([root, ...states].map((state) => [state.path, state]));
  }

  /** The steps from `before` to `after` by `event`: none when the chart does not tell, as for its first state. */
  between(before: string | undefined, event: string, after: string): readonly Step[] {
    if (before === undefined) return [];
    for (const state of this.#outwards(before)) {
      const steps = this.#taken(state, (transition) => transition.event === event, before, after, 0);
      if (steps !== null) return steps;
    }
    return [];
  }

  #taken(
    state: ChartState,
    fits: (transition: ChartTransition) => boolean,
    at: string,
    after: string,
    depth: number,
  ): readonly Step[] | null {
    if (depth > 8) return null;
    for (const [index, transition] of state.transitions.entries()) {
      if (!fits(transition)) continue;
      const step = { from: state.path, index, transition };
      const [target] = transition.targets;
      const reached = target === undefined ? at : this.#innermost(target);
      if (reached === after) return [step];
      const onwards = this.#states.get(reached);
      if (onwards === undefined || target === undefined) continue;
      const next = this.#taken(onwards, ({ event }) => event === null, reached, after, depth + 1);
      if (next !== null) return [step, ...next];
    }
    return null;
  }

  /** Where a state begins. */
  #innermost(path: string): string {
    const initial = this.#states.get(path)?.initial;
    return initial === undefined || initial === null ? path : this.#innermost(initial);
  }

  *#outwards(path: string): Iterable<ChartState> {
    for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
      const state = this.#states.get(at);
      if (state !== undefined) yield state;
      if (at === '') return;
    }
  }
}
