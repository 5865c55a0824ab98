/**
 * One store and all that is done to it: its processes one after the other, what they were heard to say, and the
 * verdict after each fault.
 *
 * - Or1 a client says again what it does not know to have been heard, under the same keys (I4).
 * - Or2 when something does not hold, all that was seen stays in a folder; else nothing does.
 */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { HistoryEvent } from '../simulator/history.ts';
import type { Violation } from '../simulator/violation.ts';
import { type Judgement, judge } from './judge.ts';
import { Notebook, type NotedEffect, readEffects, readNotes, type Said } from './notebook.ts';
import { type Fate, Victim } from './victim.ts';
import { type WorkloadOptions, work } from './workload.ts';

/** Something did not hold. */
export class Loss extends Error {
  override readonly name = 'Loss';
  readonly violations: readonly Violation[];
  /** Where the store and all that was seen are. */
  readonly folder: string;

  constructor(violations: readonly Violation[], folder: string) {
    super(violations.map(({ invariant, why }) => `${invariant}: ${why}`).join('\n'));
    this.violations = violations;
    this.folder = folder;
  }
}

export type Work = Partial<Pick<WorkloadOptions, 'tasks' | 'atOnce' | 'paceMs' | 'drains' | 'leaseMs'>>;

/** What was heard of one start of a hub. */
type Life = Pick<Victim, 'history' | 'said' | 'stderr'>;

/** Longest that a hub may take to do what is left, in ms. */
const patienceMs = 120_000;

/** A judged store in numbers. */
export interface Count {
  readonly records: number;
  /** What clients were told that it counts: tasks, messages, decisions. */
  readonly acknowledged: number;
  /** Calls of drivers. */
  readonly effects: number;
}

export class Ordeal {
  readonly folder: string;
  /** The store's file. */
  readonly path: string;
  readonly #worker: string;
  readonly #effects: string;
  readonly #victims: Victim[] = [];
  readonly #lives: Life[] = [];
  #judgement: Judgement | undefined;

  constructor(name: string, worker: string) {
    this.folder = mkdtempSync(join(tmpdir(), `xstate-hub-torture-${name}-`));
    this.path = join(this.folder, 'log.db');
    this.#effects = join(this.folder, 'effects.jsonl');
    this.#worker = worker;
    closeSync(openSync(this.#effects, 'a'));
  }

  /** Starts a process on the store. */
  start(given: Work = {}, strace?: readonly string[]): Victim {
    const options = { ...this.#workload(given), effects: this.#effects, life: this.#lives.length + 1 };
    const victim = new Victim({ worker: this.#worker, options, ...(strace && { strace }) });
    this.#victims.push(victim);
    this.#lives.push(victim);
    return victim;
  }

  /** Judges what is there now; throws {@link Loss}. */
  judge(isDrained = false): Judgement {
    this.#judgement = judge(this.path, { ...this.#heard(), isDrained });
    this.insist(this.#judgement.violations);
    return this.#judgement;
  }

  /** Lets a hub that nobody harms do what is left, in this process, and judges the end. */
  async heal(): Promise<Judgement> {
    const life = this.#lives.length + 1;
    const told = join(this.folder, 'healer.jsonl');
    const [history, effects] = [openSync(told, 'a'), openSync(this.#effects, 'a')];
    let failure: unknown;
    try {
      const healing = work(
        this.#workload({ tasks: 0, drains: true, paceMs: 0 }),
        new Notebook({ life, history, effects }),
      );
      failure = await Promise.race([healing, wait(patienceMs, new Error('it does not end'), { ref: false })]);
    } catch (error) {
      failure = error;
    }
    closeSync(history);
    closeSync(effects);
    this.#lives.push({ ...readNotes(readFileSync(told, 'utf8')), stderr: '' });
    if (failure !== undefined) this.complain('I27', `nobody harmed hub ${life}: ${String(failure)}`);
    return this.judge(true);
  }

  /** Throws {@link Loss} if there is a violation, and keeps everything then (Or2). */
  insist(violations: readonly Violation[]): void {
    if (violations.length === 0) return;
    const { history, said } = this.#heard();
    writeFileSync(join(this.folder, 'history.jsonl'), history.map((event) => `${JSON.stringify(event)}\n`).join(''));
    writeFileSync(
      join(this.folder, 'verdict.json'),
      JSON.stringify({ violations, said, stderr: this.#lives.map(({ stderr }) => stderr) }, null, 2),
    );
    throw new Loss(violations, this.folder);
  }

  /** @param what happened to a process that should not have happened */
  complain(invariant: string, why: string): never {
    this.insist([{ invariant, why, seqs: [] }]);
    throw new Error(why);
  }

  count(): Count {
    const { history, effects } = this.#heard();
    return {
      records: this.#judgement?.records.length ?? 0,
      acknowledged: history.filter(({ kind }) => kind === 'ok').length,
      effects: effects.filter(({ kind }) => kind === 'run').length,
    };
  }

  /** Ends what still runs, and leaves nothing behind. */
  async close(): Promise<void> {
    await this.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async end(): Promise<Fate[]> {
    return Promise.all(this.#victims.map((victim) => victim.kill()));
  }

  #heard(): { history: HistoryEvent[]; effects: NotedEffect[]; said: Said[] } {
    return {
      history: this.#lives.flatMap(({ history }) => history),
      effects: readEffects(this.#effects),
      said: this.#lives.flatMap(({ said }) => said),
    };
  }

  #workload({ tasks = 100_000, atOnce = 6, paceMs = 1, drains = false, leaseMs = 10_000 }: Work): WorkloadOptions {
    return { path: this.path, ...this.#unheard(), tasks, atOnce, paceMs, drains, leaseMs };
  }

  /** Which tasks a client does not know to be safe, and the first number that is free. */
  #unheard(): { again: number[]; from: number } {
    const submits = this.#lives.flatMap(({ history }) => history.filter(({ command }) => command === 'submit'));
    const asked = new Map(
      submits.filter(({ kind }) => kind === 'invoke').map(({ call, value }) => [call, numberOf(value)]),
    );
    const heard = new Set(submits.filter(({ kind }) => kind === 'ok').map(({ call }) => asked.get(call)));
    const all = [...new Set(asked.values())];
    return { again: all.filter((number) => !heard.has(number)), from: Math.max(0, ...all) + 1 };
  }
}

const numberOf = (task: HistoryEvent['value']): number => Number((task as { readonly id: string }).id.slice(2));
