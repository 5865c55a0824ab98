/**
 * The tables of a log in SQLite, and their versions.
 *
 * Owns: what stands where, and how a file of an older version becomes one of this. Does not own: rows.
 *
 * - Q1 records are gapless and never change; they leave only from the front, once the log says that they have (I15).
 * - Q2 a file of a newer version, or of another application, is not touched.
 */
import { statSync } from 'node:fs';
import { HubError } from '../machines/errors.ts';
import { codeOf, type SqliteFile, statement } from './sqlite-file.ts';

/** "XSHB", for `file` and for who opens the wrong file. */
const applicationId = 0x58534842;

/** Each takes a file from the version that is its place to the next one. */
const migrations: readonly string[] = [
  `
  -- One row: who writes, and what the log says of itself (sqlite-facts.ts).
  create table log (
    id integer primary key check (id = 1),
    epoch integer not null,
    holder text not null,
    place text not null,
    pid integer not null,
    until integer not null,
    last_seq integer not null,
    pruned_seq integer not null,
    pruned_hash text not null,
    checkpoint_seq integer,
    seal text not null
  ) strict;
  insert into log values (1, 0, '', '', 0, 0, 0, 0, '', null, '');

  create table records (seq integer primary key, text text not null, hash text not null) strict;
  create trigger records_gapless before insert on records
    when new.seq is not 1 + coalesce((select max(seq) from records), (select pruned_seq from log))
    begin select raise(abort, 'records are gapless'); end;
  create trigger records_fixed before update on records
    begin select raise(abort, 'records do not change'); end;
  create trigger records_kept before delete on records
    when old.seq > (select pruned_seq from log)
    begin select raise(abort, 'records leave when they are pruned'); end;

  create table checkpoint (key text primary key, entry text not null, hash text not null) strict, without rowid;
  `,
];

/** The version that this code writes. */
export const schemaVersion = migrations.length;

/** Brings a file to this version. Belongs into a transaction. */
export function migrate(file: SqliteFile, path: string, steps: readonly string[] = migrations): void {
  const version = readableVersion(file, path, steps.length);
  for (const step of steps.slice(version)) file.exec(step);
  file.exec(`pragma application_id = ${applicationId}; pragma user_version = ${steps.length}`);
}

/** The version of a file; 0 when there is nothing in it. Throws `invalid` when this code cannot read it. */
export function readableVersion(file: SqliteFile, path: string, newest = schemaVersion): number {
  const [version, application, tables] = factsOf(file, path);
  if (version === 0 && application === 0 && tables === 0) return 0;
  if (application !== applicationId) throw wrongFile(`${path} is not a log of xstate-hub`);
  if (version > newest) {
    throw wrongFile(
      `${path} is a log of version ${version}, and this xstate-hub knows versions up to ${newest}; use a newer one`,
    );
  }
  return version;
}

/** What a file says that it is: its version, its application, and how many tables it has. */
function factsOf(file: SqliteFile, path: string): readonly [version: number, application: number, tables: number] {
  try {
    const found = statement(file, 'select count(*) as count from sqlite_master').get();
    return [pragma(file, 'user_version'), pragma(file, 'application_id'), Number(found?.count)];
  } catch (error) {
    if (codeOf(error) !== 'SQLITE_NOTADB') throw error;
    throw wrongFile(`${path} is not a log of xstate-hub: it is not a database`, error);
  }
}

/** Throws `invalid` for a folder, of which SQLite says nothing but a number. */
export function refuseFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw wrongFile(`${path} is a folder`);
}

/** What is said of a file that this code must not touch. */
export const wrongFile = (message: string, cause?: unknown): HubError =>
  new HubError('invalid', message, { path: 'path', expected: 'a file for a log', cause });

const pragma = (file: SqliteFile, name: string): number => Number(statement(file, `pragma ${name}`).get()?.[name]);
