/**
 * What the hub does in the world when records are durable: call drivers, call them off, settle what
 * somebody waits for.
 *
 * Owns: drivers and the promises that embedders and drivers hold. Does not own: any state of the hub; it
 * reads the log record by record (`act`) and answers with messages.
 *
 * - V1 one call of a driver per lease; its answer carries the lease.
 * - V2 whatever a driver does (throws, hangs, answers garbage) ends at its own task or question.
 */

import type { Driver } from '../actors/create-driver.ts';
import {
  AgentCrash,
  type ConsultationOutcome,
  Decline,
  type GateOutcome,
  NonRetryableError,
} from '../actors/driver.ts';
import type { Environment } from '../actors/environment.ts';
import { HubError } from '../machines/errors.ts';
import type { Json } from '../machines/json.ts';
import type { HubRecord, MessageType, Payload, RecordOf } from '../machines/messages.ts';
import { type ContextParts, createContext, type Work, type WorkContext } from './agent-context.ts';
import { Call } from './call.ts';
import { draft } from './door.ts';
import { type End, failure, settle } from './driver-end.ts';
import { InboxFeed } from './inbox-feed.ts';
import type { Draft, Kernel } from './kernel.ts';
import { type OrchestrationEnd, type OrchestrationOutcome, orchestrationOutcome } from './orchestration-outcome.ts';
import type { OrchestrationEntry } from './orchestration-state.ts';
import { Outcomes } from './outcomes.ts';
import type { Planner } from './planner.ts';
import { Planning } from './planning.ts';
import { type ConsultationEnd, consultationOutcome, gateOutcome } from './question-outcomes.ts';
import { type TaskOutcome, taskOutcome } from './task-outcome.ts';
import { isKind } from './thrown.ts';

export class Runner {
  readonly tasks = new Outcomes<TaskOutcome>();
  readonly consultations = new Outcomes<ConsultationOutcome>();
  readonly gates = new Outcomes<GateOutcome>();
  readonly orchestrations = new Outcomes<OrchestrationOutcome>();
  readonly #drivers = new Map<string, Driver>();
  /** Drivers whose registration is not durable yet, in order. */
  readonly #coming = new Map<string, Driver[]>();
  readonly #feeds = new Map<string, InboxFeed>();
  /** By task or consultation. */
  readonly #running = new Map<string, Call>();
  /** Results and answers, until the record that accepts or buries them: the next but few. */
  readonly #given = new Map<string, Json>();
  /** What the drivers of tasks that have not ended threw last. */
  readonly #thrown = new Map<string, unknown>();
  /** Orchestrations whose end is not durable, so that it can be told even if nothing is remembered of them. */
  readonly #orchestrations = new Map<string, OrchestrationEntry>();
  readonly #environment: Environment;
  readonly #refuseUnknownType: ContextParts['refuseUnknownType'];
  readonly #planning: Planning;
  #kernel: Kernel | undefined;
  #actedSeq = 0;

  constructor(environment: Environment, planner: Planner, refuseUnknownType: ContextParts['refuseUnknownType']) {
    this.#environment = environment;
    this.#planning = new Planning(planner, () => this.#hub);
    this.#refuseUnknownType = refuseUnknownType;
  }

  /** The kernel calls the runner, and the runner the kernel; so one of them has to come later. */
  attach(kernel: Kernel): void {
    this.#kernel = kernel;
    this.#actedSeq = kernel.state.seq;
  }

  /** The driver of the next registration under this id. It is there when the registration is durable, and not before. */
  bind(agentId: string, driver: Driver): void {
    const waiting = this.#coming.get(agentId);
    if (waiting === undefined) this.#coming.set(agentId, [driver]);
    else waiting.push(driver);
  }

