/**
 * What a log folds to, as rows that can be kept, and back again.
 *
 * Owns: which rows there are. Does not own: what stands in them (checkpoint/), nor when and where they are kept
 * (checkpoint/checkpointer.ts). Pure: it runs in browsers as well.
 *
 * - Ck1 a state that was restored is the one that was saved: the same records fold to the same on both, and both
 *   decide the same from then on.
 * - Ck2 all changes since the checkpoint before, on top of its rows, are the same as all rows.
 * - Ck3 rows are made between turns, when no chart is broken; they are values, and later folds do not change them.
 */
import { HubError } from '../machines/errors.ts';
import { deepFreeze, type Json } from '../machines/json.ts';
import { type AgentRow, restoreAgent, saveAgent } from './checkpoint/agent-rows.ts';
import type { ChangedEntries } from './checkpoint/changes.ts';
import { ChartReader, chartVersions, type Migrations, migrations } from './checkpoint/charts.ts';
import {
  countsOf,
  type HubRow,
  type Remembered,
  readHubRow,
  rememberedIn,
  restoreHub,
  restoreProject,
  saveHub,
  saveProject,
} from './checkpoint/hub-row.ts';
import {
  endedOrchestration,
  type OrchestrationRow,
  restoreOrchestration,
  saveOrchestration,
} from './checkpoint/orchestration-rows.ts';
import { changedBlocks, restoreRemembered } from './checkpoint/remembered.ts';
import { restoreDeadlines, type SavedDeadline, savedDeadlines } from './checkpoint/rows.ts';
import {
  type ConsultationRow,
  type GateRow,
  restoreConsultations,
  restoreGate,
  restoreLetter,
  saveConsultation,
  saveGate,
} from './checkpoint/talk-rows.ts';
import { restoreTask, saveTask, type TaskRow } from './checkpoint/task-rows.ts';
import type { ProjectState } from './project-state.ts';
import type { ScheduleEntry } from './schedules.ts';
import type { DeadLetter, FinishedTask, HubState } from './state.ts';

/** What stood in a checkpoint, as far as the next one needs to know it. */
export interface Written {
  readonly remembered: Remembered;
  readonly project: ProjectState;
}

/** Every row of the state, by its key. */
export function saveState(state: HubState): Map<string, Json> {
  const rows = new Map<string, Json>();
  const put = (key: string, row: unknown) => rows.set(key, row as Json);
  for (const [id, entry] of state.tasks) put(`task:${id}`, saveTask(state, entry));
  for (const entry of state.agents.all()) put(`agent:${entry.spec.agentId}`, saveAgent(state, entry));
  for (const [id, entry] of state.consultations) put(`consultation:${id}`, saveConsultation(state, entry));
  for (const [id, entry] of state.gates) put(`gate:${id}`, saveGate(state, entry));
  for (const [id, entry] of state.orchestrations) put(`orchestration:${id}`, saveOrchestration(state, entry));
  for (const [id, entry] of state.schedules) put(`schedule:${id}`, saveSchedule(state, entry));
  for (const [id, letter] of state.deadLetters) put(`letter:${id}`, letter);
  const { finished, closedGates, finishedOrchestrations } = rememberedIn(state);
  const none = ({ first }: { readonly first: number }) => ({ first, end: first });
  const nothing = {
    finished: none(finished),
    closedGates: none(closedGates),
    finishedOrchestrations: none(finishedOrchestrations),
  };
  for (const [key, block] of allChangedBlocks(state, nothing)) put(key, block);
  put('project', saveProject(state));
  put('hub', saveHub(state));
  return rows;
}

/** The rows that have changed since the checkpoint before, null for those that are gone; counts anew from here on. */
export function saveChanges(state: HubState, before: Written): Map<string, Json | null> {
  const { changes, tasks, agents, consultations, gates, orchestrations, schedules, deadLetters } = state;
  const rows = new Map<string, Json | null>();
  const note = <Id extends string | number, E>(
    kind: string,
    entries: ChangedEntries<Id>,
    find: (id: Id) => E | undefined,
    save: (entry: E) => unknown,
  ) => {
    const { changed, gone } = entries.take(state.seq);
    for (const id of gone) rows.set(`${kind}:${id}`, null);
    for (const id of changed) {
      const entry = find(id);
      if (entry !== undefined) rows.set(`${kind}:${id}`, save(entry) as Json);
    }
  };
  note(
    'task',
    changes.task,
    (id) => tasks.get(id),
    (entry) => saveTask(state, entry),
  );
  note(
    'agent',
    changes.agent,
    (id) => agents.get(id),
    (entry) => saveAgent(state, entry),
  );
  note(
    'consultation',
    changes.consultation,
    (id) => consultations.get(id),
    (entry) => saveConsultation(state, entry),
  );
  note(
    'gate',
    changes.gate,
    (id) => gates.get(id),
    (entry) => saveGate(state, entry),
  );
  note(
    'orchestration',
    changes.orchestration,
    (id) => orchestrations.get(id),
    (entry) => saveOrchestration(state, entry),
  );
  note(
    'schedule',
    changes.schedule,
    (id) => schedules.get(id),
    (entry) => saveSchedule(state, entry),
  );
  note(
    'letter',
    changes.letter,
    (id) => deadLetters.get(id),
    (letter) => letter,
  );
  for (const [key, block] of allChangedBlocks(state, before.remembered)) rows.set(key, block);
  if (state.projectState !== before.project) rows.set('project', saveProject(state));
  rows.set('hub', saveHub(state));
  return rows;
}

