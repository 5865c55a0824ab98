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
}

export class Facts {
  readonly tasks = new Map<string, TaskFacts>();
  readonly agents = new Map<string, AgentFacts>();

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
    } else if (type === 'task.assigned') {
      this.tasks.get(payload.taskId)?.assignments.push({ seq, agentId: payload.agentId });
    } else if (type === 'agent.register') {
      this.agents.set(payload.agentId, {
        id: payload.agentId,
        type: payload.type,
        name: payload.name ?? payload.agentId,
        capabilities: payload.capabilities,
        registeredSeq: this.agents.get(payload.agentId)?.registeredSeq ?? seq,
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
