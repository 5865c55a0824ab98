/** What happens in a coordination folder, as lines that a person can read. */
import { formatDuration } from '../actors/duration.ts';
import type { CoordinationEvent } from '../coordination/coordination.ts';
import { decisionPlace } from '../coordination/places.ts';
import { printable } from './style.ts';

/** `18:05:00  orch-task-1  auth-002-backend → development`. */
export function eventLine(event: CoordinationEvent): string {
  const subject = event.type === 'task_routed' ? event.task_id : event.orchestration_id;
  return printable(`${event.timestamp.slice(11, 19)}  ${subject}  ${wordsOf(event)}`);
}

const decisionFile = (gateId: string): string => ['coordination', ...decisionPlace(gateId)].join('/');

function wordsOf(event: CoordinationEvent): string {
  switch (event.type) {
    case 'task_routed':
      return `simple: goes to ${event.assigned_to}`;
    case 'orchestration_requested':
      return `"${event.title}"`;
    case 'orchestration_started':
      return `planned: ${event.subtasks} subtasks in ${event.stages} stages`;
    case 'stage_started':
      return `stage ${event.stage}: ${event.subtasks.join(', ')}`;
    case 'stage_completed':
      return `stage ${event.stage} is done`;
    case 'subtask_started':
      return `${event.subtask_id} → ${event.assigned_to}`;
    case 'subtask_completed':
      return `${event.subtask_id} is done after ${formatDuration(event.duration_ms)}`;
    case 'subtask_failed':
      return `${event.subtask_id} failed: ${event.reason}`;
    case 'subtask_cancelled':
      return `${event.subtask_id} was cancelled: ${event.reason}`;
    case 'subtask_replaced':
      return `${event.subtask_id} is replaced by ${event.subtasks.join(', ')}`;
    case 'zombie_detected':
      return `${event.subtask_id}: no progress for ${formatDuration(event.silent_ms)}, taken for a zombie`;
    case 'orchestration_blocked':
      return `${event.subtask_id} waits for a person: ${event.reason}; decide in ${decisionFile(event.gate_id)}`;
    case 'orchestration_unblocked':
      return `${event.subtask_id}: ${event.choice}, says ${event.by}`;
    case 'orchestration_paused':
      return `paused: ${event.reason}`;
    case 'orchestration_resumed':
      return 'goes on';
    case 'orchestration_completed':
      return `completed after ${formatDuration(event.duration_ms)}`;
    case 'orchestration_failed':
      return `failed: ${event.reason}`;
    case 'orchestration_cancelled':
      return `cancelled: ${event.reason}`;
  }
}
