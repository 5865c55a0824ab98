/**
 * Two runs, record by record.
 *
 * - Cp1 records are the same when their canonical JSON is; what was found equal is not looked at again.
 * - Cp2 they are alike when nothing but generated ids is different, and each stands where its twin stands: who came
 *   first there came first here. Two runs part with the first record that is not alike.
 */
import type { HubRecord, Json } from 'xstate-hub';
import type { Run } from './run.ts';

type Side = Pick<Run, 'head' | 'lineOf' | 'records'>;

/** `missing`: only one of them has it. */
export type Likeness = 'same' | 'alike' | 'different' | 'missing';

export class Comparison {
  readonly #here: Side;
  readonly #there: Side;
  /** Generated ids of this run, and those of the other that stand in their place; and the other way round. */
  readonly #twins = new Map<string, string>();
  readonly #backs = new Map<string, string>();
  #looked = 0;
  #isByIds = false;
  #isDifferent = false;

  constructor(here: Side, there: Side) {
    this.#here = here;
    this.#there = there;
  }

  /** Looks at up to so many records more; false when there are none to look at. */
  look(most = 5_000): boolean {
    const end = Math.min(this.#here.head, this.#there.head, this.#looked + most);
    const before = this.#looked;
    while (!this.#isDifferent && this.#looked < end) {
      const likeness = this.#likenessAt(this.#looked + 1, (here, there) => this.#learn(here, there));
      if (likeness === 'alike') this.#isByIds = true;
      if (likeness === 'different') this.#isDifferent = true;
      else this.#looked++;
    }
    return this.#looked > before && !this.#isDifferent;
  }

  /** How many records both begin with, whatever ids were generated. */
  get same(): number {
    return this.#looked;
  }

  /** Whether some of those are alike, and not the same. */
  get isByIds(): boolean {
    return this.#isByIds;
  }

  /** The first record that is not alike, among those that both have. */
  get firstDifference(): number | null {
    return this.#isDifferent ? this.#looked + 1 : null;
  }

  likeness(seq: number): Likeness {
    return this.#likenessAt(seq, (here, there) => this.#areTwins(here, there));
  }

  #likenessAt(seq: number, areTwins: Twins): Likeness {
    const [here, there] = [this.#here.records[seq - 1], this.#there.records[seq - 1]];
    if (here === undefined || there === undefined) return 'missing';
    if (this.#here.lineOf(seq) === this.#there.lineOf(seq)) return 'same';
    if (canonical(here as never) === canonical(there as never)) return 'same';
    return told.every((field) => isAlike(here[field] as Json, there[field] as Json, areTwins)) ? 'alike' : 'different';
  }

  #areTwins(here: string, there: string): boolean {
    const [twin, back] = [this.#twins.get(here), this.#backs.get(there)];
    return twin === undefined ? back === undefined : twin === there;
  }

  #learn(here: string, there: string): boolean {
    if (!this.#areTwins(here, there)) return false;
    this.#twins.set(here, there);
    this.#backs.set(there, here);
    return true;
  }

  /** Whether two values say the same, but for generated ids that stand in each other's place. */
  saySame(here: Json | undefined, there: Json | undefined): boolean {
    return isAlike(here, there, (one, other) => this.#areTwins(one, other));
  }

  /** The fields in which a record tells something else; none where only one run has it. */
  fieldsAt(seq: number): (typeof told)[number][] {
    const [here, there] = [this.#here.records[seq - 1], this.#there.records[seq - 1]];
    if (here === undefined || there === undefined) return [];
    return told.filter((field) => !this.saySame(here[field] as Json, there[field] as Json));
  }
}

/** What a record tells; its own ids are generated, all of them. */
const told = ['type', 'from', 'to', 'at', 'payload'] as const satisfies readonly (keyof HubRecord)[];

type Twins = (here: string, there: string) => boolean;

/** As the hub makes ids. */
const generated = /^[A-Za-z0-9]{16}$/;

/** Whether nothing else than generated ids is different. */
function isAlike(here: Json | undefined, there: Json | undefined, areTwins: Twins): boolean {
  if (here === there) return true;
  if (typeof here === 'string' && typeof there === 'string')
    return generated.test(here) && generated.test(there) && areTwins(here, there);
  if (typeof here !== 'object' || typeof there !== 'object' || here === null || there === null) return false;
  if (Array.isArray(here) !== Array.isArray(there)) return false;
  const [ours, theirs] = [here, there] as { readonly [key: string]: Json }[];
  const keys = new Set([...Object.keys(here), ...Object.keys(there)]);
  return [...keys].every((key) => isAlike(ours?.[key], theirs?.[key], areTwins));
}

/** Equal values give equal text, whatever the order of their keys. */
export function canonical(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value as { readonly [key: string]: Json })
    .filter(([, one]) => one !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`;
}
