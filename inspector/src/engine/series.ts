/**
 * What can be counted of a run over time: taken record by record, and handed over in as many columns as are drawn.
 *
 * - Sr1 a count at a moment is that of the fold after the last record of that moment.
 * - Sr2 memory grows with what ended and with how often a count changed, and not with what records say.
 */
import type { ActorChange, HubRecord, RecordOf } from 'xstate-hub';

type Outcome = 'completed' | 'failed' | 'cancelled';

interface Ending {
  readonly seq: number;
  readonly at: number;
  readonly durationMs: number;
  readonly outcome: Outcome;
  /** So many had ended so by then, this one included. */
  readonly counts: { readonly [outcome in Outcome]: number };
}

interface Level {
  readonly at: number;
  queued: number;
  working: number;
}

type Config = RecordOf<'hub.started'>['payload']['config'];
export type Limits = Config['limits'];

export interface SeriesColumns {
  /** The moments of the first and the last record, in ms since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Each as long as there are columns; a column is a part of that time, and all are equally wide. */
  readonly queued: readonly number[];
  readonly working: readonly number[];
  readonly completed: readonly number[];
  readonly failed: readonly number[];
  readonly cancelled: readonly number[];
  readonly deadLetters: readonly number[];
  /** Of the last 100 tasks that had ended by the end of the column, in ms; null before the first. */
  readonly p50: readonly (number | null)[];
  readonly p95: readonly (number | null)[];
}

export interface Figures {
  /** Ended so far. */
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  /** From submission to the end, in ms, of the last 10,000 that ended; null before the first. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** Of the last 100 that ended, as in the columns. */
  readonly lastP50: number | null;
  readonly lastP95: number | null;
  /** What could not be delivered so far, whatever became of it. */
  readonly deadLetters: number;
  /** Completed or failed in the last `paceMs`: an hour, or since the beginning when that is shorter; at least a minute. */
  readonly paceCount: number;
  readonly paceMs: number;
  /** Of those that completed or failed, 0 to 1; null before the first. */
  readonly successRate: number | null;
}

const window = 100;
const longWindow = 10_000;
const hour = 3_600_000;
const none = { completed: 0, failed: 0, cancelled: 0 };

export class Series {
  readonly #endings: Ending[] = [];
  readonly #levels: Level[] = [];
  readonly #letters: { readonly seq: number; readonly at: number }[] = [];
  readonly #configs: { readonly seq: number; readonly config: Config }[] = [];
  readonly #states = new Map<string, 'queued' | 'working'>();
  #queued = 0;
  #working = 0;
  #from: number | undefined;
  #to = 0;

