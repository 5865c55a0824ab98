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
import type { HubRecord } from '../machines/messages.ts';

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
  /** Lets time pass until `fact` holds. Rejects when nothing is left that could make it so. */
  until(fact: () => boolean): Promise<void>;
  /** Lets this much time pass, in ms. */
  advance(ms: number): Promise<void>;
  /** Lets time pass until nothing is left to happen. */
  run(): Promise<void>;
}

/** Opens a hub in simulated time. */
export async function simulate(options: SimulationOptions = {}): Promise<Simulation> {
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
        if (!(await step())) throw new Error('nothing is left to happen, and it is still not so');
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
      while (await step());
    },
  };
}

function allOf(store: Store): readonly HubRecord[] {
  const records = store.read(1);
  if (Symbol.iterator in records) return [...records];
  throw new Error('records() needs a store that reads synchronously; read the store itself');
}