  feedOf = (agentId: string): InboxFeed => {
    let feed = this.#feeds.get(agentId);
    if (feed === undefined) {
      feed = new InboxFeed(() =>
        (this.#hub.state.agents.get(agentId)?.inbox ?? []).filter(({ seq }) => seq <= this.#actedSeq),
      );
      this.#feeds.set(agentId, feed);
    }
    return feed;
  };

  contextFor(work: Work): WorkContext {
    return createContext(work, {
      kernel: this.#hub,
      environment: this.#environment,
      feedOf: this.feedOf,
      refuseUnknownType: this.#refuseUnknownType,
      consultations: this.consultations,
      gates: this.gates,
    });
  }

  /** An orchestration has begun. */
  watch(entry: OrchestrationEntry): void {
    this.#orchestrations.set(entry.spec.orchestrationId, entry);
  }

  act(record: HubRecord): void {
    this.#actedSeq = record.seq;
    this.#planning.act(record);
    switch (record.type) {
      case 'orchestration.completed':
      case 'orchestration.failed':
      case 'orchestration.cancelled':
        return this.#endOrchestration(record);
      case 'task.assigned':
        return this.#startTask(record);
      case 'task.returned':
      case 'task.retried':
        return this.#callOff(record.payload.taskId, record.type);
      case 'task.completed':
      case 'task.failed':
      case 'task.cancelled': {
        const { taskId } = record.payload;
        this.#callOff(taskId, record.type);
        this.tasks.settle(taskId, taskOutcome(record, this.#take(taskId), this.#thrown.get(taskId)));
        this.#thrown.delete(taskId);
        return;
      }
      case 'consultation.asked':
        return this.#startAnswer(record);
      case 'consultation.returned':
        return this.#callOff(record.payload.consultationId, record.type);
      case 'task.result':
      case 'deadletter.accept':
        this.#given.set(record.payload.taskId, record.payload.result);
        return;
      case 'consultation.answer':
        this.#given.set(record.payload.consultationId, record.payload.answer);
        return;
      case 'consultation.answered':
      case 'consultation.unavailable':
      case 'consultation.expired':
      case 'consultation.cancelled':
        return this.#endConsultation(record);
      case 'gate.rejoin':
        return this.#rejoinGate(record);
      case 'gate.approved':
      case 'gate.rejected':
      case 'gate.expired':
      case 'gate.cancelled':
        return this.gates.settle(record.payload.gateId, gateOutcome(record));
      case 'message.send':
        this.#feeds.get(record.to)?.wake();
        return;
      case 'message.acknowledge':
        this.#feeds.get(record.from)?.release(record.payload.messageSeq);
        return;
      case 'deadletter.added':
        this.#forgetGiven(record);
        return;
      case 'agent.register':
        return this.#welcome(record.payload.agentId);
      case 'agent.unregistered':
        this.#drivers.delete(record.payload.agentId);
        this.#feeds.get(record.payload.agentId)?.close(new HubError('unknownAgent', 'the agent is unregistered'));
        this.#feeds.delete(record.payload.agentId);
        return;
      case 'hub.stopped':
        return this.stop(new HubError('stopped', `the hub has stopped: ${record.payload.reason}`));
    }
  }

  /** Calls off whatever runs; nobody who waits will get an outcome from this hub. */
  stop(error: HubError): void {
    for (const call of this.#running.values()) call.callOff(error);
    this.#running.clear();
    for (const feed of this.#feeds.values()) feed.close(error);
    this.#planning.stopAll();
    for (const outcomes of [this.tasks, this.consultations, this.gates, this.orchestrations]) outcomes.failAll(error);
  }

  get #hub(): Kernel {
    return this.#kernel as Kernel;
  }

  #welcome(agentId: string): void {
    const waiting = this.#coming.get(agentId);
    const driver = waiting?.shift();
    if (waiting?.length === 0) this.#coming.delete(agentId);
    if (driver !== undefined) this.#drivers.set(agentId, driver);
  }

  #startTask({ id, seq, payload: { taskId, agentId, attempt } }: RecordOf<'task.assigned'>): void {
    const lease = { taskId, lease: seq };
    const entry = this.#hub.state.leased({ from: agentId, payload: lease });
    if (entry === undefined) return;
    const driver = this.#drivers.get(agentId);
    if (driver === undefined) return this.#reportLost(agentId, 'it has no driver here');
    const call = this.#begin(taskId, new Call(agentId, id, { task: lease }));
    const { context, finish, quality } = this.contextFor(call);
    this.#say(call, 'task.started', lease);
    const task = {
      id: taskId,
      type: entry.spec.type,
      payload: entry.spec.payload,
      priority: entry.priority,
      requirements: entry.spec.requirements,
      attempt,
      idempotencyKey: entry.spec.idempotencyKey ?? taskId,
      dueAt: entry.actor.getSnapshot().context.dueAt,
    };
    const toResult = (value: unknown) =>
      draft(
        agentId,
        'hub',
        'task.result',
        { result: value as Json, ...(quality() !== undefined && { quality: quality() }), ...lease },
        id,
      );
    void settle(() => driver.run(Object.freeze(task), context), toResult).then((end) => {
      finish(end.status === 'returned');
      this.#forget(taskId, call);
      if (end.status === 'threw') this.#thrown.set(taskId, end.error);
      if (end.status === 'returned') this.#deliver(end);
      else if (isKind(end.error, AgentCrash)) this.#reportLost(agentId, failure(end).message);
      else if (!call.isCalledOff)
        this.#say(call, 'task.error', {
          error: failure(end),
          retryable: !isKind(end.error, NonRetryableError),
          ...lease,
        });
    });
  }

