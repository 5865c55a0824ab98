/**
 * Matchers for vitest and jest: `expect.extend(hubMatchers)`. They speak of states and records.
 */
import type { AnyActorRef, StateValue } from 'xstate';
import { foldLog } from '../hub/picture.ts';
import { canonicalJson } from '../machines/json.ts';
import type { HubRecord } from '../machines/messages.ts';
import { statePath } from '../machines/status.ts';
import { firstMissing, patternName, type RecordPattern } from './record-pattern.ts';
import type { Simulation } from './simulation.ts';

interface Verdict {
  readonly pass: boolean;
  message(): string;
}

/** What has a state: an actor, a task handle, or a view of a task, agent or consultation. */
export type Stateful = AnyActorRef | { readonly actor: AnyActorRef | undefined } | { readonly state: string };

export const hubMatchers = {
  /** It is in this state: `expect(task).toBeIn('running.consulting')`; an outer state is enough. */
  toBeIn(received: Stateful | undefined, path: string): Verdict {
    const found = received === undefined ? 'nothing' : pathOf(received);
    return {
      pass: found === path || found.startsWith(`${path}.`),
      message: () => `expected the state to be ${path}, and it is ${found}`,
    };
  },

  /** The log has these records in this order, with others between them. */
  toHaveRecords(received: Simulation | readonly HubRecord[], patterns: readonly RecordPattern[]): Verdict {
    const records = 'records' in received ? received.records() : received;
    const missing = firstMissing(patterns, records);
    const [place, name] = [missing ?? 0, patternName(patterns[missing ?? 0] ?? '')];
    return {
      pass: missing === undefined,
      message: () =>
        missing === undefined
          ? 'expected the log not to have these records in this order'
          : `${name} (number ${place + 1}) did not come; the log has ${records.map(({ type }) => type).join(', ')}`,
    };
  },

  /** The state is what its log folds to. */
  toEqualItsFold(received: Simulation): Verdict {
    const [state, folded] = [received.hub.picture(), foldLog(received.records())].map(canonicalJson);
    return {
      pass: state === folded,
      message: () => `expected the state to be the fold of the log:\n${state}\n${folded}`,
    };
  },
};

/** For `declare module 'vitest' { interface Matchers<T> extends HubMatchers<T> {} }`. */
export interface HubMatchers<R = unknown> {
  toBeIn(path: string): R;
  toHaveRecords(patterns: readonly RecordPattern[]): R;
  toEqualItsFold(): R;
}

function pathOf(received: Stateful): string {
  if ('state' in received && typeof received.state === 'string') return received.state;
  const actor = 'actor' in received ? received.actor : (received as AnyActorRef);
  const value = (actor?.getSnapshot() as { readonly value?: StateValue } | undefined)?.value;
  return value === undefined ? 'nothing' : statePath(value);
}
