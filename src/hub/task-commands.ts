/** What the hub can do about tasks. */
import type { ActorRefFrom } from 'xstate';
import { HubError } from '../machines/errors.ts';
import { admitJson, canonicalJson, deepFreeze, type Json } from '../machines/json.ts';
import type { Fault, Payload } from '../machines/messages.ts';
import { parse } from '../machines/parse.ts';
import type { taskMachine } from '../machines/task.ts';
import { Deferred } from './deferred.ts';
import { type Desk, nothing, refusal } from './desk.ts';
import { type Explanation, explain } from './explanation.ts';
import { overload } from './overload.ts';
import { isCapable } from './registry.ts';
import { priorities, type TaskInput, taskInputSchema } from './task-input.ts';
import { finishedOutcome, type TaskOutcome } from './task-outcome.ts';
import { inOrder } from './task-queue.ts';
import { type TaskView, viewFinished, viewTask, viewTasks } from './views.ts';

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

export type TaskCommands = ReturnType<typeof taskCommands>;

export function taskCommands(desk: Desk) {
  const { state } = desk;
  const { kernel, runner, environment, router, coming } = desk.parts;

  const handle = (id: string, accepted: Promise<void>, result: Promise<TaskOutcome>): TaskHandle => {
    return {
      id,
      accepted,
      result,
      actor: state.tasks.get(id)?.actor,
      cancel(reason = 'cancelled') {
        if (!state.tasks.has(id)) return false;
        commands.cancel(id, reason);
        return true;
      },
    };
  };

  const sameTask = (taskId: string, givenId: string | undefined, submission: Payload<'task.submit'>): TaskHandle => {
    const finished = state.finished.get(taskId);
    const entry = state.tasks.get(taskId) ?? finished;
    if (state.life === 'stopped') throw refusal('stopped', 'the hub has stopped');
    if (entry === undefined || !isSame(entry.spec, givenId, submission)) throw ofAnother(taskId);
    if (finished !== undefined) refuseInvalid(taskId, finished.faults, finished.warnings);
    const accepted = kernel.settled().catch((error) => {
      runner.tasks.fail(taskId, error);
      throw error;
    });
    // An outcome that is folded need not be durable yet.
    const result = finished ? accepted.then(() => finishedOutcome(finished)) : runner.tasks.wait(taskId);
    for (const promise of [accepted, result]) promise.catch(nothing); // Whoever awaits it hears of it; nobody has to.
    return handle(taskId, accepted, result);
  };

  const commands = {
    /**
     * Takes a task into the queue.
     *
     * Throws `busy` when too much waits, `draining`, `duplicate`, `conflict`; and `invalidSpec`, with the
     * faults, when its working spec is not valid: then the task is in the log, cancelled.
     */
    submit(input: TaskInput): TaskHandle {
      const given = parse(taskInputSchema, admitJson(input));
      const { id, idempotencyKey, requirements } = given;
      const taskId = id ?? environment.id();
      const submission = toSubmission(taskId, given, kernel.now());
      const earlier = idempotencyKey === undefined ? undefined : state.keys.get(idempotencyKey);
      if (earlier !== undefined) return sameTask(earlier, id, submission);
      const same = idempotencyKey === undefined ? undefined : coming.get(idempotencyKey);
      if (same !== undefined) {
        const { taskId: sameId } = same.submission;
        if (!isSame(same.submission, id, submission)) throw ofAnother(sameId);
        return handle(sameId, same.accepted, runner.tasks.wait(sameId));
      }
      const accepted = new Deferred<void>();
      const hasCome = () => {
        if (idempotencyKey !== undefined) coming.delete(idempotencyKey);
      };
      if (idempotencyKey !== undefined && kernel.isInTurn) {
        coming.set(idempotencyKey, { submission, accepted: accepted.promise });
      }
      const submit = () => {
        hasCome();
        if (requirements.agentType !== undefined) desk.parts.refuseUnknownType(requirements.agentType);
        if (state.life === 'draining') throw refusal('draining', 'the hub is draining and takes no new tasks');
        if (state.tasks.has(taskId) || state.finished.has(taskId)) {
          throw refusal('duplicate', `task ${taskId} exists already`, 'id');
        }
        const why = overload(state, submission.priority);
        if (why !== undefined) throw refusal('busy', why);
        return { from: desk.speaker, to: 'hub', type: 'task.submit', payload: submission } as const;
      };
      const records = desk.take(submit, {
        resolve: () => accepted.resolve(),
        reject(error) {
          hasCome(); // A hub that has failed or stopped does not ask.
          if (!state.tasks.has(taskId)) runner.tasks.fail(taskId, error);
          accepted.reject(error);
        },
      });
      for (const { type, payload } of records ?? []) {
        if (type === 'task.invalid' && payload.taskId === taskId) {
          refuseInvalid(taskId, payload.errors, payload.warnings);
        }
      }
      return handle(taskId, accepted.promise, runner.tasks.wait(taskId));
    },

    /**
     * Submits a task that has failed or was cancelled once more, under a new id. `conflict` for one that goes on, one
     * that is done, and a part of an orchestration, which says itself what happens then.
     */
    resubmit(taskId: string): TaskHandle {
      const finished = state.finished.get(taskId);
      if (finished === undefined) {
        desk.task(taskId);
        throw refusal('conflict', `task ${taskId} has not ended`, 'taskId');
      }
      const { spec, status, priority } = finished;
      if (status === 'completed') throw refusal('conflict', `task ${taskId} is completed`, 'taskId');
      if (spec.orchestrationId !== undefined) {
        throw refusal('conflict', `task ${taskId} is part of orchestration ${spec.orchestrationId}`, 'taskId');
      }
      const { type, payload, requirements, timeoutMs, maxAttempts, ifNoAgent, spec: workingSpec } = spec;
      return commands.submit({
        type,
        payload,
        requirements: requirements as NonNullable<TaskInput['requirements']>,
        metadata: {
          priority,
          ifNoAgent,
          ...(timeoutMs !== undefined && { timeoutMs }),
          ...(maxAttempts !== undefined && { maxAttempts }),
        },
        ...(workingSpec !== undefined && { spec: workingSpec }),
      });
    },

    /** Gives a queued task to a free agent; `conflict` while the hub is paused. */
    assign(taskId: string, agentId: string): void {
      desk.command('task.assign', { taskId, agentId }, () => {
        if (state.life === 'paused') throw refusal('conflict', 'the hub is paused and gives out no work');
        const agent = desk.agent(agentId);
        if (state.queue.get(taskId) === undefined) {
          desk.task(taskId);
          throw refusal('conflict', `task ${taskId} is not queued`, 'taskId');
        }
        const { type } = desk.task(taskId).spec;
        if (!state.limits.mayStart(type, state)) throw refusal('busy', `the limit for ${type} is reached`, 'taskId');
        if (!state.agents.isFree(agent)) throw refusal('conflict', `agent ${agentId} is not free`, 'agentId');
      });
    },

    /**
     * Gives a free agent the next task in the queue that it can do and that may start; undefined when there is none. For
     * agents that pull.
     */
    dequeue(agentId: string): TaskView | undefined {
      const agent = desk.agent(agentId);
      const fits = (id: string) => {
        const { type, requirements } = desk.task(id).spec;
        return isCapable(agent.spec, requirements, type) && state.limits.mayStart(type, state);
      };
      const [next] = inOrder([...state.queue.heads()].filter(({ id }) => fits(id)));
      if (next === undefined) return undefined;
      commands.assign(next.id, agentId);
      return commands.task(next.id);
    },

    /** The task that is first in the queue. */
    peek(): TaskView | undefined {
      const next = state.queue.peek();
      return next && commands.task(next.id);
    },

    /** How many tasks wait in the queue. */
    pendingCount(): number {
      return state.queue.pendingCount;
    },

    /** The queued tasks in order. */
    queue(): TaskView[] {
      return state.queue.inOrder().map(({ id }) => viewTask(desk.task(id)));
    },

    prioritise(taskId: string, priority: number): void {
      desk.command('task.prioritise', { taskId, priority }, () => desk.task(taskId));
    },

    /** Calls a task off, with everything that it has open. */
    cancel(taskId: string, reason = 'cancelled'): void {
      desk.command('task.cancel', { taskId, reason }, () => desk.task(taskId));
    },

    /** A task that is live or remembered. */
    task(taskId: string): TaskView | undefined {
      const live = state.tasks.get(taskId);
      if (live !== undefined) return viewTask(live);
      const finished = state.finished.get(taskId);
      return finished && viewFinished(finished);
    },

    /** Every task that is live or remembered. */
    tasks(): TaskView[] {
      return viewTasks(state);
    },

    /** Who could do a task, who not and why, and whom the router would choose now. Changes nothing. */
    explainRouting(task: string | TaskInput): Explanation {
      if (typeof task === 'string') {
        const { spec } = state.tasks.get(task) ?? state.finished.get(task) ?? desk.task(task);
        return explain(state, spec, router, task);
      }
      const given = parse(taskInputSchema, admitJson(task));
      return explain(state, deepFreeze(toSubmission('explained', given, kernel.now())), router, null);
    },
  };
  return commands;
}

