/**
 * What the log folds to: every table of the hub, and the charts of whatever is alive.
 *
 * Owns: holding it. Does not own: changing it; the folds in tasks.ts, agents.ts, breaker.ts, messages.ts,
 * dead-letters.ts, consultations.ts, gates.ts, schedules.ts, orchestration-folds.ts and life.ts do, record by record.
 *
 * - F1 nothing here comes from anywhere but the log: no clock, no chance, no policy.
 * - F2 what has ended leaves memory, but for the last `keepFinished` summaries.
 * - F3 all of it can be kept in a checkpoint and comes back as it was; who changes an entry notes that in `changes`.
 */
import type { AnyActorRef, Snapshot } from 'xstate';
import { deliver, restoreSealed, type SealedActor, spawnSealed } from '../actors/sealed-actor.ts';
import { type AgentContext, agentMachine } from '../machines/agent.ts';
import { configSchema, type HubConfig } from '../machines/config.ts';
import { consultationMachine } from '../machines/consultation.ts';
import { gateMachine } from '../machines/gate.ts';
import type { Json } from '../machines/json.ts';
import type { Failure, Fault, HubRecord, Payload } from '../machines/messages.ts';
import { type OrchestrationEvent, orchestrationMachine } from '../machines/orchestration.ts';
import { taskMachine } from '../machines/task.ts';
import { Changes } from './checkpoint/changes.ts';
import { Deadlines } from './deadlines.ts';
import type { OrchestrationEntry } from './orchestration-state.ts';
import { initialProject, type ProjectState } from './project-state.ts';
import { Recent } from './recent.ts';
import { type AgentEntry, Registry } from './registry.ts';
import type { ScheduleEntry } from './schedules.ts';
import { TaskQueue } from './task-queue.ts';
import { TypeLimits } from './type-limits.ts';

/** The charts that the hub spawns. Replaceable, so that tests can break one. */
export const charts = {
  task: taskMachine,
  agent: agentMachine,
  consultation: consultationMachine,
  gate: gateMachine,
  orchestration: orchestrationMachine,
};
export type Charts = typeof charts;
export type Kind = keyof Charts;

export interface TaskEntry {
  readonly spec: Payload<'task.submit'>;
  /** Sequence number of its submission: its place within its priority, for good. */
  readonly place: number;
  readonly submittedAt: number;
  readonly lane: string;
  readonly correlationId: string;
  readonly actor: SealedActor<typeof taskMachine>;
  priority: number;
  startedAt: number | null;
  /** Attempts that do not count, because the hub itself went away. */
  blameless: number;
  /** What the validator found. */
  faults: readonly Fault[];
  warnings: readonly Fault[];
  quality: number | null;
  /** Gates that outlived the lease under which they were opened. */
  detachedGates: readonly string[];
  verdicts: readonly Verdict[];
  /** Who had it as a zombie; gets it again only when nobody else can. */
  avoid: string | null;
  /** Whose late result was accepted. */
  lateFrom: string | null;
  progress: { readonly percent: number | null; readonly note: string | null; readonly at: number } | null;
  result: Json;
}

/** Since when a task could have been given to somebody, in ms since the epoch: a delay is no wait. */
export const waitingSince = ({ spec: { startAt = 0 }, submittedAt }: TaskEntry): number =>
  Math.max(submittedAt, startAt);

/** Tasks that ask the same of an agent share a lane. */
export const laneOf = ({ type, requirements }: Payload<'task.submit'>): string => JSON.stringify([type, requirements]);

export interface FinishedTask {
  readonly spec: Payload<'task.submit'>;
  readonly status: 'completed' | 'failed' | 'cancelled';
  readonly submittedAt: number;
  readonly finishedAt: number;
  /** The one that it had in the end. */
  readonly priority: number;
  /** Who had it last. */
  readonly agentId: string | null;
  readonly attempts: number;
  readonly durationMs: number;
  readonly latencyMs: number | null;
  readonly quality: number | null;
  readonly result: Json;
  readonly error: Failure | null;
  /** What the validator found, when that is why it was cancelled. */
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
  readonly reason: string | null;
}

export interface ConsultationEntry {
  readonly spec: Payload<'consultation.request'>;
  readonly requesterId: string;
  readonly requestedAt: number;
  /** Everybody who waits for this answer, from the first asker to the last. */
  readonly chain: readonly string[];
  readonly correlationId: string;
  /** Sequence number of the request: its place among all consultations. */
  readonly place: number;
  /** Sequence number of the record since which it waits for a free specialist; null while it does not. */
  waitsSince: number | null;
  readonly actor: SealedActor<typeof consultationMachine>;
}

export interface GateEntry {
  readonly spec: Payload<'gate.open'>;
  readonly openedAt: number;
  /** Sequence number of its opening: its place among all gates. */
  readonly place: number;
  readonly correlationId: string;
  readonly actor: SealedActor<typeof gateMachine>;
  /** Whom it holds now; null when nobody, or when its task has lost its agent. */
  agentId: string | null;
  /** The lease under which its task waits for it; null when it does not. */
  lease: number | null;
  /** What was said with the last decision, for logs in which `gate.approved` does not say it. */
  said: { readonly reason: string; readonly answer: Json };
}

