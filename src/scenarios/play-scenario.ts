/**
 * Plays a scenario step by step: a simulated world, a hub in it, scripted agents and humans, and what was expected.
 *
 * - P1 with a store that holds a part of the run already, the hub recovers from it and the run goes on from its last
 *   moment: what came in before does not come in again, and what was at work is done again.
 */
import { cronCalendar } from '../actors/cron-calendar.ts';
import { simulationStart } from '../actors/simulated-environment.ts';
import type { Store } from '../actors/store.ts';
import { byHand, capabilityMatch, epsilonGreedy, leastLoaded, longestFree, type Router, ucb1 } from '../hub/routing.ts';
import { logHash } from '../machines/hash.ts';
import { canonicalJson } from '../machines/json.ts';
import type { HubRecord } from '../machines/messages.ts';
import { parse } from '../machines/parse.ts';
import type { TaskStatus } from '../machines/status.ts';
import { followHumans, registerAgents } from './cast.ts';
import { type Check, checkExpectations } from './expectations.ts';
import { type Fault, Faults } from './faults.ts';
import { unfold } from './plot.ts';
import { replay } from './replay.ts';
import { faultSchema, type Scenario } from './schema.ts';
import { longestRun, mostRecords, type Simulation, simulate } from './simulation.ts';

export interface PlayOptions {
  /** Instead of the scenario's own. */
  readonly seed?: number;
  /** Called before time moves, with how far; default: at once. */
  readonly pace?: (ms: number) => Promise<void>;
  /** Whether the scenario's humans decide the gates. Default: true. */
  readonly humans?: boolean;
  /** Called when the hub is there and nothing has happened yet. */
  readonly onStart?: (simulation: Simulation) => void;
  /** One that reads synchronously. Default: memory. */
  readonly store?: Store;
}

/** Why its hub is stopped in the end. */
export const endOfScenario = 'the scenario is over';

/** A scenario under way. */
export interface Play {
  readonly simulation: Simulation;
  /** Lets the next thing happen, which may move time; false when the run is over. */
  advance(): Promise<boolean>;
  /** Makes something go wrong now. Throws `invalid` for what no scenario file could say, and `unknownAgent`. */
  inject(fault: Fault): void;
  /** All chance comes from this seed from now on: the run goes on as another one. */
  reseed(seed: number): void;
  /** Stops the hub and says whether what was expected is so. */
  finish(): Promise<ScenarioRun>;
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

const routers: { readonly [name in Scenario['router']]: () => Router } = {
  longestFree: () => longestFree,
  byHand: () => byHand,
  capabilityMatch,
  leastLoaded,
  epsilonGreedy,
  ucb1,
};

export async function playScenario(scenario: Scenario, options: PlayOptions = {}): Promise<Play> {
  const seed = options.seed ?? scenario.seed;
  const past = options.store === undefined ? [] : [...(options.store.read(1) as Iterable<HubRecord>)];
  const simulation = await simulate({
    seed: seed + startsIn(past), // Other ids than those that are in the log.
    startAt: past.at(-1)?.at ?? simulationStart,
    project: scenario.project,
    config: scenario.config,
    router: routers[scenario.router](),
    calendar: cronCalendar(),
    agentTypes: [...new Set(scenario.agents.map(({ type }) => type))],
    ...(options.pace && { pace: options.pace }),
    ...(options.store && { store: options.store }),
  });
  const { hub, environment } = simulation;
  const start = past[0]?.at ?? simulationStart;
  options.onStart?.(simulation);
  const faults = new Faults(environment);
  registerAgents(scenario, simulation, faults);
  unfold(scenario, simulation, faults, { start, past });
  if (options.humans !== false) followHumans(scenario, simulation);

  const end = start + (scenario.until ?? longestRun);
  const isOver = () =>
    hub.actor.getSnapshot().value === 'stopped' ||
    hub.actor.getSnapshot().context.seq > mostRecords ||
    (environment.next() ?? end) > end;

  return {
    simulation,

    async advance() {
      await simulation.settle();
      return !isOver() && (await simulation.step());
    },

    inject(fault) {
      const { at: _, ...checked } = parse(faultSchema, fault, 'fault');
      faults.inject(checked, hub);
    },

    reseed(other) {
      environment.reseed(other);
    },

    async finish() {
      await simulation.settle();
      const picture = hub.picture();
      const records = simulation.records();
      const { picture: folded, visited } = replay(records);
      const isResumed = past.length > 0;
      const checks = checkExpectations(scenario.expect, { picture, records, visited, start, isResumed });
      if (picture.status.seq > mostRecords)
        checks.push({ ok: false, text: `the run came to an end by itself: it was ended after ${mostRecords} records` });
      checks.push({
        ok: canonicalJson(folded) === canonicalJson(picture),
        text: 'the state is the fold of the log',
      });
      if (picture.status.state !== 'stopped') await hub.stop(endOfScenario);
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
    },
  };
}

/** How often a hub was started on this log. */
const startsIn = (records: readonly HubRecord[]): number => records.filter(({ type }) => type === 'hub.started').length;