/** What two submissions of the same task have in common: a delay counts from when it was submitted. */
const bodyOf = ({ startAt, ...body }: Payload<'task.submit'>): string =>
  canonicalJson({ ...body, isDelayed: startAt !== undefined });

function refuseInvalid(taskId: string, faults: readonly Fault[], warnings: readonly Fault[]): void {
  const [first] = faults;
  if (first === undefined) return;
  const path = first.field === '' ? 'spec' : `spec.${first.field}`;
  throw new HubError('invalidSpec', `the working spec of ${taskId} is not valid: ${path}: ${first.message}`, {
    path,
    ...(first.suggestion !== undefined && { expected: first.suggestion }),
    faults,
    warnings,
  });
}

const isSame = (
  known: Payload<'task.submit'>,
  givenId: string | undefined,
  submission: Payload<'task.submit'>,
): boolean => bodyOf({ ...submission, taskId: givenId ?? known.taskId }) === bodyOf(known);

const ofAnother = (taskId: string): HubError =>
  refusal('conflict', `the idempotency key belongs to another task, ${taskId}`, 'idempotencyKey');

function toSubmission(
  taskId: string,
  { type, payload, metadata, requirements, spec, idempotencyKey }: ReturnType<typeof taskInputSchema.parse>,
  now: number,
): Payload<'task.submit'> {
  const { priority = 'normal', timeoutMs, delayMs, maxAttempts, ifNoAgent = 'wait' } = metadata;
  // It has passed the door already: the input is made of the message's own schemas.
  return {
    taskId,
    type,
    payload: (payload ?? null) as Json,
    priority: typeof priority === 'number' ? priority : priorities[priority],
    requirements,
    ifNoAgent,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(delayMs !== undefined && { startAt: now + delayMs }),
    ...(maxAttempts !== undefined && { maxAttempts }),
    ...(spec !== undefined && { spec: spec as Json }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  };
}
