/**
 * Says nonsense to every public entry, and judges what comes of it.
 *
 * - Fz1 whatever is said is taken, or refused with a `HubError` whose code is not `internal` (Dk1); nothing hangs.
 * - Fz2 a refusal changes nothing: the log is as long as before, and the state is the same.
 * - Fz3 what was taken leaves the hub whole: it goes on, and its log folds to its state (I13, I22).
 * - Fz4 nothing said to one entry reaches another: no prototype has changed, no rejection is left unhandled.
 */
import fc from 'fast-check';
import { HubError } from '../machines/errors.ts';
import type { HubRecord } from '../machines/messages.ts';
import { driverEntries } from './driver-entries.ts';
import type { Entry } from './entry.ts';
import { hubEntries } from './hub-entries.ts';
import { makerEntries } from './maker-entries.ts';
import { build, type Description } from './nonsense.ts';
import { readerEntries } from './reader-entries.ts';
import { turnOver, World } from './world.ts';

export interface FuzzOptions {
  readonly inputs: number;
  readonly seed: number;
  /** Only the entries whose names begin so. Default: all. */
  readonly only?: string;
  /** Told before each entry, and now and then within it. */
  readonly onProgress?: (entry: string, inputs: number) => void;
}

export interface Flaw {
  readonly entry: string;
  readonly why: string;
  /** The smallest input that was found. */
  readonly input: readonly Description[];
}

interface EntryReport {
  readonly inputs: number;
  readonly refused: number;
  readonly accepted: number;
}

export interface FuzzReport {
  readonly entries: { readonly [name: string]: EntryReport };
  readonly flaws: readonly Flaw[];
}

/** Longest that one input may keep the processor, in ms; what the clock says depends on who else is at work. */
const longest = 2000;

/** All entries; those that read logs are given a true one to change. */
export async function allEntries(): Promise<readonly Entry[]> {
  const world = await World.open(1);
  const records: HubRecord[] = [];
  for await (const record of world.hub.log()) records.push(record);
  await world.close();
  return [...hubEntries, ...driverEntries, ...makerEntries, ...readerEntries(records)];
}

export async function fuzz({ inputs, seed, only = '', onProgress = () => {} }: FuzzOptions): Promise<FuzzReport> {
  const entries = (await allEntries()).filter(({ name }) => name.startsWith(only));
  const weights = entries.reduce((sum, { weight = 1 }) => sum + weight, 0);
  const judge = new Judge(seed);
  const reports: Record<string, EntryReport> = {};
  const flaws: Flaw[] = [];
  const before = { error: console.error, warn: console.warn };
  Object.assign(console, { error: () => {}, warn: () => {} }); // Listeners that throw are told of there.
  process.on('unhandledRejection', judge.onStray).on('uncaughtException', judge.onStray);
  try {
    for (const entry of entries) {
      const numRuns = Math.max(10, Math.ceil((inputs * (entry.weight ?? 1)) / weights));
      const tally = { inputs: 0, refused: 0, accepted: 0 };
      const property = fc.asyncProperty(entry.inputs, async (descriptions) => {
        if (tally.inputs++ % 500 === 0) onProgress(entry.name, tally.inputs);
        tally[await judge.say(entry, descriptions)]++;
      });
      const { failed, counterexample, errorInstance } = await fc.check(property, {
        numRuns,
        seed,
        endOnFailure: false,
      });
      reports[entry.name] = tally;
      if (!failed) continue;
      const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
      flaws.push({ entry: entry.name, why, input: counterexample?.[0] ?? [] });
    }
  } finally {
    await judge.close();
    process.off('unhandledRejection', judge.onStray).off('uncaughtException', judge.onStray);
    Object.assign(console, before);
  }
  return { entries: reports, flaws };
}

class Judge {
  readonly onStray = (error: unknown): void => {
    this.#stray = error;
  };
  readonly #seed: number;
  #world: World | undefined;
  #picture = '';
  #stray: unknown;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** What became of it; throws when that is not as it should be. */
  async say(entry: Entry, descriptions: readonly Description[]): Promise<'refused' | 'accepted'> {
    try {
      return await this.#say(entry, descriptions);
    } catch (flaw) {
      await this.close(); // Whatever is tried next begins in a world that is whole.
      throw flaw;
    }
  }

