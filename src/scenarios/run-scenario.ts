/**
 * Plays a scenario: a simulated world, a hub in it, scripted agents and humans, and what was expected.
 */

import type { AnyActorRef } from 'xstate';
import { createDriver } from '../actors/create-driver.ts';
import type { AssignedTask } from '../actors/driver.ts';
import { sleep } from '../actors/environment.ts';
import type { Store } from '../actors/store.ts';
import type { GateDecision } from '../hub/gate-commands.ts';
import type { Hub } from '../hub/hub.ts';
import { foldLog } from '../hub/picture.ts';
import type { GateView } from '../hub/views.ts';
import { HubError } from '../machines/errors.ts';
import { logHash } from '../machines/hash.ts';
import { canonicalJson } from '../machines/json.ts';
import type { HubRecord } from '../machines/messages.ts';
import { statePath, type TaskStatus } from '../machines/status.ts';
import { type Check, checkExpectations } from './expectations.ts';
import type { Scenario, ScenarioHuman } from './schema.ts';
import { type Simulation, simulate } from './simulation.ts';

export interface ScenarioOptions {
  /** Instead of the scenario's own. */
  readonly seed?: number;
  /** Called before time moves, with how far; default: at once. */
  readonly pace?: (ms: number) => Promise<void>;
  /** Decides the gates instead of the scenario's humans; time stands still meanwhile. */
  readonly askHuman?: (gate: GateView) => Promise<GateDecision>;
  /** Called when the hub is there and nothing has happened yet. */
  readonly onStart?: (simulation: Simulation) => void;
  /** Ends the run early when it aborts. */
  readonly signal?: AbortSignal;
  readonly store?: Store;
}

export interface ScenarioResult {
  readonly scenario: string;
  readonly seed: number;
  readonly outcome: 'passed' | 'failed';
  readonly tasks: { readonly [status in TaskStatus]: number };
  /** From the beginning to the last record, in simulated ms. */
  readonly virtualMs: number;
  readonly log: {
    readonly records: number;
    /** SHA-256 of the canonical log. */
    readonly hash: string;
  };
  readonly expectations: readonly Check[];
}

export interface ScenarioRun extends ScenarioResult {
  readonly records: readonly HubRecord[];
}

/** Longest run, in simulated time. */
const longestRun = 10 * 365 * 86_400_000;

export async function runScenario(scenario: Scenario, options: ScenarioOptions = {}): Promise<ScenarioRun> {
  const seed = options.seed ?? scenario.seed;
  const visited = new Map<string, Set<string>>();
  const simulation = await simulate({
    seed,
    project: scenario.project,
    agentTypes: [...new Set(scenario.agents.map(({ type }) => type))],
    ...(options.pace && { pace: options.pace }),
    ...(options.store && { store: options.store }),
    inspect(event) {
      if (event.type !== '@xstate.snapshot' || !('value' in event.snapshot)) return;
      const { id } = event.actorRef as AnyActorRef;
      const states = visited.get(id) ?? new Set();
      visited.set(id, states.add(statePath(event.snapshot.value as never)));
    },
  });
  const { hub, environment } = simulation;
  const start = environment.now();
  options.onStart?.(simulation);
  registerAgents(scenario, simulation);
  schedule(scenario, simulation);
  if (options.askHuman === undefined) followHumans(scenario.humans, simulation);

  const answered = new Set<string>();
  const isOver = () => hub.status().state === 'stopped' || environment.now() - start > longestRun;
  await simulation.settle();
  while (!isOver() && options.signal?.aborted !== true) {
    if (options.askHuman !== undefined) await askAboutGates(hub, answered, options.askHuman);
    await simulation.settle();
    if (!(await simulation.step())) break;
  }

  const picture = hub.picture();
  const records = simulation.records();
  const checks = checkExpectations(scenario.expect, { picture, records, visited, start });
  checks.push({
    ok: canonicalJson(foldLog(records)) === canonicalJson(picture),
    text: 'the state is the fold of the log',
  });
  if (picture.status.state !== 'stopped') await hub.stop('the scenario is over');
  return {
    scenario: scenario.name,
    seed,
    outcome: checks.every(({ ok }) => ok) ? 'passed' : 'failed',
    tasks: picture.status.tasks,
    virtualMs: (records.at(-1)?.at ?? start) - start,
    log: { records: records.length, hash: logHash(records) },
    expectations: checks,
    records,
  };
}

