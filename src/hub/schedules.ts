/**
 * Schedules: a task that is submitted again and again.
 *
 * - Sc1 when it is due next is decided once and recorded (`schedule.planned`), so folding needs no calendar.
 * - Sc2 what was due while the hub was down or paused fires once or not at all, as asked; never in a burst.
 * - Sc3 each task of a schedule is called after it and after when it was due, so that none fires twice.
 */
import type { Payload } from '../machines/messages.ts';
import type { HubState } from './state.ts';
import { cancelTask } from './task-endings.ts';
import type { Decisions, Folds, Turn } from './turn.ts';

export interface ScheduleEntry {
  readonly spec: Payload<'schedule.create'>;
  readonly createdAt: number;
  /** In ms since the epoch; null for never again. */
  nextAt: number | null;
  isPaused: boolean;
  fired: number;
  skipped: number;
  /** The task that it submitted last. */
  lastTaskId: string | null;
}

export const scheduleFolds = {
  'schedule.create'(state, { at, payload }) {
    state.schedules.set(payload.scheduleId, {
      spec: payload,
      createdAt: at,
      nextAt: null,
      isPaused: false,
      fired: 0,
      skipped: 0,
      lastTaskId: null,
    });
  },
  'schedule.planned'(state, { payload: { scheduleId, dueAt } }) {
    const entry = state.schedules.get(scheduleId);
    if (entry === undefined) return;
    entry.nextAt = dueAt;
    arm(state, entry);
  },
  'schedule.fired'(state, { payload: { scheduleId, taskId } }) {
    const entry = state.schedules.get(scheduleId);
    if (entry === undefined) return;
    entry.fired++;
    entry.lastTaskId = taskId;
  },
  'schedule.skipped'(state, { payload: { scheduleId, missed } }) {
    const entry = state.schedules.get(scheduleId);
    if (entry !== undefined) entry.skipped += missed;
  },
  'schedule.pause'(state, { payload: { scheduleId } }) {
    const entry = state.schedules.get(scheduleId);
    if (entry === undefined) return;
    entry.isPaused = true;
    arm(state, entry);
  },
  'schedule.resume'(state, { payload: { scheduleId } }) {
    const entry = state.schedules.get(scheduleId);
    if (entry === undefined) return;
    entry.isPaused = false;
    arm(state, entry);
  },
  'schedule.remove'(state, { payload: { scheduleId } }) {
    state.schedules.delete(scheduleId);
    state.deadlines.set('schedule', scheduleId, null);
  },
} satisfies Folds;

export const scheduleDecisions = {
  'schedule.create'(turn, { at, payload }) {
    // The first time may be the start itself.
    plan(turn, payload, Math.max(at, payload.startAt ?? at) - (payload.startAt === undefined ? 0 : 1));
  },
} satisfies Decisions;

/** A schedule is due: submit its task, or leave it out, and plan the next. */
export function fire(turn: Turn, scheduleId: string, dueAt: number): void {
  const { state } = turn;
  const entry = state.schedules.get(scheduleId);
  if (entry === undefined) return;
  const { spec } = entry;
  const skip = (reason: string, missed = 1) =>
    turn.emit('hub', 'schedule.skipped', { scheduleId, dueAt, missed, reason });
  // Late means that a later time has come as well: the hub was down, or the schedule paused.
  const next = nextAfter(turn, spec, dueAt);
  const isLate = next !== null && next <= state.at;
  const before = entry.lastTaskId !== null && state.tasks.has(entry.lastTaskId) ? entry.lastTaskId : null;

  if (state.life === 'draining') skip('the hub is draining');
  else if (isLate && spec.catchUp === 'none') skip('it was missed', missedUntil(turn, spec, dueAt));
  else if (before !== null && spec.overlap === 'skip') skip(`${before} is not finished`);
  else {
    if (before !== null && spec.overlap === 'replace') cancelTask(turn, before, 'replaced by the next of its schedule');
    if (isLate) skip('missed, and made up for once', missedUntil(turn, spec, dueAt) - 1 || 1);
    submit(turn, spec, dueAt);
  }
  plan(turn, spec, Math.max(state.at, dueAt));
}

function submit(turn: Turn, { scheduleId, task }: ScheduleEntry['spec'], dueAt: number): void {
  const taskId = `${scheduleId.slice(0, 100)}:${dueAt}`;
  turn.emit('hub', 'schedule.fired', { scheduleId, taskId, dueAt });
  turn.emit('hub', 'task.submit', { ...task, taskId, scheduleId, ifNoAgent: 'wait' });
}

function plan(turn: Turn, spec: ScheduleEntry['spec'], after: number): void {
  turn.emit('hub', 'schedule.planned', { scheduleId: spec.scheduleId, dueAt: nextAfter(turn, spec, after) });
}

/** The first time after `after`; null for never. */
export function nextAfter(
  { calendar, state }: Pick<Turn, 'calendar' | 'state'>,
  { scheduleId, everyMs, cron, timezone, startAt }: ScheduleEntry['spec'],
  after: number,
): number | null {
  if (cron !== undefined) return calendar.next(cron, after, timezone);
  if (everyMs === undefined) return null;
  const origin = startAt ?? state.schedules.get(scheduleId)?.createdAt ?? after;
  return after < origin ? origin : origin + (Math.floor((after - origin) / everyMs) + 1) * everyMs;
}

/** How many times have come from `dueAt` until now; counting stops at 1,000. */
function missedUntil(turn: Turn, spec: ScheduleEntry['spec'], dueAt: number): number {
  let missed = 0;
  for (
    let time: number | null = dueAt;
    time !== null && time <= turn.state.at && missed < 1000;
    time = nextAfter(turn, spec, time)
  ) {
    missed++;
  }
  return missed;
}

const arm = (state: HubState, { spec, nextAt, isPaused }: ScheduleEntry): void =>
  state.deadlines.set('schedule', spec.scheduleId, isPaused ? null : nextAt);
