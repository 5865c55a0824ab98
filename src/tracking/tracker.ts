/**
 * Follows a hub and tells how well its agents and its kinds of tasks do.
 *
 * - Q1 it only listens: it says nothing to the hub and keeps nothing of payloads, questions or answers.
 * - Q2 one tracker, one log: a record at or before the last one counts no second time.
 * - Q3 what it keeps is bounded: events, unfinished tasks, and the windows' memory.
 */
import { z } from 'zod';
import type { Hub } from '../hub/hub.ts';
import { HubError } from '../machines/errors.ts';
import type { HubRecord } from '../machines/messages.ts';
import { parse } from '../machines/parse.ts';
import { Ledger, type TrackedEvent } from './ledger.ts';
import { type TrackerOptions, trackerOptionsSchema } from './options.ts';
import { exposition } from './prometheus.ts';
import { type Naming, plainly, pseudonyms } from './pseudonyms.ts';
import { type Report, reportOf } from './report.ts';
import { SeriesIndex } from './series.ts';
import type { WindowSpec } from './window.ts';

export interface ReportQuery {
  /** The name of a window. Default: the first. */
  readonly window?: string;
  /** Of this agent alone; its id, also where ids are anonymised. */
  readonly agent?: string;
  readonly taskType?: string;
  /** Where the window ends, in ms since the epoch. Default: the time of the last record. */
  readonly at?: number;
}

const sinceSchema = z.strictObject({ since: z.number().default(Number.NEGATIVE_INFINITY) });
const querySchema = z.strictObject({
  window: z.string().optional(),
  agent: z.string().optional(),
  taskType: z.string().optional(),
  at: z.number().optional(),
});
const expositionSchema = querySchema.pick({ window: true, at: true });

/** How much a tracker holds. */
export interface TrackerSize {
  readonly events: number;
  readonly unfinishedTasks: number;
  /** One for everything, and one for each pair of an agent and a task type. */
  readonly series: number;
  /** What the windows take, by estimate. */
  readonly bytes: number;
  /** How many pairs were let go for want of memory. */
  readonly evicted: number;
}

/** Use `createTracker`. */
export class Tracker {
  readonly #windows: readonly WindowSpec[];
  readonly #naming: Naming;
  readonly #ledger: Ledger;
  readonly #series: SeriesIndex;
  readonly #eventLimit: number;
  #events: TrackedEvent[] = [];
  #last: Pick<HubRecord, 'seq' | 'at'> = { seq: 0, at: 0 };

  constructor(options: TrackerOptions) {
    const { windows, eventLimit, taskLimit, memoryLimitBytes, anonymise } = parse(
      trackerOptionsSchema,
      options,
      'options',
    );
    this.#windows = windows;
    this.#naming = anonymise === undefined ? plainly : pseudonyms(anonymise.salt);
    this.#ledger = new Ledger(taskLimit, this.#naming);
    this.#series = new SeriesIndex(windows, memoryLimitBytes);
    this.#eventLimit = eventLimit;
  }

  /** Takes the next record of the log. */
  record(record: HubRecord): void {
    if (record.seq <= this.#last.seq) return;
    this.#last = record;
    const event = this.#ledger.read(record);
    if (event === undefined) return;
    this.#series.add(event);
    this.#keep(event);
  }

  /** Takes each record of a hub from now on; the answer ends that. What was before can be given with `record` first. */
  follow(hub: Pick<Hub, 'on'>): () => void {
    return hub.on('*', (record) => this.record(record));
  }

  /** Throws `invalid` for a query that cannot be, and for a window that there is not. */
  report(query: ReportQuery = {}): Report {
    const { window, agent, taskType, at = this.#last.at } = parse(querySchema, query);
    const spec = this.#window(window);
    const asked = agent === undefined ? undefined : this.#naming(agent);
    const tally = this.#series.tally(spec.name, at, { agentId: asked, taskType });
    return reportOf(spec, at, { agent: asked ?? null, taskType: taskType ?? null }, tally);
  }

  /** The agents of which something is known, by the names that the reports give them. */
  agents(): string[] {
    return distinct([...this.#series.pairs()].map(({ agentId }) => agentId));
  }

  taskTypes(): string[] {
    return distinct([...this.#series.pairs()].map(({ taskType }) => taskType));
  }

  /** The last events, oldest first; those since then, in ms since the epoch, if asked. */
  events(options: { readonly since?: number } = {}): TrackedEvent[] {
    const { since } = parse(sinceSchema, options);
    return this.#events.slice(-this.#eventLimit).filter(({ at }) => at >= since);
  }

  /** The same events, one JSON object a line. */
  toJsonLines(options: { readonly since?: number } = {}): string {
    return this.events(options)
      .map((event) => `${JSON.stringify(event)}\n`)
      .join('');
  }

  /**
   * Everything in the Prometheus text format 0.0.4. Counters are since the tracker began; quantiles are of the window.
   */
  toPrometheus(query: Pick<ReportQuery, 'window' | 'at'> = {}): string {
    const { window, at = this.#last.at } = parse(expositionSchema, query);
    return exposition(this.#series, this.#window(window).name, at);
  }

  size(): TrackerSize {
    const { size, bytes, evicted } = this.#series;
    return { events: this.events().length, unfinishedTasks: this.#ledger.size, series: size, bytes, evicted };
  }

  #window(name: string | undefined): WindowSpec {
    const spec = name === undefined ? this.#windows[0] : this.#windows.find((window) => window.name === name);
    if (spec !== undefined) return spec;
    const expected = this.#windows.map((window) => window.name).join(', ');
    throw new HubError('invalid', `there is no window ${name}`, { path: 'window', expected });
  }

  /** Lets go of the oldest in one go now and then, not one by one. */
  #keep(event: TrackedEvent): void {
    if (this.#eventLimit === 0) return;
    this.#events.push(event);
    if (this.#events.length >= 2 * this.#eventLimit) this.#events = this.#events.slice(-this.#eventLimit);
  }
}

/** Throws `invalid` for options that cannot be. */
export const createTracker = (options: TrackerOptions = {}): Tracker => new Tracker(options);

const distinct = (names: readonly (string | null)[]): string[] =>
  [...new Set(names)].filter((name) => name !== null).sort();
