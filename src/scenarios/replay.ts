/** A log played again: what it folds to, and the states that every actor passed through on the way. */
import type { AnyActorRef } from 'xstate';
import { deliver, startSealed } from '../actors/sealed-actor.ts';
import { createHubLogic, stateOf } from '../hub/logic.ts';
import { type Picture, pictureOf } from '../hub/picture.ts';
import type { HubRecord } from '../machines/messages.ts';
import { statePath } from '../machines/status.ts';

export interface Replay {
  readonly picture: Picture;
  /** The state paths that each actor was in; actors are called `task:t1`, `agent:qa-1`. */
  readonly visited: ReadonlyMap<string, ReadonlySet<string>>;
}

/** @param records a log from its beginning */
export function replay(records: Iterable<HubRecord>): Replay {
  const visited = new Map<string, Set<string>>();
  const actor = startSealed(createHubLogic(), {
    inspect(event) {
      if (event.type !== '@xstate.snapshot' || !('value' in event.snapshot)) return;
      const { id } = event.actorRef as AnyActorRef;
      const states = visited.get(id) ?? new Set();
      visited.set(id, states.add(statePath(event.snapshot.value as never)));
    },
  });
  for (const record of records) deliver(actor, record);
  return { picture: pictureOf(stateOf(actor.getSnapshot())), visited };
}
