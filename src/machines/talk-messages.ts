/** What is said: messages, questions to specialists and to humans, and what was lost. */
import { z } from 'zod';
import { consultation, gate, message, part, reason, task, work } from './message.ts';
import { duration, id, json, sequence, text, userType } from './primitives.ts';
import { deadLetterReasons, rungSchema, withApprover } from './shapes.ts';

/** What was said with the decision that counts. Not in older logs: there the last `gate.decide` before has it. */
const said = { reason: z.string().max(10_000).optional(), answer: json.optional() };

export const talkMessages = [
  // Messages between agents, and between agents and the hub.
  message('message.send', {
    messageType: userType,
    body: json,
    /** The dead letter that is sent again in its sender's name; absent when the sender says it itself. */
    letterSeq: sequence.optional(),
  }),
  message('message.acknowledge', { messageSeq: sequence }),

  // Asking a specialist.
  message('consultation.request', {
    ...consultation,
    /** What the asking agent is busy with: a task, or a question that it was asked itself. */
    taskId: id.optional(),
    parentId: id.optional(),
    lease: sequence.optional(),
    specialistType: id,
    question: text,
    context: json.default(null),
    timeoutMs: duration.optional(),
    ifNone: z.enum(['wait', 'refuse']).default('wait'),
  }),
  message('consultation.asked', { ...consultation, agentId: id }),
  message('consultation.answer', { ...consultation, lease: sequence, answer: json }),
  message('consultation.decline', { ...consultation, lease: sequence, ...reason }),
  message('consultation.returned', { ...consultation, ...reason }),
  message('consultation.answered', { ...consultation, agentId: id }),
  message('consultation.unavailable', { ...consultation, ...reason }),
  message('consultation.expired', consultation),
  message('consultation.cancelled', { ...consultation, ...reason }),

  // Asking a human.
  message('gate.open', {
    ...gate,
    taskId: id.optional(),
    agentId: id.optional(),
    lease: sequence.optional(),
    /** It holds the agent whatever becomes of the task. Not in older logs, in which it ended, or let go, with that. */
    keepsAgent: z.boolean().optional(),
    reason: text,
    context: json.default(null),
    approvers: z.array(id).min(1).max(32).optional(),
    /** What there is to choose from when it is approved. */
    choices: z.array(id).min(2).max(16).optional(),
    /** The orchestration that cannot go on, and the subtask that it is about. */
    ...part,
    ladder: z.array(withApprover(rungSchema)).max(16).default([]),
    /** SHA-256 of what the person is shown; a decision can carry it back. */
    contentHash: z.string().length(64),
  }),
  /** Its task, begun anew after its agent was lost, asks the same again. */
  message('gate.rejoin', { ...gate, ...work }),
  message('gate.reminded', { ...gate, rung: z.int().min(0) }),
  message('gate.handedOver', { ...gate, rung: z.int().min(0), approver: id }),
  message('gate.decide', {
    ...gate,
    decision: z.enum(['approve', 'reject']),
    by: id,
    reason: z.string().max(10_000).default(''),
    /** What the person saw, as given by `gates()`; a decision on other content is refused. */
    contentHash: z.string().length(64).optional(),
    /** One of the gate's choices. */
    choice: id.optional(),
    /** Anything the agent should get back with the decision. */
    answer: json.default(null),
  }),
  message('gate.approved', { ...gate, by: id, ...said }),
  message('gate.rejected', { ...gate, by: id, ...said }),
  message('gate.expired', gate),
  message('gate.cancelled', { ...gate, ...reason }),

  // What was lost, and why.
  message('deadletter.added', {
    letterSeq: sequence,
    from: id,
    to: id,
    messageType: z.string(),
    payload: json,
    reason: z.enum(deadLetterReasons),
  }),
  message('deadletter.replay', { letterSeq: sequence }),
  message('deadletter.purge', { letterSeq: sequence }),
  /** A person takes a late result, which `agentId` gave, for the task's result after all. */
  message('deadletter.accept', { letterSeq: sequence, ...task, agentId: id, result: json, by: id }),
] as const;
