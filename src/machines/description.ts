/**
 * A chart as plain data, for whoever draws it: Mermaid, the command, the inspector.
 *
 * - V1 nothing of the chart is left out: each branch of each transition is one entry, in the order of the code.
 */
import type { AnyStateMachine, AnyStateNode } from 'xstate';

export interface ChartTransition {
  /** Null when it needs none: it is taken as soon as its guard holds. */
  readonly event: string | null;
  /** Null when it has none. */
  readonly guard: string | null;
  /** It has no guard and stands behind branches that have one: taken when none of them was. */
  readonly otherwise: boolean;
  /** Paths of the states that it leads to. Empty when it stays where it is and only acts. */
  readonly targets: readonly string[];
  readonly actions: readonly string[];
}

export interface ChartState {
  /** From the top, dotted: `running.working`. Empty for the chart itself. */
  readonly path: string;
  readonly type: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  /** Path of the state that it begins in; null when it has no states, or is in all of them at once. */
  readonly initial: string | null;
  readonly entry: readonly string[];
  readonly exit: readonly string[];
  readonly transitions: readonly ChartTransition[];
}

export interface ChartDescription {
  readonly id: string;
  /** The chart itself: where it begins, and what can happen in all of its states. */
  readonly root: ChartState;
  /** All other states, each before those inside it. */
  readonly states: readonly ChartState[];
}

/** What `machine` says, without its code: names of states, events, guards and actions. */
export function toJson(machine: AnyStateMachine): ChartDescription {
  return { id: machine.id, root: describeState(machine.root), states: below(machine.root).map(describeState) };
}

/** `event [guard]`; what needs no event is named by its guard alone. */
export function transitionLabel({ event, guard, otherwise }: ChartTransition): string {
  if (guard !== null) return event === null ? `[${guard}]` : `${event} [${guard}]`;
  if (!otherwise) return event ?? '';
  return event === null ? 'otherwise' : `${event} [otherwise]`;
}

const below = (node: AnyStateNode): AnyStateNode[] => childrenOf(node).flatMap((child) => [child, ...below(child)]);

const childrenOf = (node: AnyStateNode): AnyStateNode[] => Object.values(node.states);
const pathOf = (node: AnyStateNode): string => node.path.join('.');

function describeState(node: AnyStateNode): ChartState {
  const [initial] = node.type === 'compound' ? node.initial.target : [];
  const branches = [...node.transitions.values(), node.always ?? []];
  return {
    path: pathOf(node),
    type: node.type,
    initial: initial === undefined ? null : pathOf(initial),
    entry: namesOf(node.config.entry),
    exit: namesOf(node.config.exit),
    transitions: branches.flatMap(describeBranches),
  };
}

/** As they were written: XState adds actions of its own for delays. */
const namesOf = (actions: unknown): string[] => (actions === undefined ? [] : [actions].flat().map(nameOf));

type Branches = NonNullable<AnyStateNode['always']>;

function describeBranches(branches: Branches): ChartTransition[] {
  return branches.map(({ eventType, guard, target, actions }, index) => ({
    event: eventType === '' ? null : eventName(eventType),
    guard: guard === undefined ? null : nameOf(guard),
    otherwise: guard === undefined && index > 0,
    targets: (target ?? []).map(pathOf),
    actions: actions.map(nameOf),
  }));
}

/** XState's own events, as a reader would call them. */
function eventName(type: string): string {
  const delay = /^xstate\.after\.([^.]+)\./.exec(type);
  if (delay) return `after ${delay[1]}`;
  if (type.startsWith('xstate.done.state.')) return 'done';
  const child = /^xstate\.(done|error)\.actor\.(.+)$/.exec(type);
  return child ? `${child[2]} ${child[1]}` : type;
}

type Named = string | { readonly type: string } | ((...args: never[]) => unknown);

/** The name of a guard or an action; of `not`, `and` and `or` with what they join. */
function nameOf(part: unknown): string {
  const named = part as Named & { readonly type?: string; readonly guards?: readonly unknown[] };
  if (typeof named === 'string') return named;
  if (named.guards !== undefined) return `${(named as { name: string }).name}(${named.guards.map(nameOf).join(', ')})`;
  return named.type ?? ((named as { name?: string }).name || 'inline');
}
