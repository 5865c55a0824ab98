/**
 * A disk that keeps what is synced and nothing else, and the store on it: one frame for each append, which counts
 * when it is whole.
 *
 * - Di1 an append is acknowledged when its frame is synced. What was written before that and not synced is kept,
 *   torn or gone after a crash; a torn frame is gone when the store is opened again.
 * - Di2 the store writes only behind what its caller expects (S1), and only for the hub that opened it last, so one that
 *   stood still writes nothing any more.
 */
import { type Checkpoints, refuseCheckpoint, type Store, StoreConflict } from '../actors/store.ts';
import type { Json } from '../machines/json.ts';
import type { HubRecord } from '../machines/messages.ts';
import type { Life } from './life.ts';
import type { ActionOf, Plan, Survives } from './plan.ts';

interface Frame {
  readonly records: readonly HubRecord[];
  readonly life: Life;
  /** How many of its records are on the disk; fewer than all when it is torn. */
  kept: number;
  isSynced: boolean;
}

type AppendFault = ActionOf<'crashAtAppend'> | ActionOf<'failAtAppend'>;
type CheckpointFault = Plan['checkpointFaults'][number];

/** How a process ends. */
interface Crash extends Pick<ActionOf<'crash'>, 'survives' | 'downMs' | 'skewMs'> {
  readonly point: string;
}

export interface DiskOptions {
  /** By the number of the append, from 1. */
  readonly faults: ReadonlyMap<number, AppendFault>;
  /** How long each append takes, over and over. */
  readonly appendMs: readonly number[];
  readonly keepsCheckpoints: boolean;
  /** By the number of the checkpoint, from 1. */
  readonly checkpointFaults: ReadonlyMap<number, CheckpointFault>;
  /** The process is gone. */
  readonly crash: (life: Life, crash: Crash) => void;
  /** A fault has happened. */
  readonly count: (fault: string) => void;
  readonly onWritten: (life: Life, fromSeq: number, toSeq: number) => void;
}

/** What a store on the disk does otherwise than it should; for planted bugs. */
export interface DiskQuirks {
  /** Acknowledges before the frame is synced. */
  readonly skipsSync?: boolean;
  /** Takes records wherever its caller thinks that the log ends. */
  readonly skipsExpected?: boolean;
  /** Takes records of whoever has ever opened it. */
  readonly skipsEpoch?: boolean;
  /** Reads what is left of a torn frame. */
  readonly readsTorn?: boolean;
  /** Says that all went well when the disk failed. */
  readonly hidesErrors?: boolean;
  /** Leaves out the last record when it is opened again. */
  readonly dropsTail?: boolean;
}

const never = (): Promise<void> => new Promise(() => {});

export class Disk {
  readonly #options: DiskOptions;
  readonly #quirks: DiskQuirks;
  #frames: Frame[] = [];
  #length = 0;
  #durable = 0;
  #appends = 0;
  #checkpoints = 0;
  #writer: Life | undefined;
  /** The last checkpoint, as text: nothing is shared with the process that saved it. */
  #checkpoint: { readonly seq: number; readonly entries: ReadonlyMap<string, string> } | undefined;
  #isHealed = false;

  constructor(options: DiskOptions, quirks: DiskQuirks = {}) {
    this.#options = options;
    this.#quirks = quirks;
  }

  /** How many records a crash cannot take away. */
  get durable(): number {
    return this.#durable;
  }

  /** From now on nothing goes wrong, and nothing takes long. */
  heal(): void {
    this.#isHealed = true;
  }

  /** The records that are whole, synced or not. */
  records(): HubRecord[] {
    return this.#frames.flatMap(({ records, kept }) => records.slice(0, kept));
  }

  /** A process is gone, or stands still: what it was writing and had not synced is decided now. */
  settle(life: Life, survives: Survives): void {
    const { skipsSync, readsTorn } = this.#quirks;
    const kept: Frame[] = [];
    for (const frame of this.#frames) {
      if (frame.life !== life || frame.isSynced) {
        kept.push(frame);
        continue;
      }
      if (survives === 'all') kept.push(Object.assign(frame, { isSynced: true }));
      else {
        this.#options.count(survives === 'torn' ? 'tornWrite' : 'lostSuffix');
        if (survives === 'torn' && readsTorn === true && frame.records.length > 1) {
          kept.push({ ...frame, kept: frame.records.length - 1, isSynced: true });
        }
        if (skipsSync === true) break;
      }
    }
    this.#frames = kept;
    this.#length = this.records().length;
    this.#durable = this.#length;
  }

