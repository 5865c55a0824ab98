/** A public entry, and what is said to it. */
import type fc from 'fast-check';
import type { Description } from './nonsense.ts';
import type { World } from './world.ts';

export interface Entry {
  readonly name: string;
  /** Its arguments, as descriptions. */
  readonly inputs: fc.Arbitrary<readonly Description[]>;
  /** How many inputs it gets beside the others. Default: 1. */
  readonly weight?: number;
  /** Says it. What is thrown or rejected with is a refusal; a promise under `accepted` in the answer counts, too. */
  call(world: World, ...args: readonly unknown[]): unknown;
  /** It gets its arguments as `JSON.parse` gives them, and never anything else. */
  readonly isParsed?: boolean;
  /** It awaits what is foreign, and is waited for to the end. */
  readonly slow?: boolean;
  /** Refusals that are noted in the log, as they should be. */
  readonly noted?: readonly string[];
  /** Errors without a code of the hub's that are as they should be. */
  readonly isKnown?: (error: unknown) => boolean;
}