/** An approval that a task has got, for when it loses its agent and asks the same again. */
interface Verdict {
  readonly gateId: string;
  /** What was asked, and of whom. Not in older checkpoints: such an approval is heard by nobody who asks again. */
  readonly terms?: string;
  readonly by: string;
  readonly reason: string;
  readonly answer: Json;
  /** Sequence number of the approval. Not in older checkpoints, where it is of the past. */
  readonly place?: number;
  /** The lease that heard it; null for none yet. */
  heardBy: number | null;
}

export interface DeadLetter extends Payload<'deadletter.added'> {
  /** When it died, in ms since the epoch. */
  readonly at: number;
  /** Sequence number of the record that says so: its place among all dead letters. */
  readonly place: number;
}

export interface Counters {
  submitted: number;
  completed: number;
  failed: number;
  cancelled: number;
  messages: number;
  consultations: number;
  gates: number;
}

export class HubState {
  seq = 0;
  /** `at` of the last record. */
  at = 0;
  project = '';
  life = 'recovering';
  config: HubConfig = configSchema.parse({});
  readonly tasks = new Map<string, TaskEntry>();
  readonly finished = new Recent<FinishedTask>();
  /** Idempotency keys of tasks that are live or remembered. */
  readonly keys = new Map<string, string>();
  readonly agents = new Registry();
  readonly queue = new TaskQueue();
  readonly limits = new TypeLimits();
  /** Tasks that came into the queue and for which no agent has been looked for since. */
  readonly becameQueued = new Set<string>();
  readonly consultations = new Map<string, ConsultationEntry>();
  /** Consultations that wait for a free specialist, by type, in order. */
  readonly waiting = new Map<string, Set<string>>();
  /** Consultations that were opened to answer another one, by that one. */
  readonly nested = new Map<string, Set<string>>();
  readonly gates = new Map<string, GateEntry>();
  /** How gates ended, for those who come late. */
  readonly closedGates = new Recent<string>();
  readonly schedules = new Map<string, ScheduleEntry>();
  readonly orchestrations = new Map<string, OrchestrationEntry>();
  readonly finishedOrchestrations = new Recent<OrchestrationEntry>();
  /** How many subtasks those have, together. */
  finishedSubtasks = 0;
  readonly orchestrationCounters = { completed: 0, failed: 0, cancelled: 0 };
  readonly deadLetters = new Map<number, DeadLetter>();
  /** What the next checkpoint has to write. */
  readonly changes = new Changes();
  readonly deadlines = new Deadlines(this.changes);
  readonly counters: Counters = {
    submitted: 0,
    completed: 0,
    failed: 0,
    cancelled: 0,
    messages: 0,
    consultations: 0,
    gates: 0,
  };
  projectState: ProjectState = initialProject;
  /** Actors whose chart threw, until the hub has dealt with them. */
  readonly broken = new Map<string, { readonly kind: Kind; readonly id: string }>();

  readonly #hub: AnyActorRef;
  readonly #charts: Charts;

  constructor(hub: AnyActorRef, withCharts: Charts) {
    this.#hub = hub;
    this.#charts = withCharts;
  }

