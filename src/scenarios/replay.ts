/** A log played again: what it folds to, and the states that every actor passed through on the way. */
import { openFold, type Picture } from '../hub/picture.ts';
import type { HubRecord } from '../machines/messages.ts';

export interface Replay {
  readonly picture: Picture;
  /** The state paths that each actor was in; actors are called `task:t1`, `agent:qa-1`. */
  readonly visited: ReadonlyMap<string, ReadonlySet<string>>;
}

/** @param records a log from its beginning */
export function replay(records: Iterable<HubRecord>): Replay {
  const visited = new Map<string, Set<string>>();
  const fold = openFold();
  for (const record of records) {
    for (const { actor, state } of fold.next(record)) {
      const states = visited.get(actor) ?? new Set();
      visited.set(actor, states.add(state));
    }
  }
  return { picture: fold.picture(), visited };
}
