/**
 * Checkpoints in a SQLite file: one row an entry, and records that they make dispensable.
 *
 * Owns: the table `checkpoint` and pruning. Does not own: transactions; all of `save` belongs into one.
 */
import type { Json } from '../machines/json.ts';
import type { ChainLink } from './hash-chain.ts';
import { entryHash, readEntries } from './sqlite-entries.ts';
import { type Facts, factsWriter } from './sqlite-facts.ts';
import { type SqliteFile, statement } from './sqlite-file.ts';
import { linkAt } from './sqlite-log.ts';
import type { SavedCheckpoint } from './store.ts';

/** A call into the library costs as much as a row. */
const rowsAtOnce = 16;
const upsert = (file: SqliteFile, rows: number) =>
  statement(
    file,
    `insert into checkpoint (key, entry, hash) values ${Array(rows).fill('(?, ?, ?)').join(', ')}
     on conflict (key) do update set entry = excluded.entry, hash = excluded.hash`,
  );

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
      remove: statement(file, 'delete from checkpoint where key = ?'),
      prune: statement(file, 'delete from records where seq <= ?'),
    };
  }

  /** Answers what the log says of itself from then on. */
  save(seq: number, changes: ReadonlyMap<string, Json | null>, facts: Facts): Facts {
    let rows: string[] = [];
    for (const [key, value] of changes) {
      if (value === null) {
        this.#sql.remove.run(key);
        continue;
      }
      const entry = JSON.stringify(value);
      rows.push(key, entry, entryHash(key, entry));
      if (rows.length < 3 * rowsAtOnce) continue;
      this.#sql.upsertMany.run(...rows);
      rows = [];
    }
    for (let row = 0; row < rows.length; row += 3) this.#sql.upsertOne.run(...rows.slice(row, row + 3));
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
