/** Reading the entries of a checkpoint in a SQLite file, page by page, each checked against its hash. */
import { createHash } from 'node:crypto';
import type { Json } from '../machines/json.ts';
import { type SqliteFile, statement, text } from './sqlite-file.ts';

const page = 500;
/** A page in one row, three lines an entry: a row costs the library more than all that stands in it. */
const pageOf = (condition: string): string => `
  select cast(group_concat(json_quote(key) || char(10) || entry || char(10) || hash, char(10)) as blob) as lines
  from (select key, entry, hash from checkpoint ${condition} order by key limit ${page})`;

/** Hex SHA-256 of an entry under its key. */
export const entryHash = (key: string, entry: string): string =>
  createHash('sha256').update(`${key}\n`).update(entry).digest('hex');

/** Throws at the first entry that is not as it was written. */
export function* readEntries(file: SqliteFile): Generator<[string, Json], void> {
  const next = statement(file, pageOf('where key > ?'));
  for (let row = statement(file, pageOf('')).get(); row !== undefined; ) {
    const lines = text(row.lines).split('\n');
    let last = '';
    for (let line = 0; line + 2 < lines.length; line += 3) {
      const [quoted = '', entry = '', hash] = lines.slice(line, line + 3);
      const key = unquoted(quoted);
      if (entryHash(key, entry) !== hash) {
        throw new Error(`the checkpoint is damaged: its entry ${key} does not match its hash`);
      }
      yield [key, JSON.parse(entry) as Json];
      last = key;
    }
    row = lines.length < 3 * page ? undefined : next.get(last);
  }
}

/** What is no text any more is no key, and matches no hash. */
function unquoted(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return text;
  }
}
