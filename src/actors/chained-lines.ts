/**
 * The chain of hashes through the lines of a log.
 *
 * - Cl1 lines without hashes, of an earlier version, are links of the chain as well: the first hash behind them is
 *   made of them, too. Behind a line with a hash there is none without one.
 */
import type { HubRecord } from '../machines/messages.ts';
import { BrokenChain, type ChainedRecord, type ChainLink, chainRow, chainStart, checkedRecords } from './hash-chain.ts';
import { hashedLine, partsOf } from './hashed-line.ts';

export interface LineLink extends ChainLink {
  /** Whether the hash stands in its line. */
  readonly isHashed: boolean;
}

/** What stands before the first line. */
export const linesStart: LineLink = { seq: 0, hash: chainStart, isHashed: false };

/** How many fields a record has. */
const fields = 9;

/** The line right behind another one; throws {@link BrokenChain} when it is not as it was written. */
export function checkedLine(line: string, behind: LineLink): { readonly record: HubRecord; readonly link: LineLink } {
  const seq = behind.seq + 1;
  const { text, hash } = partsOf(line);
  const isHashed = hash !== undefined;
  if (!isHashed && behind.isHashed) throw new BrokenChain(seq, 'it has no hash');
  if (!isHashed && !isRecord(text)) throw new BrokenChain(seq, 'it is no record');
  const row = isHashed ? { seq, text, hash } : chainRow(seq, text, behind.hash);
  const { record } = checkedRecords([row], behind).next().value as ChainedRecord;
  return { record, link: { seq, hash: row.hash, isHashed } };
}

function isRecord(text: string): boolean {
  try {
    return Object.keys(JSON.parse(text)).length === fields;
  } catch {
    return false;
  }
}

/** The line of a record, given as its canonical JSON, right behind another one. */
export function lineBehind(text: string, behind: LineLink): { readonly line: string; readonly link: LineLink } {
  const { seq, hash } = chainRow(behind.seq + 1, text, behind.hash);
  return { line: hashedLine(text, hash), link: { seq, hash, isHashed: true } };
}
