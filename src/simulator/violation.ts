/** What does not hold: which invariant, where, and why. */
export interface Violation {
  /** Its number in the reliability table, or the name of the rule of the hub's own. */
  readonly invariant: string;
  readonly why: string;
  /** The records that it is about, by their place in the log. */
  readonly seqs: readonly number[];
}
