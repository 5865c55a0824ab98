/**
 * The capabilities that a driver gets. Each call is a message to the hub, with the sender stamped here.
 *
 * - X1 nothing in here holds or gives out an actor (D1).
 * - X2 after the work is called off every call throws the reason; only a late result still reaches the
 *   hub, which makes a dead letter of it.
 */
import type {
  AgentContext,
  ConsultationOutcome,
  EscalateOptions,
  GateOutcome,
  Inbox,
  OutgoingMessage,
  SendOutcome,
} from '../actors/driver.ts';
import { type Environment, sleep } from '../actors/environment.ts';
import { HubError } from '../machines/errors.ts';
import { contentHash } from '../machines/hash.ts';
import { admitJson } from '../machines/json.ts';
import type { HubRecord, MessageType, Payload, PayloadInput } from '../machines/messages.ts';
import { draft } from './door.ts';
import { rejoinable } from './gate-leases.ts';
import { fieldsOf, idOf, optionsOf } from './given.ts';
import type { InboxFeed } from './inbox-feed.ts';
import type { Draft, Kernel, Receipt } from './kernel.ts';
import type { Outcomes } from './outcomes.ts';
import { refuseMoreGates, refuseMoreQuestions } from './quotas.ts';

/** What an agent is doing while it uses its context; none of it when the embedder speaks for the agent. */
export interface Work {
  readonly agentId: string;
  readonly signal: AbortSignal;
  readonly causationId?: string;
  /** The task that it has, under this lease. */
  readonly task?: { readonly taskId: string; readonly lease: number } | undefined;
  /** The question that it answers, under this lease. */
  readonly question?: { readonly consultationId: string; readonly lease: number } | undefined;
}

export interface ContextParts {
  readonly kernel: Kernel;
  readonly environment: Environment;
  readonly feedOf: (agentId: string) => InboxFeed;
  /** Throws `unknownAgentType` where the hub has a closed list of types. */
  readonly refuseUnknownType: (type: string) => void;
  readonly consultations: Outcomes<ConsultationOutcome>;
  readonly gates: Outcomes<GateOutcome>;
}

/** A context, and what its owner does with it when the work is over. */
export interface WorkContext {
  readonly context: AgentContext;
  /** Acknowledges the message in hand, or gives it back. */
  finish(succeeded: boolean): void;
  /** How the agent rates its result, if it does. */
  quality(): number | undefined;
}

