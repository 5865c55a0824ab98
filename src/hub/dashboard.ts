/**
 * The events of the task orchestrator's dashboard, one line each in `dashboard-events.jsonl`.
 *
 * - Da1 a record gives the same event whenever it is asked for: nothing here but what stands in the record.
 */
import type { HubRecord } from '../machines/messages.ts';
import { isoTime } from './seed-documents.ts';

interface About {
  /** ISO 8601, UTC, to the second. */
  readonly timestamp: string;
  readonly orchestration_id: string;
}
interface AboutSubtask extends About {
  readonly subtask_id: string;
}
interface AboutTask extends AboutSubtask {
  readonly task_id: string;
}

export type DashboardEvent =
  | (About & { readonly type: 'orchestration_requested'; readonly title: string })
  | (About & { readonly type: 'orchestration_started'; readonly subtasks: number; readonly stages: number })
  | (About & { readonly type: 'stage_started'; readonly stage: number; readonly subtasks: readonly string[] })
  | (About & { readonly type: 'stage_completed'; readonly stage: number })
  | (AboutTask & { readonly type: 'subtask_started'; readonly assigned_to: string })
  | (AboutTask & {
      readonly type: 'subtask_completed';
      readonly agent_id: string | null;
      readonly attempts: number;
      readonly duration_ms: number;
    })
  | (AboutTask & { readonly type: 'subtask_failed'; readonly reason: string })
  | (AboutTask & { readonly type: 'subtask_cancelled'; readonly reason: string })
  | (AboutSubtask & { readonly type: 'subtask_replaced'; readonly by: string; readonly subtasks: readonly string[] })
  | (AboutTask & { readonly type: 'zombie_detected'; readonly agent_id: string; readonly silent_ms: number })
  | (AboutSubtask & { readonly type: 'orchestration_blocked'; readonly gate_id: string; readonly reason: string })
  | (AboutSubtask & { readonly type: 'orchestration_unblocked'; readonly choice: string; readonly by: string })
  | (About & { readonly type: 'orchestration_paused'; readonly reason: string })
  | (About & { readonly type: 'orchestration_resumed' })
  | (About & { readonly type: 'orchestration_completed'; readonly duration_ms: number })
  | (About & {
      readonly type: 'orchestration_failed' | 'orchestration_cancelled';
      readonly reason: string;
      readonly duration_ms: number;
    });

/** What a record means for the dashboard; undefined when it means nothing there. */
export function dashboardEvent(record: HubRecord): DashboardEvent | undefined {
  const { orchestrationId, subtaskId } = record.payload as { orchestrationId?: string; subtaskId?: string };
  if (orchestrationId === undefined) return undefined;
  const timestamp = isoTime(record.at);
  const about = <T extends DashboardEvent['type']>(type: T) => ({
    timestamp,
    type,
    orchestration_id: orchestrationId,
  });
  const aboutSubtask = <T extends DashboardEvent['type']>(type: T) => ({
    ...about(type),
    subtask_id: subtaskId ?? '',
  });
  switch (record.type) {
    case 'orchestration.request':
      return { ...about('orchestration_requested'), title: record.payload.request.title };
    case 'orchestration.planned': {
      const { plan, stages } = record.payload;
      return { ...about('orchestration_started'), subtasks: plan.subtasks.length, stages: stages.length };
    }
    case 'orchestration.stageStarted': {
      const { stage, subtasks } = record.payload;
      return { ...about('stage_started'), stage, subtasks };
    }
    case 'orchestration.stageCompleted':
      return { ...about('stage_completed'), stage: record.payload.stage };
    case 'task.submit': {
      const { taskId, requirements } = record.payload;
      return { ...aboutSubtask('subtask_started'), task_id: taskId, assigned_to: requirements.agentType ?? '' };
    }
    case 'task.completed': {
      const { taskId, agentId, attempts, durationMs } = record.payload;
      return {
        ...aboutSubtask('subtask_completed'),
        task_id: taskId,
        agent_id: agentId,
        attempts,
        duration_ms: durationMs,
      };
    }
    case 'task.failed':
      return {
        ...aboutSubtask('subtask_failed'),
        task_id: record.payload.taskId,
        reason: record.payload.error.message,
      };
    case 'task.cancelled':
      return {
        ...aboutSubtask('subtask_cancelled'),
        task_id: record.payload.taskId,
        reason: record.payload.reason,
      };
    case 'task.zombie': {
      const { taskId, agentId, silentMs } = record.payload;
      return { ...aboutSubtask('zombie_detected'), task_id: taskId, agent_id: agentId, silent_ms: silentMs };
    }
    case 'orchestration.replaced': {
      const { by, subtasks } = record.payload;
      return { ...aboutSubtask('subtask_replaced'), by, subtasks: subtasks.map(({ id }) => id) };
    }
    case 'orchestration.blocked': {
      const { gateId, reason } = record.payload;
      return { ...aboutSubtask('orchestration_blocked'), gate_id: gateId, reason };
    }
    case 'orchestration.unblocked': {
      const { choice, by } = record.payload;
      return { ...aboutSubtask('orchestration_unblocked'), choice, by };
    }
    case 'orchestration.pause':
      return { ...about('orchestration_paused'), reason: record.payload.reason };
    case 'orchestration.resume':
      return about('orchestration_resumed');
    case 'orchestration.completed':
      return { ...about('orchestration_completed'), duration_ms: record.payload.durationMs };
    case 'orchestration.failed':
    case 'orchestration.cancelled': {
      const { reason, durationMs } = record.payload;
      const type = record.type === 'orchestration.failed' ? 'orchestration_failed' : 'orchestration_cancelled';
      return { ...about(type), reason, duration_ms: durationMs };
    }
  }
  return undefined;
}
