/**
 * A scenario from nothing but a log: the same team, the same work at the same times, agents that do again what they
 * did, humans who decide again what they decided.
 *
 * - Sl1 what a log does not say is not made up: how an agent came to what it did, and what it would do otherwise.
 * - Sl2 a log of several starts of a hub is told as one run: that it drained before the last one is left out.
 */
import { configSchema } from '../machines/config.ts';
import { HubError } from '../machines/errors.ts';
import { canonicalJson } from '../machines/json.ts';
import { type HubRecord, type RecordOf, reservedIds } from '../machines/messages.ts';
import { actOf, decisionsOf, duration, timesOf, type Written } from './drawn-acts.ts';
import { answerScript, taskScript } from './drawn-script.ts';

const routers: ReadonlySet<string> = new Set([
  'longestFree',
  'byHand',
  'capabilityMatch',
  'leastLoaded',
  'epsilonGreedy',
  'ucb1',
]);

/**
 * @param name of the scenario
 * @param lateness of what people did behind other things of the same moment, in ms
 */
export function scenarioOfLog(records: readonly HubRecord[], name: string, lateness = 0): Written {
  const timeOf = timesOf(records, lateness);
  const [first] = records;
  if (first?.type !== 'hub.started') {
    throw new HubError('invalid', 'the log does not begin with the start of a hub', { path: 'line 1' });
  }
  const start = first.at;
  const agents = agentsOf(records);
  if (agents.length === 0) throw new HubError('invalid', 'no agent was ever there', { path: 'log' });
  const ids = new Set(agents.map(({ id }) => String(id)));
  const { humans, acts } = decisionsOf(records, timeOf);
  const lastStart = records.findLast(({ type }) => type === 'hub.started')?.seq ?? 0;
  const drawn = records
    .filter(({ causationId, from }) => causationId === null && (!ids.has(from) || from === 'client'))
    .filter(({ type, seq }) => type !== 'hub.drain' || seq > lastStart)
    .flatMap((record) => actOf(record, timeOf(record)) ?? []);
  const shownUp = records.filter(
    (record): record is RecordOf<'agent.found'> =>
      record.type === 'agent.found' && records[record.seq - 2]?.type === 'agent.heartbeat',
  );
  const plans = new Map(
    records.flatMap((record) =>
      record.type === 'orchestration.planned' ? [[record.payload.orchestrationId, record.payload.plan] as const] : [],
    ),
  );
  const isEnded = records.some(({ type }) => type === 'hub.stopped');
  const last = records.at(-1) ?? first;
  return {
    name,
    description: `As ${first.payload.project} ran, read from a log of ${records.length} records.`,
    project: first.payload.project,
    router: routerOf(records),
    config: different(first.payload.config, configSchema.parse({})),
    agents,
    humans,
    tasks: records.flatMap((record) => (record.type === 'task.submit' ? taskOf(record, start) : [])),
    schedules: records.flatMap((record) => (record.type === 'schedule.create' ? [scheduleOf(record, start)] : [])),
    orchestrations: records.flatMap((record) =>
      record.type === 'orchestration.request' ? [orchestrationOf(record, start, plans)] : [],
    ),
    acts: [...acts, ...drawn.flatMap((one) => ('act' in one ? [one.act] : []))],
    faults: [
      ...drawn.flatMap((one) => ('fault' in one ? [one.fault] : [])),
      ...shownUp.map(({ at, payload }) => ({ at: at - start, restart: payload.agentId })),
    ],
    ...(!isEnded && { until: timeOf(last) }),
  };
}

/** What is not as it would be anyway. */
function different(value: Written, usual: Written): Written {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const other = usual[key];
      if (canonicalJson(inner) === canonicalJson(other ?? null)) return [];
      return [[key, isRecord(inner) && isRecord(other) ? different(inner, other) : inner]];
    }),
  );
}