export function createContext(work: Work, parts: ContextParts): WorkContext {
  const { agentId, task, question } = work;
  const { kernel, environment } = parts;
  /** Looked up at each use: an agent that is registered anew has another one. */
  const feed = (): InboxFeed => parts.feedOf(agentId);
  const inHand = new Set<number>();
  let quality: number | undefined;
  /** Ends what still waits for a message when the work is done. */
  let over: AbortController | undefined;

  const refuseGone = () => {
    if (kernel.state.life === 'stopped') throw new HubError('stopped', 'the hub has stopped');
    if (kernel.state.agents.get(agentId) !== undefined) return;
    throw new HubError('unknownAgent', `${agentId} is not registered any more`, { path: 'agentId' });
  };
  const receive = (prepare: Parameters<Kernel['receive']>[0]): Receipt =>
    kernel.receive(() => {
      refuseGone();
      return prepare();
    });
  const word = <T extends MessageType>(to: string, type: T, payload: PayloadInput<T>): Draft => {
    work.signal.throwIfAborted();
    return draft(agentId, to, type, payload, work.causationId);
  };
  const give = (message: Draft, check?: () => void): Receipt =>
    receive(() => {
      check?.();
      return message;
    });
  const say = <T extends MessageType>(to: string, type: T, payload: PayloadInput<T>, check?: () => void): Receipt =>
    give(word(to, type, payload), check);
  const hasItsWork = () => {
    if (task !== undefined && kernel.state.leased({ from: agentId, payload: task }) === undefined) {
      throw new HubError('conflict', `task ${task.taskId} is no longer with ${agentId}`);
    }
    if (question !== undefined && leaseOf(kernel, question.consultationId) !== question.lease) {
      throw new HubError('conflict', `${agentId} is no longer asked`);
    }
  };
  const orCalledOff = <T>(promise: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const { signal } = work;
      if (signal.aborted) return reject(signal.reason);
      const stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
    });
  const acknowledge = () => {
    for (const messageSeq of inHand) {
      receive(() => draft(agentId, 'hub', 'message.acknowledge', { messageSeq }, work.causationId));
      inHand.delete(messageSeq);
    }
  };
  const giveBack = () => {
    const isThere = kernel.state.agents.get(agentId) !== undefined;
    if (isThere) for (const messageSeq of inHand) feed().release(messageSeq);
    inHand.clear();
  };

  const inbox: Inbox = {
    peek: () => feed().peek(),
    next: quiet(async () => {
      refuseGone();
      acknowledge();
      over ??= new AbortController();
      const isOver = over.signal;
      const message = await feed().take(AbortSignal.any([work.signal, isOver]));
      if (isOver.aborted) feed().release(message.seq);
      else inHand.add(message.seq);
      isOver.throwIfAborted();
      return message;
    }),
    async *[Symbol.asyncIterator]() {
      while (!work.signal.aborted) yield await inbox.next();
    },
  };

  const context: AgentContext = {
    agentId,
    get signal() {
      return work.signal;
    },
    inbox,
    send: quiet(async (message) => {
      const { to, type, body } = readMessage(message);
      const records = await say(to, 'message.send', { messageType: type, body: body as never }, () => {
        if (to !== 'hub' && kernel.state.agents.get(to) === undefined) {
          throw new HubError('unknownRecipient', `there is no agent ${to}`, {
            path: 'to',
            expected: 'a registered agent, or hub',
          });
        }
      });
      return sendOutcome(records, parts.feedOf(to));
    }),
    consult: quiet(async (specialistType, question_, about = null, given = {}) => {
      const options = optionsOf(given, 'the options of a question', ['timeoutMs', 'ifNone']);
      const consultationId = environment.id();
      const accepted = say(
        'hub',
        'consultation.request',
        {
          consultationId,
          ...(task !== undefined && { taskId: task.taskId, lease: task.lease }),
          ...(question !== undefined && { parentId: question.consultationId, lease: question.lease }),
          specialistType,
          question: question_,
          context: about as never,
          ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
          ...(options.ifNone !== undefined && { ifNone: options.ifNone }),
        },
        () => {
          hasItsWork();
          parts.refuseUnknownType(specialistType);
          refuseMoreQuestions(kernel.state, agentId);
        },
      );
      const outcome = parts.consultations.wait(consultationId);
      await accepted;
      return orCalledOff(outcome);
    }),
    escalate(reason, about = null, given = {}) {
      const options = optionsOf(given, 'the options of a gate', ['approvers', 'ladder']);
      const gate = word('hub', 'gate.open', openGate(environment.id(), reason, about, options, { agentId, ...task }));
      const asked = gate.payload as Payload<'gate.open'>;
      const again = task === undefined ? undefined : rejoinable(kernel.state, task, asked);
      const gateId = again ?? asked.gateId;
      const accepted = (
        again === undefined || task === undefined
          ? give(gate, () => {
              hasItsWork();
              refuseMoreGates(kernel.state, agentId);
            })
          : say('hub', 'gate.rejoin', { gateId: again, ...task }, hasItsWork)
      ).then(() => {});
      accepted.catch(() => {});
      const decided = orCalledOff(parts.gates.wait(gateId));
      decided.catch(() => {});
      return { id: gateId, accepted, outcome: decided };
    },
    rate(given) {
      if (typeof given !== 'number' || !(given >= 0 && given <= 1)) {
        throw new HubError('invalid', 'quality: expected a number from 0 to 1', {
          path: 'quality',
          expected: '0 to 1',
        });
      }
      quality = given;
    },
    progress(percent, note) {
      if (task === undefined) throw new HubError('conflict', 'there is no task to make progress with');
      say('hub', 'task.progressed', {
        ...task,
        ...(percent !== undefined && { percent }),
        ...(note !== undefined && { note }),
      });
    },
    heartbeat() {
      say('hub', 'agent.heartbeat', {});
    },
    now: () => environment.now(),
    sleep: quiet(async (ms) => {
      if (!Number.isFinite(ms) || ms < 0) {
        throw new HubError('invalid', 'ms: expected a length of time', { path: 'ms', expected: 'at least 0 ms' });
      }
      return sleep(environment, ms, work.signal);
    }),
  };

  return {
    context,
    finish(succeeded) {
      over?.abort(new HubError('conflict', 'the work is done'));
      try {
        if (succeeded) acknowledge();
      } catch {
        // Nobody is left to acknowledge to: the hub has stopped, or the agent is gone.
      }
      giveBack();
    },
    quality: () => quality,
  };
}

/** What somebody wants sent. Throws `invalid` for anything else, and for fields that a message does not have. */
export function readMessage(given: OutgoingMessage): Required<OutgoingMessage> {
  const { to, type, body = null, ...others } = fieldsOf(given, 'a message with to, type and body');
  const [unknown] = Object.keys(others);
  if (unknown === undefined) return { to: idOf(to, 'to'), type, body };
  throw new HubError('invalid', `a message has no "${unknown}"`, { path: unknown, expected: 'to, type and body' });
}

/** Whoever awaits the promise hears of its rejection; nobody has to, and a driver that does not ends no process. */
const quiet =
  <A extends unknown[], T>(call: (...args: A) => Promise<T>): ((...args: A) => Promise<T>) =>
  (...args) => {
    const promise = call(...args);
    promise.catch(() => {});
    return promise;
  };

const leaseOf = (kernel: Kernel, consultationId: string): number | null | undefined =>
  kernel.state.consultations.get(consultationId)?.actor.getSnapshot().context.lease;

/** What a gate holds: said by the hub, never by whoever asks for the gate. */
type Held = Partial<Pick<Payload<'gate.open'>, 'agentId' | 'taskId' | 'lease' | 'keepsAgent'>>;

/** The payload of a gate, with the hash of what a person will be shown. */
export function openGate(
  gateId: string,
  reason: string,
  context: unknown,
  { approvers, ladder }: EscalateOptions,
  held: Held,
): PayloadInput<'gate.open'> {
  const shown = { reason: admitJson(reason, 'reason') as string, context: admitJson(context, 'context') };
  return {
    gateId,
    ...shown,
    contentHash: contentHash(shown),
    ...(approvers !== undefined && { approvers }),
    ...(ladder !== undefined && { ladder }),
    ...held,
  } as PayloadInput<'gate.open'>;
}

export function sendOutcome(records: readonly HubRecord[], recipient: InboxFeed): SendOutcome {
  const [message] = records as [HubRecord];
  for (const { type, payload } of records) {
    if (type === 'deadletter.added' && payload.letterSeq === message.seq) {
      return { status: 'rejected', reason: payload.reason, seq: message.seq };
    }
  }
  return { status: recipient.isTaken(message.seq) ? 'delivered' : 'queued', seq: message.seq };
}
