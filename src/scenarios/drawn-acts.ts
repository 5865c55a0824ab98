/**
 * What people did to a hub, read from its log, in the words of a scenario: acts, faults, and humans who decide.
 *
 * - Da1 what the hub, its clock or its agents did is not done again: it follows from the rest.
 */
import { formatDuration, parseDuration } from '../actors/duration.ts';
import type { HubRecord, RecordOf } from '../machines/messages.ts';

/** As a scenario file has it. */
export type Written = { readonly [field: string]: unknown };

/** As people write it, where that is exact. */
export function duration(ms: number): string | number {
  const text = formatDuration(ms);
  return parseDuration(text) === ms ? text : ms;
}

/** What a person did with this record; undefined when it is nothing that a scenario could say. */
export function actOf(
  record: HubRecord,
  at: number,
): { readonly act: Written } | { readonly fault: Written } | undefined {
  const { type, payload } = record;
  const act = (what: Written) => ({ act: { at, ...what } });
  switch (type) {
    case 'task.cancel':
      return act({ cancel: { task: payload.taskId, reason: payload.reason } });
    case 'task.prioritise':
      return act({ prioritise: { task: payload.taskId, priority: payload.priority } });
    case 'task.assign':
      return act({ assign: { task: payload.taskId, agent: payload.agentId } });
    case 'agent.pause':
      return act({ pauseAgent: payload.agentId });
    case 'agent.resume':
      return act({ resumeAgent: payload.agentId });
    case 'agent.unregister':
      return act({ unregister: payload.agentId });
    case 'message.send':
      return act({ send: { to: record.to, type: payload.messageType, body: payload.body } });
    case 'project.update':
      return act({ project: payload });
    case 'hub.pause':
      return act({ pause: true });
    case 'hub.resume':
      return act({ resume: true });
    case 'hub.drain':
      return act({ drain: true });
    case 'schedule.pause':
      return act({ pauseSchedule: payload.scheduleId });
    case 'schedule.resume':
      return act({ resumeSchedule: payload.scheduleId });
    case 'schedule.remove':
      return act({ unschedule: payload.scheduleId });
    case 'orchestration.pause':
      return act({ pauseOrchestration: payload.orchestrationId });
    case 'orchestration.resume':
      return act({ resumeOrchestration: payload.orchestrationId });
    case 'orchestration.cancel':
      return act({ cancelOrchestration: { orchestration: payload.orchestrationId, reason: payload.reason } });
    case 'deadletter.accept':
      return act({ acceptLateResult: { task: payload.taskId, by: payload.by } });
    case 'agent.lost':
      return { fault: { at, crash: payload.agentId } };
    default:
      return undefined;
  }
}

/**
 * When to do what was done in a log, in ms from its beginning.
 *
 * In a scenario an act comes before everything else of its moment. What came behind it there is done `lateness` ms
 * later; and so is all that follows, once more each time.
 */
export function timesOf(records: readonly HubRecord[], lateness: number): (record: HubRecord) => number {
  const start = records[0]?.at ?? 0;
  const late = records.filter(
    (record, index) => records[index - 1]?.at === record.at && (actOf(record, 0) ?? record.type === 'gate.decide'),
  );
  return ({ seq, at }) => at - start + lateness * late.filter((one) => one.seq <= seq).length;
}

/**
 * The humans who decided the gates of a log, each as often as there are decisions of theirs that differ; and what has
 * to be said gate by gate, since a human decides all gates alike that look alike.
 */
export function decisionsOf(
  records: readonly HubRecord[],
  timeOf: (record: HubRecord) => number,
): { humans: Written[]; acts: Written[] } {
  const opened = new Map<string, RecordOf<'gate.open'>>();
  const handed = new Map<string, RecordOf<'gate.handedOver'>>();
  const alike = new Map<string, number>();
  const decided: {
    readonly gate: RecordOf<'gate.open'>;
    readonly by: RecordOf<'gate.decide'>;
    readonly since: number;
  }[] = [];
  for (const record of records) {
    if (record.type === 'gate.open') {
      opened.set(record.payload.gateId, record);
      alike.set(look(record), (alike.get(look(record)) ?? 0) + 1);
    } else if (record.type === 'gate.handedOver') handed.set(record.payload.gateId, record);
    else if (record.type === 'gate.decide') {
      const { gateId, by } = record.payload;
      const gate = opened.get(gateId);
      const handover = handed.get(gateId);
      const since = handover?.payload.approver === by ? handover.at : gate?.at;
      if (gate !== undefined && since !== undefined) decided.push({ gate, by: record, since });
    }
  }
  const humans: Written[] = [];
  const acts: Written[] = [];
  for (const { gate, by: decision, since } of decided) {
    const { by, decision: says, choice, reason, answer } = decision.payload;
    const { agentId } = gate.payload;
    const said = {
      decision: says,
      ...(choice !== undefined && { choice }),
      ...(reason !== '' && { reason }),
      ...(answer !== null && { answer }),
    };
    const gates = { reason: gate.payload.reason, ...(agentId !== undefined && { agent: agentId }) };
    if (alike.get(look(gate)) === 1) humans.push({ id: by, gates, ...said, after: decision.at - since });
    else acts.push({ at: timeOf(decision), decide: { gates, by, ...said } });
  }
  return { humans, acts };
}

const look = ({ payload: { reason, agentId = '' } }: RecordOf<'gate.open'>): string => `${agentId} ${reason}`;
