/**
 * Charts that step by a table.
 *
 * XState works out at every step which states are left and entered, and makes each snapshot anew; that was more than
 * half of what a task costs. In a simple chart (nothing parallel, no history, nothing invoked, no actions but `assign`)
 * a transition always leads to the same states. So these are worked out once, by XState, and looked up from then on.
 *
 * Owns: the steps of simple charts. Does not own: charts; and those that are not simple, XState steps as ever.
 *
 * - Sp1 a step leads to the snapshot to which XState would have led, and an inspector hears the same of it. This
 *   takes it that what `assign` and guards call looks at context and event alone, as charts of the hub do.
 */
import {
  type AnyActorLogic,
  type AnyActorScope,
  type AnyEventObject,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type AnyStateNode,
  type AnyTransitionDefinition,
  type Snapshot,
  StateMachine,
} from 'xstate';
import { statePath } from '../machines/status.ts';

interface Args {
  readonly context: unknown;
  readonly event: AnyEventObject;
}
type Update = (args: Args) => object;

interface Step {
  readonly transition: AnyTransitionDefinition;
  readonly guard: ((args: Args) => boolean) | undefined;
  readonly updates: readonly Update[];
  /** Where it leads; undefined when it stays. */
  readonly target: string | undefined;
}

/** Where a chart can stand. */
interface Place {
  /** As XState makes it, with another context. */
  readonly snapshot: AnyMachineSnapshot;
  readonly on: ReadonlyMap<string, readonly Step[]>;
  readonly always: readonly Step[];
}

/** A chart that moves itself more often than this at once is left to XState, which knows what to do about it. */
const mostMoves = 20;

const tables = new WeakMap<AnyActorLogic, AnyActorLogic>();

/** The same logic, faster if it is a simple chart. */
export function byTable<L extends AnyActorLogic>(logic: L): L {
  if (!(logic instanceof StateMachine)) return logic;
  let found = tables.get(logic);
  if (found === undefined) {
    found = isSimple(logic.root, logic) ? withTable(logic) : logic;
    tables.set(logic, found);
  }
  return found as L;
}

function isSimple(node: AnyStateNode, machine: AnyStateMachine): boolean {
  const { type, entry, exit, invoke, initial, tags, parent, config } = node;
  if (type === 'parallel' || type === 'history') return false;
  if (type === 'final' && (parent !== machine.root || node.output !== undefined)) return false;
  if (config.after !== undefined || config.onDone !== undefined || config.output !== undefined) return false;
  if ([entry, exit, invoke, tags, initial?.actions ?? []].some(({ length }) => length > 0)) return false;
  const transitions = [...[...node.transitions.values()].flat(), ...(node.always ?? [])];
  return (
    [...node.transitions.keys()].every((type) => !type.includes('*')) &&
    transitions.every((transition) => stepOf(transition, machine) !== undefined) &&
    Object.values(node.states).every((child) => isSimple(child, machine))
  );
}

/** Undefined when it is not simple. */
function stepOf(transition: AnyTransitionDefinition, machine: AnyStateMachine): Step | undefined {
  const { actions, guard, target, reenter } = transition;
  const updates = actions.map((action) => updateOf(action, machine));
  const test = guard === undefined ? undefined : guardOf(guard, machine);
  if (updates.includes(undefined) || test === null || (target?.length ?? 0) > 1 || reenter) return undefined;
  return { transition, guard: test, updates: updates as Update[], target: target?.[0]?.id };
}

/** What an `assign` changes; undefined for any other action. */
function updateOf(action: unknown, { implementations }: AnyStateMachine): Update | undefined {
  const known = implementations.actions as { readonly [name: string]: unknown };
  const resolved = typeof action === 'string' ? known[action] : withoutParams(action) ? known[action.type] : action;
  const { type, assignment } = (resolved ?? {}) as { type?: unknown; assignment?: unknown };
  if (type !== 'xstate.assign') return undefined;
  if (typeof assignment === 'function') return assignment.length <= 1 ? (assignment as Update) : undefined;
  const fields = Object.values(assignment as object);
  return fields.some((field) => typeof field === 'function') ? undefined : () => assignment as object;
}

/** Null when there is more to it than a function of context and event. */
function guardOf(guard: unknown, { implementations }: AnyStateMachine): Step['guard'] | null {
  const known = implementations.guards as { readonly [name: string]: unknown };
  const resolved = typeof guard === 'string' ? known[guard] : withoutParams(guard) ? known[guard.type] : guard;
  return typeof resolved === 'function' && resolved.length <= 1 && !('check' in resolved)
    ? (resolved as Step['guard'])
    : null;
}

const withoutParams = (named: unknown): named is { readonly type: string } =>
  typeof named === 'object' && named !== null && !('params' in named);