  async close(): Promise<void> {
    await this.#world?.close();
    this.#world = undefined;
    this.#picture = '';
    this.#stray = undefined;
  }

  async #say(entry: Entry, descriptions: readonly Description[]): Promise<'refused' | 'accepted'> {
    const world = await this.#open();
    const { seq } = world;
    const began = process.cpuUsage();
    const refusal = await answerTo(
      () => entry.call(world, ...descriptions.map(entry.isParsed === true ? asParsed : build)),
      entry.slow === true,
    );
    const { user, system } = process.cpuUsage(began);
    const ms = (user + system) / 1000;
    if (ms > longest) throw new Error(`it took ${Math.round(ms)} ms`);
    refusePollution();
    if (this.#stray !== undefined) throw new Error(`nobody handled ${told(this.#stray)}`);
    if (world.hasFailed !== undefined) throw new Error(`the hub has failed: ${told(world.hasFailed)}`);
    const isNoted = refusal?.error instanceof HubError && entry.noted?.includes(refusal.error.code) === true;
    if (refusal === undefined || isNoted) this.#picture = '';
    else {
      refuseUnknown(entry, refusal.error);
      const why = `it was refused (${told(refusal.error)}), and`;
      if (world.seq !== seq) throw new Error(`${why} stands in the log`);
      if (world.picture() !== this.#picture) throw new Error(`${why} has changed the state`);
    }
    if (world.isWorn(refusal === undefined && world.seq !== seq)) await this.#renew(world);
    return refusal === undefined ? 'accepted' : 'refused';
  }

  async #open(): Promise<World> {
    this.#world ??= await World.open(this.#seed);
    if (this.#picture === '') this.#picture = this.#world.picture();
    return this.#world;
  }

  async #renew(world: World): Promise<void> {
    const flaw = await world.verdict();
    await this.close();
    if (flaw !== undefined) throw new Error(flaw);
  }
}

/** Why it was refused: at once, or as soon as everything has gone on that can. */
async function answerTo(call: () => unknown, isSlow: boolean): Promise<{ readonly error: unknown } | undefined> {
  let answer: unknown;
  try {
    answer = call();
  } catch (error) {
    return { error };
  }
  const promises = [answer, fieldOf(answer, 'accepted')].filter(
    (one): one is Promise<unknown> => one instanceof Promise,
  );
  const first = answer as { next?: () => Promise<unknown>; return?: () => Promise<unknown> } | undefined;
  if (fieldOf(answer, Symbol.asyncIterator) !== undefined && first?.next !== undefined) promises.push(first.next());
  let refusal: { readonly error: unknown } | undefined;
  for (const promise of promises)
    promise.catch((error) => {
      refusal ??= { error };
    });
  if (isSlow) await Promise.allSettled(promises);
  await turnOver();
  return refusal;
}

const fieldOf = (value: unknown, field: PropertyKey): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[field] : undefined;

function refuseUnknown({ isKnown }: Entry, error: unknown): void {
  if (isKnown?.(error) === true) return;
  if (error instanceof HubError && error.code !== 'internal' && error.code !== 'storeFailed') return;
  throw new Error(`it was met with ${told(error)}`);
}

function told(error: unknown): string {
  try {
    if (!(error instanceof Error)) return `a thrown ${typeof error}`;
    const code = error instanceof HubError ? ` ${error.code}` : '';
    const cause = error.cause instanceof Error ? ` (${error.cause.stack})` : '';
    return `${error.name}${code}: ${error.message}${error instanceof HubError ? '' : `\n${error.stack}`}${cause}`;
  } catch {
    return 'something that cannot be shown';
  }
}

const asParsed = (description: Description): unknown => JSON.parse(JSON.stringify(description) ?? 'null');

const prototypes = [
  Object.prototype,
  Array.prototype,
  Function.prototype,
  String.prototype,
  Promise.prototype,
] as const;
const fields = prototypes.map((prototype) => Reflect.ownKeys(prototype).length);

function refusePollution(): void {
  const isAsBefore = prototypes.every((prototype, index) => Reflect.ownKeys(prototype).length === fields[index]);
  if (!isAsBefore || 'isAdmin' in {}) throw new Error('a prototype was changed');
}
