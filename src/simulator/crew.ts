/** The agents of a simulated run at work, well and badly, with every effect taken down. */
import { createDriver } from '../actors/create-driver.ts';
import {
  type AgentContext,
  AgentCrash,
  type AnswerContext,
  type AssignedTask,
  type Inbox,
  type Question,
} from '../actors/driver.ts';
import type { AgentDefinition } from '../hub/agent-commands.ts';
import { admitJson, type Json } from '../machines/json.ts';
import type { Life } from './life.ts';
import type { Behaviour, Oddity, PlannedAgent } from './plan.ts';
import type { Witness } from './witness.ts';

/** The agent as it is registered with one start of the hub. */
export function definitionOf(
  { profile, behaviours, answers }: PlannedAgent,
  life: Life,
  witness: Witness,
): AgentDefinition {
  const players = behaviours.map((behaviour) => playerOf(behaviour, profile.heartbeatMs, life, witness));
  const answerers = answers?.map((behaviour) => playerOf(behaviour, profile.heartbeatMs, life, witness));
  return {
    ...profile,
    run(task, context) {
      const { id: taskId, attempt, idempotencyKey } = task;
      witness.saw({ kind: 'run', agentId: profile.id, taskId, attempt, idempotencyKey });
      const player = players[(hashOf(taskId) + attempt - 1) % players.length] as Player;
      return player.run(task, watched(context, witness));
    },
    ...(answerers && {
      answer(question: Question, context: AnswerContext) {
        witness.saw({ kind: 'answer', agentId: profile.id, consultationId: question.id });
        const player = answerers[hashOf(question.id) % answerers.length] as Player;
        return player.answer(question, watched(context, witness));
      },
    }),
  };
}

interface Player {
  run(task: AssignedTask, context: AgentContext): unknown;
  answer(question: Question, context: AnswerContext): unknown;
}

function playerOf(behaviour: Behaviour, heartbeatMs: number | undefined, life: Life, witness: Witness): Player {
  if (typeof behaviour === 'string') {
    const odd = (_work: unknown, context: AnswerContext) => {
      witness.count(`odd:${behaviour}`);
      return oddities[behaviour](context);
    };
    return { run: odd, answer: odd };
  }
  const { run, answer } = createDriver({ run: behaviour, answer: behaviour, heartbeatMs }, life.environment);
  const counted =
    <W, C>(play: (work: W, context: C) => unknown) =>
    (work: W, context: C) => {
      for (const step of behaviour) {
        if ('crash' in step) witness.count('agentCrash');
        else if ('deaf' in step) witness.count('zombieAnswer');
        else if ('stall' in step) witness.count('stall');
        else if ('fail' in step) witness.count('agentFails');
      }
      return play(work, context);
    };
  return { run: counted(run), answer: counted(answer as Player['answer']) };
}

const deep = (): unknown => {
  let value: unknown = 0;
  for (let level = 0; level < 100; level++) value = [value];
  return value;
};

const trap = {
  get message(): string {
    throw new Error('the message is a trap');
  },
  toString(): string {
    throw new Error('so is the text');
  },
};

/** A capability that is used when it should not be; whatever it throws is as it should be. */
const dare = (use: () => unknown): void => {
  try {
    Promise.resolve(use()).catch(() => {});
  } catch {
    // Refused, as it should be.
  }
};

const oddities: { readonly [odd in Oddity]: (context: AnswerContext) => unknown } = {
  function: () => () => {},
  nan: () => Number.NaN,
  huge: () => 'x'.repeat(300 * 1024),
  deep,
  cycle() {
    const value: { self?: unknown } = {};
    value.self = value;
    return value;
  },
  map: () => new Map([['a', 1]]),
  throwNothing: () => Promise.reject(undefined),
  throwTrap: () => Promise.reject(trap),
  throwAtOnce() {
    throw new TypeError('at once');
  },
  neverAnswer: () => new Promise(() => {}),
  async useAfterwards(context) {
    context.sleep(1000).catch(() => {});
    dare(() => context.heartbeat());
    queueMicrotask(() => {
      dare(() => context.send({ to: 'hub', type: 'late' }));
      dare(() => context.consult('dev', 'late?', null, { timeoutMs: 1000 }));
      if ('progress' in context) dare(() => (context as AgentContext).progress(99));
      if ('escalate' in context)
        dare(() =>
          (context as AgentContext).escalate('late?', null, { ladder: [{ afterMs: 60_000, action: 'reject' }] }),
        );
    });
    return 'done';
  },
  async crashAndGoOn(context) {
    const { signal } = context;
    void (async () => {
      for (let beat = 0; beat < 5 && !signal.aborted; beat++) {
        await context.sleep(20_000);
        dare(() => context.heartbeat());
      }
    })().catch(() => {});
    await context.sleep(5000);
    throw new AgentCrash('the process is gone, and a thread of it is not');
  },
  async answerTwice(context) {
    dare(() => context.inbox.next());
    dare(() => context.inbox.next());
    await context.sleep(1000);
    return { answered: 'once' };
  },
  async readInbox(context) {
    for (let count = 0; count < 3 && context.inbox.peek().length > 0; count++) await context.inbox.next();
    await context.sleep(2000);
    return 'read';
  },
  async consultTwice(context) {
    const ask = (type: string, timeoutMs: number) => context.consult(type, 'both of you?', null, { timeoutMs });
    const answers = await Promise.all([ask('qa', 30_000), ask('expert', 120_000)]);
    return answers.map(({ status }) => status);
  },
  async rejectLater(context) {
    await context.sleep(3000);
    throw new Error('later');
  },
};

/** The context, with what comes out of it taken down. */
function watched<C extends AnswerContext>(context: C, witness: Witness): C {
  const take = async () => {
    const message = await context.inbox.next();
    const { seq, from, type, body } = message;
    witness.saw({ kind: 'message', agentId: context.agentId, seq, from, type, body });
    return message;
  };
  const inbox: Inbox = {
    peek: () => context.inbox.peek(),
    next() {
      const message = take();
      message.catch(() => {}); // Whoever awaits it hears of it; nobody has to.
      return message;
    },
    async *[Symbol.asyncIterator]() {
      while (!context.signal.aborted) yield await take();
    },
  };
  const copy = Object.defineProperties({}, Object.getOwnPropertyDescriptors(context)) as C;
  return Object.defineProperty(copy, 'inbox', { value: inbox });
}

/** A small number that is the same for the same text. */
export function hashOf(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (hash * 31 + text.charCodeAt(index)) >>> 0;
  return hash;
}

/** As it stands in the log; null when it cannot. */
export function asJson(value: unknown): Json {
  try {
    return admitJson(value);
  } catch {
    return null;
  }
}
