/**
 * One call of a driver: what it is about, and the way to call it off.
 *
 * The signal is made when somebody looks at it, and most drivers never do: in Node an AbortSignal costs as
 * much as a task's whole chart.
 */
import type { Work } from './agent-context.ts';

export class Call implements Work {
  readonly agentId: string;
  readonly causationId: string;
  readonly task: Work['task'];
  readonly question: Work['question'];
  #controller: AbortController | undefined;

  constructor(agentId: string, causationId: string, about: Pick<Work, 'task' | 'question'>) {
    this.agentId = agentId;
    this.causationId = causationId;
    this.task = about.task;
    this.question = about.question;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  get isCalledOff(): boolean {
    return this.#controller?.signal.aborted ?? false;
  }

  callOff(reason: Error): void {
    this.#controller ??= new AbortController();
    this.#controller.abort(reason);
  }
}
