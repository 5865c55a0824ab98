/**
 * What a driver sees: the work that it is given and what it can do meanwhile. A driver is what an
 * embedder writes to do an agent's work.
 *
 * - D1 a driver gets capabilities, never a reference to an actor, a system or another driver.
 */
import type { Json } from '../machines/json.ts';
import type { Requirements, Rung } from '../machines/messages.ts';

/** What an agent is given to do. All of it is frozen. */
export interface AssignedTask {
  readonly id: string;
  readonly type: string;
  readonly payload: Json;
  readonly priority: number;
  readonly requirements: Requirements;
  /** 1 for the first assignment. */
  readonly attempt: number;
  /** Stable over attempts: hand it to whatever must not happen twice. */
  readonly idempotencyKey: string;
  /** In ms since the epoch; null for never. */
  readonly dueAt: number | null;
}

/** What a specialist is asked. */
export interface Question {
  readonly id: string;
  /** Who asks. */
  readonly from: string;
  readonly specialistType: string;
  readonly question: string;
  readonly context: Json;
  /** In ms since the epoch; null for never. */
  readonly dueAt: number | null;
}

/** A message in an agent's inbox. */
export interface InboxMessage {
  /** Its place in the log. */
  readonly seq: number;
  readonly from: string;
  readonly type: string;
  readonly body: Json;
  /** In ms since the epoch. */
  readonly at: number;
}

/** What became of a message, once that is durable. */
export type SendOutcome =
  /** The recipient was waiting for it. */
  | { readonly status: 'delivered'; readonly seq: number }
  /** It is in the recipient's inbox, or in the log when it went to the hub. */
  | { readonly status: 'queued'; readonly seq: number }
  /** It is a dead letter. */
  | { readonly status: 'rejected'; readonly reason: string; readonly seq: number };

export interface OutgoingMessage {
  /** An agent's id, or `hub`. */
  readonly to: string;
  /** Anything but a type that begins with `xstate.`. */
  readonly type: string;
  readonly body?: unknown;
}

export interface ConsultOptions {
  /** Longest wait for the answer, in ms. Default: as long as the task lives. */
  readonly timeoutMs?: number;
  /** When no specialist is free: wait in line, or be told at once. Default: wait. */
  readonly ifNone?: 'wait' | 'refuse';
}

/** However a consultation ends, that is an answer. */
export type ConsultationOutcome =
  | { readonly status: 'answered'; readonly by: string; readonly answer: Json }
  | { readonly status: 'unavailable'; readonly reason: string }
  | { readonly status: 'expired' }
  | { readonly status: 'cancelled'; readonly reason: string };

export interface EscalateOptions {
  /** Who may decide. Default: any human. */
  readonly approvers?: readonly string[];
  /** What happens while nobody decides. Default: nothing. */
  readonly ladder?: readonly (Omit<Rung, 'approver'> & { readonly approver?: string | undefined })[];
}

/** However a gate ends. */
export type GateOutcome =
  | { readonly status: 'approved'; readonly by: string; readonly reason: string; readonly answer: Json }
  | { readonly status: 'rejected'; readonly by: string; readonly reason: string; readonly answer: Json }
  | { readonly status: 'expired' }
  | { readonly status: 'cancelled'; readonly reason: string };

export interface GateHandle {
  readonly id: string;
  /** Resolves when the gate is durable, so that a person can be told of it. */
  readonly accepted: Promise<void>;
  /**
   * How the gate ended. For the agent that opened it, anything but `approved` calls its work off: then this
   * rejects with the reason, as every call of the context does from there on.
   */
  readonly outcome: Promise<GateOutcome>;
}

/** An agent's inbox: in order per sender; a message is acknowledged when the next one is asked for, or when the work is done. */
export interface Inbox extends AsyncIterable<InboxMessage> {
  /** The next message, as soon as there is one. Rejects when the work is called off. */
  next(): Promise<InboxMessage>;
  /** What waits, without taking it. */
  peek(): readonly InboxMessage[];
}

/** What every driver can do; the hub stamps the sender. */
export interface AnswerContext {
  readonly agentId: string;
  /** Aborts when the work is called off: cancelled, timed out, taken back. */
  readonly signal: AbortSignal;
  readonly inbox: Inbox;
  /** Sends to another agent or to the hub. Throws `unknownRecipient` when there is none of that id. */
  send(message: OutgoingMessage): Promise<SendOutcome>;
  /** Asks the first free specialist of that type. Always resolves, unless the work is called off. */
  consult(
    specialistType: string,
    question: string,
    context?: unknown,
    options?: ConsultOptions,
  ): Promise<ConsultationOutcome>;
  /** Says "I am alive". Every other call says so too. */
  heartbeat(): void;
  /** The time on the hub's clock, in ms since the epoch. */
  now(): number;
  /** Waits on the hub's clock, which a simulation moves. Rejects when the work is called off. */
  sleep(ms: number): Promise<void>;
}

export interface AgentContext extends AnswerContext {
  /** Opens a gate: the agent pauses until a human has decided. */
  escalate(reason: string, context?: unknown, options?: EscalateOptions): GateHandle;
  /** Says how good the result is that it will give, 0 to 1; for routing by performance. */
  rate(quality: number): void;
  /** Tells how far the task is. */
  progress(percent?: number, note?: string): void;
}

export type TaskFunction = (task: AssignedTask, context: AgentContext) => unknown;
export type AnswerFunction = (question: Question, context: AnswerContext) => unknown;

/** A scripted or hand-written agent that is gone, as a crashed process is: its work goes back to the queue. */
export class AgentCrash extends Error {
  override readonly name = 'AgentCrash';
}

/** A failure that would be the same again: the task is not retried. */
export class NonRetryableError extends Error {
  override readonly name = 'NonRetryableError';
}

/** A specialist that does not answer this question, with the reason for the asker. */
export class Decline extends Error {
  override readonly name = 'Decline';
}

/** A result, or an answer, that arrives twice, as it may over a network: for tests of what a hub makes of the second. */
export class SentTwice {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}
