/** The lanes of the timeline: every agent, and below it the tasks that it had; what nobody has had comes first. */
import type { History } from './history.ts';
import type { Run } from './run.ts';

export interface Lane {
  /** `agent:dev-1`; `nobody` for tasks that no agent has had. */
  readonly id: string;
  readonly agent: History | null;
  readonly tasks: readonly History[];
}

export interface LaneRow {
  /** Unique: a task can stand in several lanes. */
  readonly key: string;
  readonly lane: Lane;
  /** Null for the lane's own row. */
  readonly task: History | null;
  readonly isOpen: boolean;
}

/** Of what is known so far. */
export function lanesOf({ actors, facts }: Run): Lane[] {
  const taskOf = (id: string) => actors.get(`task:${id}`);
  const nobody = [...facts.tasks.values()]
    .filter(({ assignments }) => assignments.length === 0)
    .flatMap(({ id }) => taskOf(id) ?? []);
  const lanes: Lane[] = nobody.length === 0 ? [] : [{ id: 'nobody', agent: null, tasks: nobody }];
  for (const { id, given } of facts.agents.values()) {
    const agent = actors.get(`agent:${id}`);
    if (agent === undefined) continue;
    const tasks = [...new Set(given.map(({ taskId }) => taskId))].flatMap((taskId) => taskOf(taskId) ?? []);
    lanes.push({ id: agent.id, agent, tasks });
  }
  return lanes;
}

export function rowsOf(lanes: readonly Lane[], isOpen: (lane: Lane) => boolean): LaneRow[] {
  return lanes.flatMap((lane) => {
    const open = isOpen(lane) && lane.tasks.length > 0;
    const own: LaneRow = { key: lane.id, lane, task: null, isOpen: open };
    return open
      ? [own, ...lane.tasks.map((task): LaneRow => ({ key: `${lane.id} ${task.id}`, lane, task, isOpen: false }))]
      : [own];
  });
}
