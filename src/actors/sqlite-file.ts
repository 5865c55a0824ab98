/**
 * A SQLite file, by libsql: the only file that knows which library that is.
 *
 * Why libsql 0.5.29 (SQLite 3.45.1), measured on Node 20 with 2 cores: `npm install` takes 1.6 s and 19 MB, because
 * the binary comes inside a package; better-sqlite3 12.11 compiles for 54 s where its binary cannot be downloaded, and
 * takes 30 MB. Their calls are the same. A record in a transaction of 1,000 takes 2.5 to 4.4 µs against 1.8 to 2.8, a
 * commit of one 0.19 ms against 0.18: the disk. 500 commits made 516 syncs; in 300 kill -9 nothing acknowledged was
 * lost; with a bit flipped at each of 32,000 places nothing wrong was read.
 *
 * What one has to know of libsql, each seen in that version:
 * - Text that is not UTF-8 kills the process when it is read, and text is cut at a NUL. So all text is read as
 *   bytes (`cast(… as blob)`) and decoded here.
 * - `readonly` and `fileMustExist` do nothing.
 * - A closed connection lives on until its statements are collected as garbage.
 * - A path that begins with a scheme is opened over the network. So paths are made absolute.
 */
import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import Database from 'libsql';

export type SqliteFile = InstanceType<typeof Database>;
type SqlValue = string | number | null;
export type Row = Record<string, unknown>;

export interface Statement {
  run(...values: readonly SqlValue[]): { readonly changes: number };
  get(...values: readonly SqlValue[]): Row | undefined;
  all(...values: readonly SqlValue[]): Row[];
}

/** Longest wait for a lock of another process, in ms. */
const busyMs = 5000;

/** Opens a file that is there for reading alone. Throws an error with the code ENOENT when it is not. */
export function openToRead(path: string): SqliteFile {
  statSync(path);
  const file = new Database(resolve(path));
  file.exec(`pragma busy_timeout = ${busyMs}; pragma query_only = on`);
  return file;
}

/** Opens or makes a file, for its owner alone to read; nothing in it is touched. */
export function openToWrite(path: string): SqliteFile {
  if (!existsSync(path)) closeSync(openSync(path, 'wx', 0o600));
  const file = new Database(resolve(path));
  file.exec(`pragma busy_timeout = ${busyMs}`);
  return file;
}

/** From here on, a transaction that has returned outlives the machine's power. */
export function makeDurable(file: SqliteFile, path: string): void {
  const mode = statement(file, 'pragma journal_mode = wal').get()?.journal_mode;
  if (mode !== 'wal') throw new Error(`${path}: this file system does not let SQLite keep a WAL (it says ${mode})`);
  file.exec('pragma synchronous = full; pragma fullfsync = on; pragma checkpoint_fullfsync = on');
}

/** Transactions: all that is done in one, or nothing of it. */
export function transactions(file: SqliteFile): <T>(work: () => T) => T {
  const [begin, commit, rollback] = ['begin immediate', 'commit', 'rollback'].map((sql) => statement(file, sql));
  return (work) => {
    begin?.run();
    try {
      const result = work();
      commit?.run();
      return result;
    } catch (error) {
      try {
        rollback?.run();
      } catch {
        // SQLite has rolled back already, or cannot; either way nothing more is written here.
      }
      throw error;
    }
  };
}

/** Does something that gives up when another process has a lock. */
export function withoutWaiting(file: SqliteFile, work: () => void): void {
  file.exec('pragma busy_timeout = 0');
  try {
    work();
  } finally {
    file.exec(`pragma busy_timeout = ${busyMs}`);
  }
}

/** The code of an error of SQLite's, or of the system's. */
export const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown }).code;

export const statement = (file: SqliteFile, sql: string): Statement => file.prepare(sql) as unknown as Statement;

/** Text that was selected as bytes. What is not UTF-8 in it comes as U+FFFD. */
export const text = (bytes: unknown): string =>
  bytes instanceof ArrayBuffer || ArrayBuffer.isView(bytes) ? Buffer.from(bytes as ArrayBuffer).toString('utf8') : '';
