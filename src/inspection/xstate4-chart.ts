/**
 * A chart of XState v5 as v4 would have written it, for tools that know v4 only.
 *
 * - C1 nothing in it can be executed: `assign` and the other built-in actions go by another name.
 */
import type { AnyStateMachine } from 'xstate';
import { type ChartDescription, type ChartState, type ChartTransition, toJson } from '../machines/description.ts';

interface Transition4 {
  readonly target?: readonly string[];
  readonly cond?: string;
  readonly actions: readonly string[];
  readonly internal: boolean;
}

export interface Node4 {
  readonly id?: string;
  readonly type?: 'final' | 'parallel' | 'history';
  readonly initial?: string;
  readonly entry: readonly string[];
  readonly exit: readonly string[];
  readonly on: { readonly [event: string]: readonly Transition4[] };
  readonly always: readonly Transition4[];
  readonly states: { readonly [key: string]: Node4 };
}

export function xstate4Chart(machine: AnyStateMachine): Node4 & { readonly predictableActionArguments: true } {
  const chart = toJson(machine);
  return { ...nodeOf(chart.root, chart), id: chart.id, predictableActionArguments: true }; // Else v4 warns.
}

function nodeOf(state: ChartState, chart: ChartDescription): Node4 {
  const children = chart.states.filter(({ path }) => parentPath(path) === state.path && path !== '');
  const { type, initial, entry, exit, transitions } = state;
  const on: { [event: string]: Transition4[] } = {};
  const always: Transition4[] = [];
  for (const transition of transitions) {
    if (transition.event === null) always.push(transitionOf(transition, chart));
    else on[transition.event] = [...(on[transition.event] ?? []), transitionOf(transition, chart)];
  }
  return {
    ...((type === 'final' || type === 'parallel' || type === 'history') && { type }),
    ...(initial !== null && { initial: keyOf(initial) }),
    entry: entry.map(harmless),
    exit: exit.map(harmless),
    on,
    always,
    states: Object.fromEntries(children.map((child) => [keyOf(child.path), nodeOf(child, chart)])),
  };
}

const transitionOf = ({ guard, targets, actions }: ChartTransition, { id }: ChartDescription): Transition4 => ({
  ...(targets.length > 0 && { target: targets.map((path) => `#${path === '' ? id : `${id}.${path}`}`) }),
  ...(guard !== null && { cond: guard }),
  actions: actions.map(harmless),
  internal: true,
});

/** v4 would execute what it knows by name. */
const harmless = (action: string): string =>
  action.startsWith('xstate.') ? `${action.slice('xstate.'.length)}()` : action;

const parentPath = (path: string): string => (path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : '');
const keyOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);
