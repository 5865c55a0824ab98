/**
 * What the world saw of a hub: what clients asked and heard (as Jepsen has it), and what was done in the world.
 *
 * - Hi1 each call has one `invoke` and at most one `ok`, `fail` or `unknown`. `fail` is sure to have changed
 *   nothing; after `unknown` nobody can say.
 */
import { HubError } from '../machines/errors.ts';
import type { Json } from '../machines/json.ts';

export type Command = 'submit' | 'decide' | 'send' | 'orchestrate' | 'escalate';

export interface HistoryEvent {
  readonly kind: 'invoke' | 'ok' | 'fail' | 'unknown';
  readonly call: number;
  readonly command: Command;
  /** The task, gate or orchestration that it is about; for `ok` of a message its place in the log. */
  readonly id: string;
  /** Which start of the hub it was said to, from 1. */
  readonly life: number;
  /** How many records were durable then. */
  readonly durable: number;
  /** For `invoke`, what was asked; for `fail` and `unknown`, the error's code. */
  readonly value: Json;
}

export type Effect =
  /** A driver was called. */
  | {
      readonly kind: 'run';
      readonly life: number;
      readonly durable: number;
      readonly agentId: string;
      readonly taskId: string;
      readonly attempt: number;
      readonly idempotencyKey: string;
    }
  | {
      readonly kind: 'answer';
      readonly life: number;
      readonly durable: number;
      readonly agentId: string;
      readonly consultationId: string;
    }
  /** A message reached a driver. */
  | {
      readonly kind: 'message';
      readonly life: number;
      readonly durable: number;
      readonly agentId: string;
      readonly seq: number;
      readonly from: string;
      readonly type: string;
      readonly body: Json;
    }
  /** A listener heard of a record. */
  | { readonly kind: 'heard'; readonly life: number; readonly durable: number; readonly seq: number }
  /** A promise of an outcome was kept. */
  | {
      readonly kind: 'settled';
      readonly life: number;
      readonly durable: number;
      readonly what: 'task' | 'consultation' | 'gate' | 'orchestration';
      readonly id: string;
      readonly outcome: Json;
    }
  /** A hub wrote these records. */
  | { readonly kind: 'wrote'; readonly life: number; readonly fromSeq: number; readonly toSeq: number }
  /** A hub began, with what the log held. */
  | { readonly kind: 'began'; readonly life: number; readonly recovered: number }
  /** A hub found that its store had failed. */
  | { readonly kind: 'failed'; readonly life: number };

/** What a refusal means for who asked: nothing has changed, or nobody knows. */
export const endOf = (error: unknown): 'fail' | 'unknown' =>
  error instanceof HubError && error.code !== 'storeFailed' && error.code !== 'internal' ? 'fail' : 'unknown';

/** Takes down what happens, as long as the hub that it happens to is alive. */
export class Recorder {
  readonly history: HistoryEvent[] = [];
  readonly effects: Effect[] = [];
  readonly #open = new Map<number, HistoryEvent>();
  #calls = 0;

  invoke(event: Pick<HistoryEvent, 'command' | 'id' | 'life' | 'durable' | 'value'>): number {
    const call = ++this.#calls;
    const invoke = { kind: 'invoke', call, ...event } as const;
    this.#open.set(call, invoke);
    this.history.push(invoke);
    return call;
  }

  end(call: number, kind: 'ok' | 'fail' | 'unknown', durable: number, given: { id?: string; value?: Json } = {}): void {
    const invoke = this.#open.get(call);
    if (invoke === undefined) return;
    this.#open.delete(call);
    this.history.push({ ...invoke, kind, durable, id: given.id ?? invoke.id, value: given.value ?? null });
  }

  /** Whoever waited for this hub will never know. */
  lose(life: number, durable: number): void {
    for (const [call, event] of this.#open) if (event.life === life) this.end(call, 'unknown', durable);
  }
}
