/** xstate-hub/testing: the door for tests and simulations. */

export { type SimulatedEnvironment, simulatedEnvironment, simulationStart } from './actors/simulated-environment.ts';
export { type Simulation, type SimulationOptions, simulate } from './scenarios/simulation.ts';
