/**
 * Checkpoints in a SQLite file: one row an entry, and records that they make dispensable.
 *
 * Owns: the table `checkpoint` and pruning. Does not own: transactions; all of `save` belongs into one.
 */
import { createHash } from 'node:crypto';
import type { Json } from '../machines/json.ts';
import { type SqliteFile, statement, text } from './sqlite-file.ts';
import { linkAt, prunedLink } from './sqlite-log.ts';
import { refuseCheckpoint, type SavedCheckpoint } from './store.ts';

const page = 1000;
const select =
  'select cast(key as blob) as key, cast(entry as blob) as entry, cast(hash as blob) as hash from checkpoint';

/** Hex SHA-256 of an entry under its key. */
const entryHash = (key: string, entry: string): string =>
  createHash('sha256').update(`${key}\n`).update(entry).digest('hex');

export class SqliteCheckpoints {
  readonly #file: SqliteFile;
  readonly #keepTail: number;
  readonly #sql;

  /** @param keepTail how many records stay at least */
  constructor(file: SqliteFile, keepTail: number) {
    this.#file = file;
    this.#keepTail = keepTail;
    this.#sql = {
      seq: statement(file, 'select checkpoint_seq as seq from log where id = 1'),
      upsert: statement(
        file,
        `insert into checkpoint (key, entry, hash) values (?, ?, ?)
         on conflict (key) do update set entry = excluded.entry, hash = excluded.hash`,
      ),
      remove: statement(file, 'delete from checkpoint where key = ?'),
      stand: statement(file, 'update log set checkpoint_seq = ? where id = 1'),
      firstPage: statement(file, `${select} order by key limit ${page}`),
      page: statement(file, `${select} where key > ? order by key limit ${page}`),
      forget: statement(file, 'update log set pruned_seq = ?, pruned_hash = ? where id = 1'),
      prune: statement(file, 'delete from records where seq <= ?'),
    };
  }

  /** Throws when there can be no checkpoint there (S4). */
  refuse(seq: number, lastSeq: number): void {
    refuseCheckpoint(seq, lastSeq, this.#seq());
  }

  save(seq: number, changes: ReadonlyMap<string, Json | null>, lastSeq: number): void {
    for (const [key, value] of changes) {
      if (value === null) {
        this.#sql.remove.run(key);
        continue;
      }
      const entry = JSON.stringify(value);
      this.#sql.upsert.run(key, entry, entryHash(key, entry));
    }
    this.#sql.stand.run(seq);
    this.#prune(Math.min(seq, lastSeq - this.#keepTail));
  }

  load(): SavedCheckpoint | undefined {
    const seq = this.#seq();
    return seq === undefined ? undefined : { seq, entries: this.#entries() };
  }

  #seq(): number | undefined {
    const seq = this.#sql.seq.get()?.seq;
    return typeof seq === 'number' ? seq : undefined;
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

  /** The hash of the last one that leaves stays, so that the chain of the others still begins somewhere. */
  #prune(lastSeq: number): void {
    if (lastSeq <= prunedLink(this.#file).seq) return;
    const { seq, hash } = linkAt(this.#file, lastSeq);
    this.#sql.forget.run(seq, hash);
    this.#sql.prune.run(seq);
  }
}
