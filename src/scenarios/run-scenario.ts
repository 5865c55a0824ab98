/** Plays a scenario from its beginning to its end. */
import type { GateDecision } from '../hub/gate-commands.ts';
import type { Hub } from '../hub/hub.ts';
import type { GateView } from '../hub/views.ts';
import { type PlayOptions, playScenario, type ScenarioRun } from './play-scenario.ts';
import type { Scenario } from './schema.ts';

export interface ScenarioOptions extends Omit<PlayOptions, 'humans'> {
  /** Decides the gates instead of the scenario's humans; time stands still meanwhile. */
  readonly askHuman?: (gate: GateView) => Promise<GateDecision>;
  /** Ends the run early when it aborts. */
  readonly signal?: AbortSignal;
}

export async function runScenario(
  scenario: Scenario,
  { askHuman, signal, ...options }: ScenarioOptions = {},
): Promise<ScenarioRun> {
  const play = await playScenario(scenario, { ...options, humans: askHuman === undefined });
  const answered = new Set<string>();
  do {
    if (askHuman !== undefined) {
      await play.simulation.settle();
      await askAboutGates(play.simulation.hub, answered, askHuman);
    }
  } while (signal?.aborted !== true && (await play.advance()));
  return await play.finish();
}

async function askAboutGates(
  hub: Hub,
  answered: Set<string>,
  askHuman: (gate: GateView) => Promise<GateDecision>,
): Promise<void> {
  for (const gate of hub.gates()) {
    if (answered.has(gate.id)) continue;
    answered.add(gate.id);
    await hub.decideGate(gate.id, await askHuman(gate));
  }
}
