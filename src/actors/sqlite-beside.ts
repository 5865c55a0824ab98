/**
 * A log written beside the hub: a thread takes what is to be written, and the hub goes on while SQLite is at work and
 * the disk is waited for.
 *
 * Owns: the thread, and what is said to it. Does not own: what is written (sqlite-writing.ts), and when.
 *
 * - Bs1 orders are done one after the other, and each goes on where the log ended then; after one that failed, none is.
 * - Bs2 a thread that ends before it has answered has failed; what became of its orders, only a new start can know (I24).
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { EntryText } from './sqlite-checkpoints.ts';
import type { Term } from './sqlite-lease.ts';
import type { Job, LogEnd } from './sqlite-writing.ts';
import { StoreConflict } from './store.ts';

export interface ThreadData {
  readonly path: string;
  readonly keepTail: number;
}

/** A job as one text, which is handed over much faster than objects are. */
export interface Order {
  /** Of a checkpoint. Its text is two lines an entry, an empty one for what is gone; that of records is a line for each. */
  readonly seq?: number;
  readonly text: string;
  /** Null behind another order, whose end only the thread knows. */
  readonly end: LogEnd | null;
  readonly term: Term;
}

export type Answer = { readonly end: LogEnd } | { readonly failure: string; readonly isConflict: boolean };

/** It is there when this is built; neither beside its source nor in a bundle it is, and the hub writes itself then. */
const builtScript = new URL('./sqlite-thread.js', import.meta.url);

export class Beside {
  readonly #thread: Worker;
  readonly #ended: Promise<void>;
  #failure: Error | undefined;
  readonly #waiting: { resolve(end: LogEnd): void; reject(error: Error): void }[] = [];

  /** Undefined where there is no such script. */
  static start(path: string, keepTail: number, script = builtScript): Beside | undefined {
    const isThere = script.protocol === 'file:' && existsSync(fileURLToPath(script));
    return isThere ? new Beside(script, { path, keepTail }) : undefined;
  }

  private constructor(script: URL, workerData: ThreadData) {
    this.#thread = new Worker(script, { workerData, execArgv: [] }); // What the process was begun with is not for it.
    this.#thread.unref(); // It keeps the process alive only while it writes.
    this.#thread.on('message', (answer: Answer) => this.#hear(answer));
    const fail = (error: Error) => {
      this.#failure ??= error;
      for (let next = this.#next(); next !== undefined; next = this.#next()) next.reject(this.#failure);
    };
    this.#thread.once('error', fail);
    this.#ended = new Promise((resolve) => {
      this.#thread.once('exit', () => {
        fail(new Error('the thread that writes the log has ended'));
        resolve();
      });
    });
  }

  write(job: NonNullable<Job>, end: LogEnd | null, term: Term): Promise<LogEnd> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#thread.ref();
      this.#thread.postMessage({ ...orderOf(job), end, term } satisfies Order);
    });
  }

  /** Resolves when it has let go of the file. */
  close(): Promise<void> {
    this.#thread.ref();
    this.#thread.postMessage(null);
    return this.#ended;
  }

  #hear(answer: Answer): void {
    const waiting = this.#next();
    if ('end' in answer) waiting?.resolve(answer.end);
    else waiting?.reject(answer.isConflict ? new StoreConflict(answer.failure) : new Error(answer.failure));
  }

  /** Who waits longest. */
  #next() {
    const waiting = this.#waiting.shift();
    if (this.#waiting.length === 0) this.#thread.unref();
    return waiting;
  }
}

const orderOf = (job: NonNullable<Job>): Pick<Order, 'seq' | 'text'> =>
  'seq' in job
    ? { seq: job.seq, text: job.entries.map(([key, entry]) => `${JSON.stringify(key)}\n${entry ?? ''}`).join('\n') }
    : { text: job.texts.join('\n') };

/** Text that came from {@link orderOf}. JSON has no line breaks in it. */
export function jobOf({ seq, text }: Order): Job {
  const lines = text.split('\n');
  if (seq === undefined) return { texts: lines };
  const entries: EntryText[] = [];
  for (let line = 0; line + 1 < lines.length; line += 2) {
    entries.push([JSON.parse(lines[line] ?? ''), lines[line + 1] || null]);
  }
  return { seq, entries };
}
