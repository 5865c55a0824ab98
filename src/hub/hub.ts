/**
 * The hub as its embedder sees it: commands in, views out. Every command is a message in the log.
 *
 * A command that is refused throws a {@link HubError} and changes nothing. One that is taken has been
 * folded when the method returns; where a promise comes back, it resolves when that is durable.
 */
import type { ActorRefFrom } from 'xstate';
import { type Answer, createDriver, type Run } from '../actors/create-driver.ts';
import type {
  AgentContext,
  EscalateOptions,
  GateHandle,
  InboxMessage,
  OutgoingMessage,
  SendOutcome,
} from '../actors/driver.ts';
import type { Environment } from '../actors/environment.ts';
import type { SealedActor } from '../actors/sealed-actor.ts';
import type { Store } from '../actors/store.ts';
import { HubError, type HubErrorCode } from '../machines/errors.ts';
import { admitJson, canonicalJson, type Json } from '../machines/json.ts';
import {
  type HubRecord,
  type MessageType,
  type Payload,
  type PayloadInput,
  type RecordOf,
  reservedIds,
} from '../machines/messages.ts';
import { parse } from '../machines/parse.ts';
import type { AgentStatus } from '../machines/status.ts';
import type { taskMachine } from '../machines/task.ts';
import { type ContextParts, openGate, sendOutcome } from './agent-context.ts';
import { Deferred } from './deferred.ts';
import { draft } from './door.ts';
import type { Draft, Kernel, Receipt, Waiter } from './kernel.ts';
import { Listeners } from './listeners.ts';
import type { HubLogic } from './logic.ts';
import { type Picture, pictureOf } from './picture.ts';
import type { AgentEntry } from './registry.ts';
import type { Runner } from './runner.ts';
import type { DeadLetter, HubState } from './state.ts';
import { priorities, type TaskInput, taskInputSchema } from './task-input.ts';
import { finishedOutcome, type TaskOutcome } from './task-outcome.ts';
import * as views from './views.ts';

/** An agent as it is registered. */
export interface AgentDefinition {
  readonly id: string;
  readonly type: string;
  readonly capabilities?: readonly string[];
  readonly languages?: readonly string[];
  /** How many tasks it can have at once. Default: 1. */
  readonly concurrency?: number;
  /** Longest silence while it has work, in ms; then the work goes back to the queue. Default: no limit. */
  readonly heartbeatMs?: number;
  /** What it does with a task: an async function, XState actor logic, or a script. */
  readonly run: Run;
  /** What it answers as a specialist, in the same forms. Without it, it is never asked. */
  readonly answer?: Answer;
}

export interface TaskHandle {
  readonly id: string;
  /** Resolves when the task is durable; from then on it cannot be lost. */
  readonly accepted: Promise<void>;
  /** Resolves with the outcome, whatever it is. Rejects only when the hub stops before there is one. */
  readonly result: Promise<TaskOutcome>;
  /** The task's statechart, to subscribe to and select from; undefined when the task had already ended. */
  readonly actor: ActorRefFrom<typeof taskMachine> | undefined;
  /** Calls the task off, with everything that it has open. False when it had ended. */
  cancel(reason?: string): boolean;
}

export interface GateDecision {
  readonly decision: 'approve' | 'reject';
  /** Who decides. */
  readonly by: string;
  readonly reason?: string;
  /** From `gates()`: refuses the decision if it was made on other content. */
  readonly contentHash?: string;
  /** Anything that the agent should get back. */
  readonly answer?: unknown;
}

interface HubParts {
  readonly actor: SealedActor<HubLogic>;
  readonly kernel: Kernel;
  readonly runner: Runner;
  readonly store: Store;
  readonly environment: Environment;
  readonly refuseUnknownType: ContextParts['refuseUnknownType'];
}

const client = 'client';

export class Hub {
  /** The hub's XState actor: subscribe to it, select from it, inspect it. Only the hub moves it. */
  readonly actor: SealedActor<HubLogic>;
  /** Resolves when the hub has stopped; rejects when its store failed. */
  readonly stopped: Promise<void>;
  readonly #parts: HubParts;
  readonly #listeners = new Listeners();
  #endStop: (error?: HubError) => void = () => {};

  /** Use `createHub`. */
  constructor(parts: HubParts) {
    this.#parts = parts;
    this.actor = parts.actor;
    this.stopped = new Promise((resolve, reject) => {
      this.#endStop = (error) => (error === undefined ? resolve() : reject(error));
    });
    this.stopped.catch(() => {});
  }

