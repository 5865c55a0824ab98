/** A kind of fault, and what its rounds have at hand. */
import type { Dice } from '../simulator/dice.ts';
import type { Ordeal } from './ordeal.ts';

export interface Round {
  readonly number: number;
  /** Of its own: the same for the same seed and number. */
  readonly dice: Dice;
  readonly ordeal: Ordeal;
  readonly writes: WriteCounts;
  /** Notes that something happened. */
  count(what: string): void;
}

/** How often each system call is made in a run of {@link wholeRun} that nobody harms. */
export type WriteCounts = ReadonlyMap<string, number>;

export interface Kind {
  readonly name: string;
  /** What is done, for people. */
  readonly about: string;
  readonly needsStrace: boolean;
  /** How many rounds there are, in all and in a sample. */
  readonly rounds: number | ((writes: WriteCounts) => number);
  readonly sample: number;
  /** Throws `Loss` when something does not hold. */
  play(round: Round): Promise<void>;
}

/** A run of some 500 records from beginning to end. */
export const wholeRun = { tasks: 60, atOnce: 16, paceMs: 0, drains: true } as const;
