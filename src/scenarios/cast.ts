/** The agents and humans of a scenario, at work. */
import { createDriver } from '../actors/create-driver.ts';
import type { AssignedTask } from '../actors/driver.ts';
import { type Environment, sleep } from '../actors/environment.ts';
import type { AgentDefinition } from '../hub/agent-commands.ts';
import type { Hub } from '../hub/hub.ts';
import type { GateView } from '../hub/views.ts';
import { HubError } from '../machines/errors.ts';
import type { Faults } from './faults.ts';
import type { Scenario, ScenarioHuman } from './schema.ts';
import type { Simulation } from './simulation.ts';

export function registerAgents({ agents }: Scenario, { hub }: Simulation, faults: Faults): void {
  for (const agent of agents) {
    const environment = faults.environmentOf(agent.id);
    const { run, answer, ...profile } = agentDefinition(agent, environment);
    const driver = createDriver({ run, answer, heartbeatMs: agent.heartbeat }, environment);
    const beats = agent.heartbeat !== undefined;
    hub.register({
      ...profile,
      run: faults.around(agent.id, driver.run, beats),
      ...(driver.answer && { answer: faults.around(agent.id, driver.answer, beats) }),
    });
  }
}

/** An agent of a file as the hub takes it. */
export function agentDefinition(agent: Scenario['agents'][number], environment: Environment): AgentDefinition {
  const { id, script, scripts, taskScripts, answers, heartbeat: heartbeatMs, concurrency, name, ...profile } = agent;
  const driverOf = (run: typeof script) => createDriver({ run, heartbeatMs }, environment).run;
  const driversOf = (all: typeof scripts) => new Map(Object.entries(all).map(([key, run]) => [key, driverOf(run)]));
  const [byTask, byType, byDefault] = [driversOf(taskScripts), driversOf(scripts), driverOf(script)];
  return {
    ...profile,
    id,
    run: (task: AssignedTask, context) => (byTask.get(task.id) ?? byType.get(task.type) ?? byDefault)(task, context),
    ...(name !== undefined && { name }),
    ...(answers && { answer: answers }),
    ...(heartbeatMs !== undefined && { heartbeatMs }),
    ...(concurrency !== undefined && { concurrency }),
  };
}

/** Each human decides each gate that is theirs, some time after it was opened or handed over to them. */
export function followHumans({ humans }: Scenario, { hub, environment }: Simulation): void {
  const consider = (gateId: string) => {
    const gate = hub.gates().find(({ id }) => id === gateId);
    if (gate === undefined) return;
    for (const human of humans.filter((one) => decides(one, gate))) {
      sleep(environment, human.after)
        .then(() =>
          hub.decideGate(gateId, {
            decision: human.decision,
            by: human.id,
            reason: human.reason,
            answer: human.answer,
            ...(human.choice !== undefined && { choice: human.choice }),
            contentHash: gate.contentHash,
          }),
        )
        .catch(ignoreRefusal);
    }
  };
  for (const { id } of hub.gates()) consider(id);
  hub.on('gate.open', ({ payload }) => consider(payload.gateId));
  hub.on('gate.handedOver', ({ payload }) => consider(payload.gateId));
}

type Decision = Extract<Scenario['acts'][number], { decide: unknown }>['decide'];

/** Decides the gate that fits and has been open longest, if there is one. */
export function decideOldest({ gates, by, choice, ...said }: Decision, hub: Hub): void {
  const gate = hub.gates().find((one) => decides({ id: by, gates }, one));
  if (gate === undefined) return;
  hub.decideGate(gate.id, { ...said, by, ...(choice !== undefined && { choice }) }).catch(ignoreRefusal);
}

const decides = ({ id, gates }: Pick<ScenarioHuman, 'id' | 'gates'>, gate: GateView): boolean =>
  (gate.approvers === null || gate.approvers.includes(id)) &&
  (gates.agent === undefined || gates.agent === gate.agentId) &&
  (gates.reason === undefined || gate.reason.includes(gates.reason));

/** In a scenario somebody may come too late, or ask for what cannot be: the hub refuses it, and the run goes on. */
export function ignoreRefusal(error: unknown): void {
  if (!(error instanceof HubError)) throw error;
}
