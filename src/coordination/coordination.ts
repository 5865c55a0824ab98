/**
 * A hub for the project in a directory, which masters outside talk to through files.
 *
 * Owns: opening, the order of everything at a look, going away. Does not own: the places of files (places.ts), what
 * masters have to do (answer-file.ts), what people can decide (decisions.ts).
 *
 * - Co1 one writer for each folder (lock.ts); the log in it is the truth, and every other file follows from it.
 * - Co2 after a restart, however the process ended, everything goes on where it was.
 */
import { createDriver } from '../actors/create-driver.ts';
import { type Environment, realEnvironment } from '../actors/environment.ts';
import type { AgentDefinition } from '../hub/agent-commands.ts';
import { createHub } from '../hub/create-hub.ts';
import { type DashboardEvent, dashboardEvent } from '../hub/dashboard.ts';
import type { Hub } from '../hub/hub.ts';
import { rulePlanner } from '../hub/rule-planner.ts';
import { isoTime } from '../hub/seed-documents.ts';
import { configSchema, type HubConfigInput } from '../machines/config.ts';
import { parse } from '../machines/parse.ts';
import { Answers } from './answers.ts';
import { Decisions } from './decisions.ts';
import { EventLog } from './event-log.ts';
import { Folder } from './folder.ts';
import { Intake } from './intake.ts';
import { jsonlStore } from './jsonl-store.ts';
import { Ledger } from './ledger.ts';
import { type Lock, takeLock } from './lock.ts';
import { type MasterParts, masterDriver } from './master-driver.ts';
import { Mirror } from './mirror.ts';
import { Notices } from './notices.ts';
import { handoffsPlace, places, resultsPlace } from './places.ts';
import { isSafeId, SubtaskIds, uniquePlanner } from './unique-planner.ts';
import { Watcher } from './watcher.ts';

export interface CoordinationOptions {
  /** The project; its `coordination` folder is made when it is not there. */
  readonly directory: string;
  /** Who does the work of their types here, besides the masters outside. */
  readonly agents?: readonly AgentDefinition[];
  readonly config?: HubConfigInput;
  readonly environment?: Environment;
  /** Longest silence of a worker that was seen, in ms. Default: three minutes. */
  readonly silenceMs?: number;
  /** Longest time between two looks at the folder, in ms. Default: two seconds. */
  readonly pollMs?: number;
  /** A line of `dashboard-events.jsonl`, as it is written. */
  readonly onEvent?: (line: string) => void;
  /** What people should know: a file that cannot be read, and the like. */
  readonly onNotice?: (text: string) => void;
}

/** A simple task that went to its master; the other events are the hub's. */
interface RoutedEvent {
  readonly timestamp: string;
  readonly type: 'task_routed';
  readonly task_id: string;
  readonly assigned_to: string;
}
export type CoordinationEvent = DashboardEvent | RoutedEvent;

/** How it stands when nothing is left that could be done. */
export interface Summary {
  readonly completed: readonly string[];
  readonly failed: readonly string[];
  /** They wait for a person. */
  readonly blocked: readonly string[];
  /** What in the queue could not be read or done. */
  readonly refused: readonly string[];
}

export interface Coordination {
  readonly hub: Hub;
  /** Rejects when the log cannot be written any more; resolves when it was stopped. */
  readonly over: Promise<void>;
  /** Why the queue cannot be used, when it cannot. */
  queueProblem(): string | undefined;
  /** Resolves when nothing is left to do but what waits for people. */
  untilIdle(): Promise<Summary>;
  /** Takes nothing new, lets what is at work finish, at most this long in ms, and stops. */
  drain(graceMs: number): Promise<void>;
  /** Stops at once; what is at work goes on after the next start. */
  stop(): Promise<void>;
}

/** The masters that there are without anybody saying so. */
const usualMasters = ['development', 'security', 'inventory', 'cicd'];
/** Restarts of the hub are attempts to it; the failures that count are counted in master-driver.ts. */
const manyAttempts = 1000;
/** What a master can have at once: it puts a worker on each. */
const workersOfMaster = 1000;
/** Reports are made of what the hub remembers. */
const leastKept = 1000;
/** How often the lock is touched, in ms. */
const touchEvery = 15_000;

/**
 * Opens the folder and goes to work.
 *
 * Rejects with `conflict` when another process has it, with `forbidden` when it leads out of the directory, with
 * `storeFailed` when its log is broken, with `ENOENT` when there is no such directory.
 */
