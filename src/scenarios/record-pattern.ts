/** What a record should look like, for expectations and matchers. */
import { z } from 'zod';
import { canonicalJson, type Json } from '../machines/json.ts';
import type { HubRecord } from '../machines/messages.ts';

export const recordPatternSchema = z.union([
  z.string(),
  z.strictObject({
    type: z.string(),
    from: z.string().optional(),
    to: z.string().optional(),
    /** Fields of the payload that must be equal. */
    payload: z
      .record(
        z.string(),
        z.custom<Json>((value) => value !== undefined),
      )
      .optional(),
  }),
]);

/** A type, or a type with some of what else must be so. */
export type RecordPattern = z.infer<typeof recordPatternSchema>;

export const patternName = (pattern: RecordPattern): string => (typeof pattern === 'string' ? pattern : pattern.type);

/** The place of the first pattern that no record fits; the records must come in this order, with others between them. */
export function firstMissing(patterns: readonly RecordPattern[], records: Iterable<HubRecord>): number | undefined {
  let place = 0;
  for (const record of records) {
    const pattern = patterns[place];
    if (pattern === undefined) return undefined;
    if (fits(pattern, record)) place++;
  }
  return place === patterns.length ? undefined : place;
}

function fits(pattern: RecordPattern, record: HubRecord): boolean {
  if (typeof pattern === 'string') return record.type === pattern;
  const { type, from, to, payload = {} } = pattern;
  const found = record.payload as { readonly [key: string]: unknown };
  return (
    record.type === type &&
    (from === undefined || record.from === from) &&
    (to === undefined || record.to === to) &&
    Object.entries(payload).every(([key, value]) => canonicalJson(found[key] ?? null) === canonicalJson(value))
  );
}
