/**
 * Every state and every transition of every chart is reached by a hub, in the flows or in the scenarios.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { createActor } from 'xstate';
import { agentMachine } from '../../src/machines/agent.ts';
import { consultationMachine } from '../../src/machines/consultation.ts';
import { gateMachine } from '../../src/machines/gate.ts';
import { hubMachine } from '../../src/machines/hub.ts';
import { orchestrationMachine } from '../../src/machines/orchestration.ts';
import { taskMachine } from '../../src/machines/task.ts';
import { Coverage, partsOf } from '../../src/simulator/coverage.ts';
import { readScenario, runScenario, simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { flows } from '../support/flows.ts';
import { orchestrationFlows } from '../support/orchestration-flows.ts';
import { storeWith } from '../support/stores.ts';

const coverage = new Coverage();
const scenarios = new URL('../../scenarios/', import.meta.url);

beforeAll(async () => {
  for (const { options, play } of [...flows, ...orchestrationFlows]) {
    const simulation = await simulate({ ...options?.(), inspect: coverage.inspect });
    await play(simulation);
    await expectFoldEqual(simulation);
    if (simulation.hub.status().state === 'stopped') {
      await simulate({ store: storeWith(simulation.records()), inspect: coverage.inspect });
    }
  }
  for (const name of readdirSync(scenarios).filter((file) => file.endsWith('.yaml'))) {
    await runScenario(readScenario(readFileSync(new URL(name, scenarios), 'utf8'), name), {
      onStart: ({ hub }) => void hub.actor.system.inspect(coverage.inspect),
    });
  }
  // What a hub leaves within the turn in which it enters it, or would need a fault of its own.
  for (const events of [['failed'], ['cancelled'], ['analysed', 'planned', 'failed']] as const) {
    const actor = createActor(orchestrationMachine, { input: { orchestrationId: 'o' }, inspect: coverage.inspect });
    actor.start();
    for (const event of events) actor.send({ type: `orchestration.${event}` });
  }
});

test.each([
  ['hub', hubMachine, 14],
  ['task', taskMachine, 40],
  ['agent', agentMachine, 55],
  ['consultation', consultationMachine, 15],
  ['gate', gateMachine, 11],
  ['orchestration', orchestrationMachine, 26],
] as const)('every state and transition of the %s chart is reached', (_name, machine, least) => {
  expect(partsOf(machine).size).toBeGreaterThanOrEqual(least);
  expect(coverage.missing(machine)).toEqual([]);
});

test('what was not reached is named', () => {
  const nothing = new Coverage();
  expect(nothing.missing(gateMachine)).toHaveLength(partsOf(gateMachine).size);
  expect(nothing.missing(gateMachine)).toContain('gate.open on gate.approved to gate.approved');
  expect(nothing.missing(taskMachine)).toContain(
    'task.running.resuming on arrival if isConsulting to task.running.consulting',
  );
});
