/**
 * The log of a simulation, kept by the browser: what was seen once is there again when the page is loaded again.
 *
 * - Ke1 a simulation that is made again is compared with what was kept, record by record; from the first that differs
 *   on nothing more is kept, so that what was seen stays as it was.
 * - Ke2 a browser that cannot keep it changes nothing but that.
 */
import type { HubRecord } from 'xstate-hub';
import { type IndexedDbStore, indexedDbStore } from 'xstate-hub/indexeddb';
import { recordText } from 'xstate-hub/machines';
import type { Kept } from './protocol.ts';

/** How long records are gathered before they are written together, in ms. */
const gatherMs = 50;

/** A page that is loaded again waits so long for its worker before to be gone. */
const patienceMs = 10_000;

export class KeptLog {
  #store: IndexedDbStore | undefined;
  /** What was kept before, as text. */
  readonly #known: string[] = [];
  /** How many records are kept. */
  #seq = 0;
  #waiting: HubRecord[] = [];
  #writing = false;
  #strayedAt: number | null = null;
  #trouble: string | null = null;

  /** @param name of the database */
  static async open(name: string): Promise<KeptLog> {
    const kept = new KeptLog();
    try {
      kept.#store = await indexedDbStore({ name, waitMs: patienceMs });
      for await (const record of kept.#store.read(1)) kept.#known.push(recordText(record));
      kept.#seq = kept.#known.length;
    } catch (error) {
      kept.#giveUp(error);
    }
    return kept;
  }

  take(record: HubRecord): void {
    if (this.#strayedAt !== null || this.#trouble !== null) return;
    const known = this.#known[record.seq - 1];
    if (known === undefined) {
      this.#waiting.push(record);
      if (!this.#writing) void this.#write();
    } else if (known !== recordText(record)) this.#strayedAt = record.seq;
  }

  /** How far it goes, and whether it is still what the simulation does. */
  get state(): Kept {
    return { seq: this.#seq, strayedAt: this.#strayedAt, trouble: this.#trouble };
  }

  /** What was kept before, as JSON lines: of one that has strayed, what was seen then. */
  get text(): string {
    return this.#known.map((line) => `${line}\n`).join('');
  }

  async #write(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0 && this.#trouble === null) {
      await new Promise((resolve) => setTimeout(resolve, gatherMs));
      const records = this.#waiting.splice(0);
      try {
        await this.#store?.append(this.#seq, records);
        this.#seq += records.length;
      } catch (error) {
        this.#giveUp(error);
      }
    }
    this.#writing = false;
  }

  #giveUp(error: unknown): void {
    this.#trouble = error instanceof Error ? error.message : String(error);
    this.#waiting = [];
  }
}
