/**
 * A first look at the lines of a log: where they are, in which order, when and of which type.
 *
 * - Gl1 sequence numbers run from 1 without a gap; a line of which that cannot be told is refused.
 * - Gl2 a last line without an end that is not JSON was not written to its end: it is left out, and `torn` says so.
 * - Gl3 lines as `exportLog` writes them are not read for it: what is asked for stands at their ends. Others are.
 */
import { HubError } from 'xstate-hub';

/** Lines of one piece. */
const pieceSize = 2_000;

interface Glance {
  readonly seq: number;
  readonly at: number;
  readonly type: string;
}

export class Glances {
  readonly #onLines: (lines: string, at: number[], types: string[]) => void;
  #rest = '';
  #number = 0;
  #seq = 0;
  #lines: string[] = [];
  #at: number[] = [];
  #types: string[] = [];
  /** The first record, as it stands there. */
  first: string | null = null;
  /** Which line is cut off, if the last one is. */
  torn: number | null = null;

  /** @param onLines is given the lines, piece by piece, and when each record was made and of which type */
  constructor(onLines: (lines: string, at: number[], types: string[]) => void) {
    this.#onLines = onLines;
  }

  /** Takes text that may end anywhere. Throws a {@link HubError} that names the line. */
  read(chunk: string): void {
    const text = this.#rest === '' ? chunk : this.#rest + chunk;
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      this.#take(text.slice(start, end));
      start = end + 1;
    }
    this.#rest = text.slice(start);
  }

  end(): void {
    if (isCut(this.#rest)) this.torn = this.#number + 1;
    else this.#take(this.#rest);
    this.#rest = '';
    this.#flush();
  }

  #take(line: string): void {
    this.#number++;
    if (line.trim() === '') return;
    const { seq, at, type } = glance(line) ?? readWhole(line, this.#number);
    const expected = this.#seq + 1;
    if (seq !== expected) {
      const path = `line ${this.#number}.seq`;
      throw new HubError('invalid', `${path}: expected record ${expected}, found ${seq}`, { path });
    }
    this.#seq = seq;
    this.first ??= line;
    this.#lines.push(line.endsWith('\r') ? line.slice(0, -1) : line);
    this.#at.push(at);
    this.#types.push(type);
    if (this.#lines.length >= pieceSize) this.#flush();
  }

  #flush(): void {
    if (this.#lines.length === 0) return;
    this.#onLines(this.#lines.join('\n'), this.#at, this.#types);
    this.#lines = [];
    this.#at = [];
    this.#types = [];
  }
}

function isCut(line: string): boolean {
  if (line.trim() === '') return false;
  try {
    JSON.parse(line);
    return false;
  } catch {
    return true;
  }
}

const head = '{"at":';
const tail = /^,"seq":(\d{1,15}),"to":"[^"\\]*","type":"([^"\\]*)"\}\r?$/;

/** Canonical JSON has its keys in order: `at` is the first, and `seq`, `to` and `type` are the last. */
function glance(line: string): Glance | undefined {
  if (!line.startsWith(head)) return undefined;
  const at = Number.parseInt(line.slice(head.length, head.length + 16), 10);
  const found = tail.exec(line.slice(line.lastIndexOf(',"seq":')));
  if (found === null || Number.isNaN(at)) return undefined;
  return { seq: Number(found[1]), at, type: found[2] as string };
}

function readWhole(line: string, number: number): Glance {
  const path = `line ${number}`;
  let record: unknown;
  try {
    record = JSON.parse(line);
  } catch (cause) {
    throw new HubError('invalid', `${path} is not JSON`, { path, cause });
  }
  const { seq, at, type } = (record ?? {}) as { readonly [key: string]: unknown };
  if (typeof seq === 'number' && typeof at === 'number' && typeof type === 'string') return { seq, at, type };
  throw new HubError('invalid', `${path} is no record of a hub`, { path, expected: 'a record with seq, at and type' });
}
