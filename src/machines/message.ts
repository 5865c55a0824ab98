/** How a message is described, and the fields that many of them have. */
import { z } from 'zod';
import { id, milliseconds, sequence, share, shortText } from './primitives.ts';

/** A message type with the fields of its payload; nothing else is taken. */
export const message = <const T extends string, P extends z.ZodRawShape>(type: T, payload: P) =>
  z.strictObject({ type: z.literal(type), payload: z.strictObject(payload) });

export const reason = { reason: shortText };
export const task = { taskId: id };
/** The orchestration that something is a part of, and which part. */
export const part = { orchestrationId: id.optional(), subtaskId: id.optional() };
export const ending = {
  ...task,
  /** Who had it when it ended; null when nobody did. */
  agentId: id.nullable(),
  attempts: sequence,
  /** From submission to the end. */
  durationMs: milliseconds,
  /** From the last start to the end; null when it was never started. */
  latencyMs: milliseconds.nullable(),
  /** How good the result is, as the agent rates it; null when it does not. */
  quality: share.nullable(),
  ...part,
};
export const work = { taskId: id, lease: sequence };
export const consultation = { consultationId: id };
export const gate = { gateId: id };
export const orchestration = { orchestrationId: id };
