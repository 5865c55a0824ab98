/** The status words of the requirements, derived from the charts' state values. */
import type { StateValue } from 'xstate';

export type TaskStatus = 'pending' | 'queued' | 'assigned' | 'running' | 'completed' | 'failed' | 'cancelled';

export type AgentStatus = 'idle' | 'active' | 'paused' | 'stopped';

/** `running.consulting` for `{ running: 'consulting' }`. */
export function statePath(value: StateValue): string {
  if (typeof value === 'string') return value;
  return Object.entries(value)
    .map(([key, inner]) => (inner === undefined ? key : `${key}.${statePath(inner)}`))
    .join(',');
}

const root = (value: StateValue): string => (typeof value === 'string' ? value : (Object.keys(value)[0] ?? ''));

/** A task that waits to be retried is `pending`. */
export function taskStatus(value: StateValue): TaskStatus {
  const state = root(value);
  return state === 'retrying' ? 'pending' : (state as TaskStatus);
}

/** An agent that went silent is `paused`: it gets no work and may come back. */
export function agentStatus(value: StateValue): AgentStatus {
  const state = root(value);
  return state === 'unreachable' ? 'paused' : (state as AgentStatus);
}
