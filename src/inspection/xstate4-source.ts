/**
 * The hub as `@xstate/inspect` 0.8 sees an app: for viewers made for XState v4.
 *
 * A viewer says `xstate.inspecting` and hears of every actor. What it says besides is not taken: in a hub, nobody moves
 * an actor from outside. It costs about 3 KB and a third of a millisecond an actor, so it is a door and not the road.
 */
import type { AnyActorRef, AnyEventObject, AnyStateMachine } from 'xstate';
import type { Hub } from '../hub/hub.ts';
import { hubMachine } from '../machines/hub.ts';
import { type ChartSnapshot, parentOf, watchActors } from './viewer.ts';
import { type Node4, xstate4Chart } from './xstate4-chart.ts';

/** One viewer at the other end of a line. */
export interface Viewer {
  /** Takes what the viewer says; anything that is not of the protocol is ignored. */
  receive(message: string): void;
  /** Ends it: nothing is sent any more. */
  close(): void;
}

/** @param send takes one message of the protocol, as JSON */
export function xstate4Source(hub: Hub, send: (message: string) => void): Viewer {
  let stop: (() => void) | undefined;
  const tell = (message: object) => send(JSON.stringify(message));
  const watch = () =>
    watchActors(hub, {
      born(actor, snapshot) {
        tell({
          type: 'service.register',
          machine: JSON.stringify({ ...chartOf(actor), context: snapshot.context }),
          state: JSON.stringify(state4(actor, { type: 'xstate.init' }, snapshot)),
          sessionId: actor.sessionId,
          id: actor.id,
          parent: parentOf(actor)?.sessionId,
        });
      },
      moved(actor, event, snapshot) {
        tell({ type: 'service.event', event: JSON.stringify(event4(event)), sessionId: actor.sessionId });
        tell({
          type: 'service.state',
          state: JSON.stringify(state4(actor, event, snapshot)),
          sessionId: actor.sessionId,
        });
      },
      ended(actor) {
        tell({ type: 'service.stop', sessionId: actor.sessionId });
      },
    });
  return {
    receive(message) {
      if (typeOf(message) !== 'xstate.inspecting') return;
      stop?.();
      stop = watch();
    },
    close() {
      stop?.();
      stop = undefined;
    },
  };
}

const charts = new WeakMap<AnyStateMachine, Node4>();

function chartOf(actor: AnyActorRef): Node4 {
  const { logic } = actor as unknown as { readonly logic: Partial<AnyStateMachine> };
  const machine = logic.root === undefined ? hubMachine : (logic as AnyStateMachine);
  let chart = charts.get(machine);
  if (chart === undefined) {
    chart = xstate4Chart(machine);
    charts.set(machine, chart);
  }
  return chart;
}

const event4 = (event: AnyEventObject) => ({
  name: event.type,
  data: event,
  $$type: 'scxml',
  type: 'external',
});

const state4 = ({ sessionId }: AnyActorRef, event: AnyEventObject, { value, context, status }: ChartSnapshot) => ({
  value,
  context,
  event,
  _event: event4(event),
  _sessionid: sessionId,
  actions: [],
  activities: {},
  configuration: [],
  transitions: [],
  children: {},
  done: status === 'done',
  tags: [],
});

function typeOf(message: string): unknown {
  try {
    return (JSON.parse(message) as { readonly type?: unknown } | null)?.type;
  } catch {
    return undefined;
  }
}
