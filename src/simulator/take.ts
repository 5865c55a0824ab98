/**
 * How the oracle's model takes in a log, record by record.
 *
 * - Mo1 it takes in each record as it stands; whether the record may stand there is for the rules to say, before.
 */
import type { HubRecord, MessageType, RecordOf } from '../machines/messages.ts';
import {
  type AgentFacts,
  type ConsultationFacts,
  type GateFacts,
  isOver,
  type Model,
  newModel,
  type TaskFacts,
} from './model.ts';

type Takers = { readonly [T in MessageType]?: (model: Model, record: RecordOf<T>) => void };

/** Takes in the record behind the last one. */
export function take(model: Model, record: HubRecord): void {
  model.seq = record.seq;
  model.at = record.at;
  model.byId.set(record.id, record);
  const taker = takers[record.type] as ((model: Model, record: HubRecord) => void) | undefined;
  touch(model, record);
  taker?.(model, record);
  touch(model, record);
}

/** Whoever a record comes from, or whose work it is about, has shown a sign of life or begins to be waited for anew. */
function touch(model: Model, { at, from, to, payload }: HubRecord): void {
  const { agentId, taskId, consultationId, gateId } = payload as Partial<Record<string, string>>;
  const consultation = model.consultations.get(consultationId ?? '');
  const holders = [model.tasks.get(taskId ?? '')?.holder, consultation?.from, consultation?.specialist];
  for (const id of [from, to, agentId, model.gates.get(gateId ?? '')?.holds, ...holders]) {
    const agent = model.agents.get(id ?? '');
    if (agent !== undefined) agent.touchedAt = at;
  }
}

const due = (model: Model, kind: string, subject: string, at: number | null | undefined): void => {
  if (at === null || at === undefined) model.deadlines.delete(`${kind} ${subject}`);
  else model.deadlines.set(`${kind} ${subject}`, at);
};

function release(model: Model, task: TaskFacts | undefined): void {
  if (task === undefined || task.holder === null) return;
  model.agents.get(task.holder)?.tasks.delete(task.spec.taskId);
  model.running.set(task.spec.type, (model.running.get(task.spec.type) ?? 0) - 1);
  task.holder = null;
  task.lease = null;
}

function endTask(
  model: Model,
  { seq, type, payload: { taskId } }: RecordOf<'task.completed' | 'task.failed' | 'task.cancelled'>,
) {
  const task = model.tasks.get(taskId);
  if (task === undefined) return;
  release(model, task);
  task.status = type.slice('task.'.length) as 'completed';
  task.endedSeq = seq;
  for (const kind of ['task', 'start', 'retry']) due(model, kind, taskId, null);
}

type ConsultationEnd = RecordOf<
  'consultation.answered' | 'consultation.unavailable' | 'consultation.expired' | 'consultation.cancelled'
>;
function endConsultation(model: Model, { type, payload: { consultationId } }: ConsultationEnd): void {
  const entry = model.consultations.get(consultationId);
  if (entry === undefined) return;
  unask(model, entry);
  model.agents.get(entry.from)?.consultations.delete(consultationId);
  model.consultations.delete(consultationId);
  model.endedConsultations.set(consultationId, type.slice('consultation.'.length));
  due(model, 'consultation', consultationId, null);
}

function unask(model: Model, entry: ConsultationFacts): void {
  const agent = entry.specialist === null ? undefined : model.agents.get(entry.specialist);
  if (agent !== undefined) agent.answering = null;
  entry.specialist = null;
  entry.lease = null;
}

type GateEnd = RecordOf<'gate.approved' | 'gate.rejected' | 'gate.expired' | 'gate.cancelled'>;
function endGate(model: Model, { type, payload: { gateId } }: GateEnd): void {
  model.agents.get(model.gates.get(gateId)?.holds ?? '')?.gates.delete(gateId);
  if (model.gates.delete(gateId)) model.closedGates.set(gateId, type.slice('gate.'.length));
  due(model, 'gate', gateId, null);
}

