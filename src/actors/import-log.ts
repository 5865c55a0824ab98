/**
 * A log from text, as `exportLog` writes it.
 *
 * - M1 all or nothing: what is imported is a log from its beginning, without gaps, every record of the protocol.
 * - M2 records go in as they were written, and not as a newer schema would fill them in.
 */
import { HubError } from '../machines/errors.ts';
import { admitJson, deepFreeze } from '../machines/json.ts';
import { type HubRecord, recordSchema } from '../machines/messages.ts';
import { parse } from '../machines/parse.ts';
import { partsOf } from './hashed-line.ts';
import type { Store } from './store.ts';

/** Longest line, in characters: a record of the largest message, and of what a letter adds to it. */
const longestLine = 2 ** 21;

/**
 * The record of one line. A hash in it is left out, and not compared: whoever keeps hashes does.
 *
 * Throws a {@link HubError} that names the line.
 */
export function readRecord(line: string, number: number): HubRecord {
  const at = `line ${number}`;
  if (line.length > longestLine) throw new HubError('tooLarge', `${at} is longer than any record`, { path: at });
  let record: HubRecord;
  try {
    record = JSON.parse(partsOf(line).text) as HubRecord;
  } catch (cause) {
    throw new HubError('invalid', `${at} is not JSON`, { path: at, cause });
  }
  const payload: unknown = (record as { payload?: unknown } | null)?.payload;
  if (typeof payload === 'object' && payload !== null) {
    // Field by field: a dead letter holds another payload, which may be as deep as any.
    for (const [key, field] of Object.entries(payload)) admitJson(field, `${at}.payload.${key}`);
  }
  parse(recordSchema, record, at);
  return record;
}

export interface ReadLogOptions {
  /** Whether the log may begin behind its first record, as one does that was pruned. */
  readonly fromAnywhere?: boolean;
}

/** The records of all lines, without gaps. Throws a {@link HubError} that names the line. */
export function readLog(lines: Iterable<string>, { fromAnywhere = false }: ReadLogOptions = {}): HubRecord[] {
  const records: HubRecord[] = [];
  let number = 0;
  for (const line of lines) {
    number++;
    if (line.trim() === '') continue;
    const record = readRecord(line, number);
    const first = records[0] ?? (fromAnywhere ? record : { seq: 1 });
    const expected = first.seq + records.length;
    if (record.seq !== expected) {
      const path = `line ${number}.seq`;
      throw new HubError('invalid', `${path}: expected record ${expected}, found ${record.seq}`, { path });
    }
    records.push(deepFreeze(record));
  }
  return records;
}

/** Puts the records of all lines into an empty store; answers how many. */
export const importLog = async (lines: Iterable<string>, store: Store): Promise<number> =>
  await importRecords(readLog(lines), store);

/** Puts records, from the first one on, into an empty store; answers how many. */
export async function importRecords(records: readonly HubRecord[], store: Store): Promise<number> {
  for await (const { seq } of store.read(1)) {
    throw new HubError('conflict', `the store is not empty: it has record ${seq}`, { path: 'store' });
  }
  await store.append(0, records);
  return records.length;
}