const isRecord = (value: unknown): value is Written =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function agentsOf(records: readonly HubRecord[]): Written[] {
  const profiles = new Map<string, RecordOf<'agent.register'>['payload']>();
  const assignments = new Map<string, Map<string, RecordOf<'task.assigned'>[]>>();
  for (const record of records) {
    if (record.type === 'agent.register' && !reservedIds.has(record.payload.agentId)) {
      if (!profiles.has(record.payload.agentId)) profiles.set(record.payload.agentId, record.payload);
    } else if (record.type === 'task.assigned') {
      const { agentId, taskId } = record.payload;
      const tasks = assignments.get(agentId) ?? new Map<string, RecordOf<'task.assigned'>[]>();
      assignments.set(agentId, tasks);
      tasks.set(taskId, [...(tasks.get(taskId) ?? []), record]);
    }
  }
  return [...profiles.values()].map(({ agentId, heartbeatMs, answers, modelFamily: _, concurrency, ...profile }) => {
    const tasks = assignments.get(agentId) ?? new Map();
    const taskScripts = Object.fromEntries([...tasks].map(([taskId, list]) => [taskId, taskScript(records, list)]));
    const answer = answers ? (answerScript(records, agentId) ?? [{ stall: true }]) : undefined;
    return {
      id: agentId,
      ...Object.fromEntries(Object.entries(profile).filter(([, value]) => !Array.isArray(value) || value.length > 0)),
      ...(concurrency > 1 && { concurrency }),
      ...(heartbeatMs !== undefined && { heartbeat: heartbeatMs }),
      ...(Object.keys(taskScripts).length > 0 && { taskScripts }),
      ...(answer !== undefined && { answers: answer }),
    };
  });
}

/** Who chose, if one of those that come with the hub did. */
function routerOf(records: readonly HubRecord[]): string {
  for (const record of records) {
    if (record.type !== 'task.assigned') continue;
    const { strategy } = record.payload.routing;
    if (strategy !== 'byHand' && routers.has(strategy)) return strategy;
  }
  return records.some(({ type }) => type === 'task.assign') ? 'byHand' : 'longestFree';
}

/** Subtasks, and tasks of schedules, come from those. */
function taskOf({ at, payload }: RecordOf<'task.submit'>, start: number): Written[] {
  const { taskId, type, payload: about, priority, requirements, timeoutMs, startAt, maxAttempts, ifNoAgent } = payload;
  const { spec, idempotencyKey, scheduleId, orchestrationId } = payload;
  if (scheduleId !== undefined || orchestrationId !== undefined) return [];
  const metadata = {
    ...(priority !== 5 && { priority }),
    ...(timeoutMs !== undefined && { timeout: duration(timeoutMs) }),
    ...(startAt !== undefined && startAt > at && { delay: duration(startAt - at) }),
    ...(maxAttempts !== undefined && { maxAttempts }),
    ...(ifNoAgent !== 'wait' && { ifNoAgent }),
  };
  return [
    {
      ...(at > start && { at: at - start }),
      id: taskId,
      type,
      ...(about !== null && { payload: about }),
      ...(Object.keys(metadata).length > 0 && { metadata }),
      ...asked(requirements),
      ...(spec !== undefined && { spec }),
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    },
  ];
}

function asked(requirements: RecordOf<'task.submit'>['payload']['requirements']): Written {
  const said = Object.entries(requirements).filter(([, value]) => !Array.isArray(value) || value.length > 0);
  return said.length === 0 ? {} : { requirements: Object.fromEntries(said) };
}

function scheduleOf({ at, payload }: RecordOf<'schedule.create'>, start: number): Written {
  const { scheduleId, task, everyMs, startAt: _, ...schedule } = payload;
  const { type, payload: about, priority, requirements, timeoutMs, maxAttempts } = task;
  return {
    at: at - start,
    id: scheduleId,
    task: {
      type,
      payload: about,
      metadata: {
        priority,
        ...(timeoutMs !== undefined && { timeout: duration(timeoutMs) }),
        ...(maxAttempts !== undefined && { maxAttempts }),
      },
      ...asked(requirements),
    },
    ...(everyMs !== undefined && { every: everyMs }),
    ...schedule,
  };
}

function orchestrationOf(
  { at, payload }: RecordOf<'orchestration.request'>,
  start: number,
  plans: ReadonlyMap<string, unknown>,
): Written {
  const { orchestrationId, request, plan = plans.get(orchestrationId), mode, priority, approvers } = payload;
  return {
    at: at - start,
    id: orchestrationId,
    ...request,
    ...(plan !== undefined && { plan }),
    mode,
    priority,
    ...(approvers !== undefined && { approvers }),
  };
}