type OrchestrationEnd = RecordOf<'orchestration.completed' | 'orchestration.failed' | 'orchestration.cancelled'>;
function endOrchestration(model: Model, { type, payload: { orchestrationId } }: OrchestrationEnd): void {
  if (model.orchestrations.delete(orchestrationId)) {
    model.endedOrchestrations.set(orchestrationId, type.slice('orchestration.'.length));
  }
  model.paused.delete(orchestrationId);
  forgetPlanner(model, orchestrationId);
}

const watchPlanner = (model: Model, orchestrationId: string, at: number): void =>
  due(model, 'planning', orchestrationId, at + model.config.orchestration.planningMs);

function forgetPlanner(model: Model, orchestrationId: string): void {
  model.planning.delete(orchestrationId);
  due(model, 'planning', orchestrationId, null);
}

const climb = (model: Model, gateId: string, at: number): GateFacts | undefined => {
  const gate = model.gates.get(gateId);
  if (gate === undefined) return undefined;
  gate.rung++;
  const step = gate.spec.ladder[gate.rung];
  due(model, 'gate', gateId, step && at + step.afterMs);
  return gate;
};

const armSchedule = (model: Model, scheduleId: string): void => {
  const schedule = model.schedules.get(scheduleId);
  due(model, 'schedule', scheduleId, schedule === undefined || schedule.isPaused ? null : schedule.nextAt);
};

