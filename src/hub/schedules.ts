/**
 * Schedules: a task that is submitted again and again.
 *
 * - Sc1 when it is due next is decided once and recorded (`schedule.planned`), so folding needs no calendar.
 * - Sc2 what was due while the hub was down or the schedule paused fires once or not at all, as asked; never in a burst.
 * - Sc3 each task of a schedule is called after it and after when it was due, so that none fires twice.
 * - Sc4 a calendar that throws or answers nonsense ends at its own schedule: what is due is left out, with a record,
 *   and the schedule waits until it is resumed or the hub is started again.
 * - Sc5 schedules keep to the bounds of the queue like everybody else.
 */
import type { Payload } from '../machines/messages.ts';
import { overload } from './overload.ts';
import type { HubState } from './state.ts';
import { cancelTask } from './task-endings.ts';
import { describe, refusePromise } from './thrown.ts';
import type { Decisions, Folds, Turn } from './turn.ts';

export interface ScheduleEntry {
  readonly spec: Payload<'schedule.create'>;
  readonly createdAt: number;
  /** Sequence number of its creation: its place among all schedules. */
  readonly place: number;
  /** Since when the hub has been up and the schedule not paused, without a break; in ms since the epoch. */
  presentSince: number;
  /** In ms since the epoch; null for never again. */
  nextAt: number | null;
  isPaused: boolean;
  fired: number;
  skipped: number;
  /** The task that it submitted last. */
  lastTaskId: string | null;
}

export const newSchedule = (spec: ScheduleEntry['spec'], at: number, place: number): ScheduleEntry => ({
  spec,
  createdAt: at,
  place,
  presentSince: at,
  nextAt: null,
  isPaused: false,
  fired: 0,
  skipped: 0,
  lastTaskId: null,
});

export const scheduleFolds = {
  'schedule.create'(state, { seq, at, payload }) {
    state.schedules.set(payload.scheduleId, newSchedule(payload, at, seq));
    state.changes.schedule.add(payload.scheduleId);
  },
  'schedule.planned'(state, { payload: { scheduleId, dueAt } }) {
    const entry = changing(state, scheduleId);
    if (entry === undefined) return;
    entry.nextAt = dueAt;
    arm(state, entry);
  },
  'schedule.fired'(state, { payload: { scheduleId, taskId } }) {
    const entry = changing(state, scheduleId);
    if (entry === undefined) return;
    entry.fired++;
    entry.lastTaskId = taskId;
  },
  'schedule.skipped'(state, { payload: { scheduleId, missed } }) {
    const entry = changing(state, scheduleId);
    if (entry !== undefined) entry.skipped += missed;
  },
  'schedule.pause'(state, { payload: { scheduleId } }) {
    const entry = changing(state, scheduleId);
    if (entry === undefined) return;
    entry.isPaused = true;
    arm(state, entry);
  },
  'schedule.resume'(state, { at, payload: { scheduleId } }) {
    const entry = changing(state, scheduleId);
    if (entry === undefined) return;
    if (entry.isPaused) entry.presentSince = at;
    entry.isPaused = false;
    arm(state, entry);
  },
  'schedule.remove'(state, { payload: { scheduleId } }) {
    const entry = state.schedules.get(scheduleId);
    state.schedules.delete(scheduleId);
    state.deadlines.set('schedule', scheduleId, null);
    if (entry !== undefined) state.changes.schedule.remove(scheduleId, entry.place);
  },
} satisfies Folds;

/** The entry of a schedule that is about to change. */
function changing({ changes, schedules }: HubState, scheduleId: string): ScheduleEntry | undefined {
  changes.schedule.add(scheduleId);
  return schedules.get(scheduleId);
}

export const scheduleDecisions = {
  'schedule.create'(turn, { at, payload }) {
    plan(turn, payload, beforeFirst(payload, at));
  },
  'schedule.resume': (turn, { payload: { scheduleId } }) => planAgain(turn, scheduleId),
} satisfies Decisions;

/** The first time is the first one after this; it may be the start itself. */
export const beforeFirst = ({ startAt }: Pick<ScheduleEntry['spec'], 'startAt'>, now: number): number =>
  startAt === undefined ? now : Math.max(now, startAt) - 1;

/** A schedule without a next time gets one, if there is one now. */
export function planAgain(turn: Turn, scheduleId: string): void {
  const entry = turn.state.schedules.get(scheduleId);
  if (entry === undefined || entry.nextAt !== null) return;
  const dueAt = nextOrNever(turn, entry.spec, turn.state.at);
  if (dueAt !== null) turn.emit('hub', 'schedule.planned', { scheduleId, dueAt });
}

