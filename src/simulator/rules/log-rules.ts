/** The log itself: gapless, in order of time, and nothing from nowhere. */
import { reservedIds } from '../../machines/messages.ts';
import type { RecordRule, Say } from '../evidence.ts';
import type { Model } from '../model.ts';

/** I15: one record behind the other, each with an id of its own, and time does not run back. */
export const isGapless: RecordRule = (model, record, _evidence, say) => {
  if (record.seq !== model.seq + 1) say('I15', `record ${record.seq} follows ${model.seq}`, record);
  if (record.at < model.at) say('I15', `it is older than the one before by ${model.at - record.at} ms`, record);
  if (model.byId.has(record.id)) say('I15', `the id ${record.id} stands twice`, record);
};

/** I2: whatever is said has a cause before it, or comes from outside; and who says it is known. */
export const isFromSomewhere: RecordRule = (model, record, _evidence, say) => {
  const { causationId, from } = record;
  if (causationId !== null && !model.byId.has(causationId))
    say('I2', `its cause ${causationId} is not in the log`, record);
  if (!reservedIds.has(from) && !model.known.has(from)) say('I2', `${from} was never registered`, record);
  if (causationId === null && !fromOutside.has(record.type)) say('I2', `a ${record.type} without a cause`, record);
};

/** What somebody outside of the hub may begin with. */
const fromOutside: ReadonlySet<string> = new Set([
  'hub.started',
  'hub.pause',
  'hub.resume',
  'hub.drain',
  'hub.stop',
  'agent.register',
  'agent.unregister',
  'agent.pause',
  'agent.resume',
  'agent.lost',
  'agent.heartbeat',
  'task.submit',
  'task.prioritise',
  'task.assign',
  'task.cancel',
  'message.send',
  'message.acknowledge',
  'consultation.request',
  'gate.open',
  'gate.decide',
  'deadletter.replay',
  'deadletter.purge',
  'deadletter.accept',
  'schedule.create',
  'schedule.remove',
  'schedule.pause',
  'schedule.resume',
  'project.update',
  'deadline.passed',
  'orchestration.request',
  'orchestration.plan',
  'orchestration.unplanned',
  'orchestration.revision',
  'orchestration.pause',
  'orchestration.resume',
  'orchestration.cancel',
]);

/** I20: what can pile up stays within its bounds. */
export function isBounded({ configs, letters, agents }: Model, say: Say): void {
  const most = (bound: 'deadLetterLimit' | 'maxAgents') => Math.max(...configs.map((config) => config[bound]));
  if (letters.size > most('deadLetterLimit')) say('I20', `${letters.size} dead letters, of ${most('deadLetterLimit')}`);
  if (agents.size > most('maxAgents')) say('I20', `${agents.size} agents, of ${most('maxAgents')}`);
}

/** I20: a task that a client submits finds room, or is not taken. */
export const findsRoom: RecordRule = (model, record, _evidence, say) => {
  if (record.type !== 'task.submit' || record.from !== 'client') return;
  const { maxQueued, shedding } = model.config;
  let waiting = 0;
  for (const { status } of model.tasks.values()) {
    if (status === 'pending' || status === 'queued' || status === 'retrying') waiting++;
  }
  if (waiting >= maxQueued) say('I20', `${waiting} tasks wait already, of ${maxQueued}`, record);
  else if (waiting >= maxQueued * shedding.above && record.payload.priority < shedding.below) {
    say('I20', `${waiting} tasks wait, and this one should have been shed`, record);
  }
};
