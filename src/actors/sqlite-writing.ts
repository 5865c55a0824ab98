/**
 * What is written to a log, each time in one transaction with the writer's lease renewed in it (X1).
 *
 * Owns: the transactions. Does not own: what may be written, and in which thread; the store decides (sqlite-store.ts).
 */
import { type ChainLink, chainRow } from './hash-chain.ts';
import { type EntryText, SqliteCheckpoints } from './sqlite-checkpoints.ts';
import { type Facts, factsWriter } from './sqlite-facts.ts';
import { type SqliteFile, statement, transactions } from './sqlite-file.ts';
import { renewal, type Term } from './sqlite-lease.ts';

/** Where a log ends, and what it says of itself. */
export interface LogEnd {
  readonly head: ChainLink;
  readonly facts: Facts;
}

/** Something to write: records behind the end, as canonical JSON; a checkpoint, its entries as JSON; or nothing but the lease. */
export type Job =
  | { readonly texts: readonly string[] }
  | { readonly seq: number; readonly entries: readonly EntryText[] }
  | undefined;

/** Writes a job under a term of the lease, and answers where the log ends then. */
export type Writing = (job: Job, end: LogEnd, term: Term) => LogEnd;

/** @param keepTail how many records stay at least when there is a checkpoint */
export function writingTo(file: SqliteFile, keepTail: number): Writing {
  const transact = transactions(file);
  const renew = renewal(file);
  const insert = inserter(file);
  const writeFacts = factsWriter(file);
  const checkpoints = new SqliteCheckpoints(file, keepTail);
  const write = (job: Job, end: LogEnd): LogEnd => {
    if (job === undefined) return end;
    if ('seq' in job) return { head: end.head, facts: checkpoints.save(job.seq, job.entries, end.facts) };
    const head = insert(job.texts, end.head);
    const facts = { ...end.facts, lastSeq: head.seq };
    writeFacts(facts);
    return { head, facts };
  };
  return (job, end, term) =>
    transact(() => {
      renew(term);
      return write(job, end);
    });
}

const rowsAtOnce = 16;

/** Writes records behind a link, several at a time: a call into the library costs as much as a row. */
function inserter(file: SqliteFile): (texts: readonly string[], behind: ChainLink) => ChainLink {
  const insert = (rows: number) =>
    statement(file, `insert into records (seq, text, hash) values ${Array(rows).fill('(?, ?, ?)').join(', ')}`);
  const [one, many] = [insert(1), insert(rowsAtOnce)];
  return (texts, behind) => {
    let last = behind;
    for (let first = 0; first < texts.length; ) {
      const count = texts.length - first < rowsAtOnce ? 1 : rowsAtOnce;
      const values: (string | number)[] = [];
      for (const text of texts.slice(first, first + count)) {
        const { seq, hash } = chainRow(last.seq + 1, text, last.hash);
        values.push(seq, text, hash);
        last = { seq, hash };
      }
      (count === 1 ? one : many).run(...values);
      first += count;
    }
    return last;
  };
}
