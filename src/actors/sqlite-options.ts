/** What a log in SQLite can be told. */
import { z } from 'zod';

export interface SqliteStoreOptions {
  /** The file; it is made when it is not there. Beside it stand `…-wal` and `…-shm`. */
  readonly path: string;
  /** How long a writer of which nothing is seen keeps others out, in ms. Default: 10 s. */
  readonly leaseMs?: number;
  /** How many of the last records stay when a checkpoint makes them dispensable. Default: all. */
  readonly keepTail?: number;
  /** A thread that writes beside the hub what is large. */
  readonly thread?: ThreadOptions;
  /** The clock of leases, in ms since the epoch. Default: the machine's. */
  readonly now?: () => number;
}

export interface ThreadOptions {
  /** From so many records or changed entries on; what is less is sooner done than handed over. Default: 32. */
  readonly from?: number | undefined;
  /**
   * The thread's script, `actors/sqlite-thread.js` of this package: for who bundles it. Default: where it is in the
   * package; and when it is not there, there is no thread.
   */
  readonly script?: URL | undefined;
}

/** Also infinite, which a number of zod's is not. */
const count = z.custom<number>((value) => typeof value === 'number' && value >= 0, 'expected a number from 0');

const fileName = 'expected the name of a file';

export const sqliteOptionsSchema = z.strictObject(
  {
    path: z.string(fileName).min(1, fileName),
    leaseMs: z.number('expected a number of ms above 0').positive('expected a number of ms above 0').default(10_000),
    keepTail: count.default(Number.POSITIVE_INFINITY),
    thread: z
      .strictObject({ from: count.optional(), script: z.instanceof(URL, { error: 'expected a URL' }).optional() })
      .default({}),
    now: z
      .custom<() => number>((value) => typeof value === 'function', 'expected a function')
      .default(() => () => Date.now()),
  },
  'expected the options of a store: { path }',
);
