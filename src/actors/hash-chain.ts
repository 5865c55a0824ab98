/**
 * The chain of hashes that binds the records of a log: each is made of the one before and its record's text, so
 * that no byte, order or number of records can change unseen (I15).
 *
 * Owns: how a link is made, and walking a chain. Does not own: where the records are kept.
 */
import { hash as digest } from 'node:crypto';
import { HubError } from '../machines/errors.ts';
import type { HubRecord } from '../machines/messages.ts';

/** What stands before the first record: 64 zeros. */
export const chainStart = '0'.repeat(64);

/** Hex SHA-256 of the hash before and the record's canonical JSON. */
const nextHash = (previous: string, text: string): string => digest('sha256', previous + text, 'hex');

/** A record as it is kept. */
export interface ChainRow {
  readonly seq: number;
  /** Its canonical JSON. */
  readonly text: string;
  readonly hash: string;
}

/** A place in a log: the seq of a record, and its hash. */
export type ChainLink = Pick<ChainRow, 'seq' | 'hash'>;

/** Something stands in the log that was never written so. */
export class BrokenChain extends HubError {
  override readonly name = 'BrokenChain';
  /** The seq of the first record that is not as it was written. */
  readonly seq: number;

  constructor(seq: number, found: string) {
    super('storeFailed', `the log is damaged at record ${seq}: ${found}`);
    this.seq = seq;
  }
}

export interface ChainedRecord {
  readonly record: HubRecord;
  readonly hash: string;
}

/** The records of `rows`, each checked; throws {@link BrokenChain} at the first that is not as it was written. */
export function* checkedRecords(rows: Iterable<ChainRow>, behind: ChainLink): Generator<ChainedRecord, void> {
  let last = behind;
  for (const row of rows) {
    const record = checkedRecord(row, last);
    last = row;
    yield { record, hash: row.hash };
  }
}

function checkedRecord({ seq, text, hash }: ChainRow, last: ChainLink): HubRecord {
  const expected = last.seq + 1;
  if (seq !== expected) throw new BrokenChain(expected, `record ${seq} follows ${last.seq}`);
  if (nextHash(last.hash, text) !== hash) throw new BrokenChain(seq, 'it does not match its hash');
  const record = JSON.parse(text) as HubRecord;
  if (record.seq !== seq) throw new BrokenChain(seq, `its text is that of record ${record.seq}`);
  return record;
}

/** The row of a record, given as its canonical JSON, behind another one. */
export const chainRow = (seq: number, text: string, previous: string): ChainRow => ({
  seq,
  text,
  hash: nextHash(previous, text),
});
