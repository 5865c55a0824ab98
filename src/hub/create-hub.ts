/**
 * Opens a hub: loads its checkpoint, folds what stands behind that in the log, and starts the loop.
 *
 * - Op1 nothing is done in the world until the log is folded; what was in flight goes back to the queue then, with a
 *   record, and deadlines that have passed meanwhile pass in their order.
 */
import type { InspectionEvent } from 'xstate';
import { type Calendar, noCalendar } from '../actors/calendar.ts';
import { type Environment, realEnvironment } from '../actors/environment.ts';
import { deliver, startSealed } from '../actors/sealed-actor.ts';
import { memoryStore, type Store } from '../actors/store.ts';
import { configSchema, type HubConfigInput } from '../machines/config.ts';
import { HubError } from '../machines/errors.ts';
import type { HubRecord } from '../machines/messages.ts';
import { parse } from '../machines/parse.ts';
import { Checkpointer } from './checkpoint/checkpointer.ts';
import { assembleHub, type Hub, type OpenHub } from './hub.ts';
import { readOptions } from './hub-options.ts';
import { Kernel } from './kernel.ts';
import { Listeners } from './listeners.ts';
import { createHubLogic, restoreFrom, stateOf } from './logic.ts';
import type { Planner } from './planner.ts';
import { longestFree, type Router } from './routing.ts';
import { rulePlanner } from './rule-planner.ts';
import { Runner } from './runner.ts';
import { type Charts, charts, type HubState } from './state.ts';
import type { Validator } from './validator.ts';
import { workingSpecValidator } from './working-spec.ts';

export interface HubOptions {
  /** One hub owns one project. */
  readonly project: string;
  /** The only agent types that there are. Default: any. */
  readonly agentTypes?: readonly string[];
  /** Default: the memory of this process, with the last 100,000 records. */
  readonly store?: Store;
  /** Default: the machine's clock and randomness. */
  readonly environment?: Environment;
  /** Who gets which task. Default: whoever has been free longest. */
  readonly router?: Router;
  /** Says whether a task's working spec is good enough. Default: CAWS's rules by risk tier. */
  readonly validator?: Validator;
  /** Makes plans of complex tasks. Default: by rules, without a model. */
  readonly planner?: Planner;
  /** Reads cron expressions. Default: none, and schedules have intervals only. */
  readonly calendar?: Calendar;
  readonly config?: HubConfigInput;
  /**
   * After how many records a checkpoint is saved, in a store that keeps checkpoints; there is one more when the hub
   * stops. A start folds about so many records at most. Default: 100,000. `Infinity`: only when it stops.
   */
  readonly checkpointEvery?: number;
  /** Sees XState's inspection events of every actor. It cannot disturb the hub: what it throws is dropped. */
  readonly inspect?: (event: InspectionEvent) => void;
  /** Replaces charts; for tests of what happens when one fails. */
  readonly charts?: Partial<Charts>;
}

/**
 * A running hub, with what its log says it was.
 *
 * Throws `invalid` for options that cannot be, and for a checkpoint that this version cannot go on from; `conflict`
 * when the store holds another project; `storeFailed` when records or rows of the checkpoint are missing; and what the
 * store throws when it cannot read.
 */
export async function createHub(given: HubOptions): Promise<Hub> {
  let loaded: Loaded;
  try {
    loaded = await load(given);
  } catch (error) {
    await letGo(given); // Nobody else would.
    throw error;
  }
  const { options, environment, config, store, actor, checkpointer } = loaded;
  const { project, router = longestFree, calendar = noCalendar, planner = rulePlanner(), agentTypes } = options;
  const types = agentTypes && new Set(agentTypes);
  const refuseUnknownType = (type: string) => {
    if (types === undefined || types.has(type)) return;
    throw new HubError('unknownAgentType', `there is no agent type ${type}`, {
      path: 'agentType',
      expected: [...types].join(', '),
    });
  };
  const runner = new Runner(environment, planner, refuseUnknownType);
  let opened: OpenHub | undefined;
  const kernel = new Kernel({
    actor,
    store,
    environment,
    router,
    validator: options.validator ?? workingSpecValidator(),
    calendar,
    planner,
    checkpointer,
    act(record) {
      runner.act(record);
      opened?.announce(record);
    },
    began: (entry) => runner.watch(entry),
    onFailure(error) {
      runner.stop(error);
      opened?.close(error);
    },
  });
  runner.attach(kernel);
  const listeners = new Listeners();
  opened = assembleHub({
    actor,
    kernel,
    runner,
    store,
    environment,
    router,
    calendar,
    listeners,
    coming: new Map(),
    refuseUnknownType,
  });
  await kernel.receive(() => ({ from: 'hub', to: 'hub', type: 'hub.started', payload: { project, config } }));
  return opened.hub;
}

type Loaded = Awaited<ReturnType<typeof load>>;

/** The options, read, and the state that the store has. */
async function load(given: HubOptions) {
  const options = readOptions(given);
  const { project, environment = realEnvironment(), inspect, checkpointEvery = 100_000 } = options;
  if (checkpointEvery !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(checkpointEvery) && checkpointEvery > 0)) {
    const expected = 'a number of records, from 1';
    throw new HubError('invalid', `checkpointEvery: expected ${expected}`, { path: 'checkpointEvery', expected });
  }
  const config = parse(configSchema, options.config ?? {}, 'config');
  const store = options.store ?? memoryStore({ keep: 100_000 });
  const actor = startSealed(createHubLogic({ ...charts, ...options.charts }), {
    ...(inspect && { inspect: quietly(inspect) }),
  });
  // What is in the default store, nobody could ever open again.
  const checkpoints = options.store === undefined ? undefined : store.checkpoints;
  const state = stateOf(actor.getSnapshot());
  const checkpointer = checkpoints ? new Checkpointer({ state, checkpoints, every: checkpointEvery }) : null;
  const saved = await checkpoints?.load();
  if (saved !== undefined) {
    restoreFrom(actor, saved);
    checkpointer?.goOnFromHere();
  }
  await recover(state, (record) => deliver(actor, record), store, project);
  return { options, environment, config, store, actor, checkpointer };
}

/** Closes the store that was given, if it is one. */
async function letGo(given: HubOptions): Promise<void> {
  try {
    await given.store?.close();
  } catch {
    // It cannot be closed, and what was thrown before is what matters.
  }
}

/** Folds the log from where the state is, if it is this project's. */
async function recover(
  state: HubState,
  fold: (record: HubRecord) => void,
  store: Store,
  project: string,
): Promise<void> {
  for await (const record of store.read(state.seq + 1)) {
    if (record.seq !== state.seq + 1) {
      throw new HubError('storeFailed', `the log has a gap: record ${record.seq} follows ${state.seq}`);
    }
    fold(record);
  }
  const known = state.project;
  if (known === '' || known === project) return;
  throw new HubError('conflict', `the store holds the project ${known}, not ${project}`, {
    path: 'project',
    expected: known,
  });
}

/** An observer that throws would leave XState's mailbox stuck; and it must not be able to change a run. */
const quietly =
  (inspect: (event: InspectionEvent) => void) =>
  (event: InspectionEvent): void => {
    try {
      inspect(event);
    } catch {
      // Inspectors are passive (I23).
    }
  };
