/**
 * Waits for what masters outside answer: results, progress, signs of life.
 *
 * - An1 each answer is taken once, for the attempt that it is about. What comes for an attempt that is over is set
 *   aside, and reaches the hub as a late result while the driver of that attempt is still known.
 * - An2 what cannot be read is told once and read again when it changes; the waiting goes on.
 */
import { type AgentContext, NonRetryableError } from '../actors/driver.ts';
import { formatDuration } from '../actors/duration.ts';
import type { Json } from '../machines/json.ts';
import {
  largestAnswer,
  type MasterAnswer,
  progressIn,
  readAnswer,
  readWorker,
  type WorkerSpec,
} from './answer-file.ts';
import type { Folder } from './folder.ts';
import type { Notices } from './notices.ts';
import { places, resultPlace, setAsidePlace, workerPlace } from './places.ts';

/** An attempt at a subtask that was handed over. */
export interface Attempt {
  readonly master: string;
  readonly subtaskId: string;
  /** How many there were before. */
  readonly retries: number;
  /** In ms since the epoch. */
  readonly handedOverAt: number;
}

interface Waiting extends Attempt {
  readonly context: AgentContext;
  readonly resolve: (result: Json) => void;
  readonly reject: (error: unknown) => void;
  /** The result file as it was read last. */
  stamp: string | undefined;
  told: string;
  worker: string | undefined;
  heardAt: number | undefined;
  /** When the hub was last told of a sign of life. */
  beatAt: number;
}

/** How often a sign of life goes on to the hub, in ms. */
const beatEvery = 30_000;

export class Answers {
  readonly #folder: Folder;
  readonly #notices: Notices;
  readonly #silenceMs: number;
  readonly #waiting = new Set<Waiting>();
  /** Attempts that were taken for zombies. */
  readonly #late = new Map<string, (result: Json) => void>();
  readonly #workers = new Map<string, { readonly stamp: string; readonly spec: WorkerSpec | undefined }>();

  constructor(folder: Folder, notices: Notices, silenceMs: number) {
    this.#folder = folder;
    this.#notices = notices;
    this.#silenceMs = silenceMs;
  }

