/**
 * The port of validation: what says whether a task's `spec` is fit to be worked on.
 *
 * - V1 a validator is synchronous and pure: the same spec and the same time give the same answer.
 * - V2 it answers, and never throws, whatever the spec is.
 */

export interface ValidationFault {
  /** Where, as a dotted path (`acceptance.0.given`); empty for the spec as a whole. */
  readonly field: string;
  readonly message: string;
  /** What to write instead. */
  readonly suggestion?: string;
}

export interface ValidationResult {
  /** Whether there are no errors; warnings do not count. */
  readonly valid: boolean;
  readonly errors: readonly ValidationFault[];
  readonly warnings: readonly ValidationFault[];
}

/** @param now ms since the epoch, for what can expire */
export type Validator = (spec: unknown, now: number) => ValidationResult;
