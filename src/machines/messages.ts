/**
 * The protocol: every message that can stand in the log, as one discriminated union.
 *
 * A verb is a command (`task.submit`), a past participle is a fact (`task.assigned`). Whoever stands in
 * `from` was put there by the hub, from the channel that the message came in on.
 */
import { z } from 'zod';
import { agentMessages } from './agent-messages.ts';
import { hubMessages } from './hub-messages.ts';
import { orchestrationMessages } from './orchestration-messages.ts';
import { id } from './primitives.ts';
import { talkMessages } from './talk-messages.ts';
import { taskMessages } from './task-messages.ts';

export { idPattern } from './primitives.ts';
export {
  type DeadLetterReason,
  deadLetterReasons,
  type Failure,
  type Fault,
  faultSchema,
  type Requirements,
  type Routing,
  type Rung,
  requirementsSchema,
  routingSchema,
  rungSchema,
  withApprover,
} from './shapes.ts';

export const messageSchema = z.discriminatedUnion('type', [
  ...hubMessages,
  ...agentMessages,
  ...taskMessages,
  ...talkMessages,
  ...orchestrationMessages,
]);

type Message = z.infer<typeof messageSchema>;
export type MessageType = Message['type'];
type MessageOf<T extends MessageType> = Extract<Message, { type: T }>;
export type Payload<T extends MessageType> = MessageOf<T>['payload'];
/** What a caller may leave out of a payload has a default. */
export type PayloadInput<T extends MessageType> = Extract<z.input<typeof messageSchema>, { type: T }>['payload'];

/** Payload schemas by type, so that the doors need not search the union. */
export const payloadSchemas = Object.fromEntries(
  messageSchema.options.map((option) => [option.shape.type.value, option.shape.payload]),
) as unknown as { readonly [T in MessageType]: z.ZodType<Payload<T>, PayloadInput<T>> };

const envelope = {
  /** Place in the log, from 1, without gaps. */
  seq: z.int().min(1),
  /** When the hub took it, in ms since the epoch on the environment's clock. */
  at: z.int(),
  id,
  from: id,
  to: id,
  /** The id of the message that began this: same for everything that followed from it. */
  correlationId: id,
  /** The id of the message that this follows from; null for one that came from outside. */
  causationId: id.nullable(),
};

/** One line of the log. */
export const recordSchema = z.discriminatedUnion(
  'type',
  messageSchema.options.map((option) => option.extend(envelope)) as unknown as [
    (typeof messageSchema.options)[0],
    ...(typeof messageSchema.options)[number][],
  ],
);

type Envelope = { readonly [K in keyof typeof envelope]: z.infer<(typeof envelope)[K]> };
export type RecordOf<T extends MessageType> = Envelope & MessageOf<T>;
export type HubRecord = { [T in MessageType]: RecordOf<T> }[MessageType];

/** Names that the hub uses itself in `from` and `to`; no agent can take them. */
export const reservedIds: ReadonlySet<string> = new Set(['hub', 'clock', 'client', 'planner']);
