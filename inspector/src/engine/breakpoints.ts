/** Which breakpoint a record reaches. */
import type { ActorChange, HubRecord } from 'xstate-hub';
import type { Breakpoint } from './protocol.ts';

export interface Reached {
  readonly record: HubRecord;
  readonly changes: readonly ActorChange[];
  /** How many tasks wait in the queue after it. */
  readonly queued: number;
}

export function reachedBy({ record, changes, queued }: Reached, breakpoints: readonly Breakpoint[]) {
  return breakpoints.find(({ when }) => {
    if ('recordType' in when) return record.type === when.recordType;
    if ('queueAbove' in when) return queued > when.queueAbove;
    return changes.some(({ actor, state }) => actor === when.actor && isWithin(state, when.state));
  });
}

/** `running.consulting` is within `running`. */
const isWithin = (state: string, outer: string): boolean => state === outer || state.startsWith(`${outer}.`);
