/**
 * Runs a plan and judges it: by the oracle, by folding the log again, and by what the hub says of itself meanwhile.
 *
 * - Sm1 the same plan gives the same trace hash.
 */
import type { Hub } from '../hub/hub.ts';
import { foldLog, type Picture } from '../hub/picture.ts';
import { contentHash } from '../machines/hash.ts';
import { canonicalJson } from '../machines/json.ts';
import type { HubRecord } from '../machines/messages.ts';
import { differences } from './compare.ts';
import type { Coverage } from './coverage.ts';
import { check } from './oracle.ts';
import type { Plan } from './plan.ts';
import { poisoned } from './poison.ts';
import type { Seams } from './seams.ts';
import { modelOf } from './take.ts';
import type { Violation } from './violation.ts';
import { World } from './world.ts';

export interface SimulationResult {
  readonly violations: readonly Violation[];
  /** How often each fault happened. */
  readonly faults: ReadonlyMap<string, number>;
  /** Of the log, of what clients heard and of what was done in the world. */
  readonly traceHash: string;
  readonly records: readonly HubRecord[];
  /** From the first record to the last, in simulated ms. */
  readonly virtualMs: number;
}

export interface SimulateOptions {
  readonly seams?: Seams;
  readonly coverage?: Coverage;
}

/** How many steps lie between two looks at the whole of a hub. */
const looksEvery = 64;

export async function simulatePlan(plan: Plan, { seams, coverage }: SimulateOptions = {}): Promise<SimulationResult> {
  const undo = seams?.patch?.();
  const stray: string[] = [];
  const onStray = (reason: unknown) => {
    stray.push(String(reason));
  };
  const quiet = console.error;
  console.error = () => {}; // Listeners that throw are told of there, and many of them do.
  process.on('unhandledRejection', onStray);
  try {
    let steps = 0;
    const complain: Complain = (invariant, why) => world.complain(invariant, why);
    const world: World = new World(plan, {
      ...(seams && { seams }),
      inspect: inspectorOf(plan, coverage),
      watch(hub, { disk }) {
        watchCounts(hub, complain);
        if (++steps % looksEvery === 0 && hub.isSettled() && disk.durable === hub.actor.getSnapshot().context.seq) {
          judgePicture(disk.records(), hub.picture(), complain);
        }
      },
    });
    await world.run();
    const records = world.records();
    if (world.hub?.isSettled() === true) judgePicture(records, world.hub.picture(), complain);
    const { history, effects } = world.recorder;
    const found = check(records, history, effects, {
      isDrained: world.isDrained,
      isSteady: !plan.actions.some((action) => action.do === 'setClock'),
    });
    for (const reason of new Set(stray)) world.complain('I22', `a rejection that nobody handles: ${reason}`);
    return {
      violations: [...found, ...world.violations],
      faults: world.faults,
      traceHash: contentHash({ records, history, effects } as never),
      records,
      virtualMs: (records.at(-1)?.at ?? 0) - (records[0]?.at ?? 0),
    };
  } finally {
    process.off('unhandledRejection', onStray);
    console.error = quiet;
    undo?.();
  }
}

type Complain = (invariant: string, why: string) => void;

/** I21: what the hub counts adds up, at every step. */
function watchCounts(hub: Hub, complain: Complain): void {
  const { queue, tasks, projectState } = hub.status();
  if (queue.queued > tasks.queued) complain('I21', `${queue.queued} in the queue, ${tasks.queued} tasks queued`);
  if (queue.processing !== tasks.assigned + tasks.running) {
    complain('I21', `${queue.processing} processing, ${tasks.assigned} assigned and ${tasks.running} running`);
  }
  const { submitted } = projectState.counters;
  for (const { id, state, waitsFor } of hub.tasks()) {
    const isWorking = state === 'running.working';
    if (state.startsWith('running') && isWorking !== (waitsFor.length === 0)) {
      complain('I21', `task ${id} is ${state} and waits for ${waitsFor.join(', ') || 'nothing'}`);
    }
  }
  const all = Object.values(tasks).reduce((sum, count) => sum + count, 0);
  if (submitted !== all) complain('I21', `${submitted} submitted, ${all} accounted for`);
}

/** I13: the hub's state is the fold of its log, read by the hub's own code, without a clock or chance, and by other eyes. */
function judgePicture(records: readonly HubRecord[], picture: Picture, complain: Complain): void {
  let folded: Picture;
  try {
    folded = poisoned(() => foldLog(records)); // I14
  } catch (error) {
    complain('I14', `the log cannot be folded: ${String(error)}`);
    return;
  }
  if (canonicalJson(folded) !== canonicalJson(picture)) {
    const keys = Object.keys(picture) as (keyof Picture)[];
    const other = keys.filter((key) => canonicalJson(folded[key]) !== canonicalJson(picture[key]));
    const [first] = other;
    const told = first && `the fold has ${canonicalJson(folded[first])}, the hub ${canonicalJson(picture[first])}`;
    complain('I13', `state and fold differ in ${other.join(', ')}: ${told?.slice(0, 1500)}`);
  }
  for (const difference of differences(modelOf(records), picture)) complain('I21', difference);
}

/** I23: as many inspectors as were drawn, all of which throw, and one that notes what is reached. */
function inspectorOf({ observers: { inspectors } }: Plan, coverage: Coverage | undefined) {
  return (event: Parameters<Coverage['inspect']>[0]): void => {
    coverage?.inspect(event);
    if (inspectors > 0) throw new Error('an inspector throws');
  };
}
