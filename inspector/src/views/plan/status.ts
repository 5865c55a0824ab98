/** How a subtask stands, as people see it. */
import type { OrchestrationReport } from 'xstate-hub';
import type { Run } from '../../model/run.ts';
import { type Tone, toneOf, wordsOf } from '../../model/tone.ts';

export type SubtaskReport = OrchestrationReport['subtasks'][number];

const tones: { readonly [status: string]: Tone } = {
  running: 'work',
  completed: 'done',
  failed: 'trouble',
  blocked: 'human',
};

/** @param taskId the task that it has now; while that runs, its own state says more */
export function standing(run: Run, { status }: SubtaskReport, taskId: string | null) {
  const state = taskId === null ? undefined : run.actors.get(`task:${taskId}`)?.at(run.position)?.state;
  if (status === 'running' && state !== undefined) return { tone: toneOf('task', state), words: wordsOf(state) };
  return { tone: tones[status] ?? 'idle', words: status };
}

export const isSettled = ({ status }: SubtaskReport): boolean => status === 'completed' || status === 'skipped';

/** `5–10 min` */
export function minutes({ min, max }: { readonly min: number; readonly max: number }): string {
  return min === max ? `${min} min` : `${min}–${max} min`;
}