export async function openCoordination(options: CoordinationOptions): Promise<Coordination> {
  const { environment = realEnvironment(), directory } = options;
  const folder = await Folder.open(directory);
  const lock = await takeLock(await folder.place(places.lock), environment);
  try {
    return await begin(options, folder, lock, environment);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function begin(
  options: CoordinationOptions,
  folder: Folder,
  lock: Lock,
  environment: Environment,
): Promise<Coordination> {
  const { agents = [], silenceMs = 180_000, pollMs = 2000, onEvent = () => {}, onNotice = () => {} } = options;
  const notices = new Notices(onNotice);
  const config = parse(configSchema, options.config ?? {}, 'config');
  const { maxAttempts } = config.orchestration;
  await sweep(folder);
  const ids = new SubtaskIds();
  const ledger = new Ledger(ids);
  const store = await jsonlStore(await folder.place(places.log), { onNotice });
  for await (const record of store.read(1)) ledger.note(record);

  const hub = await createHub({
    project: 'coordination',
    store,
    environment,
    planner: uniquePlanner(rulePlanner(), ids),
    config: {
      ...config,
      keepFinished: Math.max(config.keepFinished, leastKept),
      orchestration: { ...config.orchestration, maxAttempts: manyAttempts },
    },
  });
  const begunSeq = ledger.seq;
  const events = await EventLog.open(folder, hub.status().seq);
  const mirror = new Mirror({ folder, hub, ledger, events, notices, eventOf: dashboardEvent, onEvent });
  await keepUp(hub, ledger, mirror, events.seq);

  const answers = new Answers(folder, notices, silenceMs);
  const decisions = new Decisions({ folder, hub, notices, ids });
  const onRouted = async (task_id: string, assigned_to: string) => {
    const event: RoutedEvent = { timestamp: isoTime(environment.now()), type: 'task_routed', task_id, assigned_to };
    onEvent(await events.note(event));
  };
  const intake = new Intake({ folder, hub, ledger, notices, isBehind: (id) => mirror.isBehind(id), onRouted });
  let takesNew = true;
  let touchedAt = 0;
  const look = async () => {
    try {
      await welcomeMasters();
      await answers.look();
      await decisions.look();
      await mirror.flush();
      await intake.look(takesNew);
      if (environment.now() - touchedAt > touchEvery) {
        touchedAt = environment.now();
        await lock.touch();
      }
      notices.over('look');
    } catch (error) {
      notices.tell('look', (error as Error).message);
    }
  };
  const watcher = new Watcher({ environment, pollMs, look });
  const parts: MasterParts = { folder, ledger, mirror, answers, notices, maxAttempts, nextBeat: () => watcher.next() };

  const outside = new Set<string>();
  const welcomeMasters = async () => {
    if (hub.status().state !== 'running') return;
    const named = (await folder.folders(places.masters)).filter(isSafeId);
    for (const master of new Set([...usualMasters, ...named])) {
      if (outside.has(master) || agents.some(({ type }) => type === master)) continue;
      hub.register({
        id: `${master}-master`,
        type: master,
        concurrency: workersOfMaster,
        run: masterDriver(parts, undefined),
      });
      outside.add(master);
      for (const place of [handoffsPlace(master), resultsPlace(master)]) await folder.make(place);
      watcher.watch(await folder.make(resultsPlace(master)));
    }
  };

  if (hub.status().state === 'paused') hub.resume(); // It was killed while it drained.
  for (const { run, ...definition } of agents) {
    const { heartbeatMs } = definition;
    hub.register({ ...definition, run: masterDriver(parts, createDriver({ run, heartbeatMs }, environment).run) });
  }
  await welcomeMasters();
  const present = new Set([...agents.map(({ id }) => id), ...[...outside].map((master) => `${master}-master`)]);
  for (const { id } of hub.agents()) if (!present.has(id)) hub.unregister(id, 'it is not here any more');
  mirror.writeAll();
  for (const place of [[], places.masters, places.workers, places.decisions]) watcher.watch(await folder.make(place));
  hub.on('*', () => watcher.soon());

  const isIdle = () => {
    const { current } = hub.orchestrations();
    const waits = current.every(({ status, activeSubtasks }) => status === 'blocked' && activeSubtasks.length === 0);
    return intake.isDone && hub.isSettled() && ledger.seq === hub.status().seq && waits;
  };
  const summary = (): Summary => {
    const ended = [...ledger.orchestrations.values()].filter(({ endedSeq }) => endedSeq > begunSeq);
    const thatAre = (...words: (string | null)[]) =>
      ended.filter((one) => words.includes(one.ended)).map(({ id }) => id);
    return {
      completed: thatAre('completed'),
      failed: thatAre('failed', 'cancelled'),
      blocked: hub.orchestrations().current.map(({ id }) => id),
      refused: intake.refused,
    };
  };
  const close = async () => {
    await watcher.close();
    await mirror.flush();
    await intake.look(false);
    await lock.release();
  };
  const over = hub.stopped.finally(close);
  over.catch(() => {}); // Whoever awaits it hears of it.
  const stop = async (reason: string) => {
    await hub.stop(reason);
    await over;
  };

  await watcher.now();
  return {
    hub,
    over,
    queueProblem: () => intake.problem,
    async untilIdle() {
      for (;;) {
        await watcher.now();
        if (isIdle()) return summary();
        await Promise.race([watcher.next(), over]);
        if (hub.status().state === 'stopped') return summary();
      }
    },
    async drain(graceMs) {
      takesNew = false;
      hub.pause('it is going to stop');
      const end = environment.now() + graceMs;
      const cancel = environment.wakeAt(end, () => watcher.soon());
      while (environment.now() < end && isAtWork(hub)) await Promise.race([watcher.next(), over]);
      cancel();
      await stop('it was asked to stop');
    },
    stop: () => stop('it was stopped'),
  };
}

/** The ledger and the folder follow the log: first what they have not seen of it, then each record as it is durable. */
async function keepUp(hub: Hub, ledger: Ledger, mirror: Mirror, writtenSeq: number): Promise<void> {
  let latest = 0;
  const take = (record: Parameters<Mirror['take']>[0]) => {
    latest = Math.max(latest, record.seq);
    if (!ledger.note(record)) return;
    mirror.take(record);
    void mirror.flush();
  };
  for await (const record of hub.log(writtenSeq + 1)) if (record.seq <= ledger.seq) mirror.take(record);
  hub.on('*', take);
  do {
    for await (const record of hub.log(ledger.seq + 1)) take(record);
  } while (ledger.seq < latest);
}

const isAtWork = (hub: Hub): boolean => {
  const { assigned, running } = hub.status().tasks;
  return assigned + running > 0;
};

/** Takes away what a process that was killed was writing. */
async function sweep(folder: Folder): Promise<void> {
  const { masters, plans, subtasks, reports, state } = places;
  for (const place of [[], plans, subtasks, reports, state.slice(0, -1)]) await folder.sweep(place);
  for (const master of (await folder.folders(masters)).filter(isSafeId)) await folder.sweep(handoffsPlace(master));
}
