import { inOrder } from './json.ts';
import type { HubRecord } from './messages.ts';

/**
 * The canonical JSON of a record: how logs are kept, hashed and exported. It is `canonicalJson` of it in three quarters
 * of the time, because the order of a record's own fields is known.
 */
export const recordText = (record: HubRecord): string => {
  const { at, causationId, correlationId, from, id, payload, seq, to, type } = record;
  return JSON.stringify({ at, causationId, correlationId, from, id, payload: inOrder(payload), seq, to, type });
};
