/** Whether the hub works as it should: a judgement on the state, with thresholds from the configuration. */
import { formatDuration } from '../actors/duration.ts';
import type { HubError } from '../machines/errors.ts';
import { type HubState, waitingSince } from './state.ts';

export type HealthState = 'healthy' | 'degraded' | 'unhealthy';

export interface ComponentHealth {
  readonly state: HealthState;
  /** Why it is not healthy; empty when it is. */
  readonly reasons: readonly string[];
  /** What was looked at. */
  readonly figures: { readonly [name: string]: number };
}

export interface Health {
  /** The worst of the components. */
  readonly state: HealthState;
  /** It takes tasks and gives out work. */
  readonly ready: boolean;
  /** It has not stopped and can write its log. */
  readonly live: boolean;
  readonly components: {
    readonly queue: ComponentHealth;
    readonly agents: ComponentHealth;
    readonly drivers: ComponentHealth;
    readonly store: ComponentHealth;
  };
}

/** How many of the last tasks the failures are counted among. */
const lastTasks = 100;
/** Fewer tasks than this say nothing. */
const fewestTasks = 10;

export function healthOf(state: HubState, now: number, failure: HubError | undefined): Health {
  const components = {
    queue: queueHealth(state, now),
    agents: agentHealth(state),
    drivers: driverHealth(state),
    store: failure === undefined ? judge([], {}) : judge([['unhealthy', failure.message]], {}),
  };
  const states = Object.values(components).map((component) => component.state);
  const worst = (['unhealthy', 'degraded'] as const).find((one) => states.includes(one)) ?? 'healthy';
  const live = failure === undefined && state.life !== 'stopped';
  return { state: worst, ready: live && state.life === 'running' && worst !== 'unhealthy', live, components };
}

type Finding = readonly [HealthState, string];

function judge(findings: readonly Finding[], figures: ComponentHealth['figures']): ComponentHealth {
  const states = findings.map(([state]) => state);
  const worst = (['unhealthy', 'degraded'] as const).find((one) => states.includes(one)) ?? 'healthy';
  return { state: worst, reasons: findings.map(([, reason]) => reason), figures };
}

function queueHealth({ queue, tasks, config: { health } }: HubState, now: number): ComponentHealth {
  const depth = queue.pendingCount;
  let oldest = now;
  for (const entry of tasks.values()) {
    if (entry.submittedAt >= oldest) break; // They stand in the order of their submission.
    if (queue.get(entry.spec.taskId) !== undefined) oldest = Math.min(oldest, waitingSince(entry));
  }
  const ageMs = now - oldest;
  const findings: Finding[] = [];
  if (depth >= health.queueDepth) findings.push(['degraded', `${depth} tasks are waiting`]);
  if (ageMs >= health.queueAgeMs) findings.push(['degraded', `a task has been waiting for ${formatDuration(ageMs)}`]);
  return judge(findings, { depth, ageMs });
}

function agentHealth({ agents, queue, config: { health } }: HubState): ComponentHealth {
  const gone: string[] = [];
  for (const { spec, actor } of agents.all()) {
    const { value, context } = actor.getSnapshot();
    if (value === 'unreachable' || context.tripped) gone.push(spec.agentId);
  }
  const share = agents.size === 0 ? 0 : gone.length / agents.size;
  const findings: Finding[] = [];
  if (agents.size === 0 && queue.pendingCount > 0)
    findings.push(['unhealthy', 'tasks are waiting and there are no agents']);
  if (gone.length > 0) {
    const which = `${gone.slice(0, 5).join(', ')}${gone.length > 5 ? ' and others' : ''}`;
    findings.push([share >= health.unreachableShare ? 'unhealthy' : 'degraded', `out of work or reach: ${which}`]);
  }
  return judge(findings, { registered: agents.size, gone: gone.length });
}

function driverHealth({ finished, config: { health } }: HubState): ComponentHealth {
  const last = [...finished.values()].slice(-lastTasks);
  const failed = last.filter(({ error }) => error?.code === 'driver' || error?.code === 'invalidResult').length;
  const share = last.length < fewestTasks ? 0 : failed / last.length;
  const findings: Finding[] =
    share >= health.failureShare && failed > 0
      ? [['degraded', `${failed} of the last ${last.length} tasks failed by their driver`]]
      : [];
  return judge(findings, { tasks: last.length, failed });
}
