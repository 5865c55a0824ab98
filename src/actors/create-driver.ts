/**
 * The three forms in which a driver is given (an async function, XState actor logic, a script), made one.
 *
 * Does not own: when a driver is called and what its answer means; that is the hub's runner.
 */
import { type ActorOptions, type AnyActorLogic, createActor, toPromise } from 'xstate';
import {
  type AnswerContext,
  type AnswerFunction,
  type AssignedTask,
  NonRetryableError,
  type Question,
  type TaskFunction,
} from './driver.ts';
import { type Environment, sleep } from './environment.ts';
import { parseScript, runScript, type Script } from './script.ts';

/** Actor logic with `input: { task, context }`; its output is the result. Inbox messages reach it as events. */
export type AgentLogic = AnyActorLogic;

/** What an agent does with a task. */
export type Run = TaskFunction | AgentLogic | Script;
/** What a specialist does with a question. */
export type Answer = AnswerFunction | AgentLogic | Script;

export interface Driver {
  readonly run: TaskFunction;
  readonly answer: AnswerFunction | undefined;
}

export interface DriverOptions {
  readonly run?: Run | undefined;
  readonly answer?: Answer | undefined;
  readonly heartbeatMs?: number | undefined;
}

export function createDriver({ run, answer, heartbeatMs }: DriverOptions, environment: Environment): Driver {
  const beat = heartbeatMs === undefined ? undefined : heartbeatMs / 2;
  return {
    run: run === undefined ? noWork : asFunction(run, (task, context) => ({ task, context }), environment, beat),
    answer: answer && asFunction(answer, (question, context) => ({ question, context }), environment, beat),
  };
}

/** Whoever assigns by hand can give it a task all the same. */
const noWork: TaskFunction = () => {
  throw new NonRetryableError('it only answers questions');
};

function asFunction<Work extends AssignedTask | Question, Context extends AnswerContext>(
  work: ((work: Work, context: Context) => unknown) | AgentLogic | Script,
  toInput: (work: Work, context: Context) => unknown,
  environment: Environment,
  beatMs: number | undefined,
): (work: Work, context: Context) => unknown {
  if (typeof work === 'function') return work;
  if (Array.isArray(work)) {
    const steps = parseScript(work as Script);
    const wait = (ms: number) => sleep(environment, ms);
    const attemptOf = (given: Work) => ('attempt' in given ? given.attempt : 1);
    return (given, context) =>
      runScript(steps, { context, attempt: attemptOf(given), random: environment.random, wait, beatMs });
  }
  const clock = clockOf(environment);
  return (given, context) => runMind(work as AgentLogic, { input: toInput(given, context), clock }, context);
}

/** XState's delays on the hub's time. */
const clockOf = (environment: Environment): NonNullable<ActorOptions<AnyActorLogic>['clock']> => ({
  setTimeout: (wake: () => void, ms: number) => environment.wakeAt(environment.now() + ms, wake),
  clearTimeout: (cancel: (() => void) | undefined) => cancel?.(),
});

/** Runs actor logic as the agent's mind, in a system of its own. */
async function runMind(
  logic: AgentLogic,
  options: ActorOptions<AnyActorLogic>,
  context: AnswerContext,
): Promise<unknown> {
  const mind = createActor(logic, options);
  const done = toPromise(mind);
  const stop = () => mind.stop();
  context.signal.addEventListener('abort', stop, { once: true });
  mind.start();
  if (typeof (logic as { root?: unknown }).root === 'object') void feed(mind, context);
  try {
    const output = await done;
    context.signal.throwIfAborted(); // A mind that was stopped has no output.
    return output;
  } finally {
    context.signal.removeEventListener('abort', stop);
  }
}

/** Messages become events of their own type, until the mind is done. */
async function feed(mind: ReturnType<typeof createActor>, context: AnswerContext): Promise<void> {
  try {
    for await (const message of context.inbox) {
      if (mind.getSnapshot().status !== 'active') return;
      mind.send({ ...message });
    }
  } catch {
    // The work was called off, and the inbox with it.
  }
}
