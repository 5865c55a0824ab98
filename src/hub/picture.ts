/** Everything that a log folds to, as one plain value: for comparing states, and for looking at the past. */

import type { AnyActorRef, InspectionEvent, StateValue } from 'xstate';
import type { InboxMessage } from '../actors/driver.ts';
import { deliver, startSealed } from '../actors/sealed-actor.ts';
import type { SavedCheckpoint } from '../actors/store.ts';
import type { Json } from '../machines/json.ts';
import type { HubRecord } from '../machines/messages.ts';
import { statePath } from '../machines/status.ts';
import { saveState } from './checkpoint.ts';
import { type Explanation, explain } from './explanation.ts';
import { type Health, healthOf } from './health.ts';
import { createHubLogic, restoreFrom, stateOf } from './logic.ts';
import { type OrchestrationReport, reportOf } from './orchestration-report.ts';
import { longestFree, type Router } from './routing.ts';
import type { DeadLetter, HubState } from './state.ts';
import * as views from './views.ts';

export interface Picture {
  readonly status: views.HubStatus;
  /** Live and remembered tasks. */
  readonly tasks: readonly views.TaskView[];
  /** Ids in queue order. */
  readonly queue: readonly string[];
  readonly consultations: readonly views.ConsultationView[];
  readonly gates: readonly views.GateView[];
  /** How the gates that are no longer open ended. */
  readonly closedGates: { readonly [gateId: string]: string };
  readonly inboxes: { readonly [agentId: string]: readonly InboxMessage[] };
  /** How the orchestrations that are at work, and those that are remembered, stand. */
  readonly orchestrations: readonly OrchestrationReport[];
  readonly deadLetters: readonly DeadLetter[];
  readonly deadlines: readonly { readonly kind: string; readonly subject: string; readonly dueAt: number }[];
}

export function pictureOf(state: HubState): Picture {
  return {
    status: views.viewStatus(state),
    tasks: views.viewTasks(state),
    queue: state.queue.inOrder().map(({ id }) => id),
    consultations: [...state.consultations.values()].map(views.viewConsultation),
    gates: [...state.gates.values()].map((gate) => views.viewGate(gate, state)),
    closedGates: Object.fromEntries(state.closedGates),
    inboxes: Object.fromEntries([...state.agents.all()].map(({ spec, inbox }) => [spec.agentId, [...inbox]])),
    orchestrations: [...state.finishedOrchestrations.values(), ...state.orchestrations.values()].map(reportOf),
    deadLetters: [...state.deadLetters.values()],
    deadlines: state.deadlines.inOrder(),
  };
}

/** An actor took an event: where its chart stands now. */
export interface ActorChange {
  /** `task:t1`, `agent:qa-1`, `gate:…`, `consultation:…`, `orchestration:…`. */
  readonly actor: string;
  /** `running.consulting`; `broken` for one whose chart threw. */
  readonly state: string;
  /** The type of the event that it took; `xstate.init` for its first. */
  readonly event: string;
}

/** A log on its way through the hub's own fold, record by record; no effect runs. */
export interface Fold {
  /** The last record that was folded; 0 for none. */
  readonly seq: number;
  /**
   * Folds the next record. The answer is what it changed, actor by actor, in order.
   *
   * Throws when it is not the next one, or when it cannot be folded.
   */
  next(record: HubRecord): readonly ActorChange[];
  picture(): Picture;
  /** Parts of the picture, which cost no more than they say. */
  agents(): views.AgentView[];
  deadLetters(): DeadLetter[];
  project(): Pick<views.HubStatus, 'project' | 'state' | 'projectState' | 'schedules'>;
  /** How the hub stood after the last record, as far as a log can tell: what its store said is not in it. */
  health(): Health;
  /**
   * Why a task that is live would go to whom, or waits; null for one that is not live.
   *
   * @param router who chooses, which a log does not say; default: `longestFree`
   */
  explain(taskId: string, router?: Router): Explanation | null;
  /** All that was folded so far as a checkpoint, from which another fold can begin. Values: later records change nothing in it. */
  save(): FoldCheckpoint;
}

export interface FoldCheckpoint {
  readonly seq: number;
  readonly entries: ReadonlyMap<string, Json>;
}

export interface FoldOptions {
  /** Whether nobody asks what each record changes: `next` answers with nothing then, in half the time. */
  readonly quiet?: boolean;
}

/** @param from begins behind a checkpoint instead of before the first record */
export function openFold(from?: SavedCheckpoint, { quiet = false }: FoldOptions = {}): Fold {
  let changes: ActorChange[] = [];
  const listen = {
    inspect(event: InspectionEvent) {
      if (event.type !== '@xstate.snapshot') return;
      const { snapshot } = event;
      if (!('machine' in snapshot)) return;
      const { status, value } = snapshot as unknown as { readonly status: string; readonly value: StateValue };
      const state = status === 'error' ? 'broken' : statePath(value);
      changes.push({ actor: (event.actorRef as AnyActorRef).id, state, event: event.event.type });
    },
  };
  const actor = startSealed(createHubLogic(), quiet ? {} : listen);
  const state = stateOf(actor.getSnapshot());
  if (from !== undefined) restoreFrom(actor, from);
  return {
    get seq() {
      return state.seq;
    },
    next(record) {
      const expected = state.seq + 1;
      if (record.seq !== expected) throw new Error(`expected record ${expected}, found ${record.seq}`);
      changes = [];
      deliver(actor, record);
      if (state.seq !== expected) throw new Error(`record ${expected} (${record.type}) could not be folded`);
      return changes;
    },
    picture: () => pictureOf(state),
    agents: () => [...state.agents.all()].map(views.viewAgent),
    deadLetters: () => [...state.deadLetters.values()],
    project: () => ({
      project: state.project,
      state: state.life,
      projectState: views.viewProject(state),
      schedules: [...state.schedules.values()].map(views.viewSchedule),
    }),
    health: () => healthOf(state, state.at, undefined),
    explain(taskId, router = longestFree) {
      const task = state.tasks.get(taskId);
      return task === undefined ? null : explain(state, task.spec, router, taskId);
    },
    save: () => ({ seq: state.seq, entries: saveState(state) }),
  };
}

/**
 * The state after the records, from nothing or from a checkpoint right before them; no effect runs.
 *
 * Throws when the records are not a log from there on, without gaps.
 */
export function foldLog(records: Iterable<HubRecord>, from?: SavedCheckpoint): Picture {
  const fold = openFold(from, { quiet: true });
  for (const record of records) fold.next(record);
  return fold.picture();
}
