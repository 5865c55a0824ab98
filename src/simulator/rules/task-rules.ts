/** Tasks: one outcome each, one lease at a time, late answers fenced, poison contained. */
import type { HubRecord } from '../../machines/messages.ts';
import type { FinalRule, RecordRule } from '../evidence.ts';
import { isForgetful, isOver, type Model, type TaskFacts } from '../model.ts';

const from: { readonly [type: string]: readonly TaskFacts['status'][] } = {
  'task.enqueued': ['pending', 'retrying'],
  'task.assigned': ['queued'],
  'task.returned': ['assigned', 'running'],
  'task.retried': ['running'],
  'task.completed': ['running'],
  'task.failed': ['pending', 'queued', 'assigned', 'running', 'retrying'],
  'task.cancelled': ['pending', 'queued', 'assigned', 'running', 'retrying'],
};

const taskOf = (model: Model, record: HubRecord): TaskFacts | undefined =>
  model.tasks.get((record.payload as { readonly taskId?: string }).taskId ?? '');

/** I3: a task has one outcome, and nothing happens to it afterwards; before, it goes only where it can. */
export const hasOneOutcome: RecordRule = (model, record, _evidence, say) => {
  const allowed = from[record.type];
  if (allowed === undefined) return;
  const task = taskOf(model, record);
  if (task === undefined) say('I3', 'there is no such task', record);
  else if (isOver(task)) say('I3', `the task was ${task.status} at record ${task.endedSeq}`, record);
  else if (!allowed.includes(task.status) && !(record.type === 'task.completed' && task.accepted)) {
    say('I3', `the task is ${task.status}`, record);
  }
};

/** I3: an id is used once. */
export const isNewTask: RecordRule = (model, record, _evidence, say) => {
  if (record.type !== 'task.submit') return;
  const before = model.tasks.get(record.payload.taskId);
  if (before !== undefined && !(isOver(before) && isForgetful(model))) say('I3', 'there is such a task', record);
};

/** I4: an idempotency key belongs to one task. */
export const hasOwnKey: RecordRule = (model, record, _evidence, say) => {
  if (record.type !== 'task.submit' || record.payload.idempotencyKey === undefined) return;
  for (const task of model.tasks.values()) {
    const { spec } = task;
    if (isOver(task) && isForgetful(model)) continue;
    if (spec.idempotencyKey === record.payload.idempotencyKey) say('I4', `the key belongs to ${spec.taskId}`, record);
  }
};

/** I18: each assignment is the next attempt, of a task that nobody else has. */
export const isNextAttempt: RecordRule = (model, record, _evidence, say) => {
  if (record.type !== 'task.assigned') return;
  const task = taskOf(model, record);
  if (task === undefined) return;
  if (record.payload.attempt !== task.attempts + 1)
    say('I18', `attempt ${record.payload.attempt} after ${task.attempts}`, record);
  if (task.holder !== null) say('I18', `${task.holder} has it`, record);
};

/** I18: an agent that is lost or gone keeps nothing. */
export const keepsNothing: RecordRule = (model, record, _evidence, say) => {
  if (record.type !== 'agent.unregistered') return;
  const agent = model.agents.get(record.payload.agentId);
  if (agent === undefined) return;
  if (agent.tasks.size > 0) say('I18', `it still has ${[...agent.tasks].join(', ')}`, record);
  if (agent.answering !== null) say('I18', `it still answers ${agent.answering}`, record);
  if (agent.gates.size > 0) say('I21', `its gates are open: ${[...agent.gates].join(', ')}`, record);
};

/** I18: whoever is lost has given back what it had by the end of the turn. */
export function lostHaveNothing(model: Model, say: Parameters<RecordRule>[3]): void {
  for (const { lost, tasks, answering, spec } of model.agents.values()) {
    if (lost && tasks.size > 0) say('I18', `${spec.agentId} is lost and has ${[...tasks].join(', ')}`);
    if (lost && answering !== null) say('I18', `${spec.agentId} is lost and answers ${answering}`);
  }
}

/** I19: no task is tried more often than it may be. */
export const isContained: RecordRule = (model, record, _evidence, say) => {
  if (record.type !== 'task.assigned') return;
  const task = taskOf(model, record);
  if (task === undefined) return;
  const most =
    (task.spec.maxAttempts ?? Math.max(...model.configs.map(({ retry }) => retry.maxAttempts))) + task.blameless;
  if (record.payload.attempt > most) say('I19', `attempt ${record.payload.attempt} of ${most}`, record);
};

const ofWork: ReadonlySet<string> = new Set(['task.started', 'task.progressed', 'task.result', 'task.error']);
const moves: ReadonlySet<string> = new Set(['task.completed', 'task.failed', 'task.retried']);

/** I17: what comes under another lease than the present one is a dead letter and moves nothing. */
export const isFenced: RecordRule = (model, record, { children }, say) => {
  if (!ofWork.has(record.type)) return;
  const task = taskOf(model, record);
  const { lease } = record.payload as { readonly lease: number };
  const isStale = task === undefined || isOver(task) || task.holder !== record.from || task.lease !== lease;
  const follows = children.get(record.id) ?? [];
  const buried = follows.some((one) => one.type === 'deadletter.added' && one.payload.letterSeq === record.seq);
  if (isStale && !buried) say('I17', `lease ${lease} is stale and the message is no dead letter`, record);
  if (!isStale && buried) say('I17', `lease ${lease} is the present one, and it is a dead letter`, record);
  const moved = follows.filter(({ type }) => moves.has(type));
  if (isStale && moved.length > 0) say('I17', `lease ${lease} is stale and it led to ${moved[0]?.type}`, record);
  const ends = record.type === 'task.result' || record.type === 'task.error';
  if (!isStale && ends && moved.length !== 1) say('I21', `it led to ${moved.length} ends of the attempt`, record);
};

/** I21: nothing stays open for a task that is over; gates outlive the loss of an agent, or keep it (Gl1). */
export const closesWhatIsOpen: RecordRule = (model, record, _evidence, say) => {
  if (!from[record.type]?.includes('running') || record.type === 'task.enqueued') return;
  const { taskId } = record.payload as { readonly taskId: string };
  for (const [gateId, { spec }] of model.gates) {
    if (spec.taskId !== taskId || spec.keepsAgent === true) continue;
    if (record.type !== 'task.returned') say('I21', `gate ${gateId} is still open`, record);
  }
  for (const [consultationId, { spec }] of model.consultations) {
    if (spec.taskId === taskId) say('I21', `consultation ${consultationId} is still open`, record);
  }
};

/** I1, I27: when all has drained, each task that was submitted has an outcome, and nothing is left open (I26). */
export const isDrained: FinalRule = ({ model, isDrained: drained }, say) => {
  if (drained !== true) return;
  for (const task of model.tasks.values()) {
    if (!isOver(task)) say('I1', `task ${task.spec.taskId} of record ${task.seq} is ${task.status} in the end`);
  }
  const open = [...model.gates.keys(), ...model.consultations.keys(), ...model.orchestrations];
  if (open.length > 0) say('I26', `still open in the end: ${open.join(', ')}`);
  const due = [...model.deadlines.keys()].filter((key) => !/^(breaker|schedule) /.test(key));
  if (due.length > 0) say('I26', `still due in the end: ${due.join(', ')}`);
};
