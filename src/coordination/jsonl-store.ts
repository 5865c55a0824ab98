/**
 * The log in a file of JSON lines: one record a line with its hash, flushed to the disk before an append is
 * acknowledged.
 *
 * - J1 an append is there whole or not at all: a line that ends in a space is followed by more of the same append.
 * - J2 only the last append can be torn, since it was never acknowledged: something in it is not JSON. It is cut off,
 *   with a notice. Anything else that is not as it was written is refused, at opening and when it is read (I15).
 * - J3 a log of an earlier version, without hashes, goes on with them; from the first one on, what was there before
 *   cannot change unseen either (Cl1).
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checkedLine, type LineLink, lineBehind, linesStart } from '../actors/chained-lines.ts';
import { BrokenChain } from '../actors/hash-chain.ts';
import { refuseIfNotNext, type Store, StoreConflict } from '../actors/store.ts';
import { HubError } from '../machines/errors.ts';
import { deepFreeze } from '../machines/json.ts';
import type { HubRecord } from '../machines/messages.ts';
import { recordText } from '../machines/record-text.ts';
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
      onNotice(`${path}: the last append was torn; ${size - end.size} bytes behind record ${end.link.seq} are cut off`);
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
  readonly link: LineLink;
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
    const { link, size } = this.#end;
    refuseIfNotNext(link.seq, expectedSeq, records);
    if (records.length === 0) return;
    if ((await this.#file.stat()).size !== size)
      throw new StoreConflict(`${this.#path}: somebody else has written to it`);
    let last = link;
    const lines = records.map((record) => {
      const written = lineBehind(recordText(record), last);
      last = written.link;
      return written.line;
    });
    const bytes = Buffer.from(`${lines.join(' \n')}\n`);
    try {
      await this.#file.appendFile(bytes);
      await this.#file.datasync();
    } catch (error) {
      // Whether it will be there is not known. A hub stops when its store fails, and opening cuts off what is torn.
      this.#over = `the log cannot be written: ${(error as Error).message}`;
      await this.#file.truncate(size).catch(() => {});
      throw error;
    }
    this.#end = { link: last, size: size + bytes.length };
  }

  async *read(fromSeq: number): AsyncGenerator<HubRecord> {
    const { size } = this.#end;
    if (size === 0) return;
    let link = linesStart;
    for await (const line of linesOf(this.#path, size)) {
      const checked = checkedAt(this.#path, line, link);
      link = checked.link;
      if (link.seq >= fromSeq) yield deepFreeze(checked.record);
    }
  }

  async close(): Promise<void> {
    if (this.#over === 'the store is closed') return;
    this.#over = 'the store is closed';
    await this.#file.close();
  }
}

/** How much of the file is whole appends. */
async function wholePart(path: string, size: number): Promise<LogEnd> {
  let end: LogEnd = { link: linesStart, size: 0 };
  let last: Line[] = [];
  let open: Line[] = [];
  if (size === 0) return end;
  for await (const line of linesOf(path, size)) {
    open.push(line);
    if (line.text.endsWith(' ')) continue;
    end = endOf(path, last, end);
    last = open;
    open = [];
  }
  const isTorn = last.at(-1)?.end === size && !last.every(({ text }) => isJson(text));
  return isTorn && !last.some(({ text }) => severalAppends.test(text)) ? end : endOf(path, last, end);
}

/** A line in which an append ends and another begins: what stood between them was there, and is not any more. */
const severalAppends = /"hash":"[0-9a-f]{64}"\}[^ ]\{"/;

/** Where the log ends behind these lines. */
function endOf(path: string, lines: readonly Line[], before: LogEnd): LogEnd {
  let { link, size } = before;
  for (const line of lines) {
    ({ link } = checkedAt(path, line, link));
    size = line.end;
  }
  return { link, size };
}

function checkedAt(path: string, { text, number }: Line, behind: LineLink): ReturnType<typeof checkedLine> {
  try {
    return checkedLine(text, behind);
  } catch (error) {
    if (!(error instanceof BrokenChain)) throw error;
    throw new HubError('storeFailed', `${path}:${number}: ${error.message}`, { cause: error });
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
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
