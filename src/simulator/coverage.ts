/** Which states and transitions of the charts a run has been through. */
import type { AnyActorRef, AnyStateMachine, AnyTransitionDefinition, InspectionEvent, StateNode } from 'xstate';
import { hubMachine } from '../machines/hub.ts';

type Node = StateNode<never, never>;

/** Every state and transition of a chart, with a name for each. */
export function partsOf(machine: AnyStateMachine): Map<object, string> {
  const parts = new Map<object, string>();
  const visit = (node: Node) => {
    const place = [machine.id, ...node.path].join('.');
    if (node.parent !== undefined) parts.set(node, place);
    for (const transition of [...node.transitions.values()].flat().concat(node.always ?? [])) {
      parts.set(transition, nameOf(place, transition as AnyTransitionDefinition));
    }
    for (const child of Object.values(node.states)) visit(child as Node);
  };
  visit(machine.root as unknown as Node);
  return parts;
}

function nameOf(place: string, { eventType, target, guard }: AnyTransitionDefinition): string {
  const to = target?.map(({ id }) => id).join(', ') ?? 'itself';
  const given =
    guard === undefined ? '' : ` if ${typeof guard === 'string' ? guard : (guard as { type: string }).type}`;
  return `${place} on ${eventType === '' ? 'arrival' : eventType}${given} to ${to}`;
}

export class Coverage {
  readonly #reached = new Set<object>();
  readonly #places = new WeakMap<object, string>();

  /** For `inspect`. */
  readonly inspect = (event: InspectionEvent): void => {
    if (!('snapshot' in event)) return;
    for (const node of (event.snapshot as { _nodes?: object[] })._nodes ?? []) this.#reached.add(node);
    if (event.type === '@xstate.microstep') for (const transition of event._transitions) this.#reached.add(transition);
    if (event.type === '@xstate.snapshot') this.#followHub(event.actorRef, event.event.type, event.snapshot);
  };

  /** What of the chart has not been reached. */
  missing(machine: AnyStateMachine): string[] {
    return [...partsOf(machine)].filter(([part]) => !this.#reached.has(part)).map(([, name]) => name);
  }

  /** The hub's own chart is no actor: what it did is told from where it stood before and after. */
  #followHub(actor: object, eventType: string, snapshot: object): void {
    const { value } = snapshot as { value?: unknown };
    if ((actor as AnyActorRef)._parent !== undefined || typeof value !== 'string') return;
    const before = this.#places.get(actor) ?? 'recovering';
    this.#places.set(actor, value);
    const states = hubMachine.root.states as unknown as Readonly<Record<string, Node>>;
    const [from, to] = [states[before], states[value]];
    if (from === undefined || to === undefined) return;
    this.#reached.add(from);
    for (const transition of from.transitions.get(eventType as never) ?? []) {
      if ((transition.target as readonly object[] | undefined)?.includes(to)) this.#reached.add(transition);
    }
    this.#reached.add(to);
  }
}
