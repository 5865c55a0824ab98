/** The hub's own life, the project, and time. */

import { formatDuration } from '../actors/duration.ts';
import { configSchema } from '../machines/config.ts';
import { deepFreeze } from '../machines/json.ts';
import type { RecordOf } from '../machines/messages.ts';
import { matchAll } from './assignment.ts';
import { giveUpPlanner } from './blocked-subtasks.ts';
import { climb } from './gates.ts';
import { watchPlannersAgain } from './orchestration-folds.ts';
import { fail } from './orchestrations.ts';
import { patchProject, projectPatches } from './project-state.ts';
import { rankAgain } from './queueing.ts';
import { fire, planAgain } from './schedules.ts';
import type { HubState } from './state.ts';
import { failTask, partOf, returnTask } from './task-endings.ts';
import type { Decisions, Folds, Turn } from './turn.ts';

export const lifeFolds = {
  'hub.started'(state, { at, payload }) {
    const { project } = payload;
    const { everyMs } = state.config.aging;
    const config = deepFreeze(configSchema.parse(payload.config)); // What is configurable since then has its default.
    state.project = project;
    state.config = config;
    if (config.aging.everyMs !== everyMs) rankAgain(state);
    const { staleAgentMs } = config;
    const staleAt = staleAgentMs === undefined ? null : at + staleAgentMs;
    for (const agent of state.agents.all()) {
      agent.mustRegister = true;
      state.changes.agent.add(agent.spec.agentId);
      state.deadlines.set('stale', agent.spec.agentId, staleAt);
    }
    for (const [scheduleId, schedule] of state.schedules) {
      schedule.presentSince = at;
      state.changes.schedule.add(scheduleId);
    }
    for (const type of state.limits.counted()) waitForRoom(state, type);
    watchPlannersAgain(state, at);
  },
  'project.updated'(state, { payload: { patches } }) {
    state.projectState = patchProject(state.projectState, patches);
  },
  'deadline.passed'(state, { payload: { kind, subject } }) {
    state.deadlines.set(kind, subject, null);
    if (kind === 'limit') {
      waitForRoom(state, subject);
      state.wakeType(subject);
    }
    if (kind === 'stale') keepIfBusy(state, subject);
  },
} satisfies Folds;

/** A restart may have brought another rate, under which what waits has to wait longer, or not so long (H5). */
function waitForRoom(state: HubState, type: string): void {
  const { limits, deadlines } = state;
  const nextAt = limits.nextAt(type, state);
  if (nextAt !== null && nextAt !== deadlines.get('limit', type)?.dueAt) deadlines.set('limit', type, nextAt);
}

/** An agent that has work, or of which something was heard meanwhile, is not stale yet. */
function keepIfBusy(state: HubState, agentId: string): void {
  const agent = state.agents.get(agentId);
  const { staleAgentMs } = state.config;
  if (agent === undefined || staleAgentMs === undefined) return;
  const { tasks, answering } = agent.actor.getSnapshot().context;
  const heardAt = tasks.length > 0 || answering !== null ? state.at : agent.lastHeardAt;
  if (heardAt + staleAgentMs > state.at) state.deadlines.set('stale', agentId, heardAt + staleAgentMs);
}

export const lifeDecisions = {
  'hub.started'(turn) {
    // Whoever was there before the restart has to show up again; its work goes back to the queue.
    for (const agent of [...turn.state.agents.all()]) {
      const { spec } = agent;
      for (const taskId of turn.state.holdingsOf(agent).tasks) {
        returnTask(turn, taskId, 'the hub was restarted', true);
      }
      turn.emit(spec.agentId, 'agent.lost', { agentId: spec.agentId, reason: 'the hub was restarted' });
    }
    for (const scheduleId of turn.state.schedules.keys()) planAgain(turn, scheduleId);
  },
  'hub.resume': matchAll,
  'hub.drain': matchAll,
  'hub.stop'(turn, { payload: { reason } }) {
    turn.emit('hub', 'hub.stopped', { reason });
  },
  'project.update'(turn, { at, payload }) {
    const patches = projectPatches(turn.state.projectState, payload, at);
    if (patches.length > 0) turn.emit('hub', 'project.updated', { patches });
  },
  'deadline.passed': passDeadline,
} satisfies Decisions;