  take({ seq, at, type, payload }: HubRecord, changes: readonly ActorChange[]): void {
    this.#from ??= at;
    this.#to = at;
    for (const { actor, state } of changes) if (actor.startsWith('task:')) this.#move(actor, state);
    const level = this.#levels.at(-1);
    if (level?.queued !== this.#queued || level.working !== this.#working) {
      if (level?.at === at) Object.assign(level, { queued: this.#queued, working: this.#working });
      else this.#levels.push({ at, queued: this.#queued, working: this.#working });
    }
    if (type === 'task.completed' || type === 'task.failed' || type === 'task.cancelled') {
      const { durationMs } = payload;
      const outcome = type.slice('task.'.length) as Outcome;
      const counts = { ...(this.#endings.at(-1)?.counts ?? none) };
      counts[outcome]++;
      this.#endings.push({ seq, at, durationMs, outcome, counts });
    } else if (type === 'deadletter.added') this.#letters.push({ seq, at });
    else if (type === 'hub.started') this.#configs.push({ seq, config: payload.config });
  }

  /** The limits of task types, as the hub was started with last. */
  limitsAt(seq: number): Limits {
    return this.#configAt(seq)?.limits ?? {};
  }

  /** How long a task waits for one priority more, in ms; null when it waits for nothing. */
  agingAt(seq: number): number | null {
    return this.#configAt(seq)?.aging.everyMs ?? null;
  }

  #configAt(seq: number): Config | undefined {
    return this.#configs.findLast((one) => one.seq <= seq)?.config;
  }

  /** Up to and with record `seq`, which was taken at `now`. */
  figuresAt(seq: number, now: number): Figures {
    const end = before(this.#endings, (one) => one.seq <= seq);
    const { completed, failed, cancelled } = this.#endings[end - 1]?.counts ?? none;
    const durations = durationsOf(this.#endings.slice(Math.max(0, end - longWindow), end));
    const last = durationsOf(this.#endings.slice(Math.max(0, end - window), end));
    const paceMs = Math.min(hour, Math.max(now - (this.#from ?? now), 60_000));
    const begin = before(this.#endings, (one) => one.at <= now - hour);
    const earlier = this.#endings[begin - 1]?.counts ?? none;
    return {
      completed,
      failed,
      cancelled,
      p50: percentile(durations, 0.5),
      p95: percentile(durations, 0.95),
      p99: percentile(durations, 0.99),
      lastP50: percentile(last, 0.5),
      lastP95: percentile(last, 0.95),
      deadLetters: before(this.#letters, (one) => one.seq <= seq),
      paceCount: completed + failed - earlier.completed - earlier.failed,
      paceMs,
      successRate: completed + failed === 0 ? null : completed / (completed + failed),
    };
  }

  columns(count: number): SeriesColumns {
    const from = this.#from ?? 0;
    const to = Math.max(this.#to, from + 1);
    const columnOf = (at: number) => Math.min(count - 1, Math.floor(((at - from) / (to - from)) * count));
    const zeros = () => new Array<number>(count).fill(0);
    const ended = { completed: zeros(), failed: zeros(), cancelled: zeros() };
    for (const { at, outcome } of this.#endings) (ended[outcome][columnOf(at)] as number)++;
    const deadLetters = zeros();
    for (const { at } of this.#letters) (deadLetters[columnOf(at)] as number)++;
    const percentiles = Array.from({ length: count }, (_, column) => {
      const end = before(this.#endings, (one) => columnOf(one.at) <= column);
      const durations = durationsOf(this.#endings.slice(Math.max(0, end - window), end));
      return [percentile(durations, 0.5), percentile(durations, 0.95)] as const;
    });
    return {
      from,
      to,
      queued: this.#highest('queued', count, columnOf),
      working: this.#highest('working', count, columnOf),
      ...ended,
      deadLetters,
      p50: percentiles.map(([p50]) => p50),
      p95: percentiles.map(([, p95]) => p95),
    };
  }

  /** The highest count in each column: that of a moment must not get lost between two others. */
  #highest(of: 'queued' | 'working', count: number, columnOf: (at: number) => number): number[] {
    const highest: number[] = [];
    let next = 0;
    let last = 0;
    for (let column = 0; column < count; column++) {
      let most = last;
      for (let level = this.#levels[next]; level !== undefined && columnOf(level.at) <= column; ) {
        last = level[of];
        most = Math.max(most, last);
        level = this.#levels[++next];
      }
      highest.push(most);
    }
    return highest;
  }

  #move(task: string, state: string): void {
    const before = this.#states.get(task);
    const isWorking = state === 'assigned' || state.startsWith('running');
    const now = state === 'queued' ? 'queued' : isWorking ? 'working' : undefined;
    if (before === now) return;
    if (before === 'queued') this.#queued--;
    else if (before === 'working') this.#working--;
    if (now === 'queued') this.#queued++;
    else if (now === 'working') this.#working++;
    if (now === undefined) this.#states.delete(task);
    else this.#states.set(task, now);
  }
}

/** Without the cancelled: how long they took says nothing of the work. Sorted. */
const durationsOf = (endings: readonly Ending[]): Float64Array =>
  Float64Array.from(endings.flatMap(({ outcome, durationMs }) => (outcome === 'cancelled' ? [] : [durationMs]))).sort();

/** @param sorted smallest first */
function percentile(sorted: Float64Array, share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

/** How many of them, from the first on, fulfil what those behind do not. */
function before<T>(sorted: readonly T[], isBefore: (one: T) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(sorted[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low;
}
