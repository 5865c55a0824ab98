/** Logs as they are named on the command line: `sqlite:FILE`, or a file of JSON lines. */
import { readFile } from 'node:fs/promises';
import { checkedLine, type LineLink, linesStart } from '../actors/chained-lines.ts';
import { BrokenChain, type ChainLink, type ChainRow, checkedRecords } from '../actors/hash-chain.ts';
import { partsOf } from '../actors/hashed-line.ts';
import { type ReadLogOptions, readLog, readRecord } from '../actors/import-log.ts';
import type { SqliteLog } from '../actors/sqlite-log.ts';
import type { SqliteStore } from '../actors/sqlite-store.ts';
import type { SavedCheckpoint } from '../actors/store.ts';
import type { ChainState } from '../actors/verify-log.ts';
import { HubError } from '../machines/errors.ts';
import type { HubRecord } from '../machines/messages.ts';
import { UsageError } from './command.ts';

export interface LogFile {
  readonly kind: 'sqlite' | 'jsonl';
  readonly path: string;
}

const sqlite = 'sqlite:';

/** @param others what else would have been taken, for the error */
export function logFile(name: string, others = ''): LogFile {
  if (name.startsWith(sqlite) && name.length > sqlite.length)
    return { kind: 'sqlite', path: name.slice(sqlite.length) };
  if (name.endsWith('.jsonl')) return { kind: 'jsonl', path: name };
  throw new UsageError(`"${name}" is no log: expected sqlite:FILE, or a file that ends in .jsonl${others}`);
}

/** A log that can be written to. */
export function storeFile(name: string): LogFile {
  if (name.startsWith(sqlite)) return logFile(name);
  throw new UsageError(`--store takes sqlite:FILE, not "${name}"`);
}

/** Throws when it cannot be written to. */
export function needSqlite({ kind }: LogFile): void {
  if (kind !== 'sqlite') throw new UsageError('only sqlite:FILE can be written to');
}

/** Opens a log to write to it. */
export async function openStore(file: LogFile): Promise<SqliteStore> {
  needSqlite(file);
  const { path } = file;
  const { sqliteStore } = await withLibrary(import('../actors/sqlite-store.ts'));
  // No thread: a run in simulated time is the same whatever its store is.
  return sqliteStore({ path, thread: { from: Number.POSITIVE_INFINITY } });
}

/** All records of a log that is whole; throws at the first that is not as it was written. */
export async function readRecords(file: LogFile): Promise<readonly HubRecord[]> {
  if (file.kind === 'jsonl') {
    return await readLines(file.path, { fromAnywhere: true });
  }
  return await withLog(file.path, ({ rows, behind }) =>
    Array.from(checkedRecords(rows, behind), ({ record }) => record),
  );
}

/** All records of a file of JSON lines. */
export async function readLines(path: string, options?: ReadLogOptions): Promise<readonly HubRecord[]> {
  const lines = await linesOf(path);
  const records = ofFile(path, () => readLog(lines, options));
  let link: LineLink | undefined;
  for (const [index, { seq }] of records.entries()) link = linkOf(lines[index] as string, seq, link);
  return records;
}

/** Checks a line behind another one; the first of a log that begins later is taken as it is. */
function linkOf(line: string, seq: number, behind: LineLink | undefined): LineLink | undefined {
  return behind === undefined && seq !== 1 ? ownLink(line, seq) : checkedLine(line, behind ?? linesStart).link;
}

function ownLink(line: string, seq: number): LineLink | undefined {
  const { hash } = partsOf(line);
  return hash === undefined ? undefined : { seq, hash, isHashed: true };
}

export interface Inspected {
  /** Whatever can be read. */
  readonly records: readonly HubRecord[];
  readonly chain: ChainState;
  /** The last checkpoint, if there is one, or what is wrong with it. */
  readonly checkpoint?: SavedCheckpoint | Error | undefined;
}

