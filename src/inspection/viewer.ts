/** What a tool of XState's sees of a hub: each of its actors, from the moment at which the tool attaches. */
import type { AnyActorRef, AnyEventObject, InspectionEvent, Snapshot, StateValue } from 'xstate';
import type { Hub } from '../hub/hub.ts';

/** A snapshot as every chart of the hub has it. */
export type ChartSnapshot = Snapshot<unknown> & { readonly value: StateValue; readonly context: unknown };

export interface Listener {
  /** Called once for each actor, before anything else about it. */
  born(actor: AnyActorRef, snapshot: ChartSnapshot): void;
  /** An actor has taken an event. */
  moved(actor: AnyActorRef, event: AnyEventObject, snapshot: ChartSnapshot): void;
  /** It has ended; nothing else comes of it. */
  ended(actor: AnyActorRef): void;
}

/** Tells of every actor that is alive and of every one that comes; the answer ends that. */
export function watchActors(hub: Hub, listener: Listener): () => void {
  const known = new Set<AnyActorRef>();
  const meet = (actor: AnyActorRef, snapshot: ChartSnapshot) => {
    known.add(actor);
    listener.born(actor, snapshot);
  };
  const subscription = hub.actor.system.inspect((event: InspectionEvent) => {
    if (event.type !== '@xstate.snapshot') return;
    const actor = event.actorRef as AnyActorRef;
    const snapshot = event.snapshot as ChartSnapshot;
    if (!known.has(actor)) meet(actor, snapshot);
    else listener.moved(actor, event.event, snapshot);
    if (snapshot.status === 'active') return;
    known.delete(actor);
    listener.ended(actor);
  });
  for (const actor of hub.actors()) meet(actor, actor.getSnapshot() as ChartSnapshot);
  return () => subscription.unsubscribe();
}

/** Who spawned it. */
export function parentOf(actor: AnyActorRef): AnyActorRef | undefined {
  return (actor as { readonly _parent?: AnyActorRef })._parent;
}