  // Agents.

  /** Adds an agent. The same id again is a `duplicate`, unless the hub has lost that agent: then it is back. */
  register(definition: AgentDefinition): views.AgentView {
    if (typeof definition !== 'object' || definition === null) {
      throw new HubError('invalid', 'expected the definition of an agent', { expected: 'the definition of an agent' });
    }
    const { id, run, answer, ...profile } = definition;
    if (reservedIds.has(id)) {
      throw new HubError('invalid', `"${id}" is a name of the hub's own`, { path: 'id', expected: 'another id' });
    }
    refuseNoDriver('run', run);
    if (answer !== undefined) refuseNoDriver('answer', answer);
    const { environment, refuseUnknownType, runner } = this.#parts;
    const driver = createDriver({ run, answer, heartbeatMs: profile.heartbeatMs }, environment);
    const payload = { ...profile, agentId: id, answers: answer !== undefined } as PayloadInput<'agent.register'>;
    const message = draft(client, 'hub', 'agent.register', payload);
    this.#take(() => {
      refuseUnknownType(profile.type);
      const known = this.#state.agents.get(id)?.actor.getSnapshot().value;
      if (known !== undefined && known !== 'unreachable')
        throw refusal('duplicate', `agent ${id} is registered already`, 'id');
      runner.bind(id, driver);
      return message;
    });
    const entry = this.#state.agents.get(id);
    return entry === undefined ? views.viewNewAgent(message.payload as AgentEntry['spec']) : views.viewAgent(entry);
  }

  /** Removes an agent. Its task goes back to the queue; its questions and gates end with the reason. */
  unregister(agentId: string, reason = 'unregistered'): void {
    this.#command('agent.unregister', { agentId, reason }, () => this.#agent(agentId));
  }

  /** Says that an agent is gone without a word: its work goes back to the queue, and any sign of life brings it back. */
  reportLost(agentId: string, reason = 'lost'): void {
    this.#command('agent.lost', { agentId, reason }, () => this.#agent(agentId));
  }

  /** No new work for this agent; what it has goes on. */
  pauseAgent(agentId: string, reason = 'paused'): void {
    this.#command('agent.pause', { agentId, reason }, () => this.#agent(agentId));
  }

  resumeAgent(agentId: string): void {
    this.#command('agent.resume', { agentId }, () => this.#agent(agentId));
  }

  agent(agentId: string): views.AgentView | undefined {
    const entry = this.#state.agents.get(agentId);
    return entry && views.viewAgent(entry);
  }

  /** The agents that are all of what is asked. */
  agents(
    filter: { readonly type?: string; readonly capability?: string; readonly status?: AgentStatus } = {},
  ): views.AgentView[] {
    const { type, capability, status } = filter;
    const entries = type === undefined ? this.#state.agents.all() : this.#state.agents.ofType(type);
    return [...entries]
      .map(views.viewAgent)
      .filter((agent) => capability === undefined || agent.capabilities.includes(capability))
      .filter((agent) => status === undefined || agent.status === status);
  }

  /**
   * Speaks for an agent that is driven by hand, without a task: send, consult, escalate, read its inbox.
   */
  as(agentId: string): Omit<AgentContext, 'progress'> {
    this.#agent(agentId);
    return this.#parts.runner.contextFor({ agentId, signal: new AbortController().signal }).context;
  }

  // Tasks.

  /** Takes a task into the queue. */
  submit(input: TaskInput): TaskHandle {
    const { id, type, payload, metadata, requirements, idempotencyKey } = parse(taskInputSchema, admitJson(input));
    const { priority = 'normal', timeoutMs } = metadata;
    const taskId = id ?? this.#parts.environment.id();
    // It has passed the door already: the input is made of the message's own schemas.
    const submission: Payload<'task.submit'> = {
      taskId,
      type,
      payload: (payload ?? null) as Json,
      priority: typeof priority === 'number' ? priority : priorities[priority],
      requirements,
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    };
    const earlier = idempotencyKey === undefined ? undefined : this.#state.keys.get(idempotencyKey);
    if (earlier !== undefined) return this.#sameTask(earlier, id, submission);
    const { tasks } = this.#parts.runner;
    const accepted = new Deferred<void>();
    const submit = () => {
      if (requirements.agentType !== undefined) this.#parts.refuseUnknownType(requirements.agentType);
      if (this.#state.life === 'draining') throw refusal('draining', 'the hub is draining and takes no new tasks');
      if (this.#state.tasks.has(taskId) || this.#state.finished.has(taskId)) {
        throw refusal('duplicate', `task ${taskId} exists already`, 'id');
      }
      if (idempotencyKey !== undefined && this.#state.keys.has(idempotencyKey)) {
        throw refusal('conflict', `the idempotency key belongs to another task`, 'idempotencyKey');
      }
      return { from: client, to: 'hub', type: 'task.submit', payload: submission } as const;
    };
    this.#take(submit, {
      resolve: () => accepted.resolve(),
      reject: (error) => {
        if (!this.#state.tasks.has(taskId)) tasks.fail(taskId, error);
        accepted.reject(error);
      },
    });
    return this.#handle(taskId, accepted.promise, tasks.wait(taskId));
  }

  /** Gives a queued task to a free agent. */
  assign(taskId: string, agentId: string): void {
    this.#command('task.assign', { taskId, agentId }, () => {
      const agent = this.#agent(agentId);
      if (this.#state.queue.get(taskId) === undefined) {
        this.#task(taskId);
        throw refusal('conflict', `task ${taskId} is not queued`, 'taskId');
      }
      if (!this.#state.agents.isFree(agent)) throw refusal('conflict', `agent ${agentId} is not free`, 'agentId');
    });
  }

  /** Gives the next task in the queue to a free agent; undefined when the queue is empty. For agents that pull. */
  dequeue(agentId: string): views.TaskView | undefined {
    const next = this.#state.queue.peek();
    if (next === undefined) return undefined;
    this.assign(next.id, agentId);
    return this.task(next.id);
  }

  /** The task that is first in the queue. */
  peek(): views.TaskView | undefined {
    const next = this.#state.queue.peek();
    return next && this.task(next.id);
  }

  get pendingCount(): number {
    return this.#state.queue.pendingCount;
  }

  /** The queued tasks in order. */
  queue(): views.TaskView[] {
    return this.#state.queue.inOrder().map(({ id }) => views.viewTask(this.#task(id)));
  }

  prioritise(taskId: string, priority: number): void {
    this.#command('task.prioritise', { taskId, priority }, () => this.#task(taskId));
  }

  /** Calls a task off, with everything that it has open. */
  cancel(taskId: string, reason = 'cancelled'): void {
    this.#command('task.cancel', { taskId, reason }, () => this.#task(taskId));
  }

  /** A task that is live or remembered. */
  task(taskId: string): views.TaskView | undefined {
    const live = this.#state.tasks.get(taskId);
    if (live !== undefined) return views.viewTask(live);
    const finished = this.#state.finished.get(taskId);
    return finished && views.viewFinished(finished);
  }

  /** Every task that is live or remembered. */
  tasks(): views.TaskView[] {
    return views.viewTasks(this.#state);
  }

  // Messages.

  /** Sends from the hub to an agent. */
  async send({ to, type, body = null }: OutgoingMessage): Promise<SendOutcome> {
    const message = draft('hub', to, 'message.send', { messageType: type, body: body as never });
    const records = await this.#receive(() => {
      if (this.#state.agents.get(to) === undefined) throw refusal('unknownRecipient', `there is no agent ${to}`, 'to');
      return message;
    });
    return sendOutcome(records, this.#parts.runner.feedOf(to));
  }

  /** What waits in an agent's inbox, without taking it. */
  inbox(agentId: string): readonly InboxMessage[] {
    return [...this.#agent(agentId).inbox];
  }

  deadLetters(): readonly DeadLetter[] {
    return [...this.#state.deadLetters.values()];
  }

  /** Sends a dead letter once more, from its first sender. Only messages can be replayed. */
  async replayDeadLetter(letterSeq: number): Promise<SendOutcome> {
    const letter = this.#letter(letterSeq);
    if (letter.messageType !== 'message.send') {
      throw refusal('conflict', `a ${letter.messageType} cannot be sent again: what it was about is over`, 'letterSeq');
    }
    const message = draft(letter.from, letter.to, 'message.send', letter.payload as never);
    this.#command('deadletter.replay', { letterSeq }, () => {
      this.#letter(letterSeq);
      if (this.#state.agents.get(letter.to) === undefined)
        throw refusal('unknownRecipient', `there is no agent ${letter.to}`);
    });
    return sendOutcome(await this.#receive(() => message), this.#parts.runner.feedOf(letter.to));
  }

  /** Forgets a dead letter, or all of them; answers how many. */
  purgeDeadLetters(letterSeq?: number): number {
    const letters = letterSeq === undefined ? this.deadLetters() : [this.#letter(letterSeq)];
    for (const letter of letters) this.#command('deadletter.purge', { letterSeq: letter.letterSeq });
    return letters.length;
  }

  // Specialists and humans.

  consultations(): views.ConsultationView[] {
    return [...this.#state.consultations.values()].map(views.viewConsultation);
  }

  /** Opens a gate; the agent, if one is named, gets no work until a human has decided. */
  escalate(
    reason: string,
    context: unknown = null,
    options: EscalateOptions & { readonly agentId?: string } = {},
  ): GateHandle {
    const gateId = this.#parts.environment.id();
    const { agentId } = options;
    const [taskId] = agentId === undefined ? [] : this.#agent(agentId).actor.getSnapshot().context.tasks;
    const isRunning = taskId !== undefined && this.#task(taskId).actor.getSnapshot().matches('running');
    const message = draft(
      client,
      'hub',
      'gate.open',
      openGate(gateId, reason, context, { ...options, ...(isRunning && { taskId }) }),
    );
    const accepted = this.#receive(() => message).then(nothing);
    accepted.catch(nothing); // Whoever awaits it hears of it; nobody has to.
    return { id: gateId, accepted, outcome: this.#parts.runner.gates.wait(gateId) };
  }

  /** The open gates, with what a person needs to decide. */
  gates(): views.GateView[] {
    return [...this.#state.gates.values()].map((entry) => views.viewGate(entry, this.#state));
  }

  /**
   * Decides a gate, once.
   *
   * Rejects with `gateClosed` when it was decided before or has ended, with `forbidden` when this person
   * may not decide it, with `conflict` when the content was another. Each such attempt is a dead letter.
   */
  async decideGate(gateId: string, decision: GateDecision): Promise<void> {
    const { by } = decision;
    const records = await this.#receive(() => {
      if (!this.#state.gates.has(gateId) && !this.#state.closedGates.has(gateId)) {
        throw refusal('unknownGate', `there is no gate ${gateId}`, 'gateId');
      }
      const message = draft(client, gateId, 'gate.decide', { ...decision, gateId } as PayloadInput<'gate.decide'>);
      if (this.#state.agents.get(by) !== undefined)
        throw refusal('forbidden', `${by} is an agent; a human has to decide`, 'by');
      return message;
    });
    for (const record of records)
      if (record.type === 'deadletter.added') throw this.#refusedDecision(record, gateId, by);
  }

  // The project and the hub.

  updateProject(update: { readonly phase?: string; readonly metadata?: { readonly [key: string]: unknown } }): void {
    this.#command('project.update', update as PayloadInput<'project.update'>);
  }

  projectState(): views.ProjectView {
    return views.viewProject(this.#state);
  }

  /** The whole picture. */
  status(): views.HubStatus {
    return views.viewStatus(this.#state);
  }

  /** The state as one plain value; equal to `foldLog` of the log so far. */
  picture(): Picture {
    return pictureOf(this.#state);
  }

  /** Gives out no work until `resume`; what runs goes on, and tasks are still taken. */
  pause(reason = 'paused'): void {
    this.#command('hub.pause', { reason });
  }

  resume(): void {
    this.#command('hub.resume', {});
  }

  /** Takes no new tasks and stops when nothing is left. Resolves then. */
  drain(): Promise<void> {
    this.#command('hub.drain', {});
    return this.stopped;
  }

  /** Stops now: drivers are called off, and what is not finished stays in the log. */
  stop(reason = 'stopped'): Promise<void> {
    if (this.#state.life !== 'stopped') this.#command('hub.stop', { reason });
    return this.stopped;
  }

  /** Calls `listener` with each record of that type (or `*`) once it is durable; the answer ends that. */
  on<T extends MessageType | '*'>(
    type: T,
    listener: (record: T extends MessageType ? RecordOf<T> : HubRecord) => void,
  ): () => void {
    return this.#listeners.add(type, listener as (record: HubRecord) => void);
  }

  /** The durable records from `fromSeq` on. */
  async *log(fromSeq = 1): AsyncIterableIterator<HubRecord> {
    yield* this.#parts.store.read(fromSeq);
  }

  /** Resolves when all that was said so far is durable and its effects have begun. */
  settled(): Promise<void> {
    return this.#parts.kernel.settled();
  }

  /** Whether nothing is on its way to the store. */
  get isSettled(): boolean {
    return this.#parts.kernel.isSettled;
  }

  /** For the kernel: a record is durable. @internal */
  announce(record: HubRecord): void {
    this.#listeners.announce(record);
    if (record.type === 'hub.stopped') this.closeWith();
  }

  /** For the kernel: the hub is over. @internal */
  closeWith(error?: HubError): void {
    this.#parts.kernel.stopClock();
    const close = async () => this.#parts.store.close();
    close().then(
      () => this.#endStop(error),
      (cause) => this.#endStop(error ?? new HubError('storeFailed', 'the store could not be closed', { cause })),
    );
  }

  get #state(): HubState {
    return this.#parts.kernel.state;
  }

  #receive(prepare: () => Draft): Receipt {
    return this.#parts.kernel.receive(() => this.#unlessStopped(prepare));
  }

  #take(prepare: () => Draft, waiter?: Waiter): void {
    this.#parts.kernel.take(() => this.#unlessStopped(prepare), waiter);
  }

  #unlessStopped(prepare: () => Draft): Draft {
    if (this.#state.life === 'stopped') throw refusal('stopped', 'the hub has stopped');
    return prepare();
  }

  #command<T extends MessageType>(type: T, payload: PayloadInput<T>, check?: () => void): void {
    const message = draft(client, 'hub', type, payload);
    this.#take(() => {
      check?.();
      return message;
    });
  }

  #agent(agentId: string): AgentEntry {
    const entry = this.#state.agents.get(agentId);
    if (entry === undefined) throw refusal('unknownAgent', `there is no agent ${agentId}`, 'agentId');
    return entry;
  }

  #task(taskId: string) {
    const entry = this.#state.tasks.get(taskId);
    if (entry !== undefined) return entry;
    const ended = this.#state.finished.get(taskId)?.status;
    if (ended !== undefined) throw refusal('conflict', `task ${taskId} is ${ended}`, 'taskId');
    throw refusal('unknownTask', `there is no task ${taskId}`, 'taskId');
  }

  #letter(letterSeq: number): DeadLetter {
    const letter = this.#state.deadLetters.get(letterSeq);
    if (letter === undefined) throw refusal('unknownLetter', `there is no dead letter ${letterSeq}`, 'letterSeq');
    return letter;
  }

  #refusedDecision({ payload: { reason } }: RecordOf<'deadletter.added'>, gateId: string, by: string): HubError {
    if (reason === 'notAllowed') return refusal('forbidden', `${by} may not decide gate ${gateId}`, 'by');
    if (reason === 'staleContent')
      return refusal('conflict', `gate ${gateId} shows something else than what was decided on`, 'contentHash');
    return refusal('gateClosed', `gate ${gateId} is ${this.#state.closedGates.get(gateId) ?? 'closed'}`, 'gateId');
  }

  #sameTask(taskId: string, givenId: string | undefined, payload: { readonly taskId: string }): TaskHandle {
    const entry = this.#state.tasks.get(taskId) ?? this.#state.finished.get(taskId);
    if (this.#state.life === 'stopped') throw refusal('stopped', 'the hub has stopped');
    const same =
      entry !== undefined && canonicalJson({ ...payload, taskId: givenId ?? taskId }) === canonicalJson(entry.spec);
    if (!same) throw refusal('conflict', `the idempotency key belongs to another task, ${taskId}`, 'idempotencyKey');
    const finished = this.#state.finished.get(taskId);
    const { tasks } = this.#parts.runner;
    const result = finished ? Promise.resolve(finishedOutcome(finished)) : tasks.wait(taskId);
    const accepted = this.settled().catch((error) => {
      tasks.fail(taskId, error);
      throw error;
    });
    accepted.catch(nothing); // Whoever awaits it hears of it; nobody has to.
    return this.#handle(taskId, accepted, result);
  }

  #handle(id: string, accepted: Promise<void>, result: Promise<TaskOutcome>): TaskHandle {
    return {
      id,
      accepted,
      result,
      actor: this.#state.tasks.get(id)?.actor,
      cancel: (reason = 'cancelled') => {
        if (!this.#state.tasks.has(id)) return false;
        this.cancel(id, reason);
        return true;
      },
    };
  }
}

function refuseNoDriver(path: string, given: unknown): void {
  if (typeof given === 'function' || (typeof given === 'object' && given !== null)) return;
  const expected = 'a function, actor logic or a script';
  throw new HubError('invalid', `${path}: expected ${expected}`, { path, expected });
}

const nothing = (): void => {};
const refusal = (code: HubErrorCode, message: string, path?: string): HubError =>
  new HubError(code, message, path === undefined ? {} : { path });
