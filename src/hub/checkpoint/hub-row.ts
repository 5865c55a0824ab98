/**
 * The row `hub`: what a checkpoint says of itself, and all that is not an entry of a table.
 *
 * - Ch4 it says how many entries every table had, so that a row that is missing, or one too many, is found.
 * - Ch5 a checkpoint of a newer format is refused; one of an older is brought up to date here.
 */
import { configSchema, type HubConfig } from '../../machines/config.ts';
import { deepFreeze, type Json } from '../../machines/json.ts';
import type { ProjectState } from '../project-state.ts';
import type { RegistryOrder } from '../registry.ts';
import type { Counters, HubState } from '../state.ts';
import type { SavedLimits } from '../type-limits.ts';
import { type ChartVersions, chartVersions, refusal } from './charts.ts';
import { type Span, spanOf } from './remembered.ts';
import type { SavedDeadline } from './rows.ts';

/** Rises when rows are kept in another way. */
const format = 1;

export interface HubRow {
  readonly format: number;
  readonly charts: ChartVersions;
  readonly seq: number;
  readonly at: number;
  readonly project: string;
  readonly life: string;
  readonly config: HubConfig;
  readonly counters: Counters;
  readonly orchestrationCounters: HubState['orchestrationCounters'];
  readonly finishedSubtasks: number;
  readonly limits: SavedLimits;
  /** Of types with a limited rate, when the next may start. */
  readonly limitDeadlines: readonly (readonly [type: string, ...SavedDeadline])[];
  readonly deadlineOrder: number;
  readonly agentOrder: RegistryOrder;
  readonly remembered: Remembered;
  readonly counts: Counts;
}

export interface Remembered {
  readonly finished: Span;
  readonly closedGates: Span;
  readonly finishedOrchestrations: Span;
}

type Counts = { readonly [table: string]: number };

export function countsOf(state: HubState): Counts {
  const { tasks, agents, consultations, gates, orchestrations, schedules, deadLetters, deadlines } = state;
  return {
    tasks: tasks.size,
    agents: agents.size,
    consultations: consultations.size,
    gates: gates.size,
    orchestrations: orchestrations.size,
    schedules: schedules.size,
    deadLetters: deadLetters.size,
    deadlines: deadlines.size,
    finished: state.finished.size,
    closedGates: state.closedGates.size,
    finishedOrchestrations: state.finishedOrchestrations.size,
  };
}

export const rememberedIn = ({ finished, closedGates, finishedOrchestrations }: HubState): Remembered => ({
  finished: spanOf(finished),
  closedGates: spanOf(closedGates),
  finishedOrchestrations: spanOf(finishedOrchestrations),
});

export function saveHub(state: HubState): Json {
  const { seq, at, project, life, config, counters, orchestrationCounters, finishedSubtasks, deadlines } = state;
  const limits = state.limits.save();
  const row: HubRow = {
    format,
    charts: chartVersions,
    seq,
    at,
    project,
    life,
    config,
    counters: { ...counters },
    orchestrationCounters: { ...orchestrationCounters },
    finishedSubtasks,
    limits,
    limitDeadlines: limits.buckets.flatMap(([type]) => {
      const due = deadlines.get('limit', type);
      return due === undefined ? [] : [[type, 'limit', due.dueAt, due.order] as const];
    }),
    deadlineOrder: deadlines.order,
    agentOrder: state.agents.order,
    remembered: rememberedIn(state),
    counts: countsOf(state),
  };
  return row as unknown as Json;
}

/** Throws `invalid` when this code cannot read the checkpoint. */
export function readHubRow(row: Json | undefined): HubRow {
  const saved = row as unknown as HubRow | undefined;
  if (typeof saved?.format !== 'number') throw refusal('it does not say what it is');
  if (saved.format > format) {
    throw refusal(`it has format ${saved.format}, and this xstate-hub knows formats up to ${format}`);
  }
  return saved;
}

export function restoreHub(state: HubState, row: HubRow): void {
  const { seq, at, project, life, counters, orchestrationCounters, finishedSubtasks, limits, deadlineOrder } = row;
  Object.assign(state, { seq, at, project, life, finishedSubtasks });
  state.config = deepFreeze(configSchema.parse(row.config)); // What is configurable since then has its default.
  Object.assign(state.counters, counters);
  Object.assign(state.orchestrationCounters, orchestrationCounters);
  state.limits.restore(limits);
  for (const [subject, kind, dueAt, order] of row.limitDeadlines) {
    state.deadlines.restore({ kind, subject, dueAt }, order);
  }
  state.deadlines.goOnFrom(deadlineOrder);
}

export const saveProject = ({ projectState }: HubState): Json => projectState as unknown as Json;

export function restoreProject(state: HubState, row: Json): void {
  state.projectState = row as unknown as ProjectState;
}
