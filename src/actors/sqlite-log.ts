/** Reading a log in SQLite: its records with their hashes, page by page, so that nobody holds a lock for long. */
import { BrokenChain, type ChainLink, type ChainRow } from './hash-chain.ts';
import { readEntries } from './sqlite-entries.ts';
import { type Facts, readFacts } from './sqlite-facts.ts';
import { openToRead, type Row, type SqliteFile, statement, text } from './sqlite-file.ts';
import { readableVersion, refuseFolder, schemaVersion, wrongFile } from './sqlite-schema.ts';
import type { SavedCheckpoint } from './store.ts';

const page = 1000;

const asRow = ({ seq, text: json, hash }: Row): ChainRow => ({ seq: Number(seq), text: text(json), hash: text(hash) });
const columns = 'seq, cast(text as blob) as text, cast(hash as blob) as hash';

/** The records from one seq to another, both included. Throws {@link BrokenChain} when they end before. */
export function* rowsBetween(file: SqliteFile, from: number, to: number): Generator<ChainRow, void> {
  const select = statement(file, `select ${columns} from records where seq between ? and ? order by seq limit ${page}`);
  for (let next = from; next <= to; ) {
    const rows = select.all(next, to).map(asRow);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) throw new BrokenChain(next, 'it is not there');
    next = last.seq + 1;
  }
}

/** The link of record `seq`, or of the last pruned one when that is later. Throws {@link BrokenChain} without either. */
export function linkAt(file: SqliteFile, { pruned }: Facts, seq: number): ChainLink {
  if (seq <= pruned.seq) return pruned;
  const found = statement(file, `select ${columns} from records where seq = ?`).get(seq);
  if (found === undefined) throw new BrokenChain(seq, 'it is not there');
  return asRow(found);
}

export interface SqliteLog {
  /** What was pruned. */
  readonly behind: ChainLink;
  /** Everything that is kept, up to where the log says that it ends. */
  readonly rows: Iterable<ChainRow>;
  /** The last checkpoint, if there is one; reading its entries throws when they are damaged. */
  readonly checkpoint: SavedCheckpoint | undefined;
  close(): void;
}

/** Opens a log for reading, whoever else writes it. Throws `invalid` when it is none, ENOENT, or {@link BrokenChain}. */
export function openSqliteLog(path: string): SqliteLog {
  refuseFolder(path);
  const file = openToRead(path);
  try {
    const version = readableVersion(file, path);
    if (version !== schemaVersion) {
      throw wrongFile(`${path} is a log of version ${version}; a hub that opens it will bring it up to date`);
    }
    file.exec('begin'); // One view of it all, whatever is written meanwhile.
    const { pruned, lastSeq, checkpointSeq } = readFacts(file);
    return {
      behind: pruned,
      rows: rowsBetween(file, pruned.seq + 1, lastSeq),
      checkpoint: checkpointSeq === null ? undefined : { seq: checkpointSeq, entries: readEntries(file) },
      close: () => endView(file),
    };
  } catch (error) {
    endView(file);
    throw error;
  }
}

/** A connection that is closed lives on for a while, and a view that it had would keep the WAL from being emptied. */
function endView(file: SqliteFile): void {
  if (file.inTransaction) file.exec('rollback');
  file.close();
}
