/**
 * What a hub's server and those who attach to it say to each other: JSON texts over a WebSocket.
 *
 * - Ln1 the first message is `attach`, within some seconds; it carries the token, so that no address does.
 * - Ln2 records come in order, without gaps or duplicates, from behind the one that was named on.
 * - Ln3 each command has one answer: `answer`, or `refusal` with what a {@link HubError} says.
 */
import { z } from 'zod';
import type { HubErrorCode } from '../machines/errors.ts';
import type { Json } from '../machines/json.ts';
import type { HubRecord } from '../machines/messages.ts';
import { id, json } from '../machines/primitives.ts';

/** Both sides speak the same version, or not at all. */
export const lineVersion = 1;

/** Largest message that a server takes, in bytes: a value as large as a hub takes, and something around it. */
export const maxMessageBytes = 320 * 1024;

/** How often a server says that it is there, in ms. */
export const pulseMs = 15_000;

/** Why a server closes; the reason says more, for people. */
export const closeCodes = {
  /** The hub has stopped; it may come back with the same log. */
  hubStopped: 4000,
  /** What was said is no message of this protocol. */
  badMessage: 4400,
  wrongToken: 4401,
  otherVersion: 4406,
  /** Nothing was said in time. */
  tooLate: 4408,
  /** The record that was named as the last one is another one in this log. */
  otherLog: 4409,
  /** The records that were asked for are not kept any more. */
  pruned: 4410,
  tooMany: 4429,
  /** The hub has failed, or its log cannot be read. */
  hubFailed: 4500,
} as const;

/** Trying again would give the same answer. */
export const isFinal = (code: number): boolean =>
  code === closeCodes.badMessage ||
  code === closeCodes.wrongToken ||
  code === closeCodes.otherVersion ||
  code === closeCodes.otherLog ||
  code === closeCodes.pruned;

export const attachSchema = z.strictObject({
  kind: z.literal('attach'),
  version: z.literal(lineVersion),
  token: z.string().max(512).optional(),
  /** The last record that is known already: records from behind it on. */
  after: z.strictObject({ seq: z.int().min(1), id }).nullable(),
});
export type Attach = z.infer<typeof attachSchema>;

export const commandSchema = z.strictObject({
  kind: z.literal('command'),
  /** Comes back with the answer. */
  id: z.int().min(0),
  name: z.string().max(64),
  args: z.array(json).max(8),
  /** Who does it. */
  as: id.optional(),
});

/** A hub has been attached to. */
export interface Attached {
  readonly kind: 'attached';
  readonly version: number;
  readonly project: string;
  /** How many records there are already. */
  readonly seq: number;
  /** Whom the token belongs to; null when it is anybody's, and who acts says who they are. */
  readonly person: string | null;
  /** Nothing can be done to it: a log that was kept, and no hub. */
  readonly isRecorded: boolean;
}

export interface Refused {
  readonly code: HubErrorCode;
  readonly message: string;
  readonly path?: string;
  readonly expected?: string;
}

export type FromHub =
  | Attached
  | { readonly kind: 'records'; readonly records: readonly HubRecord[] }
  /** The hub is there, and its log has so many records. */
  | { readonly kind: 'pulse'; readonly seq: number }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Json }
  | { readonly kind: 'refusal'; readonly id: number; readonly error: Refused }
  /** Nothing more will ever come: that was the whole of a recorded log. */
  | { readonly kind: 'over' };