  #startAnswer({ id, seq, payload: { consultationId, agentId } }: RecordOf<'consultation.asked'>): void {
    const entry = this.#hub.state.consultations.get(consultationId);
    const snapshot = entry?.actor.getSnapshot().context;
    if (entry === undefined || snapshot?.lease !== seq) return;
    const answer = this.#drivers.get(agentId)?.answer;
    if (answer === undefined) return this.#reportLost(agentId, 'it has no driver here');
    const lease = { consultationId, lease: seq };
    const call = this.#begin(consultationId, new Call(agentId, id, { question: lease }));
    const { context, finish } = this.contextFor(call);
    const { specialistType, question, context: about } = entry.spec;
    const asked = {
      id: consultationId,
      from: entry.requesterId,
      specialistType,
      question,
      context: about,
      dueAt: snapshot.dueAt,
    };
    const toAnswer = (value: unknown) =>
      draft(agentId, 'hub', 'consultation.answer', { answer: value as Json, ...lease }, id);
    void settle(() => answer(Object.freeze(asked), answering(context)), toAnswer).then((end) => {
      finish(end.status === 'returned');
      this.#forget(consultationId, call);
      if (end.status === 'returned') this.#deliver(end);
      else if (isKind(end.error, AgentCrash)) this.#reportLost(agentId, failure(end).message);
      else if (!call.isCalledOff) {
        const { message } = failure(end);
        const reason = isKind(end.error, Decline) ? message : `${agentId} failed: ${message}`;
        this.#say(call, 'consultation.decline', { reason: reason.slice(0, 500), ...lease });
      }
    });
  }

  #begin(key: string, call: Call): Call {
    this.#running.set(key, call);
    return call;
  }

  #forget(key: string, call: Call): void {
    if (this.#running.get(key) === call) this.#running.delete(key);
  }

  #callOff(key: string, reason: string): void {
    const call = this.#running.get(key);
    this.#running.delete(key);
    call?.callOff(new HubError('conflict', `the work was called off: ${reason}`));
  }

  #endConsultation(record: RecordOf<ConsultationEnd>): void {
    const { consultationId } = record.payload;
    this.#callOff(consultationId, record.type); // A specialist that has answered itself is through with it already.
    const outcome = consultationOutcome(record, this.#take(consultationId));
    this.consultations.settle(consultationId, outcome);
  }

  /** Who asks again for what was approved before hears it now; an approval that comes later tells them itself. */
  #rejoinGate({ seq, payload: { gateId, taskId } }: RecordOf<'gate.rejoin'>): void {
    const verdict = this.#hub.state.tasks.get(taskId)?.verdicts.find((one) => one.gateId === gateId);
    if (verdict === undefined || (verdict.place ?? 0) > seq) return;
    const { by, reason, answer } = verdict;
    this.gates.settle(gateId, { status: 'approved', by, reason, answer });
  }

  #take(key: string): Json {
    const given = this.#given.get(key) ?? null;
    this.#given.delete(key);
    return given;
  }

  #forgetGiven({ payload: { payload } }: RecordOf<'deadletter.added'>): void {
    const { taskId, consultationId } = payload as { [key: string]: string | undefined };
    for (const key of [taskId, consultationId]) if (key !== undefined) this.#given.delete(key);
  }

  #endOrchestration(record: RecordOf<OrchestrationEnd>): void {
    const { orchestrationId } = record.payload;
    const entry = this.#orchestrations.get(orchestrationId);
    this.#orchestrations.delete(orchestrationId);
    if (entry === undefined || !this.orchestrations.isAwaited(orchestrationId)) return;
    this.orchestrations.settle(orchestrationId, orchestrationOutcome(record, entry));
  }

  #reportLost(agentId: string, reason: string): void {
    if (this.#hub.state.agents.get(agentId) === undefined) return;
    this.#tell(() => draft('hub', agentId, 'agent.lost', { agentId, reason: reason.slice(0, 500) || 'crashed' }));
  }

  #deliver({ message, isTwice }: Extract<End, { status: 'returned' }>): void {
    this.#tell(() => message);
    if (isTwice) this.#tell(() => message);
  }

  /** In the runner's own words, which need not pass the door. */
  #say<T extends MessageType>({ agentId, causationId }: Work, type: T, payload: Payload<T>): void {
    this.#tell(() => ({ from: agentId, to: 'hub', type, payload, causationId }) as Draft);
  }

  /** A hub that has stopped takes nothing more, and there is nobody left to tell. */
  #tell(prepare: () => ReturnType<typeof draft>): void {
    if (this.#hub.state.life === 'stopped') return;
    try {
      this.#hub.take(prepare);
    } catch (error) {
      if (!(error instanceof HubError) || (error.code !== 'storeFailed' && error.code !== 'internal')) throw error;
    }
  }
}

/** A specialist that answers has no task to make progress with, and hands what needs a human back to who asks. */
function answering({ progress: _progress, rate: _rate, escalate: _escalate, ...context }: WorkContext['context']) {
  return context;
}
