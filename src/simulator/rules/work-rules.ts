/** Who gets which work: in order, nobody who is held, and nobody free beside work that waits. */
import type { RecordRule, Say } from '../evidence.ts';
import { goesBefore, isAble, isIdle, isKept, isWaiting, type Model, mayTakeTask, type TaskFacts } from '../model.ts';

const givesWork = ({ life }: Model): boolean => life === 'running' || life === 'draining';

/** I10: work goes to those who may have it, while the hub gives out work. */
export const isGivenToTheFree: RecordRule = (model, record, _evidence, say) => {
  if (record.type !== 'task.assigned') return;
  const { agentId, taskId } = record.payload;
  const agent = model.agents.get(agentId);
  const task = model.tasks.get(taskId);
  if (!givesWork(model)) say('I10', `the hub is ${model.life}`, record);
  if (agent === undefined) say('I10', `${agentId} is not registered`, record);
  else if (!mayTakeTask(agent)) say('I10', `${agentId} may not get work: ${describe(agent)}`, record);
  else if (task !== undefined && record.payload.routing.strategy !== 'byHand' && !isAble(agent.spec, task.spec)) {
    say('I10', `${agentId} cannot do it`, record);
  }
};

/** I10, C3: questions go to those who are idle and do not wait for the answer themselves. */
export const isAskedOfTheFree: RecordRule = (model, record, _evidence, say) => {
  if (record.type !== 'consultation.asked') return;
  const { agentId, consultationId } = record.payload;
  const agent = model.agents.get(agentId);
  const entry = model.consultations.get(consultationId);
  if (!givesWork(model)) say('I10', `the hub is ${model.life}`, record);
  if (agent === undefined) say('I10', `${agentId} is not registered`, record);
  else if (!isIdle(agent)) say('I10', `${agentId} is not idle: ${describe(agent)}`, record);
  if (entry === undefined) say('I3', 'there is no such consultation', record);
  else if (entry.chain.includes(agentId)) say('C3', `${agentId} waits for the answer itself`, record);
  else if (entry.specialist !== null) say('I18', `${entry.specialist} is asked already`, record);
};

const describe = ({
  lost,
  held,
  tripped,
  gates,
  tasks,
  answering,
}: NonNullable<ReturnType<Model['agents']['get']>>): string =>
  JSON.stringify({ lost, held, tripped, gates: [...gates], tasks: [...tasks], answering });

/** Whether its type is under no limit, or there is room for one more; null when only the hub can say. */
function hasRoom({ config, running }: Model, { spec }: TaskFacts): boolean | null {
  const limit = Object.hasOwn(config.limits, spec.type) ? config.limits[spec.type] : undefined;
  if (limit === undefined) return true;
  if (limit.concurrency !== undefined && (running.get(spec.type) ?? 0) >= limit.concurrency) return false;
  return limit.rate === undefined ? true : null;
}

/** I20: no more tasks of a type at once than there may be. */
export const keepsToLimits: RecordRule = (model, record, _evidence, say) => {
  if (record.type !== 'task.assigned') return;
  const task = model.tasks.get(record.payload.taskId);
  if (task !== undefined && hasRoom(model, task) === false) say('I20', `too many of type ${task.spec.type}`, record);
};

/** I6: an agent gets the first task in the queue that it can do. */
export const isFirstInLine: RecordRule = (model, record, _evidence, say) => {
  if (record.type !== 'task.assigned' || record.payload.routing.strategy === 'byHand') return;
  const { taskId, agentId } = record.payload;
  const [task, agent] = [model.tasks.get(taskId), model.agents.get(agentId)];
  if (task === undefined || agent === undefined) return;
  for (const other of model.tasks.values()) {
    if (other === task || !isWaiting(model, other) || other.avoid === agentId || !isAble(agent.spec, other.spec))
      continue;
    if (Object.hasOwn(model.config.limits, other.spec.type)) continue;
    if (goesBefore(model, other, task)) say('I6', `${other.spec.taskId} is before it in the queue`, record);
  }
};

/** W2: who is kept for a question gets tasks by hand only. */
export const questionsGoFirst: RecordRule = (model, record, _evidence, say) => {
  if (record.type !== 'task.assigned' || record.payload.routing.strategy === 'byHand') return;
  const agent = model.agents.get(record.payload.agentId);
  if (agent !== undefined && isKept(model, agent)) say('W2', `a question waits for ${agent.spec.agentId}`, record);
};

/** I7, W1: at the end of a turn nobody is free beside work that they could do. */
export function nobodyIdlesBesideWork(model: Model, say: Say): void {
  if (!givesWork(model)) return;
  const free = [...model.agents.values()].filter(mayTakeTask);
  if (free.length === 0) return;
  for (const task of model.tasks.values()) {
    if (!isWaiting(model, task) || hasRoom(model, task) !== true) continue;
    const able = free.find((agent) => isAble(agent.spec, task.spec) && !isKept(model, agent));
    if (able !== undefined) say('W1', `${able.spec.agentId} is free, and ${task.spec.taskId} waits`);
  }
  for (const { spec, chain, specialist } of model.consultations.values()) {
    if (specialist !== null) continue;
    const able = free.find(
      (agent) =>
        isIdle(agent) &&
        agent.spec.answers &&
        agent.spec.type === spec.specialistType &&
        !chain.includes(agent.spec.agentId),
    );
    if (able !== undefined) say('W1', `${able.spec.agentId} is free, and the question ${spec.consultationId} waits`);
  }
}