function registerAgents(scenario: Scenario, { hub, environment }: Simulation): void {
  for (const { id, script, scripts, answers, heartbeat, concurrency, ...profile } of scenario.agents) {
    const heartbeatMs = heartbeat;
    const drivers = Object.fromEntries(
      Object.entries({ ...scripts, '': script }).map(([type, run]) => [
        type,
        createDriver({ run, heartbeatMs }, environment).run,
      ]),
    );
    hub.register({
      ...profile,
      id,
      run: (task: AssignedTask, context) => (drivers[task.type] ?? drivers[''])?.(task, context),
      ...(answers && { answer: answers }),
      ...(heartbeatMs !== undefined && { heartbeatMs }),
      ...(concurrency !== undefined && { concurrency }),
    });
  }
}

function schedule(scenario: Scenario, { hub, environment }: Simulation): void {
  const start = environment.now();
  const at = (ms: number, act: () => void) => {
    if (ms === 0) act();
    else environment.wakeAt(start + ms, () => tolerate(act));
  };
  for (const { at: when, metadata, requirements, idempotencyKey, ...task } of scenario.tasks) {
    const { timeout, priority } = metadata;
    at(when, () => {
      hub.submit({
        ...task,
        metadata: { ...(priority !== undefined && { priority }), ...(timeout !== undefined && { timeoutMs: timeout }) },
        requirements: {
          capabilities: requirements.capabilities,
          languages: requirements.languages,
          ...(requirements.agentType !== undefined && { agentType: requirements.agentType }),
        },
        ...(idempotencyKey !== undefined && { idempotencyKey }),
      });
    });
  }
  for (const act of scenario.acts) {
    at(act.at, () => {
      if ('cancel' in act) hub.cancel(act.cancel.task, act.cancel.reason);
      else if ('prioritise' in act) hub.prioritise(act.prioritise.task, act.prioritise.priority);
      else if ('pauseAgent' in act) hub.pauseAgent(act.pauseAgent);
      else if ('resumeAgent' in act) hub.resumeAgent(act.resumeAgent);
      else if ('unregister' in act) hub.unregister(act.unregister);
      else if ('send' in act) hub.send(act.send).catch(ignoreRefusal);
      else if ('project' in act) hub.updateProject(act.project as Parameters<Hub['updateProject']>[0]);
      else if ('pause' in act) hub.pause();
      else if ('resume' in act) hub.resume();
      else hub.drain().catch(ignoreRefusal);
    });
  }
  for (const fault of scenario.faults) {
    at(fault.at, () => {
      if ('crash' in fault) hub.reportLost(fault.crash, 'crashed');
      else hub.as(fault.restart).heartbeat();
    });
  }
}

/** Each human decides each gate that is theirs, some time after it was opened or handed over to them. */
function followHumans(humans: readonly ScenarioHuman[], { hub, environment }: Simulation): void {
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
            contentHash: gate.contentHash,
          }),
        )
        .catch(ignoreRefusal);
    }
  };
  hub.on('gate.open', ({ payload }) => consider(payload.gateId));
  hub.on('gate.handedOver', ({ payload }) => consider(payload.gateId));
}

const decides = ({ id, gates }: ScenarioHuman, gate: GateView): boolean =>
  (gate.approvers === null || gate.approvers.includes(id)) &&
  (gates.agent === undefined || gates.agent === gate.agentId) &&
  (gates.reason === undefined || gate.reason.includes(gates.reason));

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

/** In a scenario an act may come too late: the hub refuses it, and the run goes on. */
function tolerate(act: () => void): void {
  try {
    act();
  } catch (error) {
    ignoreRefusal(error);
  }
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof HubError)) throw error;
}