function withTable(machine: AnyStateMachine): AnyActorLogic {
  const table = new Map<string, Place>();
  const places = new Map<unknown, Place>();
  const byPath = new Map<string, Place>();
  const collect = (node: AnyStateNode): void => {
    const place = placeOf(node, machine);
    table.set(node.id, place);
    places.set(place.snapshot.value, place);
    if (Object.keys(node.states).length === 0) byPath.set(statePath(place.snapshot.value), place);
    for (const child of Object.values(node.states)) collect(child);
  };
  collect(machine.root);
  const first = table.get(machine.root.id) as Place;

  /** Undefined when XState has to. */
  function move(from: AnyMachineSnapshot, event: AnyEventObject, scope: AnyActorScope, begin?: Place) {
    const start = begin ?? places.get(from.value);
    if (start === undefined || event.type.startsWith('xstate.') !== (begin !== undefined)) return undefined;
    let place = start;
    let snapshot = from;
    for (let moves = 0; moves < mostMoves; moves++) {
      const steps = moves === 0 && begin === undefined ? place.on.get(event.type) : place.always;
      const step = choose(steps, snapshot.context, event);
      if (step === undefined) {
        if (moves === 0 && begin === undefined) tell(scope, event, snapshot, []);
        return snapshot;
      }
      place = step.target === undefined ? place : (table.get(step.target) as Place);
      snapshot = at(place, updated(snapshot.context, step.updates, event));
      tell(scope, event, snapshot, [step.transition]);
    }
    return undefined;
  }

  return Object.create(machine, {
    transition: {
      value: (snapshot: AnyMachineSnapshot, event: AnyEventObject, scope: AnyActorScope) =>
        move(snapshot, event, scope) ?? machine.transition(snapshot, event, scope),
    },
    restoreSnapshot: {
      value(saved: Snapshot<unknown>, scope: AnyActorScope) {
        const { value, context, children, historyValue } = saved as AnyMachineSnapshot;
        const place = saved.status === 'active' ? byPath.get(statePath(value)) : undefined;
        const isSimple = isEmpty(children) && isEmpty(historyValue);
        return place !== undefined && isSimple ? at(place, context) : machine.restoreSnapshot(saved as never, scope);
      },
    },
    getInitialSnapshot: {
      value(scope: AnyActorScope, input: unknown) {
        const { context } = machine.config;
        if (typeof context !== 'function' || context.length > 1) return machine.getInitialSnapshot(scope, input);
        const event = { type: 'xstate.init', input };
        try {
          const snapshot = at(first, context({ input, self: scope.self } as never));
          return move(snapshot, event, scope, first) ?? machine.getInitialSnapshot(scope, input);
        } catch {
          return machine.getInitialSnapshot(scope, input); // XState says in its own way what is wrong.
        }
      },
    },
  });
}

function placeOf(node: AnyStateNode, machine: AnyStateMachine): Place {
  const value = node.path.reduceRight<object | string>((inner, key) => ({ [key]: inner }), {});
  const snapshot = machine.resolveState({ value: value as never, context: {} });
  const on = new Map<string, Step[]>();
  const always: Step[] = [];
  // From the state itself outwards: the first whose guard holds is taken.
  const nodes = (snapshot._nodes as AnyStateNode[]).toSorted((a, b) => b.path.length - a.path.length);
  for (const { transitions, always: own = [] } of nodes) {
    for (const [type, candidates] of transitions) {
      if (type !== '') on.set(type, [...(on.get(type) ?? []), ...candidates.map(step)]);
    }
    always.push(...own.map(step));
  }
  return { snapshot, on, always };

  function step(transition: AnyTransitionDefinition): Step {
    return stepOf(transition, machine) as Step;
  }
}

function choose(steps: readonly Step[] | undefined, context: unknown, event: AnyEventObject): Step | undefined {
  if (steps === undefined) return undefined;
  for (const step of steps) if (step.guard === undefined || step.guard({ context, event })) return step;
  return undefined;
}

function updated(before: unknown, updates: readonly Update[], event: AnyEventObject): unknown {
  let context = before;
  for (const update of updates) context = Object.assign({}, context, update({ context, event }));
  return context;
}

const isEmpty = (object: object | undefined): boolean => {
  for (const _key in object) return false;
  return true;
};

/** Field by field, so that all have one hidden class. */
function at({ snapshot }: Place, context: unknown): AnyMachineSnapshot {
  return {
    status: snapshot.status,
    output: snapshot.output,
    error: snapshot.error,
    machine: snapshot.machine,
    context,
    _nodes: snapshot._nodes,
    value: snapshot.value,
    tags: snapshot.tags,
    children: snapshot.children,
    historyValue: snapshot.historyValue,
    matches: snapshot.matches,
    hasTag: snapshot.hasTag,
    can: snapshot.can,
    getMeta: snapshot.getMeta,
    toJSON: snapshot.toJSON,
  } as AnyMachineSnapshot;
}

function tell(
  { self, system }: AnyActorScope,
  event: AnyEventObject,
  snapshot: AnyMachineSnapshot,
  _transitions: readonly AnyTransitionDefinition[],
): void {
  (system as unknown as { _sendInspectionEvent(seen: object): void })._sendInspectionEvent({
    type: '@xstate.microstep',
    actorRef: self,
    event,
    snapshot,
    _transitions,
  });
}
