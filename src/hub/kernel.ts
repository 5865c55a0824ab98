/**
 * The loop: take one message, record it, fold it, decide what follows, commit, act.
 *
 * Owns: the order of everything, sequence numbers, commits, the timer for the next deadline.
 * Does not own: what a record does (folds), what follows from it (decisions), what is done about it in
 * the world (the `act` callback, which is the runner's).
 *
 * - Z1 one message at a time: what comes in during a turn waits until the turn is over.
 * - Z2 decide, then record, then act: effects run in log order, once their records are durable.
 * - Z3 one commit at a time; what is recorded meanwhile goes with the next (group commit). A store that takes more ahead
 *   is given it as soon as it is much, so that it writes while the hub is at work.
 * - Z4 when a commit fails, nothing more is taken, acknowledged or done.
 * - Z5 a checkpoint is of the state between two turns, and saved when its last record is durable (Cp1).
 * - Z6 time in the log never goes back: where the clock is behind the log, the hub's time goes on from the log's, at the
 *   clock's pace, and deadlines pass on that time.
 */

import type { Calendar } from '../actors/calendar.ts';
import type { Environment } from '../actors/environment.ts';
import { deliver, type SealedActor } from '../actors/sealed-actor.ts';
import type { Store } from '../actors/store.ts';
import { HubError } from '../machines/errors.ts';
import { deepFreeze } from '../machines/json.ts';
import type { HubRecord, MessageType, Payload } from '../machines/messages.ts';
import { noticeLife } from './agents.ts';
import { match } from './assignment.ts';
import type { Checkpointer } from './checkpoint/checkpointer.ts';
import { decide } from './decisions.ts';
import { Deferred } from './deferred.ts';
import { replaceBroken, stopWhenDrained } from './life.ts';
import { type HubLogic, stateOf } from './logic.ts';
import type { OrchestrationEntry } from './orchestration-state.ts';
import type { Planner } from './planner.ts';
import type { Router } from './routing.ts';
import type { HubState } from './state.ts';
import type { Turn } from './turn.ts';
import type { Validator } from './validator.ts';

/** A message before the hub has taken it. */
export interface Draft<T extends MessageType = MessageType> {
  readonly from: string;
  readonly to: string;
  readonly type: T;
  readonly payload: Payload<T>;
  /** The id of the record that it follows from. */
  readonly causationId?: string | undefined;
}

/** What became of a message: its own record and those that followed, once they are durable. */
export type Receipt = Promise<readonly HubRecord[]>;

export interface KernelOptions {
  readonly actor: SealedActor<HubLogic>;
  readonly store: Store;
  readonly environment: Environment;
  readonly router: Router;
  readonly validator: Validator;
  readonly calendar: Calendar;
  readonly planner: Planner;
  /** Null when the store keeps none. */
  readonly checkpointer: Checkpointer | null;
  /** Called with each durable record, in order. */
  readonly act: (record: HubRecord) => void;
  /** Called with each orchestration within the turn in which it begins. */
  readonly began: (entry: OrchestrationEntry) => void;
  /** Called once, if the store fails. */
  readonly onFailure: (error: HubError) => void;
}

/** Who wants to hear what became of a message: once, when that is durable or cannot be. */
export interface Waiter {
  resolve(records: readonly HubRecord[]): void;
  reject(error: HubError): void;
}

/** A message before its turn. */
interface Waiting {
  readonly prepare: () => Draft;
  readonly waiter: Waiter | undefined;
}

/** Records that the store has been given; `written` is undefined when they are durable already. */
interface Commit {
  readonly batch: readonly HubRecord[];
  readonly written: void | Promise<void>;
}

/** A message after its turn. */
interface Unacknowledged {
  readonly waiter: Waiter;
  readonly records: readonly HubRecord[];
  readonly lastSeq: number;
}

/** So many records are worth a commit of their own. */
const manyRecords = 256;

export class Kernel {
  readonly state: HubState;
  readonly #options: KernelOptions;
  readonly #queue: Waiting[] = [];
  readonly #turn: Turn;
  /** Recorded and folded, not yet durable. */
  #uncommitted: HubRecord[] = [];
  #unacknowledged: Unacknowledged[] = [];
  /** Given to the store, in order, and not acted upon. */
  readonly #given: Commit[] = [];
  #givenSeq: number;
  #durableSeq: number;
  /** Whether the store works beside the hub, and takes more ahead. */
  #isBeside = false;
  #inTurn = false;
  #commit: Promise<void> | undefined;
  #failure: HubError | undefined;
  /** The record in hand, the records of this turn, and how far their decisions are. */
  #cause: Pick<HubRecord, 'id' | 'correlationId'> | undefined;
  #records: HubRecord[] = [];
  #timer: { readonly wakeAt: number; readonly cancel: () => void } | undefined;
  /** How far the clock was found to be behind the log, in ms (Z6). */
  #behindMs = 0;

