/**
 * Hands the messages of one agent's inbox to its driver.
 *
 * - M3 a message is handed out once it is durable, once at a time; it goes back when the work that took
 *   it fails, so that it is handled at least once.
 */
import type { InboxMessage } from '../actors/driver.ts';

interface Reader {
  give(message: InboxMessage): void;
  refuse(reason: unknown): void;
}

export class InboxFeed {
  readonly #taken = new Set<number>();
  readonly #readers: Reader[] = [];
  readonly #waiting: () => readonly InboxMessage[];

  /** @param waiting the durable, unacknowledged messages, oldest first */
  constructor(waiting: () => readonly InboxMessage[]) {
    this.#waiting = waiting;
  }

  peek(): readonly InboxMessage[] {
    return this.#waiting().filter(({ seq }) => !this.#taken.has(seq));
  }

  /** The next message, now or later; rejects when `signal` aborts first. */
  take(signal: AbortSignal): Promise<InboxMessage> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.#readers.splice(this.#readers.indexOf(reader), 1);
        reject(signal.reason);
      };
      const reader: Reader = {
        give: (message) => {
          signal.removeEventListener('abort', stop);
          resolve(message);
        },
        refuse: (reason) => {
          signal.removeEventListener('abort', stop);
          reject(reason);
        },
      };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      this.#readers.push(reader);
      this.wake();
    });
  }

  /** Gives what waits to who waits. */
  wake(): void {
    while (this.#readers.length > 0) {
      const message = this.#waiting().find(({ seq }) => !this.#taken.has(seq));
      if (message === undefined) return;
      this.#taken.add(message.seq);
      this.#readers.shift()?.give(message);
    }
  }

  /** There will be no more messages. */
  close(reason: unknown): void {
    for (const reader of this.#readers.splice(0)) reader.refuse(reason);
  }

  isTaken(seq: number): boolean {
    return this.#taken.has(seq);
  }

  /** The message is acknowledged, or goes back. */
  release(seq: number): void {
    this.#taken.delete(seq);
    this.wake();
  }
}
