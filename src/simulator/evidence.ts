/** What the rules look at, and how they say what is wrong. */
import type { HubRecord } from '../machines/messages.ts';
import type { Effect, HistoryEvent } from './history.ts';
import type { Model } from './model.ts';

export interface CheckOptions {
  /** All that was begun should have ended. */
  readonly isDrained?: boolean;
  /** Nobody has set a clock while a hub ran, so deadlines are on time. */
  readonly isSteady?: boolean;
}

export interface Evidence extends CheckOptions {
  readonly log: readonly HubRecord[];
  readonly history: readonly HistoryEvent[];
  readonly effects: readonly Effect[];
  /** What the whole log says. */
  readonly model: Model;
  /** What follows from a record, by its id. */
  readonly children: ReadonlyMap<string, readonly HubRecord[]>;
}

export type Say = (invariant: string, why: string, ...records: readonly HubRecord[]) => void;

/** Judges a record before the model has taken it in. */
export type RecordRule = (model: Model, record: HubRecord, evidence: Evidence, say: Say) => void;

/** Judges what the turn before has left, at the beginning of the next and at the end of the log. */
export type TurnRule = (model: Model, say: Say, evidence: Evidence) => void;

/** Judges the whole. */
export type FinalRule = (evidence: Evidence, say: Say) => void;
