/** A process that works on a hub until something is done to it. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { HistoryEvent } from '../simulator/history.ts';
import { readNotes, type Said } from './notebook.ts';
import type { WorkerOptions } from './worker.ts';

/** How it ended: by itself with a code, or by a signal. */
export type Fate = number | NodeJS.Signals;

export interface VictimOptions {
  /** The built worker.js. */
  readonly worker: string;
  readonly options: WorkerOptions;
  /** What strace is to do to it, as its arguments say it; without them it runs by itself. */
  readonly strace?: readonly string[];
}

export class Victim {
  readonly life: number;
  readonly history: HistoryEvent[] = [];
  readonly said: Said[] = [];
  readonly ended: Promise<Fate>;
  readonly #child: ChildProcess;
  readonly #isTraced: boolean;
  readonly #waiting = new Set<() => void>();
  #fate: Fate | undefined;
  #rest = '';
  #stderr = '';

  constructor({ worker, options, strace }: VictimOptions) {
    this.life = options.life;
    const command = [process.execPath, worker, JSON.stringify(options)];
    const [program, ...args] = strace === undefined ? command : ['strace', ...strace, '--', ...command];
    this.#isTraced = strace !== undefined;
    this.#child = spawn(program as string, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: this.#isTraced });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-2000);
    });
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject).once('close', (code, signal) => {
        this.#fate = code ?? signal ?? 0;
        this.#leaveOpen();
        this.#tell();
        resolve(this.#fate);
      });
    });
  }

  get stderr(): string {
    return this.#stderr;
  }

  signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#fate !== undefined) return;
    process.kill(this.#isTraced ? -pid : pid, signal); // What strace traces would outlive it.
  }

  /** Ends it as a power cut ends processes; resolves when it is gone. */
  kill(): Promise<Fate> {
    this.signal('SIGKILL');
    return this.ended;
  }

  has(say: Said['say']): boolean {
    return this.said.some((one) => one.say === say);
  }

  /** Resolves when it has said this, or has ended; whether it has said it. */
  async until(...says: readonly Said['say'][]): Promise<boolean> {
    const isSaid = () => says.some((say) => this.has(say));
    while (!isSaid() && this.#fate === undefined) {
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
      });
    }
    return isSaid();
  }

  #hear(text: string): void {
    const whole = this.#rest + text;
    const end = whole.lastIndexOf('\n') + 1;
    this.#rest = whole.slice(end);
    const { history, said } = readNotes(whole.slice(0, end));
    this.history.push(...history);
    this.said.push(...said);
    this.#tell();
  }

  /** Whoever waited for this process will never know. */
  #leaveOpen(): void {
    const ended = new Set(this.history.filter(({ kind }) => kind !== 'invoke').map(({ call }) => call));
    const open = this.history.filter(({ kind, call }) => kind === 'invoke' && !ended.has(call));
    for (const event of open) this.history.push({ ...event, kind: 'unknown', value: null });
  }

  #tell(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