/** A schedule is due: submit its task, or leave it out, and plan the next. */
export function fire(turn: Turn, scheduleId: string, dueAt: number): void {
  const { state } = turn;
  const entry = state.schedules.get(scheduleId);
  if (entry === undefined) return;
  const { spec, lastTaskId, presentSince } = entry;
  const skip = (reason: string, missed: number) =>
    turn.emit('hub', 'schedule.skipped', { scheduleId, dueAt, missed, reason: reason.slice(0, 500) });

  let since: Times; // The hub was down, or the schedule paused, or the machine busy.
  try {
    since = timesSince(turn, spec, dueAt);
  } catch (error) {
    skip(`the calendar failed: ${describe(error)}`, 1);
    turn.emit('hub', 'schedule.planned', { scheduleId, dueAt: null });
    return;
  }
  const before = lastTaskId !== null && state.tasks.has(lastTaskId) ? lastTaskId : null;
  const replaced = spec.overlap === 'replace' ? before : null;
  const taskId = `${scheduleId}:${dueAt}`;
  const full = overload(state, spec.task.priority, replaced !== null && hasNobody(state, replaced) ? 1 : 0);
  const late = since.count;

  if (state.life === 'draining') skip('the hub is draining', 1 + late);
  else if (spec.catchUp === 'none' && (late > 0 || dueAt < presentSince)) {
    const isDueNow = since.last === state.at;
    skip('it was missed', isDueNow ? late : 1 + late);
    if (isDueNow) return plan(turn, spec, state.at - 1);
  } else if (before !== null && spec.overlap === 'skip') skip(`${before} is not finished`, 1 + late);
  else if (full !== undefined) skip(full, 1 + late);
  else if (state.tasks.has(taskId) || state.finished.has(taskId)) skip(`there is a task ${taskId} already`, 1 + late);
  else {
    if (replaced !== null) cancelTask(turn, replaced, 'replaced by the next of its schedule');
    if (late > 0) skip('missed, and made up for once', late);
    turn.emit('hub', 'schedule.fired', { scheduleId, taskId, dueAt });
    turn.emit('hub', 'task.submit', { ...spec.task, taskId, scheduleId, ifNoAgent: 'wait' });
  }
  plan(turn, spec, Math.max(state.at, dueAt));
}

function plan(turn: Turn, spec: ScheduleEntry['spec'], after: number): void {
  turn.emit('hub', 'schedule.planned', { scheduleId: spec.scheduleId, dueAt: nextOrNever(turn, spec, after) });
}

function nextOrNever(turn: Turn, spec: ScheduleEntry['spec'], after: number): number | null {
  try {
    return nextAfter(turn, spec, after);
  } catch {
    return null; // A calendar that fails is told of when the schedule is made or due (Sc4).
  }
}

/** The first time after `after`; null for never. Throws when the calendar throws or answers nonsense. */
export function nextAfter(
  { calendar, state }: Pick<Turn, 'calendar' | 'state'>,
  { scheduleId, everyMs, cron, timezone, startAt }: ScheduleEntry['spec'],
  after: number,
): number | null {
  if (cron !== undefined) {
    const next = calendar.next(cron, after, timezone);
    refusePromise(next);
    if (next === null || (Number.isSafeInteger(next) && next > after)) return next;
    throw new Error(`it says that ${String(next)} comes after ${after}`);
  }
  if (everyMs === undefined) return null;
  const origin = startAt ?? state.schedules.get(scheduleId)?.createdAt ?? after;
  return after < origin ? origin : origin + (Math.floor((after - origin) / everyMs) + 1) * everyMs;
}

interface Times {
  readonly count: number;
  /** The latest of them; null for none. */
  readonly last: number | null;
}

/** The times that have come after `dueAt` until now; of a calendar's at most 1,000 are counted. */
function timesSince(turn: Turn, spec: ScheduleEntry['spec'], dueAt: number): Times {
  const { at } = turn.state;
  const { everyMs } = spec;
  let next = nextAfter(turn, spec, dueAt);
  if (everyMs !== undefined && next !== null && next <= at) {
    const others = Math.floor((at - next) / everyMs);
    return { count: 1 + others, last: next + others * everyMs };
  }
  let [count, last]: [number, number | null] = [0, null];
  for (; next !== null && next <= at && count < 1000; count++) {
    last = next;
    next = nextAfter(turn, spec, next);
  }
  return { count, last };
}

const hasNobody = ({ tasks }: HubState, taskId: string): boolean =>
  tasks.get(taskId)?.actor.getSnapshot().context.agentId === null;

const arm = (state: HubState, { spec, nextAt, isPaused }: ScheduleEntry): void =>
  state.deadlines.set('schedule', spec.scheduleId, isPaused ? null : nextAt);
