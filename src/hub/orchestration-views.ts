/** The state of all orchestrations: what the requirements call `current.json`. */
import { isSettled, type OrchestrationEntry, statusOf } from './orchestration-state.ts';
import type { HubState } from './state.ts';

export interface OrchestrationView {
  readonly id: string;
  readonly title: string;
  /** analysing, planning, running, blocked or paused. */
  readonly status: string;
  /** The stage that was begun last; 0 before the first. */
  readonly currentStage: number;
  /** Share of its subtasks that are done, 0 to 100. */
  readonly progressPercent: number;
  readonly activeSubtasks: readonly string[];
  readonly blockedSubtasks: readonly string[];
  /** healthy, or degraded: something was retried or taken for a zombie, or blocked: a person has to decide. */
  readonly health: 'healthy' | 'degraded' | 'blocked';
}

export interface OrchestrationsView {
  readonly active: number;
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly current: readonly OrchestrationView[];
  /** In ms since the epoch. */
  readonly lastUpdate: number;
}

export function viewOrchestrations({ orchestrations, orchestrationCounters, at }: HubState): OrchestrationsView {
  const { completed, failed, cancelled } = orchestrationCounters;
  const active = orchestrations.size;
  return {
    active,
    total: active + completed + failed + cancelled,
    completed,
    failed,
    cancelled,
    current: [...orchestrations.values()].map(viewOrchestration),
    lastUpdate: at,
  };
}

function viewOrchestration(entry: OrchestrationEntry): OrchestrationView {
  const nodes = [...entry.nodes.values()];
  const named = (status: string) => nodes.filter((node) => node.status === status).map(({ subtask }) => subtask.id);
  const counted = nodes.filter(({ status }) => status !== 'replaced');
  const done = counted.filter(isSettled).length;
  const blocked = named('blocked');
  const isTroubled = nodes.some(({ zombies, failures }) => zombies > 0 || failures.length > 0);
  return {
    id: entry.spec.orchestrationId,
    title: entry.spec.request.title,
    status: statusOf(entry),
    currentStage: entry.stage,
    progressPercent: counted.length === 0 ? 0 : Math.floor((100 * done) / counted.length),
    activeSubtasks: named('running'),
    blockedSubtasks: blocked,
    health: blocked.length > 0 ? 'blocked' : isTroubled ? 'degraded' : 'healthy',
  };
}
