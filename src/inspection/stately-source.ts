/** The hub as `@statelyai/inspect` 0.7 sees an app: for viewers made for XState v5. */
import type { AnyActorRef } from 'xstate';
import type { Hub } from '../hub/hub.ts';
import { type ChartSnapshot, parentOf, watchActors } from './viewer.ts';

/** The version of the protocol, as its package writes it. */
const protocol = '0.7.2';

/**
 * Tells one viewer of every actor from now on; the answer ends that.
 *
 * @param send takes one message of the protocol, as JSON
 */
export function statelySource(hub: Hub, send: (message: string) => void): () => void {
  const tell = (actor: AnyActorRef, message: object) =>
    send(
      JSON.stringify({
        ...message,
        sessionId: actor.sessionId,
        rootId: hub.actor.sessionId,
        id: null,
        createdAt: String(hub.actor.getSnapshot().context.at),
        _version: protocol,
      }),
    );
  return watchActors(hub, {
    born(actor, snapshot) {
      const { logic } = actor as unknown as { readonly logic: { readonly config?: object } };
      tell(actor, {
        type: '@xstate.actor',
        name: actor.id,
        parentId: parentOf(actor)?.sessionId,
        definition: JSON.stringify(logic.config ?? { id: actor.id }, named),
        snapshot: plain(snapshot),
      });
    },
    moved(actor, event, snapshot) {
      tell(actor, { type: '@xstate.event', event });
      tell(actor, { type: '@xstate.snapshot', event, snapshot: plain(snapshot) });
    },
    ended() {},
  });
}

const plain = ({ status, value, context, output, error }: ChartSnapshot) => ({ status, value, context, output, error });

/** A function is called by its name. */
const named = (_key: string, value: unknown): unknown => (typeof value === 'function' ? { type: value.name } : value);
