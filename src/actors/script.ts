/**
 * Scripted agents: what an agent does, as data. Used by scenario files, tests and simulations.
 */
import { z } from 'zod';
import type { Json } from '../machines/json.ts';
import { rungSchema, withApprover } from '../machines/messages.ts';
import { oneOf } from '../machines/one-of.ts';
import { parse } from '../machines/parse.ts';
import {
  type AgentContext,
  AgentCrash,
  type AnswerContext,
  Decline,
  type Inbox,
  type InboxMessage,
  NonRetryableError,
} from './driver.ts';
import { durationSchema } from './duration-schema.ts';

const json = z.custom<Json>((value) => value !== undefined, 'a JSON value');

/** A ladder step with its time as people write it: `{ after: 1h, action: remind }`. */
const writtenRung = withApprover(rungSchema.omit({ afterMs: true }).extend({ after: durationSchema }));

const stepSchema = oneOf({
  /** Works this long, or between two lengths drawn from the seed; sends heartbeats meanwhile. */
  work: z.union([durationSchema, z.strictObject({ min: durationSchema, max: durationSchema })]),
  progress: z.strictObject({ percent: z.number().min(0).max(100).optional(), note: z.string().optional() }),
  consult: z.strictObject({
    type: z.string(),
    question: z.string(),
    context: json.optional(),
    timeout: durationSchema.optional(),
    ifNone: z.enum(['wait', 'refuse']).optional(),
    /** What to do when it is not answered. Default: go on. */
    otherwise: z.enum(['continue', 'fail']).default('continue'),
  }),
  escalate: z.strictObject({
    reason: z.string(),
    context: json.optional(),
    approvers: z.array(z.string()).optional(),
    ladder: z.array(writtenRung).optional(),
    /** Go on before the decision is there, so that several gates can be open. Default: wait. */
    wait: z.boolean().default(true),
  }),
  send: z.strictObject({ to: z.string(), type: z.string(), body: json.optional() }),
  /** Waits for a message, of that type if one is given. */
  receive: z.strictObject({ type: z.string().optional() }),
  /** Fails: always, or on the first `times` attempts. */
  fail: z.union([
    z.string(),
    z.strictObject({ message: z.string(), times: z.int().min(1).optional(), retry: z.boolean().default(true) }),
  ]),
  /** Says how good its result is, 0 to 1. */
  rate: z.number().min(0).max(1),
  /** Is at it this long without a sign of life, and does not hear when it is called off: its answer comes too late. */
  deaf: durationSchema,
  /** Never answers and gives no sign of life. */
  stall: z.literal(true),
  /** Is gone, as a crashed process is: always, or on the first `times` attempts. */
  crash: z.union([z.literal(true), z.strictObject({ times: z.int().min(1) })]),
  /** Does not answer the question, with a reason. */
  decline: z.string(),
  /** The result of a task, or the answer to a question. */
  return: json,
});

export const scriptSchema = z.array(stepSchema).max(1000);
/** Steps, done in order; see `scriptSchema` for each. Times are in ms or as `5m`. */
export type Script = readonly ScriptStep[];
type ScriptStep = z.input<typeof stepSchema>;
type Steps = z.output<typeof scriptSchema>;

/** Checks a script and reads its durations; throws `invalid` with the path of the step. */
export const parseScript = (script: Script): Steps => parse(scriptSchema, script, 'script');

export interface ScriptWorld {
  readonly context: AnswerContext | AgentContext;
  readonly attempt: number;
  readonly random: () => number;
  /** Waits, whatever anybody says meanwhile. */
  readonly wait: (ms: number) => Promise<void>;
  /** How often to send heartbeats while working, in ms. */
  readonly beatMs: number | undefined;
}

/**
 * What a script receives, in order. It is taken for good when the work is done, so that whoever does the work again
 * gets it again: asking for a message acknowledges those before it, and so all are asked for at once.
 */
function messagesFor(script: Steps, inbox: Inbox): () => Promise<InboxMessage> {
  let coming: Promise<InboxMessage>[] | undefined;
  return () => {
    coming ??= script.filter((step) => 'receive' in step).map(() => inbox.next());
    return coming.shift() ?? inbox.next();
  };
}

/** Plays a script; resolves with what it returns. */
export async function runScript(script: Steps, { context, attempt, random, wait, beatMs }: ScriptWorld): Promise<Json> {
  const taskContext = 'escalate' in context ? context : undefined;
  const gates: Promise<unknown>[] = [];
  const nextMessage = messagesFor(script, context.inbox);
  const pass = (times: number | undefined) => times !== undefined && attempt > times;
  for (const step of script) {
    if ('work' in step) {
      const { work } = step;
      await workFor(typeof work === 'number' ? work : Math.round(work.min + random() * (work.max - work.min)));
    } else if ('progress' in step) {
      taskContext?.progress(step.progress.percent, step.progress.note);
    } else if ('consult' in step) {
      const { type, question, otherwise, timeout, ifNone, context: about } = step.consult;
      const outcome = await context.consult(type, question, about ?? null, {
        ...(timeout !== undefined && { timeoutMs: timeout }),
        ...(ifNone && { ifNone }),
      });
      if (outcome.status !== 'answered' && otherwise === 'fail') {
        throw new Error(`no answer from ${type}: ${outcome.status}`);
      }
    } else if ('escalate' in step) {
      const { reason, approvers, ladder, wait, context: about } = step.escalate;
      const gate = taskContext?.escalate(reason, about ?? null, {
        ...(approvers && { approvers }),
        ...(ladder && { ladder: ladder.map(({ after, ...rung }) => ({ ...rung, afterMs: after })) }),
      });
      if (gate && wait) await gate.outcome;
      else if (gate) gates.push(gate.outcome);
    } else if ('send' in step) {
      await context.send({ ...step.send, body: step.send.body ?? null });
    } else if ('receive' in step) {
      let message: InboxMessage;
      do message = await nextMessage();
      while (step.receive.type !== undefined && message.type !== step.receive.type);
    } else if ('fail' in step) {
      const { message, times, retry } =
        typeof step.fail === 'string' ? { message: step.fail, times: undefined, retry: true } : step.fail;
      if (!pass(times)) throw retry ? new Error(message) : new NonRetryableError(message);
    } else if ('rate' in step) {
      taskContext?.rate(step.rate);
    } else if ('deaf' in step) {
      await wait(step.deaf);
    } else if ('stall' in step) {
      await new Promise((_resolve, reject) => {
        context.signal.addEventListener('abort', () => reject(context.signal.reason), { once: true });
      });
    } else if ('crash' in step) {
      if (!pass(step.crash === true ? undefined : step.crash.times)) throw new AgentCrash('crashed');
    } else if ('decline' in step) {
      throw new Decline(step.decline);
    } else {
      await Promise.all(gates);
      return step.return;
    }
  }
  await Promise.all(gates);
  return null;

  async function workFor(ms: number): Promise<void> {
    let left = ms;
    while (left > 0) {
      const part = Math.min(left, beatMs ?? left);
      await context.sleep(part);
      left -= part;
      if (left > 0) context.heartbeat();
    }
  }
}
