/**
 * `dashboard-events.jsonl`: one event a line, for a record that has one.
 *
 * - Ev1 each event is there once: it carries the number of its record, and what is behind the last number is written
 *   after a restart. Lines of others are left as they are.
 */
import type { Folder } from './folder.ts';
import { places } from './places.ts';

/** Largest file that is looked through for its last number, in bytes. */
const longest = 1 << 30;

export class EventLog {
  readonly #folder: Folder;
  /** Whether the last line is torn, so that the next one has to begin anew. */
  #isTorn: boolean;
  #seq: number;
  #last: Promise<void> = Promise.resolve();

  private constructor(folder: Folder, seq: number, isTorn: boolean) {
    this.#folder = folder;
    this.#seq = seq;
    this.#isTorn = isTorn;
  }

  /** @param logEnd the last record of the log; a larger number in the file is of another log */
  static async open(folder: Folder, logEnd: number): Promise<EventLog> {
    const text = (await folder.read(places.events, longest))?.text ?? '';
    const seq = lastSeqIn(text);
    return new EventLog(folder, seq > logEnd ? 0 : seq, text !== '' && !text.endsWith('\n'));
  }

  /** The last record whose event is there. */
  get seq(): number {
    return this.#seq;
  }

  /** Adds events in the order of their records; gives the lines. */
  async append(events: readonly { readonly seq: number; readonly event: object }[]): Promise<string[]> {
    const fresh = events.filter(({ seq }) => seq > this.#seq);
    const lines = fresh.map(({ seq, event }) => JSON.stringify({ ...event, seq }));
    const last = fresh.at(-1);
    if (last === undefined) return [];
    await this.#write(lines);
    this.#seq = last.seq;
    return lines;
  }

  /** Adds an event that no record stands behind; gives the line. */
  async note(event: object): Promise<string> {
    const line = JSON.stringify(event);
    await this.#write([line]);
    return line;
  }

  /** One after the other, so that whoever is told of the lines hears of them in their order. */
  #write(lines: readonly string[]): Promise<void> {
    const write = async () => {
      await this.#folder.append(places.events, `${this.#isTorn ? '\n' : ''}${lines.join('\n')}\n`);
      this.#isTorn = false;
    };
    const written = this.#last.then(write);
    this.#last = written.catch(() => {});
    return written;
  }
}

function lastSeqIn(text: string): number {
  for (const line of linesBackwards(text)) {
    if (!line.includes('"seq":')) continue;
    try {
      const { seq } = JSON.parse(line) as { seq?: unknown };
      if (Number.isSafeInteger(seq)) return seq as number;
    } catch {
      // Torn, or of somebody else.
    }
  }
  return 0;
}

function* linesBackwards(text: string): Generator<string> {
  for (let end = text.length; end > 0; ) {
    const start = text.lastIndexOf('\n', end - 1);
    yield text.slice(start + 1, end);
    end = start;
  }
}
