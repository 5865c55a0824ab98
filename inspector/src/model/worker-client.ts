/** The page's end of the line to its worker: questions as promises, everything else by callback. */
import type { FromWorker, QuestionName, Questions, ToWorker, Trouble } from '../engine/protocol.ts';

/** A question that was refused: what went wrong, for people. */
export class Refusal extends Error implements Trouble {
  override readonly name = 'Refusal';
  readonly path?: string;
  readonly expected?: string;

  constructor({ message, path, expected }: Trouble) {
    super(message);
    if (path !== undefined) this.path = path;
    if (expected !== undefined) this.expected = expected;
  }
}

export type News = Exclude<FromWorker, { kind: 'answer' | 'refusal' }>;

interface Open {
  readonly resolve: (answer: never) => void;
  readonly reject: (refusal: Refusal) => void;
}

export class WorkerClient {
  readonly #worker = new Worker(new URL('../engine/worker.ts', import.meta.url), { type: 'module' });
  readonly #open = new Map<number, Open>();
  #lastId = 0;

  constructor(onNews: (news: News) => void) {
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.kind !== 'answer' && data.kind !== 'refusal') return onNews(data);
      const open = this.#open.get(data.id);
      this.#open.delete(data.id);
      if (data.kind === 'answer') open?.resolve(data.answer as never);
      else open?.reject(new Refusal(data.trouble));
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#rejectAll(event.message || 'the worker of this run has failed');
    };
  }

  ask<N extends QuestionName>(question: N, ask: Questions[N]['ask']): Promise<Questions[N]['answer']> {
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#open.set(id, { resolve, reject });
      this.#worker.postMessage({ id, question, ask } as ToWorker);
    });
  }

  close(): void {
    this.#worker.terminate();
    this.#rejectAll('this run was closed');
  }

  #rejectAll(message: string): void {
    for (const { reject } of this.#open.values()) reject(new Refusal({ message }));
    this.#open.clear();
  }
}
