/** What the hub can do about schedules. */
import { z } from 'zod';
import { HubError } from '../machines/errors.ts';
import { admitJson, type Json } from '../machines/json.ts';
import { type PayloadInput, payloadSchemas } from '../machines/messages.ts';
import { parse } from '../machines/parse.ts';
import { type Desk, refusal } from './desk.ts';
import { refuseMoreSchedules } from './quotas.ts';
import { beforeFirst, newSchedule, nextAfter } from './schedules.ts';
import { priorities, type TaskInput, taskInputSchema } from './task-input.ts';
import { describe, isKind } from './thrown.ts';
import { type ScheduleView, viewSchedule } from './views.ts';

const scheduleInputSchema = z.strictObject({
  /** Its tasks are called after it, and their ids have to end somewhere. */
  id: z.string().max(100),
  task: taskInputSchema.omit({ id: true, idempotencyKey: true }).extend({
    metadata: taskInputSchema.shape.metadata.unwrap().omit({ delayMs: true, ifNoAgent: true }).default({}),
  }),
  everyMs: z.number().optional(),
  cron: z.string().optional(),
  timezone: z.string().optional(),
  startAt: z.number().optional(),
  overlap: z.enum(['skip', 'queue', 'replace']).optional(),
  catchUp: z.enum(['once', 'none']).optional(),
});

/** A task that is submitted again and again. */
export interface ScheduleInput {
  /** At most 100 characters. */
  readonly id: string;
  /** What is submitted; each time under a new id. */
  readonly task: Pick<TaskInput, 'type' | 'payload' | 'requirements' | 'spec'> & {
    readonly metadata?: Omit<NonNullable<TaskInput['metadata']>, 'delayMs' | 'ifNoAgent'>;
  };
  /** Every so many ms; this or `cron`. */
  readonly everyMs?: number;
  /** A cron expression; needs a `calendar`. */
  readonly cron?: string;
  /** IANA name, for `cron`. Default: UTC. */
  readonly timezone?: string;
  /** Not before then, in ms since the epoch. */
  readonly startAt?: number;
  /** When the one before is not finished: leave it out (default), submit it all the same, or cancel the one before. */
  readonly overlap?: 'skip' | 'queue' | 'replace';
  /** What was due while the hub was down or the schedule paused: once (default), or not at all. */
  readonly catchUp?: 'once' | 'none';
}

export type ScheduleCommands = ReturnType<typeof scheduleCommands>;

export function scheduleCommands(desk: Desk) {
  const { state } = desk;
  const known = (scheduleId: string) => {
    const entry = state.schedules.get(scheduleId);
    if (entry === undefined) throw refusal('unknownSchedule', `there is no schedule ${scheduleId}`, 'scheduleId');
    return entry;
  };
  return {
    /** Begins a schedule. Throws `invalid` for one that can never be due, `duplicate` for an id that is taken. */
    schedule(input: ScheduleInput): ScheduleView {
      const { id: scheduleId, task, ...when } = parse(scheduleInputSchema, admitJson(input));
      if ((when.everyMs === undefined) === (when.cron === undefined)) {
        throw new HubError('invalid', 'a schedule has either everyMs or cron', {
          path: 'everyMs',
          expected: 'everyMs or cron',
        });
      }
      const { priority = 'normal', timeoutMs, maxAttempts } = task.metadata;
      const payload = {
        ...when,
        scheduleId,
        task: {
          type: task.type,
          payload: (task.payload ?? null) as Json,
          priority: typeof priority === 'number' ? priority : priorities[priority],
          requirements: task.requirements,
          ...(timeoutMs !== undefined && { timeoutMs }),
          ...(maxAttempts !== undefined && { maxAttempts }),
          ...(task.spec !== undefined && { spec: task.spec as Json }),
        },
      } as PayloadInput<'schedule.create'>;
      desk.command('schedule.create', payload, () => {
        const { agentType } = task.requirements;
        if (agentType !== undefined) desk.parts.refuseUnknownType(agentType);
        if (state.schedules.has(scheduleId)) throw refusal('duplicate', `schedule ${scheduleId} exists already`, 'id');
        refuseMoreSchedules(state);
        refuseNever(desk, payload);
      });
      const spec = parse(payloadSchemas['schedule.create'], payload);
      // Within a turn it has not been created yet.
      return viewSchedule(state.schedules.get(scheduleId) ?? newSchedule(spec, desk.parts.kernel.now(), 0));
    },

    /** Submits nothing until it is resumed; then what was due meanwhile is caught up with, as asked. */
    pauseSchedule(scheduleId: string): void {
      desk.command('schedule.pause', { scheduleId }, () => known(scheduleId));
    },

    resumeSchedule(scheduleId: string): void {
      desk.command('schedule.resume', { scheduleId }, () => known(scheduleId));
    },

    /** Ends a schedule; what it has submitted goes on. */
    unschedule(scheduleId: string): void {
      desk.command('schedule.remove', { scheduleId }, () => known(scheduleId));
    },

    schedules(): ScheduleView[] {
      return [...state.schedules.values()].map(viewSchedule);
    },
  };
}

function refuseNever({ state, parts: { calendar, kernel } }: Desk, spec: PayloadInput<'schedule.create'>): void {
  const path = spec.cron === undefined ? 'everyMs' : 'cron';
  let next: number | null;
  try {
    next = nextAfter({ calendar, state }, spec as Parameters<typeof nextAfter>[1], beforeFirst(spec, kernel.now()));
  } catch (error) {
    if (isKind(error, HubError)) throw error;
    throw new HubError('invalid', `${path}: ${describe(error)}`, {
      path,
      expected: 'a cron expression and a time zone that exist',
    });
  }
  if (next !== null) return;
  throw new HubError('invalid', `${path}: it would never be due`, { path, expected: 'a time that comes' });
}
