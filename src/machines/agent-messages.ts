/** Agents coming, going and failing. */
import { z } from 'zod';
import { message, reason } from './message.ts';
import { duration, id, milliseconds, shortText, tags } from './primitives.ts';

export const agentMessages = [
  message('agent.register', {
    agentId: id,
    type: id,
    /** For people. */
    name: shortText.optional(),
    modelFamily: shortText.optional(),
    /** The only types of tasks that it takes; empty for any. */
    taskTypes: tags.default([]),
    capabilities: tags.default([]),
    languages: tags.default([]),
    specialisations: tags.default([]),
    concurrency: z.int().min(1).max(1000).default(1),
    /** Whether it can be asked as a specialist. */
    answers: z.boolean().default(false),
    /** False: it only answers questions, and gets no tasks. */
    works: z.boolean().optional(),
    /** Longest silence while it has work, in ms; without it the agent is never given up. */
    heartbeatMs: duration.optional(),
  }),
  message('agent.unregister', { agentId: id, ...reason }),
  message('agent.unregistered', { agentId: id, ...reason }),
  message('agent.pause', { agentId: id, ...reason }),
  message('agent.resume', { agentId: id }),
  message('agent.heartbeat', {}),
  message('agent.lost', { agentId: id, ...reason }),
  message('agent.found', { agentId: id }),
  /** Too many failures in a row: no work until then. */
  message('agent.tripped', { agentId: id, failures: z.int().min(1), untilAt: milliseconds }),
  /** One task to see whether it works again. */
  message('agent.probed', { agentId: id }),
  message('agent.restored', { agentId: id }),
  /** Somebody makes something go wrong with it on purpose, in a simulation or a test. The hub does nothing about it. */
  message('fault.injected', {
    agentId: id,
    /** Its next answer or message: lost, late by `byMs`, or there twice; or all that it does takes `factor` times as long. */
    fault: z.enum(['drop', 'delay', 'duplicate', 'slow']),
    byMs: milliseconds.optional(),
    factor: z.number().min(1).max(1000).optional(),
  }),
] as const;
