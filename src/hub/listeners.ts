/**
 * Who wants to hear of which records. A listener that throws, at once or by a promise, disturbs nobody: its error goes
 * to the console.
 */
import type { HubRecord } from '../machines/messages.ts';

type Listener = (record: HubRecord) => unknown;

export class Listeners {
  readonly #byType = new Map<string, Set<Listener>>();

  add(type: string, listener: Listener): () => void {
    const listeners = this.#byType.get(type) ?? new Set();
    this.#byType.set(type, listeners.add(listener));
    return () => {
      listeners.delete(listener);
    };
  }

  announce(record: HubRecord): void {
    for (const type of [record.type, '*']) {
      const listeners = this.#byType.get(type);
      if (listeners === undefined) continue;
      for (const listener of [...listeners]) {
        const complain = (error: unknown) => console.error(`a listener for ${type} threw`, error);
        try {
          const said = listener(record);
          if (said instanceof Promise) said.catch(complain);
        } catch (error) {
          complain(error);
        }
      }
    }
  }
}
