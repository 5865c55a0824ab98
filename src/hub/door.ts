/** Where a message is made of what somebody outside said: JSON, within bounds, of the right shape. */
import { admitJson } from '../machines/json.ts';
import { type MessageType, type Payload, type PayloadInput, payloadSchemas } from '../machines/messages.ts';
import { parse } from '../machines/parse.ts';
import type { Draft } from './kernel.ts';

/** @param from who speaks, from the channel that it came in on; never from the message itself */
export function draft<T extends MessageType>(
  from: string,
  to: string,
  type: T,
  payload: PayloadInput<T>,
  causationId?: string,
): Draft {
  const checked = parse(payloadSchemas[type], admitJson(payload)) as Payload<T>;
  return { from, to, type, payload: checked, causationId } as Draft;
}