/** Changes are counted from here on, and the state as it is now has been written. */
export function beginChanges(state: HubState): Written {
  for (const entries of Object.values(state.changes)) entries.take(state.seq);
  return { remembered: rememberedIn(state), project: state.projectState };
}

function* allChangedBlocks(state: HubState, since: Remembered): Generator<[string, Json | null], void> {
  yield* changedBlocks('finished', state.finished, since.finished, (task) => task);
  yield* changedBlocks('closedGate', state.closedGates, since.closedGates, (how) => how);
  yield* changedBlocks('ended', state.finishedOrchestrations, since.finishedOrchestrations, (entry) =>
    saveOrchestration(state, entry),
  );
}

interface ScheduleRow extends ScheduleEntry {
  readonly deadlines: readonly SavedDeadline[];
}

const saveSchedule = (state: HubState, entry: ScheduleEntry): ScheduleRow => ({
  ...entry,
  deadlines: savedDeadlines(state, 'schedule', entry.spec.scheduleId),
});

interface FinishedRow extends Omit<FinishedTask, 'priority'> {
  /** Absent in older rows: then the one that it began with is all that is known. */
  readonly priority?: number;
}

/** Rows of one kind. */
type Row = { readonly place: number };

export interface RestoreOptions {
  readonly versions?: typeof chartVersions;
  readonly migrations?: Migrations;
}

/**
 * Fills an empty state with rows.
 *
 * Throws `invalid` when they are of a newer version, or of charts from which nothing leads to these; the message names
 * the actor. Throws `storeFailed` when rows are missing, or too many.
 */
export function restoreState(
  state: HubState,
  entries: Iterable<readonly [key: string, row: Json]>,
  options: RestoreOptions = {},
): void {
  const rows = new Map<string, Map<string, Json>>();
  for (const [key, row] of entries) {
    const colon = key.indexOf(':');
    const [kind, id] = colon < 0 ? [key, ''] : [key.slice(0, colon), key.slice(colon + 1)];
    let ofKind = rows.get(kind);
    if (ofKind === undefined) {
      ofKind = new Map();
      rows.set(kind, ofKind);
    }
    ofKind.set(id, deepFreeze(row));
  }
  const hub = readHubRow(rows.get('hub')?.get(''));
  const charts = new ChartReader(
    state,
    hub.charts,
    options.versions ?? chartVersions,
    options.migrations ?? migrations,
  );
  const life = charts.migrate('hub', hub.project, { value: hub.life, context: {} }).value as string;
  restoreHub(state, { ...hub, life });
  const project = rows.get('project')?.get('');
  if (project !== undefined) restoreProject(state, project);
  const inOrder = <R extends Row>(kind: string): R[] =>
    [...((rows.get(kind)?.values() ?? []) as Iterable<unknown> as Iterable<R>)].sort((a, b) => a.place - b.place);

  const agents = inOrder<AgentRow>('agent').map((row) => restoreAgent(state, charts, row));
  state.agents.restore(agents, hub.agentOrder);
  for (const row of inOrder<OrchestrationRow>('orchestration')) restoreOrchestration(state, charts, row);
  for (const row of inOrder<TaskRow>('task')) restoreTask(state, charts, row);
  restoreConsultations(state, charts, inOrder<ConsultationRow>('consultation'));
  for (const row of inOrder<GateRow>('gate')) restoreGate(state, charts, row);
  for (const { deadlines, ...entry } of inOrder<ScheduleRow>('schedule')) {
    state.schedules.set(entry.spec.scheduleId, entry);
    restoreDeadlines(state, entry.spec.scheduleId, deadlines);
  }
  for (const letter of inOrder<DeadLetter>('letter')) restoreLetter(state, letter);
  restoreAllRemembered(state, hub, rows);
  refuseIfIncomplete(state, hub);
}

function restoreAllRemembered(
  state: HubState,
  { remembered }: HubRow,
  rows: ReadonlyMap<string, ReadonlyMap<string, Json>>,
): void {
  const blocks = <R>(table: string) =>
    new Map([...(rows.get(table) ?? [])].map(([block, row]) => [Number(block), row as unknown as [string, R][]]));
  restoreRemembered(state.finished, blocks<FinishedRow>('finished'), remembered.finished, (task) => ({
    ...task,
    priority: task.priority ?? task.spec.priority,
  }));
  for (const { spec } of state.finished.values()) {
    if (spec.idempotencyKey !== undefined) state.keys.set(spec.idempotencyKey, spec.taskId);
  }
  restoreRemembered(state.closedGates, blocks<string>('closedGate'), remembered.closedGates, (how) => how);
  restoreRemembered(
    state.finishedOrchestrations,
    blocks<OrchestrationRow>('ended'),
    remembered.finishedOrchestrations,
    endedOrchestration,
  );
}

function refuseIfIncomplete(state: HubState, { counts }: HubRow): void {
  for (const [table, found] of Object.entries(countsOf(state))) {
    if (found === counts[table]) continue;
    throw new HubError('storeFailed', `the checkpoint is damaged: it has ${found} ${table} of ${counts[table]}`);
  }
}
