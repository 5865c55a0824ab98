/**
 * The log in a file of JSON lines: one record a line, flushed to the disk before an append is acknowledged.
 *
 * - J1 an append is there whole or not at all: a line that ends in a space is followed by more of the same append.
 * - J2 only the last append can be torn, since it was never acknowledged; it is cut off, with a notice. Anything else
 *   that is not as it was written is refused.
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { refuseIfNotNext, type Store, StoreConflict } from '../actors/store.ts';
import { HubError } from '../machines/errors.ts';
import { deepFreeze } from '../machines/json.ts';
import type { HubRecord } from '../machines/messages.ts';
import { flushDirectory } from './folder.ts';

export interface JsonlStoreOptions {
  /** Told of a torn append that was cut off. */
  readonly onNotice?: (text: string) => void;
}

/** Opens the log, or begins one. Rejects with `storeFailed` for a file that is no log. */
export async function jsonlStore(path: string, { onNotice = () => {} }: JsonlStoreOptions = {}): Promise<Store> {
  const file = await open(path, 'a+');
  let end: LogEnd;
  try {
    const { size } = await file.stat();
    end = await wholePart(path, size);
    if (size > end.size) {
      await file.truncate(end.size);
      await file.sync();
      onNotice(`${path}: the last append was torn; ${size - end.size} bytes behind record ${end.seq} are cut off`);
    }
    await flushDirectory(dirname(path));
  } catch (error) {
    await file.close();
    throw error;
  }
  return new JsonlStore(path, file, end);
}

/** Where the log ends. */
interface LogEnd {
  readonly seq: number;
  /** In bytes. */
  readonly size: number;
}

class JsonlStore implements Store {
  readonly #path: string;
  readonly #file: FileHandle;
  #end: LogEnd;
  /** Why it takes nothing any more. */
  #over: string | undefined;

  constructor(path: string, file: FileHandle, end: LogEnd) {
    this.#path = path;
    this.#file = file;
    this.#end = end;
  }

  async append(expectedSeq: number, records: readonly HubRecord[]): Promise<void> {
    if (this.#over !== undefined) throw new Error(this.#over);
    const { seq, size } = this.#end;
    refuseIfNotNext(seq, expectedSeq, records);
    if (records.length === 0) return;
    if ((await this.#file.stat()).size !== size)
      throw new StoreConflict(`${this.#path}: somebody else has written to it`);
    const bytes = Buffer.from(`${records.map((record) => JSON.stringify(record)).join(' \n')}\n`);
    try {
      await this.#file.appendFile(bytes);
      await this.#file.datasync();
    } catch (error) {
      // Whether it will be there is not known. A hub stops when its store fails, and opening cuts off what is torn.
      this.#over = `the log cannot be written: ${(error as Error).message}`;
      await this.#file.truncate(size).catch(() => {});
      throw error;
    }
    this.#end = { seq: seq + records.length, size: size + bytes.length };
  }

  async *read(fromSeq: number): AsyncGenerator<HubRecord> {
    const { size } = this.#end;
    if (size === 0) return;
    for await (const { text, number } of linesOf(this.#path, size)) {
      if (number >= fromSeq) yield recordIn(text, number, this.#path);
    }
  }

  async close(): Promise<void> {
    if (this.#over === 'the store is closed') return;
    this.#over = 'the store is closed';
    await this.#file.close();
  }
}

/** How much of the file is whole appends. Only the last one is looked into; reading looks into the others. */
async function wholePart(path: string, size: number): Promise<LogEnd> {
  let before: LogEnd = { seq: 0, size: 0 };
  let last: Line[] = [];
  let open: Line[] = [];
  if (size === 0) return before;
  for await (const line of linesOf(path, size)) {
    open.push(line);
    if (line.text.endsWith(' ')) continue;
    before = endOf(last) ?? before;
    last = open;
    open = [];
  }
  try {
    for (const { text, number } of last) recordIn(text, number, path);
    return endOf(last) ?? before;
  } catch (error) {
    if (endOf(last)?.size !== size) throw error;
    return before;
  }
}

const endOf = (lines: readonly Line[]): LogEnd | undefined => {
  const line = lines.at(-1);
  return line && { seq: line.number, size: line.end };
};

function recordIn(text: string, number: number, path: string): HubRecord {
  let record: HubRecord | undefined;
  try {
    record = JSON.parse(text);
  } catch {
    // Told below, as what is JSON and no record.
  }
  if (record?.seq === number) return deepFreeze(record);
  throw new HubError('storeFailed', `${path}:${number}: is not record ${number} of a log`);
}

interface Line {
  readonly text: string;
  /** From 1; the record of that number. */
  readonly number: number;
  /** Where the next one begins, in bytes. */
  readonly end: number;
}

/** The whole lines of the first `size` bytes. */
async function* linesOf(path: string, size: number): AsyncGenerator<Line> {
  let rest: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  let number = 0;
  let end = 0;
  for await (const chunk of createReadStream(path, { end: size - 1, highWaterMark: 1 << 20 })) {
    rest = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    let from = 0;
    for (let to = rest.indexOf(10); to !== -1; to = rest.indexOf(10, from)) {
      end += to + 1 - from;
      yield { text: rest.toString('utf8', from, to), number: ++number, end };
      from = to + 1;
    }
    rest = rest.subarray(from);
  }
}
