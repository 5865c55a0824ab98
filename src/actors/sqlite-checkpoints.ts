/**
 * Checkpoints in a SQLite file: one row an entry, and records that they make dispensable.
 *
 * Owns: the table `checkpoint` and pruning. Does not own: transactions; all of `save` belongs into one.
 */
import { createHash } from 'node:crypto';
import type { Json } from '../machines/json.ts';
import type { ChainLink } from './hash-chain.ts';
import { type Facts, factsWriter } from './sqlite-facts.ts';
import { type SqliteFile, statement, text } from './sqlite-file.ts';
import { linkAt } from './sqlite-log.ts';
import type { SavedCheckpoint } from './store.ts';

const page = 1000;
const select =
  'select cast(key as blob) as key, cast(entry as blob) as entry, cast(hash as blob) as hash from checkpoint';

/** Hex SHA-256 of an entry under its key. */
const entryHash = (key: string, entry: string): string =>
  createHash('sha256').update(`${key}\n`).update(entry).digest('hex');

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
      upsert: statement(
        file,
        `insert into checkpoint (key, entry, hash) values (?, ?, ?)
         on conflict (key) do update set entry = excluded.entry, hash = excluded.hash`,
      ),
      remove: statement(file, 'delete from checkpoint where key = ?'),
      firstPage: statement(file, `${select} order by key limit ${page}`),
      page: statement(file, `${select} where key > ? order by key limit ${page}`),
      prune: statement(file, 'delete from records where seq <= ?'),
    };
  }

  /** Answers what the log says of itself from then on. */
  save(seq: number, changes: ReadonlyMap<string, Json | null>, facts: Facts): Facts {
    for (const [key, value] of changes) {
      if (value === null) {
        this.#sql.remove.run(key);
        continue;
      }
      const entry = JSON.stringify(value);
      this.#sql.upsert.run(key, entry, entryHash(key, entry));
    }
    const saved = { ...facts, pruned: this.#newlyPruned(seq, facts), checkpointSeq: seq };
    this.#write(saved);
    if (saved.pruned !== facts.pruned) this.#sql.prune.run(saved.pruned.seq);
    return saved;
  }

  load({ checkpointSeq }: Facts): SavedCheckpoint | undefined {
    return checkpointSeq === null ? undefined : { seq: checkpointSeq, entries: this.#entries() };
  }

  *#entries(): Generator<[string, Json], void> {
    for (let rows = this.#sql.firstPage.all(); rows.length > 0; ) {
      let last = '';
      for (const row of rows) {
        const [key, entry] = [text(row.key), text(row.entry)];
        if (entryHash(key, entry) !== text(row.hash)) {
          throw new Error(`the checkpoint is damaged: its entry ${key} does not match its hash`);
        }
        yield [key, JSON.parse(entry) as Json];
        last = key;
      }
      rows = rows.length < page ? [] : this.#sql.page.all(last);
    }
  }

  /** The link of the last one that leaves stays, so that the chain of the others still begins somewhere. */
  #newlyPruned(seq: number, facts: Facts): ChainLink {
    const last = Math.min(seq, facts.lastSeq - this.#keepTail);
    return last <= facts.pruned.seq ? facts.pruned : linkAt(this.#file, facts, last);
  }
}
