/** The hub's own life, its project, its schedules, and time. */
import { z } from 'zod';
import { configSchema } from './config.ts';
import { message, reason } from './message.ts';
import { id, json, milliseconds, shortText } from './primitives.ts';
import { deadlineKinds, patchSchema, scheduleSchema } from './shapes.ts';

export const hubMessages = [
  // The hub's own life.
  message('hub.started', { project: id, config: configSchema }),
  message('hub.pause', reason),
  message('hub.resume', {}),
  message('hub.drain', {}),
  message('hub.stop', reason),
  message('hub.stopped', reason),

  // Schedules.
  message('schedule.create', scheduleSchema.shape),
  message('schedule.remove', { scheduleId: id }),
  message('schedule.pause', { scheduleId: id }),
  message('schedule.resume', { scheduleId: id }),
  /** When it is due next; null for never again. */
  message('schedule.planned', { scheduleId: id, dueAt: milliseconds.nullable() }),
  message('schedule.fired', { scheduleId: id, taskId: id, dueAt: milliseconds }),
  message('schedule.skipped', { scheduleId: id, dueAt: milliseconds, missed: z.int().min(1), ...reason }),

  // The project.
  message('project.update', {
    phase: shortText.optional(),
    metadata: z.record(z.string().max(128), json).optional(),
  }),
  message('project.updated', { patches: z.array(patchSchema) }),

  // Time.
  message('deadline.passed', {
    kind: z.enum(deadlineKinds),
    subject: id,
    dueAt: milliseconds,
  }),
] as const;
