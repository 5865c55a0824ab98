/** xstate-hub/testing: the door for tests and simulations. */

export { type SimulatedEnvironment, simulatedEnvironment, simulationStart } from './actors/simulated-environment.ts';
export { type ExportedTest, exportTest, type GivenCommand, type RunToExport } from './scenarios/export-test.ts';
export type { Fault } from './scenarios/faults.ts';
export { type HubMatchers, hubMatchers, type Stateful } from './scenarios/matchers.ts';
export {
  type Play,
  type PlayOptions,
  playScenario,
  type ScenarioResult,
  type ScenarioRun,
} from './scenarios/play-scenario.ts';
export { readScenario } from './scenarios/read-scenario.ts';
export type { RecordPattern } from './scenarios/record-pattern.ts';
export { runScenario, type ScenarioOptions } from './scenarios/run-scenario.ts';
export { type Scenario, scenarioSchema } from './scenarios/schema.ts';
export { type Simulation, type SimulationOptions, simulate } from './scenarios/simulation.ts';