  /** Behind a checkpoint nobody needs a record any more, so no hub gets one; the judges see them all. */
  get #pruned(): number {
    return this.#checkpoint?.seq ?? 0;
  }

  /** The store of one start of the hub. */
  open(life: Life): Store {
    const { skipsExpected, skipsEpoch, hidesErrors, dropsTail, skipsSync } = this.#quirks;
    this.#writer = life;
    if (dropsTail === true && this.#frames.length > 1) {
      const last = this.#frames.at(-1) as Frame;
      this.#frames[this.#frames.length - 1] = { ...last, records: last.records.slice(0, -1), kept: last.kept - 1 };
      this.#length--;
    }
    return {
      append: (expectedSeq, records) => {
        if (life.isDead || records.length === 0) return life.isDead ? never() : undefined;
        const nth = ++this.#appends;
        const fault = this.#isHealed ? undefined : this.#options.faults.get(nth);
        if (skipsEpoch !== true && this.#writer !== life) throw new StoreConflict('another hub has taken over');
        if (skipsExpected !== true && expectedSeq !== this.#length) {
          throw new StoreConflict(`the log ends at ${this.#length}, not at ${expectedSeq}`);
        }
        if (fault?.do === 'crashAtAppend' && fault.point === 'before') {
          this.#options.crash(life, fault);
          return never();
        }
        if (fault?.do === 'failAtAppend') {
          this.#options.count(fault.how === 'full' ? 'diskFull' : 'ioError');
          // A full disk takes nothing; after an error nobody knows.
          if (fault.how === 'io' && fault.survives === 'all') this.#sync(this.#write(life, records));
          if (hidesErrors === true) return undefined;
          const error = new Error(fault.how === 'full' ? 'ENOSPC: no space left on device' : 'EIO: i/o error');
          if (fault.rejects) return Promise.reject(error);
          throw error;
        }
        const frame = this.#write(life, records);
        if (fault?.do === 'crashAtAppend' && fault.point === 'unsynced') {
          this.#options.crash(life, fault);
          return never();
        }
        const ms = this.#isHealed ? 0 : (this.#options.appendMs[nth % this.#options.appendMs.length] ?? 0);
        if (ms === 0 || skipsSync === true) {
          if (skipsSync !== true) this.#sync(frame);
          if (fault?.do === 'crashAtAppend') {
            this.#options.crash(life, fault);
            return never();
          }
          return undefined;
        }
        this.#options.count('slowDisk');
        return new Promise((resolve, reject) => {
          life.environment.wakeAt(life.environment.now() + ms, () => {
            if (!this.#frames.includes(frame)) {
              reject(new StoreConflict('somebody else has written meanwhile'));
              return;
            }
            this.#sync(frame);
            if (fault?.do === 'crashAtAppend') this.#options.crash(life, fault);
            else resolve();
          });
        });
      },
      read: (fromSeq) => this.records().filter(({ seq }) => seq >= Math.max(fromSeq, this.#pruned + 1)),
      ...(this.#options.keepsCheckpoints && { checkpoints: this.#checkpointsOf(life) }),
      close() {},
    };
  }

  /** A checkpoint is there when all of it is, and not before (S4). */
  #checkpointsOf(life: Life): Checkpoints {
    return {
      save: (seq, changes) => {
        if (life.isDead) return never();
        if (this.#writer !== life) throw new StoreConflict('another hub has taken over');
        refuseCheckpoint(seq, this.#durable, this.#checkpoint?.seq);
        const fault = this.#isHealed ? undefined : this.#options.checkpointFaults.get(++this.#checkpoints);
        const crash = () => {
          const { downMs = 0 } = fault ?? {};
          this.#options.crash(life, { point: 'checkpoint', survives: 'nothing', downMs, skewMs: 0 });
          return never();
        };
        if (fault?.how === 'crashBefore') return crash();
        if (fault?.how === 'throws' || fault?.how === 'rejects') {
          this.#options.count('checkpointFails');
          const error = new Error('EIO: i/o error');
          if (fault.how === 'rejects') return Promise.reject(error);
          throw error;
        }
        const entries = new Map(this.#checkpoint?.entries);
        for (const [key, entry] of changes) {
          if (entry === null) entries.delete(key);
          else entries.set(key, JSON.stringify(entry));
        }
        const keep = () => {
          this.#checkpoint = { seq, entries };
          this.#options.count('checkpoint');
        };
        const [ms = 0] = this.#isHealed ? [] : this.#options.appendMs;
        if (ms === 0 || fault?.how === 'crashBehind') keep();
        if (fault?.how === 'crashBehind') return crash();
        if (ms === 0) return undefined;
        return new Promise((resolve) => {
          life.environment.wakeAt(life.environment.now() + ms, () => {
            keep();
            resolve();
          });
        });
      },
      load: () => {
        if (this.#checkpoint === undefined) return undefined;
        const { seq, entries } = this.#checkpoint;
        this.#options.count('checkpointLoaded');
        return { seq, entries: [...entries].map(([key, entry]) => [key, JSON.parse(entry) as Json] as const) };
      },
    };
  }

  #write(life: Life, records: readonly HubRecord[]): Frame {
    const frame = { records, life, kept: records.length, isSynced: false };
    this.#frames.push(frame);
    this.#length += records.length;
    const [first, last] = [records[0], records.at(-1)];
    if (first !== undefined && last !== undefined) this.#options.onWritten(life, first.seq, last.seq);
    return frame;
  }

  #sync(frame: Frame): void {
    frame.isSynced = true;
    this.#durable += frame.kept;
  }
}
