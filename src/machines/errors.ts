/**
 * The one error class of the doors. Each code is documented by what it means for the caller;
 * whatever the code, the call changed nothing unless its line says otherwise.
 */
const errorCodes = {
  /** A value does not have the shape that was asked for; `path` and `expected` say where and what. */
  invalid: 'invalid',
  /** A value is not JSON (a function, a Date, NaN, a cycle, …). */
  notJson: 'notJson',
  /** A value is larger than 256 KiB as JSON. */
  tooLarge: 'tooLarge',
  /** A value is nested deeper than 64 levels. */
  tooDeep: 'tooDeep',
  /** No agent has this id. */
  unknownAgent: 'unknownAgent',
  /** The hub was given a closed list of agent types and this one is not on it. */
  unknownAgentType: 'unknownAgentType',
  /** No live or remembered task has this id. */
  unknownTask: 'unknownTask',
  /** No gate has this id. */
  unknownGate: 'unknownGate',
  /** No dead letter has this id. */
  unknownLetter: 'unknownLetter',
  /** A message names a recipient that is not registered. */
  unknownRecipient: 'unknownRecipient',
  /** The id is taken. */
  duplicate: 'duplicate',
  /** What is asked does not fit the present state: the task is not queued, the agent is not free, the key has another body. */
  conflict: 'conflict',
  /** The working spec is not valid; `faults` has all that is wrong. The task is in the log, cancelled. */
  invalidSpec: 'invalidSpec',
  /** No orchestration has this id. */
  unknownOrchestration: 'unknownOrchestration',
  /** The planner has no plan: it failed, gave up, or knows no rule for such a request. The message says which. */
  noPlan: 'noPlan',
  /** No schedule has this id. */
  unknownSchedule: 'unknownSchedule',
  /** The gate was decided before, or has ended. The attempt is in the log. */
  gateClosed: 'gateClosed',
  /** The caller may not do this: a sealed actor, a decision by somebody who is not an approver. */
  forbidden: 'forbidden',
  /** A bound is reached (queue, agents, gates); try again later. */
  busy: 'busy',
  /** The hub is draining: it takes no new work. */
  draining: 'draining',
  /** The hub has stopped. */
  stopped: 'stopped',
  /** The store has let go of records before a slow reader came to them; those that are kept can be read anew. */
  pruned: 'pruned',
  /** The store failed: what was not acknowledged may or may not be there after the next start. The hub has stopped. */
  storeFailed: 'storeFailed',
  /** A fault in the hub itself; it has stopped, and the log holds what was acknowledged. Please report it. */
  internal: 'internal',
} as const;

export type HubErrorCode = keyof typeof errorCodes;

export interface HubErrorDetails {
  /** Where the fault is, as a dotted path into the input (`requirements.capabilities.0`). */
  readonly path?: string;
  /** What was expected there. */
  readonly expected?: string;
  readonly cause?: unknown;
  /** What a validator found wrong. */
  readonly faults?: readonly SpecFault[];
  /** What a validator found that is no error. */
  readonly warnings?: readonly SpecFault[];
}

/** Where (dotted path into the spec), what, and what would help. */
export interface SpecFault {
  readonly field: string;
  readonly message: string;
  readonly suggestion?: string | undefined;
}

/** Thrown (or rejected with) by every public entry; `code` is from a closed set. */
export class HubError extends Error {
  override readonly name: string = 'HubError';
  readonly code: HubErrorCode;
  readonly path: string | undefined;
  readonly expected: string | undefined;
  readonly faults: readonly SpecFault[];
  readonly warnings: readonly SpecFault[];

  constructor(code: HubErrorCode, message: string, details: HubErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.path = details.path;
    this.expected = details.expected;
    this.faults = details.faults ?? [];
    this.warnings = details.warnings ?? [];
  }
}
