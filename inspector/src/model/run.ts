/**
 * One run as the page sees it: its records, what became of every actor, and the moment that is shown.
 *
 * - R1 `position` is how many records are shown: everything on the page is the state after record `position`.
 * - R2 records and histories only grow; a moment in the past never changes.
 * - R3 commands are given at the head only: the past cannot be acted upon.
 */
import type { ActorChange, HubRecord, Json, Picture } from 'xstate-hub';
import type { ScenarioResult } from 'xstate-hub/testing';
import type {
  Breakpoint,
  Command,
  Intervention,
  Opened,
  Origin,
  QuestionName,
  Questions,
  Standing,
} from '../engine/protocol.ts';
import { Facts } from './facts.ts';
import { type ActorKind, History } from './history.ts';
import { Signal } from './signal.ts';
import { type News, Refusal, WorkerClient } from './worker-client.ts';

export interface Line {
  readonly state: 'connected' | 'lost';
  readonly detail: string;
}

export class Run {
  readonly id: string;
  readonly origin: Origin;
  readonly opened: Opened;
  readonly records: HubRecord[] = [];
  readonly changes: (readonly ActorChange[])[] = [];
  readonly actors = new Map<string, History>();
  readonly facts = new Facts();
  readonly signal = new Signal();
  /** What was done to this simulation, in order. */
  readonly interventions: Intervention[];
  breakpoints: readonly Breakpoint[] = [];
  /** How it ended; null for a log or a hub that has no expectations. */
  result: ScenarioResult | null = null;
  isOver = false;
  line: Line | null = null;
  #position = 0;
  #follows: boolean;
  readonly #worker: WorkerClient;
  readonly #byId = new Map<string, HubRecord>();

  private constructor(id: string, origin: Origin, opened: Opened, worker: WorkerClient) {
    this.id = id;
    this.origin = origin;
    this.opened = opened;
    this.interventions = origin.kind === 'simulation' ? [...origin.interventions] : [];
    this.#worker = worker;
    this.#follows = origin.kind !== 'simulation';
  }

  /** Rejects with a {@link Refusal} when it cannot be opened. */
  static async open(id: string, origin: Origin): Promise<Run> {
    let run: Run | undefined;
    const early: (() => void)[] = [];
    const worker = new WorkerClient((news) => {
      const take = () => run?.take(news);
      if (run === undefined) early.push(take);
      else take();
    });
    try {
      const opened = await worker.ask('open', { origin });
      run = new Run(id, origin, opened, worker);
      for (const take of early) take();
      return run;
    } catch (error) {
      worker.close();
      throw error;
    }
  }

  get head(): number {
    return this.records.length;
  }

  get position(): number {
    return this.#position;
  }

  /** Whether what is shown is all that has happened so far. */
  get isAtHead(): boolean {
    return this.#position === this.head;
  }

  /** Shows each record as it comes, from now on until somebody seeks another moment. */
  follow(): void {
    this.seek(this.head);
    this.#follows = true;
  }

  get isSimulation(): boolean {
    return this.origin.kind === 'simulation';
  }

  /** Whether it can be acted upon now, and if not, why. */
  get actable(): { readonly ok: true } | { readonly ok: false; readonly why: string } {
    if (this.origin.kind === 'log') return { ok: false, why: 'This is a recorded log: it can be looked at only.' };
    if (this.isOver) return { ok: false, why: 'This run is over.' };
    if (this.#position < this.head) return { ok: false, why: 'You are looking at the past. Go to the end to act.' };
    if (this.line?.state === 'lost') return { ok: false, why: 'The hub cannot be reached.' };
    return { ok: true };
  }

  /** The moment that is shown, in ms since the epoch; undefined before the first record. */
  get now(): number | undefined {
    return (this.records[this.#position - 1] ?? this.records[0])?.at;
  }

  /** Shows the state after record `seq`. */
  seek(seq: number): void {
    const position = Math.max(0, Math.min(Math.round(seq), this.head));
    this.#follows = position === this.head && !this.isSimulation;
    if (position === this.#position) return;
    this.#position = position;
    this.signal.changedNow();
  }

  /** The record by its id, if it is there. */
  recordById(id: string): HubRecord | undefined {
    return this.#byId.get(id);
  }

  /** The actors of a kind that were there at the moment that is shown, oldest first. */
  alive(kind: ActorKind, seq = this.#position): History[] {
    return [...this.actors.values()].filter((actor) => actor.kind === kind && actor.bornSeq <= seq);
  }

  /** Lets a simulation go on until it has so many records. */
  async advance(untilSeq: number): Promise<Standing> {
    return await this.#worker.ask('advance', { untilSeq });
  }

  async halt(): Promise<void> {
    await this.#worker.ask('halt', {});
  }

  /** Does something to the hub. Rejects with a {@link Refusal} when the hub, or the moment, forbids it. */
  async command(command: Command): Promise<Json> {
    const { actable } = this;
    if (!actable.ok) throw new Refusal({ message: actable.why });
    const afterSeq = this.head;
    const answer = await this.#worker.ask('command', { command });
    this.interventions.push({ afterSeq, command });
    this.seek(this.head);
    return answer;
  }

  async setBreakpoints(breakpoints: readonly Breakpoint[]): Promise<void> {
    this.breakpoints = breakpoints;
    await this.#worker.ask('breakpoints', { breakpoints });
    this.signal.changedNow();
  }

  /** Everything that the log up to `seq` folds to. */
  async picture(seq = this.#position): Promise<Picture> {
    return await this.#worker.ask('picture', { seq });
  }

  /** Asks the worker behind this run. Rejects with a {@link Refusal}. */
  async ask<N extends QuestionName>(question: N, ask: Questions[N]['ask']): Promise<Questions[N]['answer']> {
    return await this.#worker.ask(question, ask);
  }

  /** The log as JSON lines. */
  async exportLog(seq = this.head): Promise<string> {
    return await this.#worker.ask('export', { seq });
  }

  close(): void {
    this.#worker.close();
  }

  private take(news: News): void {
    if (news.kind === 'records') {
      for (const [index, record] of news.records.entries()) this.#add(record, news.changes[index] ?? []);
      if (this.#follows) this.#position = this.head;
    } else if (news.kind === 'over') {
      this.isOver = true;
      this.result = news.result;
    } else {
      this.line = { state: news.state, detail: news.detail };
    }
    this.signal.changed();
  }

  #add(record: HubRecord, changes: readonly ActorChange[]): void {
    this.records.push(record);
    this.changes.push(changes);
    this.#byId.set(record.id, record);
    this.facts.take(record);
    for (const change of changes) {
      let actor = this.actors.get(change.actor);
      if (actor === undefined) {
        actor = new History(change.actor);
        this.actors.set(change.actor, actor);
      }
      actor.add(record.seq, change);
    }
  }
}
