/**
 * What a process that may die at any moment notes down: each note has left the process before it goes on.
 *
 * Owns: the notes' forms, and reading them back. Does not own: what they mean; that is for the oracle.
 *
 * - No1 effects go into one file for all processes of a store, so that they stand in the order in which they happened.
 */
import { readFileSync, writeSync } from 'node:fs';
import { HubError } from '../machines/errors.ts';
import type { Json } from '../machines/json.ts';
import { type Command, type Effect, endOf, type HistoryEvent } from '../simulator/history.ts';

/** What a process says of itself. */
export type Said =
  /** Its hub is open; `picture` is the hash of its state after record `seq`. */
  | { readonly say: 'open'; readonly life: number; readonly seq: number; readonly picture: string }
  /** No hub opened. */
  | { readonly say: 'refused'; readonly life: number; readonly name: string; readonly message: string }
  /** Its hub failed. */
  | { readonly say: 'failed'; readonly life: number; readonly message: string }
  /** It did all that it was to do. */
  | { readonly say: 'done'; readonly life: number }
  /** An error that nobody caught, or a rejection that nobody handled. */
  | { readonly say: 'stray'; readonly life: number; readonly message: string };

/** A write that has returned, and the id of its last record. */
export interface Written {
  readonly kind: 'wrote';
  readonly life: number;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly lastId: string;
}

export type NotedEffect = Exclude<Effect, { readonly kind: 'wrote' }> | Written;
type Seen = Effect extends infer E ? (E extends { durable: number } ? Omit<E, 'life' | 'durable'> : never) : never;

export interface NotebookOptions {
  readonly life: number;
  /** Where effects go: a file that is open for appending. */
  readonly effects: number;
  /** Where what clients hear goes, and what the process says: a pipe. */
  readonly history: number;
}

export class Notebook {
  readonly life: number;
  /** How many records are durable, as far as this process knows. */
  durable = 0;
  readonly #options: NotebookOptions;
  readonly #open = new Map<number, HistoryEvent>();
  #calls = 0;

  constructor(options: NotebookOptions) {
    this.#options = options;
    this.life = options.life;
  }

  invoke(command: Command, id: string, value: Json): number {
    const call = this.life * 1_000_000 + ++this.#calls;
    const event = { kind: 'invoke', call, command, id, life: this.life, durable: this.durable, value } as const;
    this.#open.set(call, event);
    this.#history(event);
    return call;
  }

  ok(call: number, given: { readonly id?: string; readonly value?: Json } = {}): void {
    this.#end(call, { kind: 'ok', ...given });
  }

  refused(call: number, error: unknown): void {
    this.#end(call, { kind: endOf(error), value: error instanceof HubError ? error.code : String(error) });
  }

  saw(effect: Seen): void {
    this.effect({ ...effect, life: this.life, durable: this.durable } as NotedEffect);
  }

  effect(effect: NotedEffect): void {
    writeSync(this.#options.effects, `${JSON.stringify(effect)}\n`);
  }

  say(said: Said): void {
    writeSync(this.#options.history, `${JSON.stringify(said)}\n`);
  }

  #end(call: number, given: { readonly kind: 'ok' | 'fail' | 'unknown'; readonly id?: string; readonly value?: Json }) {
    const invoke = this.#open.get(call);
    if (invoke === undefined) return;
    this.#open.delete(call);
    this.#history({ ...invoke, durable: this.durable, value: null, ...given });
  }

  #history(event: HistoryEvent): void {
    writeSync(this.#options.history, `${JSON.stringify(event)}\n`);
  }
}

/** The effects that stand in the file. The last line may have been cut off by a kill. */
export function readEffects(path: string): NotedEffect[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  lines.pop();
  return lines.map((line) => JSON.parse(line) as NotedEffect);
}

/** What stands in lines of JSON, but for a last one that was cut off. */
export function readNotes(text: string): { history: HistoryEvent[]; said: Said[] } {
  const lines = text.split('\n');
  lines.pop();
  const notes = lines.map((line) => JSON.parse(line) as Said | HistoryEvent);
  return {
    history: notes.filter((note): note is HistoryEvent => !('say' in note)),
    said: notes.filter((note): note is Said => 'say' in note),
  };
}
