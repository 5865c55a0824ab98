/** I12: deadlines are where the log puts them, come in order, and are not missed. */
import type { Evidence, RecordRule, Say } from '../evidence.ts';
import type { AgentFacts, Model } from '../model.ts';

/** The kinds of which the log alone says when they are due. */
export const told: ReadonlySet<string> = new Set([
  'task',
  'start',
  'retry',
  'consultation',
  'gate',
  'breaker',
  'planning',
  'schedule',
]);

export const isDueNow: RecordRule = (model, record, _evidence, say) => {
  if (record.type !== 'deadline.passed') return;
  const { kind, subject, dueAt } = record.payload;
  if (record.at < dueAt) say('I12', `it comes ${dueAt - record.at} ms too early`, record);
  if (!told.has(kind)) return;
  const known = model.deadlines.get(`${kind} ${subject}`);
  if (known !== dueAt) say('I12', `the log puts it at ${known}, which is ${dueAt - (known ?? 0)} ms away`, record);
  for (const [other, at] of model.deadlines) if (at < dueAt) say('I12', `${other} is due before it`, record);
};

/** At the beginning of a turn, nothing was due before now, unless the hub has just come back. */
export function nothingWasMissed(model: Model, say: Say, { isSteady }: Evidence, now: number): void {
  if (isSteady !== true || model.life === 'stopped' || now <= model.startedAt) return;
  for (const [what, at] of model.deadlines) {
    if (at < now) say('I12', `${what} was due ${now - at} ms ago`);
  }
  for (const agent of model.agents.values()) {
    const { spec, lost, touchedAt } = agent;
    const silentMs = now - touchedAt;
    if (!lost && isAtWork(model, agent) && silentMs > (spec.heartbeatMs ?? Number.POSITIVE_INFINITY)) {
      say('I18', `${spec.agentId} has work and has been silent for ${silentMs} ms`);
    }
  }
}

/** Whether it has a task or a question for which it does not wait for others. */
function isAtWork({ consultations, gates }: Model, { tasks, answering, ...agent }: AgentFacts): boolean {
  const waiting = new Set<string | undefined>();
  for (const id of agent.consultations) {
    const { taskId, parentId } = consultations.get(id)?.spec ?? {};
    waiting.add(taskId).add(parentId);
  }
  for (const id of agent.gates) waiting.add(gates.get(id)?.spec.taskId);
  return [...tasks].some((id) => !waiting.has(id)) || (answering !== null && !waiting.has(answering));
}
