/**
 * Checkpoints in a SQLite file: one row an entry, and records that they make dispensable.
 *
 * Owns: the table `checkpoint` and pruning. Does not own: transactions; all of `save` belongs into one.
 */
import type { ChainLink } from './hash-chain.ts';
import { entryHash, readEntries } from './sqlite-entries.ts';
import { type Facts, factsWriter } from './sqlite-facts.ts';
import { type SqliteFile, type Statement, statement } from './sqlite-file.ts';
import { linkAt } from './sqlite-log.ts';
import type { SavedCheckpoint } from './store.ts';

/** A call into the library costs as much as a row. */
const rowsAtOnce = 64;
const list = (row: string, rows: number): string => Array(rows).fill(row).join(', ');
const upsert = (file: SqliteFile, rows: number) =>
  statement(
    file,
    `insert into checkpoint (key, entry, hash) values ${list('(?, ?, ?)', rows)}
     on conflict (key) do update set entry = excluded.entry, hash = excluded.hash`,
  );

const removal = (file: SqliteFile, rows: number) =>
  statement(file, `delete from checkpoint where key in (${list('?', rows)})`);

/** Runs `many` as often as there are enough values, and `one` for the rest. */
function runAll(values: readonly string[], perRow: number, one: Statement, many: Statement): void {
  const atOnce = perRow * rowsAtOnce;
  let next = 0;
  for (; next + atOnce <= values.length; next += atOnce) many.run(...values.slice(next, next + atOnce));
  for (; next < values.length; next += perRow) one.run(...values.slice(next, next + perRow));
}

/** An entry under its key, as JSON; null for one that is gone. */
export type EntryText = readonly [key: string, entry: string | null];

export class SqliteCheckpoints {
  readonly #file: SqliteFile;
  readonly #keepTail: number;
  readonly #write: (facts: Facts) => void;
  readonly #sql;

  /** @param keepTail how many records stay at least */
  constructor(file: SqliteFile, keepTail: number) {
    this.#file = file;
    this.#keepTail = keepTail;
    this.#write = factsWriter(file);
    this.#sql = {
      upsertOne: upsert(file, 1),
      upsertMany: upsert(file, rowsAtOnce),
      removeOne: removal(file, 1),
      removeMany: removal(file, rowsAtOnce),
      prune: statement(file, 'delete from records where seq <= ?'),
    };
  }

  /** Answers what the log says of itself from then on. */
  save(seq: number, entries: readonly EntryText[], facts: Facts): Facts {
    const gone: string[] = [];
    let rows: string[] = [];
    const write = () => runAll(rows, 3, this.#sql.upsertOne, this.#sql.upsertMany);
    for (const [key, entry] of entries) {
      if (entry === null) {
        gone.push(key);
        continue;
      }
      rows.push(key, entry, entryHash(key, entry));
      if (rows.length < 3 * rowsAtOnce) continue;
      write();
      rows = [];
    }
    write();
    runAll(gone, 1, this.#sql.removeOne, this.#sql.removeMany);
    const saved = { ...facts, pruned: this.#newlyPruned(seq, facts), checkpointSeq: seq };
    this.#write(saved);
    if (saved.pruned !== facts.pruned) this.#sql.prune.run(saved.pruned.seq);
    return saved;
  }

  load({ checkpointSeq }: Facts): SavedCheckpoint | undefined {
    return checkpointSeq === null ? undefined : { seq: checkpointSeq, entries: readEntries(this.#file) };
  }

  /** The link of the last one that leaves stays, so that the chain of the others still begins somewhere. */
  #newlyPruned(seq: number, facts: Facts): ChainLink {
    const last = Math.min(seq, facts.lastSeq - this.#keepTail);
    return last <= facts.pruned.seq ? facts.pruned : linkAt(this.#file, facts, last);
  }
}