function passDeadline(turn: Turn, { payload: { kind, subject, dueAt } }: RecordOf<'deadline.passed'>): void {
  const { state } = turn;
  switch (kind) {
    case 'task': {
      const ms = state.tasks.get(subject)?.spec.timeoutMs ?? 0;
      return failTask(turn, subject, { code: 'timeout', message: `not finished within ${formatDuration(ms)}` });
    }
    case 'start':
    case 'retry':
      return turn.emit(subject, 'task.enqueued', { taskId: subject });
    case 'consultation':
      return turn.emit(subject, 'consultation.expired', { consultationId: subject });
    case 'gate':
      return climb(turn, subject);
    case 'progress':
      return endZombie(turn, subject);
    case 'planning':
      return fail(turn, subject, 'the planner did not answer in time');
    case 'revision':
      return giveUpPlanner(turn, subject);
    case 'breaker':
      return turn.emit(subject, 'agent.probed', { agentId: subject });
    case 'limit':
      return; // The fold has woken those that waited.
    case 'schedule':
      return fire(turn, subject, dueAt);
    case 'stale':
      if (state.deadlines.has('stale', subject)) return;
      return turn.emit('hub', 'agent.unregister', { agentId: subject, reason: 'nothing was heard of it' });
    case 'agent': {
      const ms = state.agents.get(subject)?.spec.heartbeatMs ?? 0;
      return turn.emit(subject, 'agent.lost', { agentId: subject, reason: `silent for ${formatDuration(ms)}` });
    }
  }
}

/** A task without progress is taken back; its agent's answer, should it come, is fenced. */
function endZombie(turn: Turn, taskId: string): void {
  const entry = turn.state.tasks.get(taskId);
  const { agentId = null, lease = null } = entry?.actor.getSnapshot().context ?? {};
  if (entry === undefined || agentId === null || lease === null) return;
  const silentMs = entry.spec.noProgressMs ?? 0;
  turn.emit(taskId, 'task.zombie', { taskId, agentId, lease, silentMs, ...partOf(entry) });
  returnTask(turn, taskId, `no progress for ${formatDuration(silentMs)}`);
}

/** A draining hub stops as soon as nothing is left. */
export function stopWhenDrained(turn: Turn): void {
  const { life, tasks, consultations, gates, orchestrations } = turn.state;
  if (
    life === 'draining' &&
    orchestrations.size === 0 &&
    tasks.size === 0 &&
    consultations.size === 0 &&
    gates.size === 0
  ) {
    turn.emit('hub', 'hub.stopped', { reason: 'drained' });
  }
}

/** Ends whatever has a chart that threw, and nothing else (I22). */
export function replaceBroken(turn: Turn): void {
  const { state } = turn;
  const reason = 'its chart failed';
  for (const [key, { kind, id }] of state.broken) {
    state.broken.delete(key);
    if (kind === 'task') failTask(turn, id, { code: 'chartError', message: reason });
    else if (kind === 'agent') turn.emit('hub', 'agent.unregister', { agentId: id, reason });
    else if (kind === 'consultation') turn.emit(id, 'consultation.unavailable', { consultationId: id, reason });
    else if (kind === 'orchestration') fail(turn, id, reason);
    else breakGate(turn, id, reason);
  }
}

function breakGate(turn: Turn, gateId: string, reason: string): void {
  const { taskId, orchestrationId } = turn.state.gates.get(gateId)?.spec ?? {};
  turn.emit(gateId, 'gate.cancelled', { gateId, reason });
  if (orchestrationId !== undefined) fail(turn, orchestrationId, reason);
  else if (taskId !== undefined) failTask(turn, taskId, { code: 'chartError', message: reason });
}
