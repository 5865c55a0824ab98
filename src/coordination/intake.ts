/**
 * From the queue to the hub: complex tasks are orchestrated, simple ones are routed to their master.
 *
 * - In1 a task is orchestrated once: its orchestration has an id that follows from its own, and the log knows it.
 * - In2 a queue that cannot be read is told once and read again when it changes; what was read before still counts.
 * - In3 the queue is changed on what was just read, or not at all; the next look tries again.
 */
import { analyse } from '../hub/complexity.ts';
import type { Hub } from '../hub/hub.ts';
import type { QueuedRequest } from '../hub/seed-format.ts';
import { priorities } from '../hub/task-input.ts';
import { HubError } from '../machines/errors.ts';
import { isFileName } from './file-names.ts';
import type { Folder } from './folder.ts';
import { type Ledger, orchestrationIdOf } from './ledger.ts';
import type { Notices } from './notices.ts';
import { places } from './places.ts';
import { changeQueue, type QueueChanges, readQueue } from './queue-file.ts';

export interface IntakeParts {
  readonly folder: Folder;
  readonly hub: Hub;
  readonly ledger: Ledger;
  readonly notices: Notices;
  /** Whether documents of an orchestration are still to be written; the queue comes last. */
  readonly isBehind: (orchestrationId: string) => boolean;
  /** A simple task has been given to its master. */
  readonly onRouted: (taskId: string, master: string) => Promise<void>;
}

/** Largest queue, in bytes. */
const largestQueue = 64 << 20;
/** Most letters of an orchestration's id. */
const longestOrchestration = 48;