  /** Resolves with the result; rejects with the failure, with silence, or when the work is called off. */
  wait(attempt: Attempt, context: AgentContext): Promise<Json> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        ...attempt,
        context,
        resolve: (result) => end(() => resolve(result)),
        reject: (error) => end(() => reject(error)),
        stamp: undefined,
        told: '',
        worker: undefined,
        heardAt: undefined,
        beatAt: context.now(),
      };
      const end = (settle: () => void) => {
        this.#waiting.delete(waiting);
        context.signal.removeEventListener('abort', callOff);
        settle();
      };
      const callOff = () => waiting.reject(context.signal.reason);
      if (context.signal.aborted) return reject(context.signal.reason);
      context.signal.addEventListener('abort', callOff, { once: true });
      this.#waiting.add(waiting);
    });
  }

  /** A result that comes when the attempt was over. Never rejects. */
  late({ subtaskId, retries }: Attempt): Promise<Json> {
    return new Promise((resolve) => this.#late.set(`${subtaskId}#${retries}`, resolve));
  }

  /** Looks at what has changed. */
  async look(): Promise<void> {
    if (this.#waiting.size === 0) return;
    const workers = await this.#lookAtWorkers();
    for (const waiting of [...this.#waiting]) {
      await this.#guarded(resultPlace(waiting.master, waiting.subtaskId), () => this.#lookAtResult(waiting));
      if (this.#waiting.has(waiting)) this.#listen(waiting, workers);
    }
  }

  /** Takes away the answer to an attempt that is over, before the next one begins. */
  async setAside({ master, subtaskId, retries }: Omit<Attempt, 'handedOverAt'>): Promise<void> {
    const file = await this.#folder.read(resultPlace(master, subtaskId), largestAnswer);
    if (file === undefined) return;
    let answer: MasterAnswer | undefined;
    try {
      answer = readAnswer(file.text, '');
    } catch {
      // Half of an answer is no answer.
    }
    await this.#setAside(master, subtaskId, answer, answer?.retry_count ?? retries - 1);
  }

  async #lookAtResult(waiting: Waiting): Promise<void> {
    const { master, subtaskId, retries, context } = waiting;
    const path = resultPlace(master, subtaskId);
    const stamp = await this.#folder.stamp(path);
    if (stamp === undefined || stamp === waiting.stamp) return;
    const file = await this.#folder.read(path, largestAnswer);
    if (file === undefined) return;
    waiting.stamp = file.stamp;
    const answer = readAnswer(file.text, this.#folder.nameOf(path));
    const about = answer.retry_count ?? retries;
    if (about < retries) return this.#setAside(master, subtaskId, answer, about);
    if (about > retries)
      throw new Error(`${this.#folder.nameOf(path)}: there was no attempt with retry_count ${about}`);
    if (context.signal.aborted) return;
    this.#tellProgress(waiting, answer);
    if (answer.status === 'completed') waiting.resolve(answer.result ?? null);
    else if (answer.status === 'failed') {
      waiting.reject(answer.retryable ? new Error(answer.error) : new NonRetryableError(answer.error));
    }
  }

  #tellProgress(waiting: Waiting, answer: MasterAnswer): void {
    const { percent, note } = progressIn(answer);
    const told = JSON.stringify([percent, note]);
    if (told === waiting.told || (percent === undefined && note === undefined)) return;
    waiting.told = told;
    waiting.context.progress(percent, note);
  }

  async #setAside(master: string, subtaskId: string, answer: MasterAnswer | undefined, retries: number): Promise<void> {
    const attempt = Math.max(0, retries);
    await this.#folder.move(resultPlace(master, subtaskId), setAsidePlace(master, subtaskId, attempt));
    if (answer?.status !== 'completed') return;
    const key = `${subtaskId}#${attempt}`;
    this.#notices.tell(`late ${key}`, `${subtaskId}: an answer of ${master} came too late and is set aside`);
    this.#late.get(key)?.(answer.result ?? null);
    this.#late.delete(key);
  }

  async #lookAtWorkers(): Promise<readonly (readonly [string, WorkerSpec])[]> {
    const names = (await this.#folder.names(places.workers)).filter((name) => name.endsWith('.json'));
    for (const known of this.#workers.keys()) if (!names.includes(known)) this.#workers.delete(known);
    for (const name of names) await this.#guarded(workerPlace(name), () => this.#lookAtWorker(name));
    return [...this.#workers].flatMap(([name, { spec }]) => (spec === undefined ? [] : [[name, spec] as const]));
  }

  async #lookAtWorker(name: string): Promise<void> {
    const path = workerPlace(name);
    const stamp = await this.#folder.stamp(path);
    if (stamp === undefined || stamp === this.#workers.get(name)?.stamp) return;
    const file = await this.#folder.read(path, largestAnswer);
    if (file === undefined) return;
    const before = this.#workers.get(name)?.spec;
    this.#workers.set(name, { stamp: file.stamp, spec: before });
    this.#workers.set(name, { stamp: file.stamp, spec: readWorker(file, this.#folder.nameOf(path)) });
  }

  /** Signs of life of whoever is at the attempt; those from before it was handed over are of somebody else. */
  #listen(waiting: Waiting, workers: readonly (readonly [string, WorkerSpec])[]): void {
    const { context } = waiting;
    const now = context.now();
    for (const [name, { subtaskId, heardAt }] of workers) {
      const at = Math.min(heardAt, now);
      if (subtaskId !== waiting.subtaskId || at < waiting.handedOverAt || at <= (waiting.heardAt ?? 0)) continue;
      waiting.worker = name.replace(/\.json$/, '');
      waiting.heardAt = at;
    }
    if (waiting.heardAt === undefined) return;
    if (now - waiting.heardAt > this.#silenceMs) {
      waiting.reject(new Error(`worker ${waiting.worker}: no sign of life for ${formatDuration(this.#silenceMs)}`));
    } else if (waiting.heardAt > waiting.beatAt + beatEvery) {
      waiting.beatAt = waiting.heardAt;
      context.heartbeat();
    }
  }

  async #guarded(path: readonly string[], work: () => Promise<void>): Promise<void> {
    const about = path.join('/');
    try {
      await work();
      this.#notices.over(about);
    } catch (error) {
      this.#notices.tell(about, (error as Error).message);
    }
  }
}
