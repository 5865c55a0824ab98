import { expect } from 'vitest';
import { foldLog } from '../../src/hub/picture.ts';
import type { Simulation } from '../../src/scenarios/simulation.ts';

/** I13: the state is the fold of the log. Called at the end of most tests. */
export async function expectFoldEqual(simulation: Simulation): Promise<void> {
  await simulation.settle();
  expect(foldLog(simulation.records())).toEqual(simulation.hub.picture());
}
