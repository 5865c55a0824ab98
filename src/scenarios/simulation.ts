/**
 * A hub in a world of its own: virtual time, one seed for all chance, the whole log at hand.
 *
 * Time stands still while anything can still happen without it, and then moves to the next moment at
 * which something is due; so two hours of waiting take no time at all, and every run is the same.
 */
import {
  promisesSettled,
  type SimulatedEnvironment,
  simulatedEnvironment,
  simulationStart,
} from '../actors/simulated-environment.ts';
import { memoryStore, type Store } from '../actors/store.ts';
import { createHub, type HubOptions } from '../hub/create-hub.ts';
import type { Hub } from '../hub/hub.ts';
import { hubOptionNames } from '../hub/hub-options.ts';
import { HubError } from '../machines/errors.ts';
import type { HubRecord } from '../machines/messages.ts';
import { refuseUnknown } from '../machines/parse.ts';
import { whatStandsOpen } from './standing-open.ts';

export interface SimulationOptions extends Partial<Omit<HubOptions, 'environment'>> {
  /** Default: 1. */
  readonly seed?: number;
  /** The first moment, in ms since the epoch. Default: the beginning of 2026, UTC. */
  readonly startAt?: number;
  /** Called before time moves, with how far; it moves when the promise resolves. Default: at once. */
  readonly pace?: (ms: number) => Promise<void>;
}

export interface Simulation {
  readonly hub: Hub;
  readonly environment: SimulatedEnvironment;
  /** The log so far. */
  records(): readonly HubRecord[];
  /** Lets everything happen that needs no time. */
  settle(): Promise<void>;
  /** Moves to the next moment at which something is due, and lets it happen; false when nothing is. */
  step(): Promise<boolean>;
  /**
   * Lets time pass until `fact` holds. Rejects with `conflict` when nothing is left that could make it so, and names
   * what stands open then: tasks, gates and questions.
   */
  until(fact: () => boolean): Promise<void>;
  /** Lets this much time pass, in ms. */
  advance(ms: number): Promise<void>;
  /**
   * Lets time pass until nothing is left to happen. A driver that waits outside of simulated time (setTimeout, a
   * network) is not waited for: its task is still running then. Rejects with `conflict` when something is left to
   * happen after 200,000 records or 10 years, as with a schedule.
   */
  run(): Promise<void>;
}

/** Most records of a run: one that goes on and on has to end, too. */
export const mostRecords = 200_000;

/** Longest run, in simulated time. */
export const longestRun = 10 * 365 * 86_400_000;

const own: { readonly [option in Exclude<keyof SimulationOptions, keyof HubOptions>]-?: readonly string[] } = {
  seed: [],
  startAt: [],
  pace: [],
};
const known = new Map([...[...hubOptionNames].filter(([name]) => name !== 'environment'), ...Object.entries(own)]);

/** Opens a hub in simulated time. Rejects as `createHub` does. */
export async function simulate(options: SimulationOptions = {}): Promise<Simulation> {
  refuseUnknown(options, known);
  const {
    seed = 1,
    startAt = simulationStart,
    pace,
    store = memoryStore(),
    project = 'simulation',
    ...others
  } = options;
  const environment = simulatedEnvironment(seed, startAt);
  const hub = await createHub({ ...others, project, store, environment });

  const seq = () => hub.actor.getSnapshot().context.seq;
  const settle = async () => {
    do await promisesSettled();
    while (!hub.isSettled());
  };
  const step = async (): Promise<boolean> => {
    const next = environment.next();
    if (next !== undefined && pace !== undefined) await pace(Math.max(0, next - environment.now()));
    const stepped = environment.step();
    await settle();
    return stepped;
  };

  return {
    hub,
    environment,
    records: () => allOf(store),
    settle,
    step,
    async until(fact) {
      await settle();
      while (!fact()) {
        if (await step()) continue;
        throw new HubError('conflict', `nothing is left to happen, and it is still not so; ${whatStandsOpen(hub)}`);
      }
    },
    async advance(ms) {
      await settle();
      const target = environment.now() + ms;
      environment.wakeAt(target, () => {});
      while ((environment.next() ?? Number.POSITIVE_INFINITY) <= target) await step();
    },
    async run() {
      await settle();
      const end = environment.now() + longestRun;
      const lastSeq = seq() + mostRecords;
      while (await step()) {
        if (seq() > lastSeq) throw endless(`${mostRecords} records`);
        if (environment.now() > end) throw endless('10 years');
      }
    },
  };
}

const endless = (bound: string): HubError =>
  new HubError(
    'conflict',
    `something is left to happen after ${bound}: this does not come to an end (a schedule goes on and on); say how far to go with advance(ms) or until(fact)`,
  );

function allOf(store: Store): readonly HubRecord[] {
  const records = store.read(1);
  if (Symbol.iterator in records) return [...records];
  throw new Error('records() needs a store that reads synchronously; read the store itself');
}
