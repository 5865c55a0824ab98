/**
 * How many actors stood in which state at any moment, and what was open then.
 *
 * - L1 the answer for a moment is the same whichever moment was asked for before.
 * - L2 no moment costs more than `interval` records: every so many, the counts are kept.
 */
import type { ActorChange, HubRecord } from 'xstate-hub';
import type { Run } from './run.ts';

export type HubLife = 'recovering' | 'running' | 'paused' | 'draining' | 'stopped';

export interface Counts {
  readonly seq: number;
  readonly hub: HubLife;
  /** By kind and state: `task running.consulting`. */
  readonly states: ReadonlyMap<string, number>;
  /** Ids of actors, oldest first. */
  readonly openGates: ReadonlySet<string>;
  readonly openConsultations: ReadonlySet<string>;
}

const interval = 1_024;

/** Where a record leads the hub's own life; see the chart of the hub. */
const lives: Readonly<Record<string, (life: HubLife) => HubLife>> = {
  'hub.started': (life) => (life === 'recovering' || life === 'stopped' ? 'running' : life),
  'hub.pause': (life) => (life === 'running' ? 'paused' : life),
  'hub.resume': (life) => (life === 'paused' ? 'running' : life),
  'hub.drain': (life) => (life === 'running' || life === 'paused' ? 'draining' : life),
  'hub.stopped': () => 'stopped',
};

class Cursor implements Counts {
  seq = 0;
  hub: HubLife = 'recovering';
  readonly states: Map<string, number>;
  readonly openGates: Set<string>;
  readonly openConsultations: Set<string>;

  constructor(from?: Counts) {
    this.seq = from?.seq ?? 0;
    this.hub = from?.hub ?? 'recovering';
    this.states = new Map(from?.states);
    this.openGates = new Set(from?.openGates);
    this.openConsultations = new Set(from?.openConsultations);
  }

  live(type: HubRecord['type'] | undefined): void {
    this.hub = lives[type ?? '']?.(this.hub) ?? this.hub;
  }

  move(actor: string, before: string | undefined, after: string): void {
    const kind = actor.slice(0, actor.indexOf(':'));
    if (before !== undefined) this.#count(`${kind} ${before}`, -1);
    this.#count(`${kind} ${after}`, 1);
    if (kind === 'gate') keep(this.openGates, actor, after === 'open');
    else if (kind === 'consultation') {
      keep(this.openConsultations, actor, after === 'requested' || after === 'asked');
    }
  }

  #count(key: string, by: number): void {
    const count = (this.states.get(key) ?? 0) + by;
    if (count === 0) this.states.delete(key);
    else this.states.set(key, count);
  }
}

function keep(set: Set<string>, id: string, isIn: boolean): void {
  if (isIn) set.add(id);
  else set.delete(id);
}

type Source = Pick<Run, 'head' | 'typeOf' | 'changes' | 'actors'>;

export class Tally {
  readonly #run: Source;
  readonly #kept: Cursor[] = [new Cursor()];
  #cursor = new Cursor();
  /** Follows the log as it grows. */
  readonly #head = new Cursor();
  readonly #last = new Map<string, string>();

  constructor(run: Source) {
    this.#run = run;
  }

  /** After record `seq`. Good until the next call. */
  at(seq: number): Counts {
    this.#catchUp();
    const kept = this.#kept[Math.min(Math.floor(seq / interval), this.#kept.length - 1)] as Cursor;
    if (this.#cursor.seq > seq || this.#cursor.seq < kept.seq) this.#cursor = new Cursor(kept);
    const { head, changes, actors } = this.#run;
    while (this.#cursor.seq < Math.min(seq, head)) {
      const index = this.#cursor.seq++;
      this.#cursor.live(this.#run.typeOf(index + 1));
      for (const [actor, after] of lastOfEach(changes[index] ?? [])) {
        this.#cursor.move(actor, actors.get(actor)?.at(index)?.state, after);
      }
    }
    return this.#cursor;
  }

  #catchUp(): void {
    const { changes } = this.#run;
    const head = this.#head;
    while (head.seq < this.#run.head) {
      const index = head.seq++;
      head.live(this.#run.typeOf(index + 1));
      for (const { actor, state } of changes[index] ?? []) {
        head.move(actor, this.#last.get(actor), state);
        this.#last.set(actor, state);
      }
      if (head.seq % interval === 0) this.#kept.push(new Cursor(head));
    }
  }
}

/** One record may change an actor more than once; what counts is where that leaves it. */
function lastOfEach(changes: readonly ActorChange[]): Map<string, string> {
  return new Map(changes.map(({ actor, state }) => [actor, state]));
}

const tallies = new WeakMap<Source, Tally>();

/** The tally of a run: one, whoever asks. */
export function tallyOf(run: Source): Tally {
  let tally = tallies.get(run);
  if (tally === undefined) {
    tally = new Tally(run);
    tallies.set(run, tally);
  }
  return tally;
}

/** Tasks, as people count them. */
export interface TaskCounts {
  /** In the queue. */
  readonly queued: number;
  /** Not in the queue yet: being checked, not due, or waiting to be tried again. */
  readonly later: number;
  readonly working: number;
  readonly asking: number;
  readonly atGate: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
}

export function countTasks({ states }: Counts): TaskCounts {
  const of = (state: string) => states.get(`task ${state}`) ?? 0;
  return {
    queued: of('queued'),
    later: of('pending') + of('retrying'),
    working: of('assigned') + of('running.working'),
    asking: of('running.consulting'),
    atGate: of('running.awaitingHuman'),
    completed: of('completed'),
    failed: of('failed') + of('broken'),
    cancelled: of('cancelled'),
  };
}
