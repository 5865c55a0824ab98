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

const over: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled']);

/** @param taskId the task that it has now; while that runs, its own state says more */
export function standing(
  run: Pick<Run, 'actors' | 'position'>,
  whole: Pick<OrchestrationReport, 'status' | 'gates'>,
  subtask: Pick<SubtaskReport, 'id' | 'status'>,
  taskId: string | null,
): { readonly tone: Tone; readonly words: string } {
  const { id, status } = subtask;
  if (over.has(whole.status)) {
    if (status === 'blocked') {
      const verdict = whole.gates.findLast((gate) => gate.subtaskId === id)?.outcome;
      return { tone: 'trouble', words: verdict === 'rejected' ? 'rejected' : 'failed' };
    }
    if (status === 'waiting') return { tone: 'idle', words: 'not started' };
    if (status === 'running') return { tone: 'idle', words: 'called off' };
  }
  const state = taskId === null ? undefined : run.actors.get(`task:${taskId}`)?.at(run.position)?.state;
  if (status === 'running' && state !== undefined) return { tone: toneOf('task', state), words: wordsOf(state) };
  return { tone: tones[status] ?? 'idle', words: status };
}

export const isSettled = ({ status }: SubtaskReport): boolean => status === 'completed' || status === 'skipped';

/** `5–10 min` */
export function minutes({ min, max }: { readonly min: number; readonly max: number }): string {
  return min === max ? `${min} min` : `${min}–${max} min`;
}