  spawn<K extends Kind>(kind: K, id: string, input: unknown): SealedActor<Charts[K]> {
    return spawnSealed(this.#charts[kind], { parent: this.#hub, id: `${kind}:${id}`, input });
  }

  /** An actor that goes on where it stood; throws when its chart does not know that state. */
  respawn<K extends Kind>(kind: K, id: string, snapshot: Snapshot<unknown>): SealedActor<Charts[K]> {
    return restoreSealed(this.#charts[kind], { parent: this.#hub, id: `${kind}:${id}`, snapshot });
  }

  /** Gives an event to an actor's chart; one that throws is noted in `broken`, and nobody else notices. */
  tell<K extends Kind>(
    kind: K,
    id: string,
    actor: SealedActor<Charts[K]>,
    event: Parameters<SealedActor<Charts[K]>['send']>[0],
  ): void {
    this.changes[kind].add(id);
    if (statusOf(actor) !== 'active') return;
    deliver(actor as never, event as never);
    if (statusOf(actor) === 'error') this.broken.set(`${kind}:${id}`, { kind, id });
  }

  tellTask(taskId: string, event: Parameters<TaskEntry['actor']['send']>[0]): void {
    const entry = this.tasks.get(taskId);
    if (entry === undefined) return;
    if (entry.spec.noProgressMs === undefined) return this.tell('task', taskId, entry.actor, event);
    const wasWorking = isWorking(entry);
    this.tell('task', taskId, entry.actor, event);
    if (wasWorking || isWorking(entry)) this.watchProgress(taskId, entry);
  }

  tellOrchestration(orchestrationId: string, event: OrchestrationEvent): void {
    const entry = this.orchestrations.get(orchestrationId);
    if (entry !== undefined && entry.actor !== null) this.tell('orchestration', orchestrationId, entry.actor, event);
  }

  /** A task that has to make progress is watched while it is at work itself. */
  watchProgress(taskId: string, entry: TaskEntry): void {
    const { noProgressMs } = entry.spec;
    if (noProgressMs === undefined) return;
    this.deadlines.set('progress', taskId, isWorking(entry) ? this.at + noProgressMs : null);
  }

  tellAgent(agentId: string | null, event: Parameters<AgentEntry['actor']['send']>[0]): void {
    const entry = agentId === null ? undefined : this.agents.get(agentId);
    if (entry === undefined) return;
    this.tell('agent', entry.spec.agentId, entry.actor, event);
    this.agents.refresh(entry);
    this.watch(entry);
  }

  /** Whatever an agent says itself is a sign of life. */
  hear(from: string): void {
    const agent = this.agents.get(from);
    if (agent === undefined) return;
    agent.lastHeardAt = this.at;
    this.changes.agent.add(from);
    this.watch(agent);
  }

  /** The first queued tasks of a type look for an agent again. */
  wakeType(type: string): void {
    for (const { id } of this.queue.heads()) if (this.tasks.get(id)?.spec.type === type) this.becameQueued.add(id);
  }

  /** Restarts the clock on an agent's silence; it runs while the agent is at something that does not wait for others. */
  watch(entry: AgentEntry): void {
    const { heartbeatMs, agentId } = entry.spec;
    if (heartbeatMs === undefined) return;
    const { context, value } = entry.actor.getSnapshot();
    const { tasks, answering } = context;
    const isBusy = tasks.some((id) => !this.#waits(id)) || (answering !== null && !this.nested.has(answering));
    const isWatched = isBusy && value !== 'unreachable' && value !== 'stopped';
    this.deadlines.set('agent', agentId, isWatched ? this.at + heartbeatMs : null);
  }

  /** Whether a task waits for an answer or a decision. */
  #waits(taskId: string): boolean {
    const entry = this.tasks.get(taskId);
    return entry !== undefined && typeof entry.actor.getSnapshot().value === 'object' && !isWorking(entry);
  }

  /** Who has a task. A chart that threw may not know it any more; the agent's does. */
  holderOf({ actor, spec: { taskId } }: TaskEntry): string | null {
    if (statusOf(actor) !== 'error') return actor.getSnapshot().context.agentId;
    for (const agent of this.agents.all()) {
      if (agent.actor.getSnapshot().context.tasks.includes(taskId)) return agent.spec.agentId;
    }
    return null;
  }

  /** Who is asked; from the agents' charts when its own threw. */
  specialistOf({ actor, spec: { consultationId } }: ConsultationEntry): string | null {
    if (statusOf(actor) !== 'error') return actor.getSnapshot().context.specialistId;
    for (const agent of this.agents.all()) {
      if (agent.actor.getSnapshot().context.answering === consultationId) return agent.spec.agentId;
    }
    return null;
  }

  /** The consultations and gates that a task has open; from those themselves when its chart threw. */
  openOf({ actor, spec: { taskId } }: TaskEntry): Pick<AgentHoldings, 'consultations' | 'gates'> {
    if (statusOf(actor) !== 'error') return actor.getSnapshot().context;
    return {
      consultations: idsOf(this.consultations, ({ spec }) => spec.taskId === taskId),
      gates: idsOf(this.gates, ({ spec }) => spec.taskId === taskId),
    };
  }

  /** What an agent has; from the others' charts when its own threw. */
  holdingsOf({ actor, spec: { agentId } }: AgentEntry): AgentHoldings {
    if (statusOf(actor) !== 'error') return actor.getSnapshot().context;
    const [answering] = idsOf(this.consultations, (entry) => this.specialistOf(entry) === agentId);
    return {
      tasks: idsOf(this.tasks, (entry) => this.holderOf(entry) === agentId),
      answering: answering ?? null,
      consultations: idsOf(this.consultations, ({ requesterId }) => requesterId === agentId),
      gates: idsOf(this.gates, (gate) => gate.agentId === agentId),
    };
  }

  /** The entry of a task, if the sender has it under this lease now. */
  leased(record: { readonly from: string; readonly payload: { readonly taskId: string; readonly lease: number } }) {
    const entry = this.tasks.get(record.payload.taskId);
    const context = entry?.actor.getSnapshot().context;
    return context?.lease === record.payload.lease && context.agentId === record.from ? entry : undefined;
  }

  /** Notes that a record was folded. */
  advance(record: HubRecord): void {
    this.seq = record.seq;
    this.at = record.at;
  }
}

type AgentHoldings = Pick<AgentContext, 'tasks' | 'answering' | 'consultations' | 'gates'>;

const idsOf = <V>(map: ReadonlyMap<string, V>, is: (value: V) => boolean): string[] =>
  [...map].filter(([, value]) => is(value)).map(([id]) => id);

/** Whether a task is with its agent, and waits for nobody else. */
export function isWorking({ actor }: TaskEntry): boolean {
  const { value } = actor.getSnapshot();
  return typeof value === 'object' && value.running === 'working';
}

const statusOf = (actor: AnyActorRef): string => (actor.getSnapshot() as { status: string }).status;
