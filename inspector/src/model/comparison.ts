/**
 * Two runs, record by record.
 *
 * - Cp1 records are the same when their canonical JSON is; what was found equal is not looked at again.
 */
import type { HubRecord, Json } from 'xstate-hub';
import type { Run } from './run.ts';

type Side = Pick<Run, 'head' | 'lineOf' | 'records'>;

export class Comparison {
  readonly #here: Side;
  readonly #there: Side;
  #same = 0;
  #isDifferent = false;

  constructor(here: Side, there: Side) {
    this.#here = here;
    this.#there = there;
  }

  /** Looks at up to so many records more; false when there are none to look at. */
  look(most = 50_000): boolean {
    const end = Math.min(this.#here.head, this.#there.head, this.#same + most);
    const before = this.#same;
    while (!this.#isDifferent && this.#same < end) {
      if (this.isSame(this.#same + 1)) this.#same++;
      else this.#isDifferent = true;
    }
    return this.#same > before && !this.#isDifferent;
  }

  /** How many records both begin with. */
  get same(): number {
    return this.#same;
  }

  /** The first record that is not the same, among those that both have. */
  get firstDifference(): number | null {
    return this.#isDifferent ? this.#same + 1 : null;
  }

  isSame(seq: number): boolean {
    if (this.#here.lineOf(seq) === this.#there.lineOf(seq)) return true;
    const [here, there] = [this.#here.records[seq - 1], this.#there.records[seq - 1]];
    return here !== undefined && there !== undefined && canonical(here as never) === canonical(there as never);
  }

  /** The fields in which a record differs; none where only one run has it. */
  fieldsAt(seq: number): string[] {
    const [here, there] = [this.#here.records[seq - 1], this.#there.records[seq - 1]];
    if (here === undefined || there === undefined) return [];
    return fields.filter((field) => canonical(here[field] as Json) !== canonical(there[field] as Json));
  }
}

const fields = [
  'type',
  'from',
  'to',
  'at',
  'payload',
  'id',
  'correlationId',
  'causationId',
] as const satisfies readonly (keyof HubRecord)[];

/** Equal values give equal text, whatever the order of their keys. */
export function canonical(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value as { readonly [key: string]: Json })
    .filter(([, one]) => one !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`;
}