const takers: Takers = {
  'hub.started'(model, { at, payload: { config } }) {
    model.starts++;
    model.startedAt = at;
    model.config = config;
    model.configs.push(config);
    for (const orchestrationId of model.planning) watchPlanner(model, orchestrationId, at);
    if (model.life === 'recovering' || model.life === 'stopped') model.life = 'running';
  },
  'hub.pause'(model) {
    if (model.life === 'running') model.life = 'paused';
  },
  'hub.resume'(model) {
    if (model.life === 'paused') model.life = 'running';
  },
  'hub.drain'(model) {
    if (model.life === 'running' || model.life === 'paused') model.life = 'draining';
  },
  'hub.stopped'(model) {
    model.life = 'stopped';
  },
  'agent.register'(model, { at, payload }) {
    const known = model.agents.get(payload.agentId);
    model.known.add(payload.agentId);
    if (known !== undefined) {
      known.spec = payload;
      return;
    }
    model.agents.set(payload.agentId, {
      spec: payload,
      tasks: new Set(),
      answering: null,
      consultations: new Set(),
      gates: new Set(),
      inbox: [],
      held: false,
      tripped: false,
      breaker: 'closed',
      lost: false,
      touchedAt: at,
    });
  },
  'agent.unregistered'(model, { payload: { agentId } }) {
    model.agents.delete(agentId);
    due(model, 'breaker', agentId, null);
  },
  'agent.pause': (model, { payload: { agentId } }) => set(model, agentId, { held: true }),
  'agent.resume': (model, { payload: { agentId } }) => set(model, agentId, { held: false }),
  'agent.lost': (model, { payload: { agentId } }) => set(model, agentId, { lost: true }),
  'agent.found': (model, { payload: { agentId } }) => set(model, agentId, { lost: false }),
  'agent.tripped'(model, { payload: { agentId, untilAt } }) {
    set(model, agentId, { tripped: true, breaker: 'open' });
    if (model.agents.has(agentId)) due(model, 'breaker', agentId, untilAt);
  },
  'agent.probed': (model, { payload: { agentId } }) => set(model, agentId, { tripped: false, breaker: 'halfOpen' }),
  'agent.restored': (model, { payload: { agentId } }) => set(model, agentId, { tripped: false, breaker: 'closed' }),
  'task.submit'(model, { seq, at, payload }) {
    const { taskId, timeoutMs, startAt, priority } = payload;
    const facts = { spec: payload, seq, at, priority, status: 'pending', holder: null, lease: null } as const;
    model.tasks.set(taskId, { ...facts, attempts: 0, avoid: null, accepted: false, blameless: 0, endedSeq: null });
    due(model, 'task', taskId, timeoutMs && at + timeoutMs);
    due(model, 'start', taskId, startAt !== undefined && startAt > at ? startAt : null);
  },
  'task.enqueued'(model, { payload: { taskId } }) {
    const task = model.tasks.get(taskId);
    if (task === undefined || isOver(task)) return;
    task.status = 'queued';
    due(model, 'retry', taskId, null);
  },
  'task.prioritise'(model, { payload: { taskId, priority } }) {
    const task = model.tasks.get(taskId);
    if (task !== undefined) task.priority = priority;
  },
  'task.assigned'(model, { seq, payload: { taskId, agentId } }) {
    const task = model.tasks.get(taskId);
    if (task === undefined) return;
    release(model, task);
    Object.assign(task, { status: 'assigned', holder: agentId, lease: seq, attempts: task.attempts + 1 });
    model.agents.get(agentId)?.tasks.add(taskId);
    model.running.set(task.spec.type, (model.running.get(task.spec.type) ?? 0) + 1);
  },
  'task.started'(model, { from, payload: { taskId, lease } }) {
    const task = model.tasks.get(taskId);
    if (task?.holder === from && task.lease === lease) task.status = 'running';
  },
  'task.zombie'(model, { payload: { taskId, agentId } }) {
    const task = model.tasks.get(taskId);
    if (task !== undefined) task.avoid = agentId;
  },
  'task.returned'(model, { causationId, payload: { taskId } }) {
    const task = model.tasks.get(taskId);
    if (task === undefined) return;
    release(model, task);
    task.status = 'queued';
    if (model.byId.get(causationId ?? '')?.type === 'hub.started') task.blameless++;
    for (const [gateId, gate] of model.gates) {
      if (gate.spec.taskId !== taskId || gate.spec.keepsAgent === true || gate.holds === null) continue;
      model.agents.get(gate.holds)?.gates.delete(gateId);
      gate.holds = null;
    }
  },
  'task.retried'(model, { at, payload: { taskId, delayMs } }) {
    const task = model.tasks.get(taskId);
    release(model, task);
    if (task !== undefined) task.status = 'retrying';
    due(model, 'retry', taskId, at + delayMs);
  },
  'task.completed': endTask,
  'task.failed': endTask,
  'task.cancelled': endTask,
  'message.send'(model, record) {
    const inbox = model.agents.get(record.to)?.inbox;
    if (inbox !== undefined && inbox.length < model.config.inboxLimit) inbox.push(record);
  },
  'message.acknowledge'(model, { from, payload: { messageSeq } }) {
    const inbox = model.agents.get(from)?.inbox ?? [];
    const place = inbox.findIndex(({ seq }) => seq === messageSeq);
    if (place >= 0) inbox.splice(place, 1);
  },
  'consultation.request'(model, { from, at, payload }) {
    const { consultationId, parentId, timeoutMs } = payload;
    const before = parentId === undefined ? [] : (model.consultations.get(parentId)?.chain ?? []);
    const facts = { spec: payload, from, chain: [...before, from], specialist: null, lease: null };
    model.consultations.set(consultationId, facts);
    model.agents.get(from)?.consultations.add(consultationId);
    due(model, 'consultation', consultationId, timeoutMs && at + timeoutMs);
  },
  'consultation.asked'(model, { seq, payload: { consultationId, agentId } }) {
    const entry = model.consultations.get(consultationId);
    const agent = model.agents.get(agentId);
    if (entry !== undefined) Object.assign(entry, { specialist: agentId, lease: seq });
    if (agent !== undefined) agent.answering = consultationId;
  },
  'consultation.returned'(model, { payload: { consultationId } }) {
    const entry = model.consultations.get(consultationId);
    if (entry !== undefined) unask(model, entry);
  },
  'consultation.answered': endConsultation,
  'consultation.unavailable': endConsultation,
  'consultation.expired': endConsultation,
  'consultation.cancelled': endConsultation,
  'gate.open'(model, { at, payload }) {
    const { gateId, agentId, approvers = null, ladder } = payload;
    model.gates.set(gateId, { spec: payload, approvers, rung: 0, holds: agentId ?? null });
    if (agentId !== undefined) model.agents.get(agentId)?.gates.add(gateId);
    due(model, 'gate', gateId, ladder[0] && at + ladder[0].afterMs);
  },
  'gate.rejoin'(model, { from, payload: { gateId, taskId, lease } }) {
    const [gate, task] = [model.gates.get(gateId), model.tasks.get(taskId)];
    if (gate === undefined || task?.lease !== lease || task.holder !== from) return;
    gate.holds = from;
    model.agents.get(from)?.gates.add(gateId);
  },
  'gate.reminded': (model, { at, payload: { gateId } }) => void climb(model, gateId, at),
  'gate.handedOver'(model, { at, payload: { gateId, approver } }) {
    const gate = climb(model, gateId, at);
    if (gate !== undefined) gate.approvers = [approver];
  },
  'gate.approved': endGate,
  'gate.rejected': endGate,
  'gate.expired': endGate,
  'gate.cancelled': endGate,
  'deadletter.added': (model, record) => void model.letters.set(record.payload.letterSeq, record),
  'deadletter.replay': (model, { payload: { letterSeq } }) => void model.letters.delete(letterSeq),
  'deadletter.purge': (model, { payload: { letterSeq } }) => void model.letters.delete(letterSeq),
  'deadletter.accept'(model, { payload: { letterSeq, taskId } }) {
    model.letters.delete(letterSeq);
    const task = model.tasks.get(taskId);
    if (task !== undefined) task.accepted = true;
  },
  'deadline.passed': (model, { payload: { kind, subject } }) => due(model, kind, subject, null),
  'schedule.create'(model, { payload }) {
    model.schedules.set(payload.scheduleId, { spec: payload, nextAt: null, isPaused: false });
  },
  'schedule.planned'(model, { payload: { scheduleId, dueAt } }) {
    const schedule = model.schedules.get(scheduleId);
    if (schedule !== undefined) schedule.nextAt = dueAt;
    armSchedule(model, scheduleId);
  },
  'schedule.pause'(model, { payload: { scheduleId } }) {
    const schedule = model.schedules.get(scheduleId);
    if (schedule !== undefined) schedule.isPaused = true;
    armSchedule(model, scheduleId);
  },
  'schedule.resume'(model, { payload: { scheduleId } }) {
    const schedule = model.schedules.get(scheduleId);
    if (schedule !== undefined) schedule.isPaused = false;
    armSchedule(model, scheduleId);
  },
  'schedule.remove'(model, { payload: { scheduleId } }) {
    model.schedules.delete(scheduleId);
    armSchedule(model, scheduleId);
  },
  'orchestration.request': (model, { payload }) => void model.orchestrations.add(payload.orchestrationId),
  'orchestration.analysed'(model, { at, causationId, payload: { orchestrationId, complexity } }) {
    const request = model.byId.get(causationId ?? '');
    const hasPlan = request?.type === 'orchestration.request' && request.payload.plan !== undefined;
    if (complexity !== 'complex' || hasPlan) return;
    model.planning.add(orchestrationId);
    watchPlanner(model, orchestrationId, at);
  },
  'orchestration.planned': (model, { payload: { orchestrationId } }) => forgetPlanner(model, orchestrationId),
  'orchestration.pause': (model, { payload: { orchestrationId } }) => {
    if (model.orchestrations.has(orchestrationId)) model.paused.add(orchestrationId);
  },
  'orchestration.resume': (model, { payload: { orchestrationId } }) => void model.paused.delete(orchestrationId),
  'orchestration.completed': endOrchestration,
  'orchestration.failed': endOrchestration,
  'orchestration.cancelled': endOrchestration,
};

function set(model: Model, agentId: string, facts: Partial<AgentFacts>): void {
  const agent = model.agents.get(agentId);
  if (agent !== undefined) Object.assign(agent, facts);
}

/** What a log says, in the oracle's words. */
export function modelOf(log: readonly HubRecord[]): Model {
  const model = newModel();
  for (const record of log) take(model, record);
  return model;
}
