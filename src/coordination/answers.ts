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
import { isProcessThere } from './lock.ts';
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
  /** What it changes, from the project's directory. */
  readonly files: readonly string[];
}

interface Waiting extends Attempt {
  readonly context: AgentContext;
  readonly resolve: (result: Json) => void;
  readonly reject: (error: unknown) => void;
  /** The result file as it was read last. */
  stamp: string | undefined;
  /** What was told of it. */
  progress: { readonly percent: number | undefined; readonly note: string | undefined };
  /** The file of the worker that was heard last. */
  worker: string | undefined;
  heardAt: number | undefined;
  /** When the hub was last told of a sign of life. */
  beatAt: number;
  /** When its files were looked at last. */
  lookedAt: number;
  /** When one of them was changed last. */
  changedAt: number;
}

/** How often a sign of life goes on to the hub, and how often files are looked at, in ms. */
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
        progress: { percent: undefined, note: undefined },
        worker: undefined,
        heardAt: undefined,
        beatAt: context.now(),
        lookedAt: context.now(),
        changedAt: attempt.handedOverAt,
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
      if (this.#waiting.has(waiting)) await this.#listen(waiting, workers);
    }
  }

  /** Takes away the answer to an attempt that is over, before the next one begins. */
  async setAside({ master, subtaskId, retries }: Pick<Attempt, 'master' | 'subtaskId' | 'retries'>): Promise<void> {
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
    const { progress } = waiting;
    if (percent === undefined && note === undefined) return;
    if (percent === progress.percent && note === progress.note) return;
    waiting.progress = { percent, note };
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

  async #lookAtWorkers(): Promise<ReadonlyMap<string, WorkerSpec>> {
    const names = (await this.#folder.names(places.workers)).filter((name) => name.endsWith('.json'));
    for (const known of this.#workers.keys()) if (!names.includes(known)) this.#workers.delete(known);
    for (const name of names) await this.#guarded(workerPlace(name), () => this.#lookAtWorker(name));
    return new Map(
      [...this.#workers].flatMap(([name, { spec }]) => (spec === undefined ? [] : [[name, spec] as const])),
    );
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
  async #listen(waiting: Waiting, workers: ReadonlyMap<string, WorkerSpec>): Promise<void> {
    const { context, subtaskId } = waiting;
    const now = context.now();
    for (const [name, spec] of workers) {
      const at = Math.min(spec.heardAt, now);
      if (spec.subtaskId !== subtaskId || at < waiting.handedOverAt || at <= (waiting.heardAt ?? 0)) continue;
      waiting.worker = name;
      waiting.heardAt = at;
    }
    const isSilent = () => waiting.heardAt !== undefined && now - waiting.heardAt > this.#silenceMs;
    if (isSilent() || now - waiting.lookedAt > beatEvery) await this.#lookAtFiles(waiting, now);
    if (waiting.heardAt === undefined || waiting.worker === undefined) return;
    const worker = waiting.worker.replace(/\.json$/, '');
    const spec = workers.get(waiting.worker);
    if (spec?.subtaskId === subtaskId && spec.pid !== undefined && !isProcessThere(spec.pid)) {
      // It may have answered since we looked.
      await this.#guarded(resultPlace(waiting.master, subtaskId), () => this.#lookAtResult(waiting));
      waiting.reject(new Error(`worker ${worker}: its process ${spec.pid} is gone`));
    } else if (isSilent()) {
      waiting.reject(new Error(`worker ${worker}: no sign of life for ${formatDuration(this.#silenceMs)}`));
    } else if (waiting.heardAt > waiting.beatAt + beatEvery && this.#waiting.has(waiting)) {
      waiting.beatAt = waiting.heardAt;
      context.heartbeat();
    }
  }

  /** Whoever changes the files of a subtask is at it. */
  async #lookAtFiles(waiting: Waiting, now: number): Promise<void> {
    waiting.lookedAt = now;
    const times = await Promise.all(waiting.files.map((file) => this.#folder.changedAt(file)));
    const changedAt = Math.max(...times);
    if (changedAt <= waiting.changedAt || !this.#waiting.has(waiting)) return;
    waiting.changedAt = changedAt;
    if (waiting.heardAt !== undefined) waiting.heardAt = Math.max(waiting.heardAt, Math.min(changedAt, now));
    waiting.context.progress(waiting.progress.percent, waiting.progress.note);
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
