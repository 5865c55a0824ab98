/**
 * The log of a run in the page: text that is read when somebody looks, and columns for what is asked of every record.
 *
 * - Le1 `records` and `changes` are as long as what is folded; `received` may be ahead of that.
 * - Le2 they look like arrays, and can be used as such; a record is read when it is asked for, and kept for a while.
 */
import type { ActorChange, HubRecord } from 'xstate-hub';
import type { FromWorker } from '../engine/protocol.ts';
import { RecordText } from '../engine/record-text.ts';
import { Column } from './column.ts';
import { lazyList } from './lazy-list.ts';

type News = Extract<FromWorker, { kind: 'records' }>;

export class Ledger {
  readonly #text = new RecordText();
  readonly #names: string[] = [];
  readonly #at = new Column(Float64Array);
  readonly #types = new Column(Uint32Array);
  /** Where the changes of each record end. */
  readonly #ends = new Column(Uint32Array);
  readonly #changes = new Column(Uint32Array);

  /** What is folded. */
  readonly records: readonly HubRecord[] = lazyList(
    () => this.folded,
    (index) => this.#text.get(index + 1),
  );
  readonly changes: readonly (readonly ActorChange[])[] = lazyList(
    () => this.folded,
    (index) => this.changesOf(index + 1),
  );
  /** All that is there, folded or not. */
  readonly all: readonly HubRecord[] = lazyList(
    () => this.received,
    (index) => this.#text.get(index + 1),
  );

  get received(): number {
    return this.#text.length;
  }

  get folded(): number {
    return this.#ends.length;
  }

  /** Takes what comes; `onChange` hears of each change of what has now been folded, in order. */
  take(news: News, onRecord: (seq: number) => void, onChange: (seq: number, change: ActorChange) => void): void {
    for (const name of news.names) this.#names.push(name);
    this.#text.add(news.lines);
    this.#at.push(news.at);
    this.#types.push(news.types);
    const base = this.#changes.length / 3;
    this.#changes.push(news.changes);
    let end = base;
    for (const count of news.counts) {
      const start = end;
      end += count;
      this.#ends.add(end);
      const seq = this.#ends.length;
      onRecord(seq);
      for (let index = start; index < end; index++) onChange(seq, this.#changeAt(index));
    }
  }

  atOf(seq: number): number | undefined {
    return this.#at.get(seq - 1);
  }

  typeOf(seq: number): HubRecord['type'] | undefined {
    const number = this.#types.get(seq - 1);
    return number === undefined ? undefined : (this.#names[number] as HubRecord['type']);
  }

  /** The record as it stands in the log: for searching. */
  lineOf(seq: number): string {
    return this.#text.lineOf(seq) ?? '';
  }

  recordById(id: string, near: number): HubRecord | undefined {
    return this.#text.byId(id, near);
  }

  changesOf(seq: number): readonly ActorChange[] {
    const changes: ActorChange[] = [];
    for (let index = this.#ends.get(seq - 2) ?? 0; index < (this.#ends.get(seq - 1) ?? 0); index++) {
      changes.push(this.#changeAt(index));
    }
    return changes;
  }

  #changeAt(index: number): ActorChange {
    const name = (place: number) => this.#names[this.#changes.get(index * 3 + place) ?? 0] ?? '';
    return { actor: name(0), state: name(1), event: name(2) };
  }
}