  constructor(options: KernelOptions) {
    this.#options = options;
    this.state = stateOf(options.actor.getSnapshot());
    this.#givenSeq = this.state.seq;
    this.#durableSeq = this.state.seq;
    this.state.agents.becameFree.clear();
    this.state.becameQueued.clear();
    this.#turn = {
      state: this.state,
      router: options.router,
      validator: options.validator,
      calendar: options.calendar,
      planner: options.planner,
      random: options.environment.random,
      began: options.began,
      emit: (to, type, payload, from = 'hub') => this.#record({ from, to, type, payload } as Draft),
    };
  }

  /** As `take`, with a promise of what became of it. */
  receive(prepare: () => Draft): Receipt {
    const receipt = new Deferred<readonly HubRecord[]>();
    this.take(prepare, receipt);
    return receipt.promise;
  }

  /**
   * Takes a message. `prepare` runs at the beginning of its turn and may refuse by throwing a
   * {@link HubError}: then nothing has changed. Outside a turn that is now, and it throws here; within
   * one (a subscriber to an actor calls the hub) it waits, and the waiter hears of the refusal.
   *
   * Answers with the records of its turn, which are not durable yet; undefined when it waits.
   */
  take(prepare: () => Draft, waiter?: Waiter): readonly HubRecord[] | undefined {
    if (this.#inTurn) {
      this.#queue.push({ prepare, waiter });
      return undefined;
    }
    try {
      return this.#takeNow(prepare, waiter);
    } finally {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#takeLate(next);
      this.#scheduleCommit();
    }
  }

  /** Resolves when everything that was recorded so far is durable and acted upon; rejects when it cannot be. */
  async settled(): Promise<void> {
    while (this.#commit !== undefined) await this.#commit;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Why the hub cannot go on, if it cannot. */
  get failure(): HubError | undefined {
    return this.#failure;
  }

  /** Whether what comes in now has to wait (Z1). */
  get isInTurn(): boolean {
    return this.#inTurn;
  }

  get isSettled(): boolean {
    return this.#commit === undefined;
  }

  /** The hub's time (Z6), in ms since the epoch. */
  now(): number {
    const now = this.#options.environment.now();
    this.#behindMs = Math.max(this.#behindMs, this.state.at - now);
    return now + this.#behindMs;
  }

  /** Lets go of the timer: no deadline passes from here on. */
  stopClock(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #takeNow(prepare: () => Draft, waiter: Waiter | undefined): readonly HubRecord[] {
    if (this.#failure !== undefined) throw this.#failure;
    const records = this.#takeTurn(prepare());
    if (waiter !== undefined) this.#unacknowledged.push({ waiter, records, lastSeq: this.state.seq });
    return records;
  }

  #takeLate({ prepare, waiter }: Waiting): void {
    try {
      this.#takeNow(prepare, waiter);
    } catch (error) {
      waiter?.reject(error as HubError);
    }
  }

  #takeTurn(draft: Draft): readonly HubRecord[] {
    this.#inTurn = true;
    this.#records = [];
    this.#cause = undefined;
    try {
      this.#record(draft);
      for (let done = 0; ; done++) {
        const record = this.#records[done];
        if (record === undefined) break;
        this.#cause = record;
        decide(this.#turn, record);
        if (done + 1 === this.#records.length) this.#endOfTurn();
      }
      return this.#records;
    } catch (error) {
      this.#fail('internal', 'a fault in the hub itself, which stopped', error);
      throw this.#failure;
    } finally {
      this.#inTurn = false;
      this.#armTimer();
    }
  }

  #endOfTurn(): void {
    const [first] = this.#records;
    if (first !== undefined) noticeLife(this.#turn, first);
    if (this.state.broken.size > 0) replaceBroken(this.#turn);
    match(this.#turn);
    stopWhenDrained(this.#turn);
  }

  #record(draft: Draft): void {
    const { environment, actor } = this.#options;
    const [first] = this.#records;
    const id = first === undefined ? environment.id() : first.id + suffix(this.#records.length);
    const record = deepFreeze({
      seq: this.state.seq + 1,
      at: this.now(),
      id,
      from: draft.from,
      to: draft.to,
      type: draft.type,
      payload: draft.payload,
      correlationId: correlationOf(this.state, draft.payload) ?? this.#cause?.correlationId ?? id,
      causationId: draft.causationId ?? this.#cause?.id ?? null,
    }) as HubRecord;
    deliver(actor, record);
    const snapshot: { readonly status: string; readonly error?: unknown } = actor.getSnapshot();
    if (this.state.seq !== record.seq || snapshot.status !== 'active') {
      throw new Error(`record ${record.seq} (${record.type}) was not folded`, { cause: snapshot.error });
    }
    this.#records.push(record);
    this.#uncommitted.push(record);
  }

  #scheduleCommit(): void {
    if (this.#uncommitted.length === 0) return;
    this.#commit ??= this.#commitAll();
    if (this.#isBeside && this.#uncommitted.length >= manyRecords) this.#giveToStore();
  }

  async #commitAll(): Promise<void> {
    await undefined; // What else is taken in this tick goes into the same commit.
    for (let commit = this.#nextCommit(); commit !== undefined; commit = this.#nextCommit()) {
      if (commit.written !== undefined) await commit.written;
      if (this.#failure !== undefined) break;
      this.#durableSeq += commit.batch.length;
      if (this.#isBeside && this.#given.length === 0) this.#giveToStore();
      for (const record of commit.batch) this.#options.act(record);
      this.#acknowledge();
    }
    this.#commit = undefined;
  }

  #nextCommit(): Commit | undefined {
    if (this.#given.length === 0) this.#giveToStore();
    return this.#given.shift();
  }

  /** All that the store has not got yet, if there is anything, and a checkpoint when one is due. */
  #giveToStore(): void {
    if (this.#uncommitted.length === 0 || this.#failure !== undefined) return;
    const { store, checkpointer } = this.#options;
    const checkpoint = checkpointer?.take();
    const batch = this.#uncommitted;
    this.#uncommitted = [];
    const failed = (cause: unknown) => {
      if (this.#failure === undefined) this.#fail('storeFailed', 'the store failed, and the hub stopped', cause);
    };
    try {
      const appended = store.append(this.#givenSeq, batch);
      this.#isBeside ||= appended !== undefined && store.takesAhead === true;
      const saved = appended === undefined ? checkpoint?.save() : appended.then(() => checkpoint?.save());
      this.#givenSeq += batch.length;
      this.#given.push({ batch, written: saved?.catch(failed) });
    } catch (cause) {
      failed(cause);
    }
  }

  #acknowledge(): void {
    const open = this.#unacknowledged;
    const done = open.findIndex(({ lastSeq }) => lastSeq > this.#durableSeq);
    for (const { waiter, records } of open.splice(0, done < 0 ? open.length : done)) waiter.resolve(records);
  }

  #fail(code: 'storeFailed' | 'internal', what: string, cause: unknown): void {
    const why = cause instanceof Error ? cause.message : String(cause);
    const failure = new HubError(code, `${what}: ${why}`, { cause });
    this.#failure = failure;
    this.stopClock();
    for (const { waiter } of this.#unacknowledged.splice(0)) waiter.reject(failure);
    this.#options.onFailure(failure);
  }

  #armTimer(): void {
    const next = this.state.life === 'stopped' ? undefined : this.state.deadlines.next();
    const wakeAt = next && next.dueAt - this.#behindMs;
    if (wakeAt === this.#timer?.wakeAt) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (wakeAt === undefined) return;
    const cancel = this.#options.environment.wakeAt(wakeAt, () => {
      this.#timer = undefined;
      this.#passDeadlines();
    });
    this.#timer = { wakeAt, cancel };
  }

  #passDeadlines(): void {
    for (
      let due = this.state.deadlines.next();
      due !== undefined && due.dueAt <= this.now() && this.#failure === undefined;
      due = this.state.deadlines.next()
    ) {
      const payload = due;
      try {
        this.take(() => ({ from: 'clock', to: 'hub', type: 'deadline.passed', payload }));
      } catch {
        return; // The hub has failed, and who waits for it knows.
      }
    }
    this.#armTimer(); // It rang too early when the clock was set back meanwhile.
  }
}

/** Of the ids in a turn. A text that is there already saves each of them a piece (`bench/README.md`). */
const suffixes = Array.from({ length: 100 }, (_, index) => `.${index}`);
const suffix = (index: number): string => suffixes[index] ?? `.${index}`;

/** What is about a task, a consultation, a gate or an orchestration belongs to the message that began that. */
function correlationOf(state: HubState, payload: Payload<MessageType>): string | undefined {
  const { taskId, consultationId, gateId, orchestrationId, kind, subject } = payload as Partial<Record<string, string>>;
  const isAbout = (what: string) => (kind === what ? subject : undefined);
  const task = taskId ?? isAbout('task') ?? isAbout('start') ?? isAbout('retry') ?? isAbout('progress');
  const orchestration = orchestrationId ?? isAbout('planning') ?? isAbout('revision');
  const consultation = consultationId ?? isAbout('consultation');
  const gate = gateId ?? isAbout('gate');
  return (
    (task === undefined ? undefined : state.tasks.get(task)?.correlationId) ??
    (consultation === undefined ? undefined : state.consultations.get(consultation)?.correlationId) ??
    (gate === undefined ? undefined : state.gates.get(gate)?.correlationId) ??
    (orchestration === undefined ? undefined : state.orchestrations.get(orchestration)?.correlationId)
  );
}
