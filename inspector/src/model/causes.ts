/** What led to a record, and what came of it. */
import type { HubRecord } from 'xstate-hub';
import { causeOf } from './links.ts';

export interface Chain {
  /** From the first cause to the nearest. */
  readonly ancestors: readonly HubRecord[];
  /** In log order. */
  readonly descendants: readonly HubRecord[];
  /** What came later than was looked is not among them. */
  readonly isCut: boolean;
}

/** How many records behind one are looked through for what came of it. */
const lookAhead = 20_000;
const mostAncestors = 200;

type Source = Parameters<typeof causeOf>[0];

class Causes {
  readonly #run: Source;
  readonly #record: HubRecord;
  readonly #ancestors: readonly HubRecord[];
  readonly #descendants: HubRecord[] = [];
  readonly #ids: Set<string>;
  /** Looked through so far. */
  #seq: number;

  constructor(run: Source, record: HubRecord) {
    this.#run = run;
    this.#record = record;
    this.#seq = record.seq;
    this.#ids = new Set([record.id]);
    const ancestors: HubRecord[] = [];
    for (let at = causeOf(run, record); at !== undefined && ancestors.length < mostAncestors; at = causeOf(run, at)) {
      ancestors.unshift(at);
    }
    this.#ancestors = ancestors;
  }

  /** With what has come since the last time. */
  chain(): Chain {
    const { head, records } = this.#run;
    const last = this.#record.seq + lookAhead;
    for (; this.#seq < Math.min(head, last); this.#seq++) {
      const record = records[this.#seq] as HubRecord;
      const cause = causeOf(this.#run, record);
      if (cause === undefined || !this.#ids.has(cause.id)) continue;
      this.#ids.add(record.id);
      this.#descendants.push(record);
    }
    return { ancestors: this.#ancestors, descendants: [...this.#descendants], isCut: head > last };
  }
}

const latest = new WeakMap<Source, { readonly seq: number; readonly causes: Causes }>();

export function chainOf(run: Source, seq: number): Chain {
  const known = latest.get(run);
  if (known?.seq === seq) return known.causes.chain();
  const record = run.records[seq - 1];
  if (record === undefined) return { ancestors: [], descendants: [], isCut: false };
  const causes = new Causes(run, record);
  latest.set(run, { seq, causes });
  return causes.chain();
}
