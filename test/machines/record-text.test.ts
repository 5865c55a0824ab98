import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/machines/json.ts';
import type { HubRecord } from '../../src/machines/messages.ts';
import { recordText } from '../../src/machines/record-text.ts';

test('is the canonical JSON of any record, in whatever order its fields came', () => {
  const envelope = { seq: 1, at: 5, id: 'a', from: 'client', to: 'hub', type: 'task.submit', correlationId: 'a' };
  const causationId = fc.option(fc.string());
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), causationId, (payload, causationId) => {
      const fields = { payload, causationId, ...envelope } as unknown as HubRecord;
      const reversed = Object.fromEntries(Object.entries(fields).reverse()) as unknown as HubRecord;
      expect(recordText(fields)).toBe(canonicalJson(fields));
      expect(recordText(reversed)).toBe(canonicalJson(fields));
    }),
  );
});
