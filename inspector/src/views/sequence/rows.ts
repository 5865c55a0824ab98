/**
 * The rows of a sequence: the records that are shown, in the order of the log, and folded gaps between them.
 *
 * - W1 what is not looked at is not read: whether a record is shown is seen from its type and its text.
 * - W2 rows are only added at the end, as the log grows.
 */
import type { HubRecord } from 'xstate-hub';
import { Column } from '../../model/column.ts';
import { flowOf, type Party } from '../../model/flow.ts';
import type { Run } from '../../model/run.ts';
import { familyOf } from './families.ts';

/** A gap that is at least so long is told, in ms. */
const shortestGap = 60_000;
/** Rows that are gaps; what remains is the record behind it. */
const gapBit = 2 ** 31;

/** What a person at the hub can say. */
const commands =
  /\.(accept|answer|assign|cancel|create|decide|drain|lost|pause|prioritise|purge|remove|replay|request|resume|send|stop|submit|unregister|update)$/;

export interface Shown {
  readonly families: ReadonlySet<string>;
  /** Only what names this actor: `agent:a`; null for all. */
  readonly about: string | null;
}

export type Row =
  | { readonly kind: 'record'; readonly seq: number }
  /** Before that record. */
  | { readonly kind: 'gap'; readonly seq: number; readonly ms: number };

const quoted = (id: string): string => JSON.stringify(id);

export class Rows {
  readonly #run: Run;
  readonly #shown: Shown;
  /** What a record has to name, one of them; null for nothing. */
  readonly #needles: Set<string> | null;
  readonly #types = new Map<HubRecord['type'], boolean>();
  readonly #rows = new Column(Uint32Array);
  readonly #humans = new Set<Party>();
  readonly #parties = new Set<Party>();
  #seen = 0;
  #lastAt: number | undefined;

  constructor(run: Run, shown: Shown) {
    this.#run = run;
    this.#shown = shown;
    this.#needles = shown.about === null ? null : new Set([quoted(shown.about.slice(shown.about.indexOf(':') + 1))]);
  }

  get length(): number {
    return this.#rows.length;
  }

  /** Humans that speak or are spoken to in them. */
  get humans(): ReadonlySet<Party> {
    return this.#humans;
  }

  /** Who speaks with the actor that they are about; empty when they are about all. */
  get parties(): ReadonlySet<Party> {
    return this.#parties;
  }

  /** Takes what has come since. */
  update(): void {
    const run = this.#run;
    while (this.#seen < run.head) {
      const seq = ++this.#seen;
      if (!this.#isShown(seq)) continue;
      this.#notice(seq);
      const at = run.atOf(seq) ?? 0;
      if (this.#lastAt !== undefined && at - this.#lastAt >= shortestGap) this.#rows.add(gapBit + seq);
      this.#lastAt = at;
      this.#rows.add(seq);
    }
  }

  at(index: number): Row | undefined {
    const value = this.#rows.get(index);
    if (value === undefined) return undefined;
    if (value < gapBit) return { kind: 'record', seq: value };
    const seq = value - gapBit;
    const before = this.#rows.get(index - 1) ?? 0;
    return { kind: 'gap', seq, ms: (this.#run.atOf(seq) ?? 0) - (this.#run.atOf(before) ?? 0) };
  }

  /** The last row at or before record `seq`; -1 for none. */
  indexOf(seq: number): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const value = this.#rows.get(middle) ?? 0;
      const isBefore = value < gapBit ? value <= seq : value - gapBit <= seq;
      if (isBefore) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The next row of a record in that direction; undefined at the end. */
  beside(index: number, step: 1 | -1): number | undefined {
    for (let at = index + step; at >= 0 && at < this.length; at += step) {
      const row = this.at(at);
      if (row?.kind === 'record') return row.seq;
    }
    return undefined;
  }

  #isShown(seq: number): boolean {
    const type = this.#run.typeOf(seq);
    if (type === undefined) return false;
    let isShown = this.#types.get(type);
    if (isShown === undefined) {
      isShown = this.#shown.families.has(familyOf(type));
      this.#types.set(type, isShown);
    }
    if (this.#needles === null) return isShown;
    const line = this.#run.lineOf(seq);
    for (const needle of this.#needles) {
      if (!line.includes(needle)) continue;
      this.#learn(seq, this.#needles);
      return isShown;
    }
    return false;
  }

  /** The actor's own questions and gates are about it, also where it is not named. */
  #learn(seq: number, needles: Set<string>): void {
    const type = this.#run.typeOf(seq);
    if (type !== 'consultation.request' && type !== 'gate.open') return;
    const record = this.#run.records[seq - 1];
    if (record?.type === 'consultation.request') needles.add(quoted(record.payload.consultationId));
    if (record?.type === 'gate.open') needles.add(quoted(record.payload.gateId));
  }

  #notice(seq: number): void {
    const run = this.#run;
    const isAbout = this.#needles !== null;
    const type = run.typeOf(seq) ?? '';
    const isOfHuman = type.startsWith('gate.') || (commands.test(type) && run.lineOf(seq).includes('"client:'));
    if (!isAbout && !isOfHuman) return;
    const record = run.records[seq - 1];
    if (record === undefined) return;
    const { from, to } = flowOf(record, run);
    for (const party of [from, to]) {
      if (party.startsWith('human:')) this.#humans.add(party);
      if (isAbout) this.#parties.add(party);
    }
  }
}
