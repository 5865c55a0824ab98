/** What records say about tasks and agents that does not change with the moment, or changes seldom. */
import type { HubRecord } from 'xstate-hub';

export interface TaskFacts {
  readonly id: string;
  readonly type: string;
  /** For people. */
  readonly title: string;
  readonly priority: number;
  readonly submittedSeq: number;
  readonly orchestrationId: string | null;
  /** To whom it was given, and from which record on; in order. */
  readonly assignments: { readonly seq: number; readonly agentId: string }[];
}

export interface AgentFacts {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly capabilities: readonly string[];
  readonly registeredSeq: number;
  /** How many tasks it takes at once. */
  readonly concurrency: number;
  /** The tasks that it was given, and by which record; in order. */
  readonly given: { readonly seq: number; readonly taskId: string }[];
}

/** The records that say something of this. */
export const factTypes: ReadonlySet<HubRecord['type']> = new Set([
  'task.submit',
  'task.assigned',
  'agent.register',
  'orchestration.request',
]);

export class Facts {
  readonly tasks = new Map<string, TaskFacts>();
  readonly agents = new Map<string, AgentFacts>();
  /** Titles by id. */
  readonly orchestrations = new Map<string, string>();

  take({ seq, type, payload }: HubRecord): void {
    if (type === 'task.submit') {
      this.tasks.set(payload.taskId, {
        id: payload.taskId,
        type: payload.type,
        title: titleOf(payload.payload) ?? payload.taskId,
        priority: payload.priority,
        submittedSeq: seq,
        orchestrationId: payload.orchestrationId ?? null,
        assignments: [],
      });
    } else if (type === 'orchestration.request') {
      this.orchestrations.set(payload.orchestrationId, payload.request.title);
    } else if (type === 'task.assigned') {
      this.tasks.get(payload.taskId)?.assignments.push({ seq, agentId: payload.agentId });
      this.agents.get(payload.agentId)?.given.push({ seq, taskId: payload.taskId });
    } else if (type === 'agent.register') {
      const known = this.agents.get(payload.agentId);
      this.agents.set(payload.agentId, {
        id: payload.agentId,
        type: payload.type,
        name: payload.name ?? payload.agentId,
        capabilities: payload.capabilities,
        registeredSeq: known?.registeredSeq ?? seq,
        concurrency: payload.concurrency,
        given: known?.given ?? [],
      });
    }
  }

  /** Who had a task at a moment, or had it last. */
  agentOf(taskId: string, seq: number): string | null {
    return this.tasks.get(taskId)?.assignments.findLast((one) => one.seq <= seq)?.agentId ?? null;
  }
}

function titleOf(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const { title, description } = payload as { readonly title?: unknown; readonly description?: unknown };
  if (typeof title === 'string') return title;
  return typeof description === 'string' ? description : undefined;
}
