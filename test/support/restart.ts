import { type Simulation, type SimulationOptions, simulate } from '../../src/scenarios/simulation.ts';
import { storeWith } from './stores.ts';

/** A second hub on the log of the first, so many ms after that was last looked at; the first is as if it had crashed. */
export const restartAfter = (simulation: Simulation, ms: number, options: SimulationOptions = {}) =>
  simulate({
    seed: simulation.environment.seed + 1, // Other ids than those that are in the log.
    ...options,
    store: storeWith(simulation.records()),
    startAt: simulation.environment.now() + ms,
  });
