/** A run as its page has it, on a simulation without a worker between. */

import { reachedBy } from '../../../inspector/src/engine/breakpoints.ts';
import { Outbox } from '../../../inspector/src/engine/outbox.ts';
import type { Breakpoint, Standing } from '../../../inspector/src/engine/protocol.ts';
import { simulationSource } from '../../../inspector/src/engine/simulation-source.ts';
import type { Source } from '../../../inspector/src/engine/source.ts';
import { Ledger } from '../../../inspector/src/model/ledger.ts';
import { Player } from '../../../inspector/src/model/player.ts';
import { QueueLengths } from '../../../inspector/src/model/queue-lengths.ts';
import type { Run } from '../../../inspector/src/model/run.ts';
import { type ActorChange, type HubRecord, openFold } from '../../../src/index.ts';
import { type SimulationOrigin, simulationOf } from './sources.ts';

/** What a player needs of a run. */
export class TestRun {
  readonly isSimulation = true;
  readonly origin: SimulationOrigin;
  readonly ledger = new Ledger();
  readonly queueLengths = new QueueLengths();
  breakpoints: readonly Breakpoint[] = [];
  isOver = false;
  isAdvancing = false;
  position = 0;
  /** Every moment that was shown, in order. */
  readonly shown: number[] = [];
  #follows = false;
  #source: Source | undefined;
  readonly #fold = openFold();
  readonly #outbox = new Outbox((news) => {
    this.ledger.take(
      news,
      () => {},
      (seq, change) => this.queueLengths.take(seq, change),
    );
    if (this.#follows) this.#show(this.head);
  });

  constructor(origin: SimulationOrigin) {
    this.origin = origin;
  }

  static async open(text: string, others: Partial<SimulationOrigin> = {}): Promise<TestRun> {
    const run = new TestRun(simulationOf(text, [], others));
    run.#source = await simulationSource(run.origin, {
      record: (record) => run.#take(record),
      lines() {},
      fold: () => false,
      broken() {},
      over() {
        run.isOver = true;
      },
      line() {},
      reached: () => (run.#last === undefined ? undefined : run.#reached(run.#last, run.#changes)),
      seq: () => run.#fold.seq,
    });
    run.#outbox.flush();
    return run;
  }

  /** As the player takes it: of a run it uses no more than is here. */
  get player(): Player {
    return new Player(this as unknown as Run);
  }

  get records(): readonly HubRecord[] {
    return this.ledger.records;
  }

  get head(): number {
    return this.ledger.folded;
  }

  atOf(seq: number): number | undefined {
    return this.ledger.atOf(seq);
  }

  seek(seq: number): void {
    this.#follows = false;
    const position = Math.max(0, Math.min(seq, this.head));
    if (position !== this.position) this.#show(position);
  }

  get isFollowing(): boolean {
    return this.#follows;
  }

  follow(): void {
    this.seek(this.head);
    this.#follows = true;
  }

  async advance(untilSeq: number): Promise<Standing> {
    this.isAdvancing = true;
    const standing = await (this.#source as Source).advance(untilSeq);
    this.isAdvancing = false;
    this.#outbox.flush();
    return standing;
  }

  async reach(seq: number): Promise<void> {
    while (!this.isOver && this.head < seq) await this.advance(seq);
  }

  async halt(): Promise<void> {
    this.#source?.halt();
  }

  breakpointAt(seq: number): Breakpoint | undefined {
    const record = this.records[seq - 1];
    return record && this.#reached(record, this.ledger.changesOf(seq), seq);
  }

  waitsAt(seq: number): boolean {
    return !this.origin.humans && this.records[seq - 1]?.type === 'gate.open';
  }

  #last: HubRecord | undefined;
  #changes: readonly ActorChange[] = [];

  #take(record: HubRecord): void {
    this.#outbox.lines(JSON.stringify(record), [record.at], [record.type]);
    this.#last = record;
    this.#changes = this.#fold.next(record);
    this.#outbox.changes(this.#changes);
  }

  #reached(record: HubRecord, changes: readonly ActorChange[], seq = this.head): Breakpoint | undefined {
    return reachedBy({ record, changes, queued: this.queueLengths.at(seq) }, this.breakpoints);
  }

  #show(position: number): void {
    this.position = position;
    this.shown.push(position);
  }
}
