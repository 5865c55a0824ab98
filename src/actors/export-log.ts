/** A log as text: one record a line, as canonical JSON, so that equal logs are equal byte for byte. */
import type { HubRecord } from '../machines/messages.ts';
import { recordText } from '../machines/record-text.ts';
import { redaction } from './redaction.ts';

/** @param redact keys and dotted paths into payloads whose values do not leave */
export function* exportLog(records: Iterable<HubRecord>, redact: readonly string[] = []): Generator<string, void> {
  const clean = redaction(redact);
  for (const record of records) yield `${recordText(clean(record))}\n`;
}
