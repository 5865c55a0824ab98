/**
 * The words in which the nouns of the hub are written: how a record folds, and what it leads to.
 *
 * - N1 a fold changes state and decides nothing; it runs again whenever the log is read.
 * - N2 a decision changes nothing itself: it emits facts, which fold at once. It runs once, when the
 *   record is new.
 */

import type { Calendar } from '../actors/calendar.ts';
import type { MessageType, Payload, RecordOf } from '../machines/messages.ts';
import type { OrchestrationEntry } from './orchestration-state.ts';
import type { Planner } from './planner.ts';
import type { Router } from './routing.ts';
import type { HubState } from './state.ts';
import type { Validator } from './validator.ts';

export interface Turn {
  readonly state: HubState;
  readonly router: Router;
  readonly validator: Validator;
  readonly calendar: Calendar;
  readonly planner: Planner;
  /** A number in [0, 1), from the environment. */
  readonly random: () => number;
  /** Says that an orchestration has begun, to whoever is to tell how it ends. */
  began(entry: OrchestrationEntry): void;
  /** Records and folds a message that follows from the one in hand; `from` is the hub unless given. */
  emit<T extends MessageType>(to: string, type: T, payload: Payload<T>, from?: string): void;
}

export type Folds = { readonly [T in MessageType]?: (state: HubState, record: RecordOf<T>) => void };
export type Decisions = { readonly [T in MessageType]?: (turn: Turn, record: RecordOf<T>) => void };
