/**
 * Asks the planner, in the world, and gives its answer to the hub as a message.
 *
 * - Pl1 asked when the record that calls for it is durable, and again after a restart while there is no
 *   answer; an answer that comes when nobody waits for it any more changes nothing.
 * - Pl2 a planner that throws, hangs or answers nonsense ends its own orchestration, or has a person asked.
 */
import { HubError } from '../machines/errors.ts';
import type { Json } from '../machines/json.ts';
import type { HubRecord, MessageType, PayloadInput } from '../machines/messages.ts';
import { mayBeRevised } from './blocked-subtasks.ts';
import { draft } from './door.ts';
import type { Draft, Kernel } from './kernel.ts';
import type { OrchestrationEntry } from './orchestration-state.ts';
import type { Planner } from './planner.ts';
import { describe } from './thrown.ts';

export class Planning {
  readonly #planner: Planner;
  readonly #kernel: () => Kernel;
  readonly #asking = new Map<string, AbortController>();

  constructor(planner: Planner, kernel: () => Kernel) {
    this.#planner = planner;
    this.#kernel = kernel;
  }

  act(record: HubRecord): void {
    switch (record.type) {
      case 'hub.started':
        return this.#askAgain();
      case 'orchestration.analysed':
        if (record.payload.complexity === 'complex') this.#plan(record.payload.orchestrationId);
        return;
      case 'orchestration.subtaskFailed':
        return this.#revise(record.payload.orchestrationId, record.payload.subtaskId);
      case 'orchestration.blocked':
        return this.#stop(keyOf(record.payload), 'a person decides about it');
      case 'orchestration.completed':
      case 'orchestration.failed':
      case 'orchestration.cancelled':
        return this.#stopAll(record.payload.orchestrationId);
    }
  }

  stopAll(): void {
    for (const key of [...this.#asking.keys()]) this.#stop(key, 'the hub has stopped');
  }

  #plan(orchestrationId: string): void {
    const { state } = this.#kernel();
    const entry = state.orchestrations.get(orchestrationId);
    if (entry === undefined || entry.plan !== null || entry.spec.plan !== undefined) return;
    const { request } = entry.spec;
    this.#ask(
      keyOf({ orchestrationId }),
      (signal) => this.#planner.plan(request, { masters: state.agents.types(), signal }),
      (plan) => draftOf('orchestration.plan', { orchestrationId, plan }),
      (reason) => draftOf('orchestration.unplanned', { orchestrationId, reason }),
    );
  }

  #revise(orchestrationId: string, subtaskId: string): void {
    const { state } = this.#kernel();
    const entry = state.orchestrations.get(orchestrationId);
    const node = entry?.nodes.get(subtaskId);
    if (entry === undefined || node?.status !== 'failed' || !mayBeRevised({ planner: this.#planner }, node)) return;
    const context = { masters: state.agents.types(), failures: [...node.failures], results: resultsFor(entry, node) };
    this.#ask(
      keyOf({ orchestrationId, subtaskId }),
      (signal) => this.#planner.revise?.(node.subtask, { ...context, signal }),
      (subtasks) => draftOf('orchestration.revision', { orchestrationId, subtaskId, subtasks }),
      (reason) => draftOf('orchestration.revision', { orchestrationId, subtaskId, subtasks: null, reason }),
    );
  }

  #askAgain(): void {
    for (const [orchestrationId, { nodes }] of this.#kernel().state.orchestrations) {
      this.#plan(orchestrationId);
      for (const [subtaskId, { status }] of nodes) if (status === 'failed') this.#revise(orchestrationId, subtaskId);
    }
  }

  /** Asks, unless it is being asked already, and says what came of it, unless nobody waits for that any more. */
  #ask(
    key: string,
    ask: (signal: AbortSignal) => unknown,
    answered: (answer: Json) => Draft,
    failed: (reason: string) => Draft,
  ): void {
    if (this.#asking.has(key)) return;
    const asking = new AbortController();
    this.#asking.set(key, asking);
    void answerOf(() => ask(asking.signal), answered, failed).then((message) => {
      if (asking.signal.aborted) return;
      this.#asking.delete(key);
      this.#say(message);
    });
  }

  #stop(key: string, why: string): void {
    this.#asking.get(key)?.abort(new HubError('conflict', why));
    this.#asking.delete(key);
  }

  #stopAll(orchestrationId: string): void {
    if (this.#asking.size === 0) return;
    const own = keyOf({ orchestrationId });
    for (const key of [...this.#asking.keys()]) {
      if (key.startsWith(own)) this.#stop(key, 'the orchestration is over');
    }
  }

  #say(message: Draft): void {
    const kernel = this.#kernel();
    if (kernel.state.life === 'stopped' || kernel.failure !== undefined) return;
    try {
      kernel.take(() => message);
    } catch (error) {
      if (!(error instanceof HubError) || (error.code !== 'storeFailed' && error.code !== 'internal')) throw error;
    }
  }
}

/** Ids have no blanks, so no key is the beginning of that of another orchestration. */
const keyOf = ({ orchestrationId, subtaskId = '' }: { orchestrationId: string; subtaskId?: string }): string =>
  `${orchestrationId} ${subtaskId}`;

const draftOf = <T extends MessageType>(type: T, payload: PayloadInput<T>): Draft =>
  draft('planner', 'hub', type, payload);

/** What is to be said of the planner's answer; it need not be fit for the log. */
async function answerOf(
  ask: () => unknown,
  answered: (answer: Json) => Draft,
  failed: (reason: string) => Draft,
): Promise<Draft> {
  try {
    return answered(((await ask()) ?? null) as Json);
  } catch (error) {
    return failed(`the planner failed: ${describe(error)}`.slice(0, 500));
  }
}

const resultsFor = ({ nodes }: OrchestrationEntry, { dependencies }: { readonly dependencies: readonly string[] }) =>
  Object.fromEntries(dependencies.map((id) => [id, nodes.get(id)?.result ?? null]));
