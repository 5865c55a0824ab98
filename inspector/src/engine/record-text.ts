/**
 * A log as text, in pieces of some thousand lines: a record is read when somebody looks at it.
 *
 * A record as text takes a third of the room of one that is read, and goes from thread to thread at the speed of
 * memory; so both the worker and the page keep a million of them.
 *
 * - Rt1 what was looked at lately is kept as read, the same object each time; the rest is text.
 */
import type { HubRecord } from 'xstate-hub';

/** Lines that come one by one are put together until there are so many. */
const pieceSize = 1_024;
/** Most pieces that are kept as read. */
const mostRead = 48;

interface Piece {
  readonly firstSeq: number;
  text: string;
  /** Where each line begins. */
  readonly starts: number[];
  read: HubRecord[] | null;
}

export class RecordText {
  readonly #pieces: Piece[] = [];
  readonly #lately: Piece[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** @param lines the next records as JSON, one a line, without an empty one */
  add(lines: string): void {
    if (lines === '') return;
    const last = this.#pieces.at(-1);
    const piece = last !== undefined && last.starts.length < pieceSize && lines.length < 200_000 ? last : undefined;
    const into = piece ?? { firstSeq: this.#length + 1, text: '', starts: [], read: null };
    if (piece === undefined) this.#pieces.push(into);
    const offset = into.text === '' ? 0 : into.text.length + 1;
    into.text = offset === 0 ? lines : `${into.text}\n${lines}`;
    const before = into.starts.length;
    for (let start = 0; start >= 0 && start < lines.length; ) {
      into.starts.push(offset + start);
      const end = lines.indexOf('\n', start);
      start = end < 0 ? -1 : end + 1;
    }
    this.#length += into.starts.length - before;
  }

  /** Record `seq` as JSON; undefined when it is not there. */
  lineOf(seq: number): string | undefined {
    const piece = this.#pieceOf(seq);
    return piece && lineIn(piece, seq - piece.firstSeq);
  }

  get(seq: number): HubRecord | undefined {
    const piece = this.#pieceOf(seq);
    if (piece === undefined) return undefined;
    const index = seq - piece.firstSeq;
    if (piece.read === null) this.#keep(piece);
    const read = piece.read as unknown as HubRecord[];
    read[index] ??= JSON.parse(lineIn(piece, index)) as HubRecord;
    return read[index];
  }

  /** The record with this id, looked for in the pieces around `near` first. */
  byId(id: string, near = this.#length): HubRecord | undefined {
    const needle = JSON.stringify(id);
    const middle = Math.max(0, this.#indexOf(Math.min(Math.max(near, 1), this.#length)));
    for (let away = 0; away < this.#pieces.length; away++) {
      for (const index of away === 0 ? [middle] : [middle - away, middle + away]) {
        const piece = this.#pieces[index];
        const found = piece && this.#findIn(piece, needle, id);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  /** All lines up to record `seq`, piece by piece. */
  *textUpTo(seq: number): Generator<string> {
    for (const piece of this.#pieces) {
      const count = Math.min(piece.starts.length, seq - piece.firstSeq + 1);
      if (count <= 0) return;
      const end = piece.starts[count];
      yield end === undefined ? `${piece.text}\n` : piece.text.slice(0, end);
    }
  }

  #findIn(piece: Piece, needle: string, id: string): HubRecord | undefined {
    for (let at = piece.text.indexOf(needle); at >= 0; at = piece.text.indexOf(needle, at + 1)) {
      let index = lastAtMost(piece.starts, at);
      for (; index < piece.starts.length; index++) {
        const record = this.get(piece.firstSeq + index);
        if (record?.id === id) return record;
        if (piece.starts[index + 1] !== undefined && (piece.starts[index + 1] as number) > at) break;
      }
    }
    return undefined;
  }

  #keep(piece: Piece): void {
    piece.read = [];
    this.#lately.push(piece);
    if (this.#lately.length <= mostRead) return;
    const oldest = this.#lately.shift();
    if (oldest !== undefined) oldest.read = null;
  }

  #pieceOf(seq: number): Piece | undefined {
    if (!(seq >= 1 && seq <= this.#length)) return undefined;
    return this.#pieces[this.#indexOf(seq)];
  }

  #indexOf(seq: number): number {
    let low = 0;
    let high = this.#pieces.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#pieces[middle] as Piece).firstSeq <= seq) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function lineIn({ text, starts }: Piece, index: number): string {
  const next = starts[index + 1];
  return text.slice(starts[index], next === undefined ? text.length : next - 1);
}

/** The place of the last number that is at most `value`. */
export function lastAtMost(numbers: ArrayLike<number>, value: number, length = numbers.length): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
