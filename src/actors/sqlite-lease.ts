/**
 * One writer at a time (I16): who opens a log takes its lease with the next epoch, and every write renews it in
 * its own transaction.
 *
 * Owns: the lease's columns in the table `log`. Does not own: transactions.
 *
 * - W1 while a lease runs, nobody else gets one; the exception is a lease of a process on this machine that is gone.
 * - W2 a writer whose epoch is over writes nothing. One that was late, and whom nobody has followed, goes on.
 * - W3 safety rests on the epoch alone; clocks and process ids only say how soon somebody may follow.
 */
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { type SqliteFile, statement, text } from './sqlite-file.ts';
import { StoreConflict } from './store.ts';

export interface LeaseOptions {
  readonly leaseMs: number;
  /** The machine's clock, in ms since the epoch: leases are between processes, not between messages. */
  readonly now: () => number;
}

export interface Term {
  readonly epoch: number;
  /** In ms since the epoch of clocks. */
  readonly until: number;
}

export class Lease {
  readonly #options: LeaseOptions;
  readonly #epoch: number;
  #renewedAt: number;

  /** Takes the lease; belongs into a transaction. Throws {@link StoreConflict} while somebody else has it. */
  constructor(file: SqliteFile, path: string, options: LeaseOptions) {
    this.#options = options;
    this.#epoch = refuseIfHeld(file, path, options.now()) + 1;
    this.#renewedAt = options.now();
    statement(file, 'update log set epoch = ?, holder = ?, place = ?, pid = ?, until = ? where id = 1').run(
      this.#epoch,
      `process ${process.pid} on ${hostname()}`,
      place(),
      process.pid,
      this.#renewedAt + options.leaseMs,
    );
  }

  /** How often an idle writer looks whether it is time to show itself, in ms. */
  get beatMs(): number {
    return this.#options.leaseMs / 3;
  }

  get isDue(): boolean {
    return this.#options.now() >= this.#renewedAt + this.beatMs;
  }

  /** Its next term. Whoever writes puts it into the log with what it writes ({@link renewal}). */
  get next(): Term {
    return { epoch: this.#epoch, until: this.#options.now() + this.#options.leaseMs };
  }

  /** The end of it: lets the next one in at once. */
  get end(): Term {
    return { epoch: this.#epoch, until: 0 };
  }

  /** A term stands in the log. */
  renewed({ until }: Term): void {
    this.#renewedAt = until - this.#options.leaseMs;
  }
}

/** Puts terms into the log; belongs into the transaction of what is written. Throws {@link StoreConflict} (W2). */
export function renewal(file: SqliteFile): (term: Term) => void {
  const renew = statement(file, 'update log set until = ? where id = 1 and epoch = ?');
  return ({ epoch, until }) => {
    if (renew.run(until, epoch).changes === 1) return;
    throw new StoreConflict('another writer has taken over this log; this one writes nothing any more');
  };
}

/** The present epoch; throws {@link StoreConflict} when its lease runs (W1). */
export function refuseIfHeld(file: SqliteFile, path: string, now: number): number {
  const found = statement(
    file,
    `select epoch, until, pid, cast(holder as blob) as holder, cast(place as blob) as place from log where id = 1`,
  ).get();
  const until = Number(found?.until);
  if (until > now && !isGone(text(found?.place), Number(found?.pid))) {
    const end = new Date(until).toISOString();
    throw new StoreConflict(`${path} belongs to ${text(found?.holder)} until ${end}, or longer if that goes on`);
  }
  return Number(found?.epoch);
}

/** Whether a process has ended, as far as one can know. One of another machine or container may always be alive. */
function isGone(where: string, pid: number): boolean {
  if (where !== place() || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Where a process id means the same process. */
function place(): string {
  const namespace = process.platform === 'linux' ? readlinkSync('/proc/self/ns/pid') : process.platform;
  return `${hostname()} ${namespace}`;
}