/** Whatever can be read of a log, damaged or not. Throws when it is no log at all. */
export async function inspectLog(file: LogFile): Promise<Inspected> {
  if (file.kind === 'jsonl') {
    const lines = await linesOf(file.path);
    return ofFile(file.path, () => inspectLines(lines));
  }
  try {
    return await withLog(file.path, ({ rows, behind, checkpoint }) => ({
      ...inspectRows(rows, behind),
      checkpoint: checkpoint && readCheckpoint(checkpoint),
    }));
  } catch (error) {
    const isDamaged = error instanceof BrokenChain || (error as { code?: unknown }).code === 'SQLITE_CORRUPT';
    if (!isDamaged) throw error;
    return { records: [], chain: { brokenAt: 1 } };
  }
}

/** Its entries have to be read while the file is open. */
function readCheckpoint({ seq, entries }: SavedCheckpoint): SavedCheckpoint | Error {
  try {
    return { seq, entries: [...entries] };
  } catch (error) {
    return error as Error;
  }
}

function inspectRows(rows: Iterable<ChainRow>, behind: ChainLink): Inspected {
  const records: HubRecord[] = [];
  let last = behind;
  let brokenAt: number | undefined;
  try {
    for (const row of rows) {
      try {
        for (const { record } of checkedRecords([row], last)) records.push(record);
      } catch (error) {
        if (!(error instanceof BrokenChain)) throw error;
        brokenAt ??= error.seq;
        const record = recordIn(row);
        if (record !== undefined) records.push(record);
      }
      last = row;
    }
  } catch (error) {
    if (!(error instanceof BrokenChain) && (error as { code?: unknown }).code === undefined) throw error;
    brokenAt ??= last.seq + 1; // The log ends too early, or SQLite cannot read on.
  }
  return { records, chain: brokenAt === undefined ? 'ok' : { brokenAt } };
}

/** What a row says, although its hash does not agree. */
function recordIn({ seq, text }: ChainRow): HubRecord | undefined {
  try {
    const record = readRecord(text, seq);
    return record.seq === seq ? record : undefined;
  } catch (error) {
    if (error instanceof HubError) return undefined;
    throw error;
  }
}

function inspectLines(lines: readonly string[]): Inspected {
  const records: HubRecord[] = [];
  let link: LineLink | undefined;
  let brokenAt: number | undefined;
  for (const [index, line] of lines.entries()) {
    try {
      const record = readRecord(line, index + 1);
      records.push(record);
      link = linkOf(line, record.seq, link);
    } catch (error) {
      const last = records.at(-1);
      if (last === undefined || !(error instanceof HubError)) throw error;
      if (!(error instanceof BrokenChain)) return { records, chain: { brokenAt: brokenAt ?? last.seq + 1 } };
      brokenAt ??= error.seq;
      link = ownLink(line, last.seq);
    }
  }
  if (brokenAt !== undefined) return { records, chain: { brokenAt } };
  return { records, chain: link?.isHashed === true ? 'ok' : 'none' };
}

/** What is wrong with a line is told with the name of its file. */
function ofFile<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    const { code, message, path: where, expected } = error;
    throw new HubError(code, `${path}: ${message}`, {
      ...(where !== undefined && { path: where }),
      ...(expected !== undefined && { expected }),
      cause: error,
    });
  }
}

async function linesOf(path: string): Promise<string[]> {
  return (await readFile(path, 'utf8')).split('\n').filter((line) => line.trim() !== '');
}

async function withLog<T>(path: string, use: (log: SqliteLog) => T): Promise<T> {
  const { openSqliteLog } = await withLibrary(import('../actors/sqlite-log.ts'));
  const log = openSqliteLog(path);
  try {
    return use(log);
  } finally {
    log.close();
  }
}

/** The library is an optional part of the package. */
async function withLibrary<T>(loading: Promise<T>): Promise<T> {
  try {
    return await loading;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    throw new UsageError('a log in SQLite needs the package libsql: npm install libsql');
  }
}
