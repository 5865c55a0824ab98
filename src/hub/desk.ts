/**
 * What all commands of the hub have in common: how something said becomes a message, and how it is refused.
 *
 * - Dk1 a command that is refused throws a `HubError` and changes nothing. One that is taken has been
 *   folded when the method returns; where a promise comes back, it resolves when that is durable.
 */

import type { Calendar } from '../actors/calendar.ts';
import type { Environment } from '../actors/environment.ts';
import type { SealedActor } from '../actors/sealed-actor.ts';
import type { Store } from '../actors/store.ts';
import { HubError, type HubErrorCode } from '../machines/errors.ts';
import { type HubRecord, idPattern, type MessageType, type Payload, type PayloadInput } from '../machines/messages.ts';
import type { ContextParts } from './agent-context.ts';
import { draft } from './door.ts';
import { idOf } from './given.ts';
import type { Draft, Kernel, Receipt, Waiter } from './kernel.ts';
import type { Listeners } from './listeners.ts';
import type { HubLogic } from './logic.ts';
import type { AgentEntry } from './registry.ts';
import type { Router } from './routing.ts';
import type { Runner } from './runner.ts';
import type { HubState, TaskEntry } from './state.ts';

/** Who speaks through the methods of the hub. */
const client = 'client';
/** A person who does stands behind it: `client:ann`. */
const personPrefix = `${client}:`;
export const isClient = (from: string): boolean => from === client || from.startsWith(personPrefix);

interface ComingTask {
  readonly submission: Payload<'task.submit'>;
  readonly accepted: Promise<void>;
}

export interface DeskParts {
  readonly actor: SealedActor<HubLogic>;
  readonly kernel: Kernel;
  readonly runner: Runner;
  readonly store: Store;
  readonly environment: Environment;
  readonly router: Router;
  readonly calendar: Calendar;
  readonly listeners: Listeners;
  /** Submissions that wait for the end of a turn, by their idempotency keys. */
  readonly coming: Map<string, ComingTask>;
  readonly refuseUnknownType: ContextParts['refuseUnknownType'];
}

export class Desk {
  readonly parts: DeskParts;
  readonly state: HubState;
  /** Who stands in `from`: `client`, or `client:ann`. */
  readonly speaker: string;

  constructor(parts: DeskParts, speaker = client) {
    this.parts = parts;
    this.state = parts.kernel.state;
    this.speaker = speaker;
  }

  get isPerson(): boolean {
    return this.speaker !== client;
  }

  /** The same desk with a person at it. Throws `invalid` for a name that is no id. */
  of(person: string): Desk {
    const speaker = `${personPrefix}${typeof person === 'string' ? person : ''}`;
    if (typeof person !== 'string' || !idPattern.test(person) || !idPattern.test(speaker)) {
      const expected = 'an id of at most 120 characters';
      throw new HubError('invalid', `name: expected ${expected}`, { path: 'name', expected });
    }
    return new Desk(this.parts, speaker);
  }

  /** Hands a message to the kernel, unless the hub has stopped. */
  receive(prepare: () => Draft): Receipt {
    return this.parts.kernel.receive(() => this.#unlessStopped(prepare));
  }

  /** As `receive`, for who needs no promise of it; answers with the records of its turn, unless it has to wait. */
  take(prepare: () => Draft, waiter?: Waiter): readonly HubRecord[] | undefined {
    return this.parts.kernel.take(() => this.#unlessStopped(prepare), waiter);
  }

  /** Takes a command from whoever speaks here. `check` may refuse it. */
  command<T extends MessageType>(type: T, payload: PayloadInput<T>, check?: () => void): void {
    const message = draft(this.speaker, 'hub', type, payload);
    this.take(() => {
      check?.();
      return message;
    });
  }

  agent(agentId: string): AgentEntry {
    const entry = this.state.agents.get(idOf(agentId, 'agentId'));
    if (entry === undefined) throw refusal('unknownAgent', `there is no agent ${agentId}`, 'agentId');
    return entry;
  }

  /** A task that has not ended. */
  task(taskId: string): TaskEntry {
    const entry = this.state.tasks.get(idOf(taskId, 'taskId'));
    if (entry !== undefined) return entry;
    const ended = this.state.finished.get(taskId)?.status;
    if (ended !== undefined) throw refusal('conflict', `task ${taskId} is ${ended}`, 'taskId');
    throw refusal('unknownTask', `there is no task ${taskId}`, 'taskId');
  }

  /** For what only a human may do. */
  refuseAgent(by: string, what: string): void {
    if (this.state.agents.get(by) === undefined) return;
    throw refusal('forbidden', `${by} is an agent; a human has to ${what}`, 'by');
  }

  /** Where it is said who decides: a person who speaks here decides as themself. */
  refuseOthers(by: string): void {
    const name = this.speaker.slice(personPrefix.length);
    if (!this.isPerson || by === name) return;
    throw new HubError('forbidden', `${name} cannot decide as ${by}`, { path: 'by', expected: name });
  }

  #unlessStopped(prepare: () => Draft): Draft {
    if (this.state.life === 'stopped') throw refusal('stopped', 'the hub has stopped');
    return prepare();
  }
}

export const refusal = (code: HubErrorCode, message: string, path?: string): HubError =>
  new HubError(code, message, path === undefined ? {} : { path });

export const nothing = (): void => {};
