/**
 * Asks the planner, in the world, and gives its answer to the hub as a message.
 *
 * - Pl1 asked when the record that calls for it is durable, and again after a restart while there is no
 *   answer; an answer that comes when nobody waits for it any more changes nothing.
 * - Pl2 a planner that throws, hangs or answers nonsense ends its own orchestration, or has a person asked.
 */
import { HubError } from '../machines/errors.ts';
import { admitJson, type Json } from '../machines/json.ts';
import type { HubRecord, MessageType, PayloadInput } from '../machines/messages.ts';
import { draft } from './door.ts';
import type { Kernel } from './kernel.ts';
import { mastersOf, mayBeRevised } from './orchestrations.ts';
import type { Planner } from './planner.ts';

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
      case 'orchestration.completed':
      case 'orchestration.failed':
      case 'orchestration.cancelled':
        return this.#stop(record.payload.orchestrationId);
    }
  }

  stopAll(): void {
    for (const id of [...this.#asking.keys()]) this.#stop(id);
  }

  #plan(orchestrationId: string): void {
    const { state } = this.#kernel();
    const entry = state.orchestrations.get(orchestrationId);
    if (entry === undefined || entry.plan !== null || entry.spec.plan !== undefined) return;
    const signal = this.#begin(orchestrationId);
    const context = { masters: mastersOf({ state }), signal };
    void answerOf(() => this.#planner.plan(entry.spec.request, context)).then((answer) => {
      if (signal.aborted) return;
      if ('plan' in answer) this.#say('orchestration.plan', { orchestrationId, plan: answer.plan });
      else this.#say('orchestration.unplanned', { orchestrationId, reason: answer.reason });
    });
  }

  #revise(orchestrationId: string, subtaskId: string): void {
    const { state } = this.#kernel();
    const entry = state.orchestrations.get(orchestrationId);
    const node = entry?.nodes.get(subtaskId);
    if (entry === undefined || node?.status !== 'failed' || !mayBeRevised({ planner: this.#planner }, node)) return;
    const signal = this.#begin(orchestrationId);
    const results = Object.fromEntries([...entry.nodes].map(([id, { result }]) => [id, result]));
    const context = { masters: mastersOf({ state }), signal, failures: [...node.failures], results };
    void answerOf(() => this.#planner.revise?.(node.subtask, context)).then((answer) => {
      if (signal.aborted) return;
      const subtasks = 'plan' in answer ? answer.plan : null;
      this.#say('orchestration.revision', { orchestrationId, subtaskId, subtasks });
    });
  }

  #askAgain(): void {
    for (const [orchestrationId, { nodes }] of this.#kernel().state.orchestrations) {
      this.#plan(orchestrationId);
      for (const [subtaskId, { status }] of nodes) if (status === 'failed') this.#revise(orchestrationId, subtaskId);
    }
  }

  /** One signal an orchestration: whatever is asked for its sake ends with it. */
  #begin(orchestrationId: string): AbortSignal {
    const asking = this.#asking.get(orchestrationId) ?? new AbortController();
    this.#asking.set(orchestrationId, asking);
    return asking.signal;
  }

  #stop(orchestrationId: string): void {
    this.#asking.get(orchestrationId)?.abort(new HubError('conflict', 'the orchestration is over'));
    this.#asking.delete(orchestrationId);
  }

  #say<T extends MessageType>(type: T, payload: PayloadInput<T>): void {
    const kernel = this.#kernel();
    if (kernel.state.life === 'stopped' || kernel.failure !== undefined) return;
    kernel.take(() => draft('planner', 'hub', type, payload));
  }
}

/** What the planner said, as far as it can stand in the log. */
async function answerOf(ask: () => unknown): Promise<{ readonly plan: Json } | { readonly reason: string }> {
  try {
    return { plan: admitJson((await ask()) ?? null, 'plan') };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { reason: `the planner failed: ${why}`.slice(0, 500) };
  }
}
