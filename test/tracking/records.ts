/** Records by hand: a log with exactly the times and outcomes that a test is about. */
import type { HubRecord, Routing } from '../../src/machines/messages.ts';

interface Execution {
  readonly taskId?: string;
  readonly type?: string;
  readonly agent?: string;
  /** When it is submitted, in ms since the epoch. */
  readonly at: number;
  readonly waitMs?: number;
  readonly runMs?: number;
  readonly outcome?: 'completed' | 'failed' | 'cancelled';
  readonly quality?: number;
}

export const byHand: Routing = {
  strategy: 'byHand',
  confidence: 1,
  reason: 'chosen by hand',
  scores: {},
  alternatives: [],
};

type Draft = Pick<HubRecord, 'type' | 'from' | 'at'> & { readonly payload: object };

export class Scribe {
  #seq = 0;
  #tasks = 0;

  /** The records of one task from submission to outcome. */
  task(execution: Execution): HubRecord[] {
    const taskId = execution.taskId ?? `task-${++this.#tasks}`;
    const { at, type = 'build', agent = 'ann', waitMs = 0, runMs = 1000, outcome = 'completed' } = execution;
    const [started, ended] = [at + waitMs, at + waitMs + runMs];
    const submission = this.submit(taskId, type, at);
    const assigned = this.record({
      type: 'task.assigned',
      from: 'hub',
      at: started,
      payload: { taskId, agentId: agent, attempt: 1, routing: byHand },
    });
    const ending = { taskId, agentId: agent, attempts: 1, durationMs: ended - at, latencyMs: runMs };
    return [
      ...submission,
      assigned,
      this.record({ type: 'task.started', from: agent, at: started, payload: { taskId, lease: assigned.seq } }),
      this.record({
        type: `task.${outcome}`,
        from: 'hub',
        at: ended,
        payload: {
          ...ending,
          quality: execution.quality ?? null,
          ...(outcome === 'failed' && { error: { code: 'driver', message: 'no idea' } }),
          ...(outcome === 'cancelled' && { reason: 'enough' }),
        },
      }),
    ];
  }

  submit(taskId: string, type: string, at: number): HubRecord[] {
    const requirements = { capabilities: [], languages: [] };
    return [
      this.record({
        type: 'task.submit',
        from: 'client',
        at,
        payload: { taskId, type, payload: null, priority: 5, requirements },
      }),
      this.record({ type: 'task.enqueued', from: 'hub', at, payload: { taskId } }),
    ];
  }

  record(draft: Draft): HubRecord {
    const seq = ++this.#seq;
    return { seq, id: `r${seq}`, to: 'hub', correlationId: 'c', causationId: null, ...draft } as unknown as HubRecord;
  }
}
