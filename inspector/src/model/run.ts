/**
 * One run as the page sees it: its records, what became of every actor, and the moment that is shown.
 *
 * - R1 `position` is how many records are shown: everything on the page is the state after record `position`.
 *   `records`, `changes` and `head` are of what is folded; of a long log more may be there already (`received`).
 * - R2 records and histories only grow; a moment in the past never changes.
 * - R3 commands are given at the head only: the past cannot be acted upon.
 */
import type { ActorChange, HubRecord, Json } from 'xstate-hub';
import type { ScenarioResult } from 'xstate-hub/testing';
import { reachedBy } from '../engine/breakpoints.ts';
import type {
  Breakpoint,
  Command,
  Intervention,
  Opened,
  Origin,
  QuestionName,
  Questions,
  Standing,
  Trouble,
} from '../engine/protocol.ts';
import { Facts, factTypes } from './facts.ts';
import { type ActorKind, History } from './history.ts';
import { Ledger } from './ledger.ts';
import { Marks } from './marks.ts';
import { QueueLengths } from './queue-lengths.ts';
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
  readonly #ledger = new Ledger();
  readonly records = this.#ledger.records;
  readonly changes = this.#ledger.changes;
  /** All records that are there, folded or not. */
  readonly log = this.#ledger.all;
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
  /** Why a log could not be folded beyond its head, if it could not. */
  broken: Trouble | null = null;
  readonly marks = new Marks();
  readonly queueLengths = new QueueLengths();
  #position = 0;
  #follows: boolean;
  readonly #worker: WorkerClient;
  readonly #byKind = new Map<ActorKind, History[]>();

  private constructor(id: string, origin: Origin, opened: Opened, worker: WorkerClient) {
    this.id = id;
    this.origin = origin;
    this.opened = opened;
    this.interventions = origin.kind === 'simulation' ? [...origin.interventions] : [];
    this.#worker = worker;
    this.#follows = origin.kind !== 'simulation';
  }

  /**
   * Rejects with a {@link Refusal} when it cannot be opened.
   *
   * @param keepAs what the browser calls the log that it keeps of a simulation; without it, it keeps none
   */
  static async open(id: string, origin: Origin, keepAs?: string): Promise<Run> {
    let run: Run | undefined;
    const early: (() => void)[] = [];
    const worker = new WorkerClient((news) => {
      const take = () => run?.take(news);
      if (run === undefined) early.push(take);
      else take();
    });
    try {
      const opened = await worker.ask('open', { origin, ...(keepAs !== undefined && { keepAs }) });
      run = new Run(id, origin, opened, worker);
      for (const take of early) take();
      return run;
    } catch (error) {
      worker.close();
      throw error;
    }
  }

  get head(): number {
    return this.#ledger.folded;
  }

  /** How many records are there, folded or not. */
  get received(): number {
    return this.#ledger.received;
  }

  /** When record `seq` was made, in ms since the epoch; without reading it. */
  atOf(seq: number): number | undefined {
    return this.#ledger.atOf(seq);
  }

  /** Of which type record `seq` is; without reading it. */
  typeOf(seq: number): HubRecord['type'] | undefined {
    return this.#ledger.typeOf(seq);
  }

  /** Record `seq` as it stands in the log. */
  lineOf(seq: number): string {
    return this.#ledger.lineOf(seq);
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

  /** Whether each record is shown as it comes. */
  get isFollowing(): boolean {
    return this.#follows;
  }

  get isSimulation(): boolean {
    return this.origin.kind === 'simulation';
  }

  /** Whether what is shown is a hub as it is now. */
  get isLive(): boolean {
    return this.origin.kind === 'hub' && this.isAtHead && !this.isOver && this.line?.state !== 'lost';
  }

  /** Whether it can be acted upon now, and if not, why. */
  get actable(): { readonly ok: true } | { readonly ok: false; readonly why: string } {
    if (this.origin.kind === 'log' || this.opened.hub?.isRecorded === true)
      return { ok: false, why: 'This is a recorded log: it can be looked at only.' };
    if (this.isOver) return { ok: false, why: 'This run is over.' };
    if (this.#position < this.head) return { ok: false, why: 'You are looking at the past. Go to the end to act.' };
    if (this.line?.state === 'lost') return { ok: false, why: 'The hub cannot be reached.' };
    return { ok: true };
  }

  /** The moment that is shown, in ms since the epoch; undefined before the first record. */
  get now(): number | undefined {
    return this.#ledger.atOf(this.#position) ?? this.#ledger.atOf(1);
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
    return this.#ledger.recordById(id, this.#position);
  }

  /** The actors of a kind that were there at the moment that is shown, oldest first. */
  alive(kind: ActorKind, seq = this.#position): History[] {
    const all = this.#byKind.get(kind) ?? [];
    let count = all.length;
    if (seq < this.head) count = firstAfter(all, seq);
    return all.slice(0, count);
  }

  /** Lets a simulation go on until it has so many records. */
  async advance(untilSeq: number): Promise<Standing> {
    try {
      return await this.#worker.ask('advance', { untilSeq });
    } catch (error) {
      this.broken = error as Refusal;
      this.isOver = true;
      this.signal.changed();
      throw error;
    }
  }

  /** Resolves when so many records are there, or no more will be. A simulation goes on, whatever it would stop at. */
  async reach(seq: number): Promise<void> {
    if (!this.isSimulation) return await this.#comesTo(seq);
    while (!this.isOver && this.head < seq) {
      const before = this.head;
      await this.advance(seq);
      if (this.head === before) return;
    }
  }

  #comesTo(seq: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        const isAll = this.isOver && (this.head === this.received || this.broken !== null);
        if (this.head < seq && !isAll) return;
        stop();
        resolve();
      };
      const stop = this.signal.subscribe(look);
      look();
    });
  }

  /** The breakpoint that record `seq` reaches, if one. */
  breakpointAt(seq: number): Breakpoint | undefined {
    const record = this.records[seq - 1];
    if (record === undefined || this.breakpoints.length === 0) return undefined;
    return reachedBy(
      { record, changes: this.changes[seq - 1] ?? [], queued: this.queueLengths.at(seq) },
      this.breakpoints,
    );
  }

  /** Whether a gate that nobody has decided yet opens with record `seq`, and a person at the page has to. */
  waitsAt(seq: number): boolean {
    const { origin } = this;
    if (origin.kind !== 'simulation' || origin.humans || this.typeOf(seq) !== 'gate.open') return false;
    return (this.changes[seq - 1] ?? []).some(
      ({ actor }) => actor.startsWith('gate:') && this.actors.get(actor)?.at(this.head)?.state === 'open',
    );
  }

  async halt(): Promise<void> {
    await this.#worker.ask('halt', {});
  }

  /** Does something to the hub. Rejects with a {@link Refusal} when the hub, or the moment, forbids it. */
  async command(command: Command): Promise<Json> {
    const { actable } = this;
    if (!actable.ok) throw new Refusal({ message: actable.why });
    const { answer, intervention } = await this.#worker.ask('command', { command });
    if (intervention !== null) this.interventions.push(intervention);
    this.seek(this.head);
    return answer;
  }

  async setBreakpoints(breakpoints: readonly Breakpoint[]): Promise<void> {
    this.breakpoints = breakpoints;
    await this.#worker.ask('breakpoints', { breakpoints });
    this.signal.changedNow();
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
      this.#ledger.take(
        news,
        (seq) => this.#noteFacts(seq),
        (seq, change) => this.#note(seq, change),
      );
      if (this.#follows) this.#position = this.head;
    } else if (news.kind === 'over') {
      this.isOver = true;
      this.result = news.result;
    } else if (news.kind === 'broken') {
      this.isOver = true;
      this.broken = news.trouble;
    } else {
      this.line = { state: news.state, detail: news.detail };
    }
    this.signal.changed();
  }

  #noteFacts(seq: number): void {
    const type = this.#ledger.typeOf(seq);
    if (type === undefined) return;
    this.marks.take(seq, type);
    if (!factTypes.has(type)) return;
    const record = this.records[seq - 1];
    if (record !== undefined) this.facts.take(record);
  }

  #note(seq: number, change: ActorChange): void {
    let actor = this.actors.get(change.actor);
    if (actor === undefined) {
      actor = new History(change.actor);
      this.actors.set(change.actor, actor);
      const ofKind = this.#byKind.get(actor.kind);
      if (ofKind === undefined) this.#byKind.set(actor.kind, [actor]);
      else ofKind.push(actor);
    }
    actor.add(seq, change);
    this.queueLengths.take(seq, change);
  }
}

/** How many actors were born by record `seq`; they stand in the order of their births. */
function firstAfter(actors: readonly History[], seq: number): number {
  let low = 0;
  let high = actors.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((actors[middle] as History).bornSeq <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
