/**
 * The plans of orchestrations as they stood at any moment: what was planned, and what has taken the place of what.
 *
 * - P1 stages and dependencies are those of the hub's fold: what replaces a subtask has its stage, and whoever waited for
 *   that waits for all that stand in for it.
 * - P2 what is known grows with the log and is never read twice.
 */
import type { RecordOf } from 'xstate-hub';
import type { Run } from './run.ts';

type Planned = RecordOf<'orchestration.planned'>;
type Replaced = RecordOf<'orchestration.replaced'>;
type Subtask = Planned['payload']['plan']['subtasks'][number];

interface PlanNode {
  readonly subtask: Subtask;
  /** From 1. */
  readonly stage: number;
  readonly dependencies: readonly string[];
  /** The subtask that it replaces in part. */
  readonly replaces: string | null;
  readonly isReplaced: boolean;
}

interface PlanEstimate {
  readonly minutes: { readonly min: number; readonly max: number };
  readonly criticalPath: { readonly subtasks: readonly string[]; readonly minutes: PlanEstimate['minutes'] };
}

export interface PlanShape {
  readonly nodes: ReadonlyMap<string, PlanNode>;
  readonly estimate: PlanEstimate | null;
}

interface Known {
  readonly records: (Planned | Replaced)[];
  /** By how many of the records it was made. */
  readonly shapes: Map<number, PlanShape>;
  /** Of each subtask, in order. */
  readonly tasks: Map<string, { readonly seq: number; readonly taskId: string }[]>;
}

export class Plans {
  readonly #run: Run;
  readonly #known = new Map<string, Known>();
  #seen = 0;

  constructor(run: Run) {
    this.#run = run;
  }

  /** The plan after record `seq`; null before there is one. */
  at(orchestrationId: string, seq: number): PlanShape | null {
    const known = this.#update().#known.get(orchestrationId);
    const count = known?.records.filter((record) => record.seq <= seq).length ?? 0;
    if (known === undefined || count === 0) return null;
    let shape = known.shapes.get(count);
    if (shape === undefined) {
      shape = shapeOf(known.records.slice(0, count));
      known.shapes.set(count, shape);
    }
    return shape;
  }

  /** The task that a subtask had last. */
  taskOf(orchestrationId: string, subtaskId: string, seq: number): string | null {
    const tasks = this.#update().#known.get(orchestrationId)?.tasks.get(subtaskId);
    return tasks?.findLast((one) => one.seq <= seq)?.taskId ?? null;
  }

  #update(): this {
    const { head } = this.#run;
    while (this.#seen < head) {
      const seq = ++this.#seen;
      const type = this.#run.typeOf(seq);
      if (type !== 'orchestration.planned' && type !== 'orchestration.replaced' && type !== 'task.submit') continue;
      const record = this.#run.records[seq - 1];
      if (record?.type === 'task.submit') {
        const { orchestrationId, subtaskId, taskId } = record.payload;
        if (orchestrationId === undefined || subtaskId === undefined) continue;
        const { tasks } = this.#of(orchestrationId);
        tasks.set(subtaskId, [...(tasks.get(subtaskId) ?? []), { seq, taskId }]);
      } else if (record?.type === 'orchestration.planned' || record?.type === 'orchestration.replaced') {
        this.#of(record.payload.orchestrationId).records.push(record);
      }
    }
    return this;
  }

  #of(orchestrationId: string): Known {
    let known = this.#known.get(orchestrationId);
    if (known === undefined) {
      known = { records: [], shapes: new Map(), tasks: new Map() };
      this.#known.set(orchestrationId, known);
    }
    return known;
  }
}

function shapeOf(records: readonly (Planned | Replaced)[]): PlanShape {
  const nodes = new Map<string, PlanNode>();
  let estimate: PlanEstimate | null = null;
  for (const { type, payload } of records) {
    if (type === 'orchestration.planned') {
      const stageOf = new Map(payload.stages.flatMap((ids, index) => ids.map((id) => [id, index + 1] as const)));
      for (const subtask of payload.plan.subtasks) {
        const stage = stageOf.get(subtask.id) ?? 1;
        const { dependencies } = subtask;
        nodes.set(subtask.id, { subtask, stage, dependencies, replaces: null, isReplaced: false });
      }
      estimate = payload.estimate as unknown as PlanEstimate | null;
    } else replace(nodes, payload.subtaskId, payload.subtasks);
  }
  return { nodes, estimate };
}

function replace(nodes: Map<string, PlanNode>, subtaskId: string, subtasks: readonly Subtask[]): void {
  const replaced = nodes.get(subtaskId);
  if (replaced === undefined) return;
  nodes.set(subtaskId, { ...replaced, isReplaced: true });
  const present = (ids: readonly string[]): string[] =>
    ids.flatMap((id) =>
      nodes.get(id)?.isReplaced !== true
        ? [id]
        : present([...nodes.values()].filter(({ replaces }) => replaces === id).map(({ subtask }) => subtask.id)),
    );
  for (const subtask of subtasks) {
    const dependencies =
      subtask.dependencies.length === 0 ? replaced.dependencies : [...new Set(present(subtask.dependencies))];
    nodes.set(subtask.id, { subtask, stage: replaced.stage, dependencies, replaces: subtaskId, isReplaced: false });
  }
  for (const [id, node] of nodes) {
    if (node.dependencies.includes(subtaskId)) {
      nodes.set(id, { ...node, dependencies: [...new Set(present(node.dependencies))] });
    }
  }
}