export class Intake {
  readonly #parts: IntakeParts;
  #entries: readonly QueuedRequest[] = [];
  #stamp: string | undefined;
  /** What was asked of the hub, before the log has it. */
  readonly #requested = new Set<string>();
  /** Tasks of which the queue says how they ended. */
  readonly #closed = new Set<string>();
  #refused: readonly string[] = [];
  #faults: readonly string[] = [];
  /** Why the queue as it is cannot be used. */
  #problem: string | undefined;
  #isWritten = true;
  /** Whether something cannot be written back yet. */
  #isBehind = false;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /** Why the queue cannot be used, when it cannot. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Entries that cannot be read or done. */
  get refused(): readonly string[] {
    return [...this.#faults, ...this.#refused];
  }

  /** Whether there is nothing left to take or to write back. */
  get isDone(): boolean {
    return this.#isWritten && [...this.#requested].every((id) => this.#parts.ledger.orchestrations.has(id));
  }

  /** @param takesNew without it, only what became of earlier tasks is written back */
  async look(takesNew: boolean): Promise<void> {
    await this.#read();
    this.#isBehind = false;
    const changes = new Map<string, { [field: string]: string }>();
    const refused: string[] = [];
    for (const entry of this.#entries) {
      try {
        const change = this.#consider(entry, takesNew);
        if (change !== undefined) changes.set(entry.id, change);
      } catch (error) {
        if (!(error instanceof HubError)) throw error;
        const text = `task ${entry.id}: ${error.message}`;
        refused.push(text);
        this.#parts.notices.tell(`task ${entry.id}`, text);
      }
    }
    if (takesNew) this.#refused = refused;
    this.#isWritten = changes.size === 0 && !this.#isBehind;
    if (changes.size > 0) await this.#write(changes); // The next look reads what was written.
  }

  async #read(): Promise<void> {
    const { folder, notices } = this.#parts;
    const name = folder.nameOf(places.queue);
    try {
      const stamp = await folder.stamp(places.queue);
      if (stamp === undefined)
        throw new HubError('invalid', `${name}: there is no such file, and tasks are taken from there`);
      if (stamp === this.#stamp) return;
      const file = await folder.read(places.queue, largestQueue);
      if (file === undefined) return;
      this.#stamp = file.stamp;
      const { entries, faults } = readQueue(file.text, name);
      this.#entries = entries;
      this.#faults = faults;
      this.#problem = undefined;
      notices.over('queue');
      for (const fault of faults) notices.tell(fault, fault);
    } catch (error) {
      this.#problem = (error as Error).message;
      notices.tell('queue', this.#problem);
    }
  }

  /** Takes a task if it is new; gives what has to change in its entry. */
  #consider(entry: QueuedRequest, takesNew: boolean): { [field: string]: string } | undefined {
    const { hub, ledger, notices, isBehind } = this.#parts;
    const { id, status, assignedTo, request } = entry;
    const orchestrationId = orchestrationIdOf(id);
    const facts = ledger.orchestrations.get(orchestrationId);
    if (facts !== undefined) {
      if (status === facts.ended) this.#closed.add(id);
      if (status === 'pending' && this.#closed.has(id)) {
        const text = `task ${id} was orchestrated before, and is ${facts.ended}; a new try needs a new id`;
        notices.tell(`task ${id}`, text);
      }
      if (isBehind(orchestrationId)) {
        this.#isBehind = true;
        return undefined;
      }
      const wanted = facts.ended ?? 'in_progress';
      return ['pending', 'in_progress'].includes(status) && status !== wanted ? { status: wanted } : undefined;
    }
    if (!takesNew || status !== 'pending' || this.#requested.has(orchestrationId)) return undefined;
    if (assignedTo !== null && !request.orchestrationRequired) return undefined; // Somebody has it already.
    const { complexity, master } = analyse(request);
    if (complexity === 'simple') return { assigned_to: this.#masterFor(master) };
    this.#refuseUnsafe(id, orchestrationId);
    hub.orchestrate({ id: orchestrationId, ...given(request), priority: this.#priorityOf(entry) });
    this.#requested.add(orchestrationId);
    return undefined;
  }

  #masterFor(master: string | null): string {
    const masters = new Set(this.#parts.hub.agents().map(({ type }) => type));
    if (master !== null && masters.has(master)) return master;
    const known = [...masters].join(', ');
    throw new HubError('unknownAgentType', `it is for ${master ?? 'nobody'}, and the masters are ${known}`);
  }

  #refuseUnsafe(id: string, orchestrationId: string): void {
    if (!isFileName(id, longestOrchestration - orchestrationIdOf('').length)) {
      const expected = 'at most 43 letters, digits, ".", "_" and "-", and no name of a device';
      throw new HubError('invalid', `its id cannot be the name of a file: expected ${expected}`, {
        path: 'id',
        expected,
      });
    }
    const same = [...this.#parts.ledger.orchestrations.keys(), ...this.#requested].find(
      (other) => other.toLowerCase() === orchestrationId.toLowerCase(),
    );
    if (same !== undefined) throw new HubError('duplicate', `its id differs from that of ${same} in case only`);
  }

  #priorityOf({ id, priority }: QueuedRequest): number | keyof typeof priorities {
    if (priority === null) return 'normal';
    const word = words[String(priority).toLowerCase()] ?? String(priority).toLowerCase();
    if (Object.hasOwn(priorities, word)) return word as keyof typeof priorities;
    if (typeof priority === 'number' && Number.isInteger(priority) && Math.abs(priority) <= 1000) return priority;
    this.#parts.notices.tell(
      `priority ${id}`,
      `task ${id}: the priority ${JSON.stringify(priority)} is taken as normal`,
    );
    return 'normal';
  }

  async #write(changes: QueueChanges): Promise<void> {
    const { folder, notices, onRouted } = this.#parts;
    try {
      const file = await folder.read(places.queue, largestQueue);
      if (file === undefined || file.stamp !== this.#stamp) return;
      if (!(await folder.writeIfStill(places.queue, changeQueue(file.text, changes), file.stamp))) return;
      for (const [id, { assigned_to }] of changes) if (assigned_to !== undefined) await onRouted(id, assigned_to);
      notices.over('queue write');
    } catch (error) {
      notices.tell('queue write', `${folder.nameOf(places.queue)} cannot be changed: ${(error as Error).message}`);
    }
  }
}

/** Words for priorities that others use. */
const words: { readonly [word: string]: string } = { medium: 'normal', urgent: 'critical', highest: 'critical' };

/** Without what is not said. */
const given = (request: QueuedRequest['request']) =>
  Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined)) as {
    title: string;
  };
