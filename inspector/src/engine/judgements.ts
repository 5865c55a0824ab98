/** What the hub itself would say of a moment: whether all is well, and why what happened did. */
import { type AgentView, explainRecord, type Fold, type HubRecord } from 'xstate-hub';
import type { Pictures } from './pictures.ts';
import type { AgentFigure, AskHealth, HealthPicture, ProjectPicture, WhyAnswer } from './protocol.ts';
import type { Limits, Series } from './series.ts';

export function healthIn(fold: Fold, series: Series, now: number, ask: AskHealth): HealthPicture {
  const { by, isDown, first, count } = ask;
  const agents = fold.agents();
  const value = agentValues[by];
  const sign = isDown ? -1 : 1;
  const sorted = agents.sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    return x === y ? 0 : x < y ? -sign : sign;
  });
  const limits = series.limitsAt(fold.seq);
  return {
    health: fold.health(),
    figures: series.figuresAt(fold.seq, now),
    agents: sorted.slice(first, first + count),
    firstAgent: first,
    agentCount: agents.length,
    working: agents.reduce((sum, { tasks }) => sum + tasks.length, 0),
    deadLetters: fold.deadLetters(),
    limits: Object.keys(limits).length === 0 ? [] : limitsIn(fold, limits),
  };
}

const agentValues: { readonly [name in AgentFigure]: (agent: AgentView) => string | number } = {
  id: ({ id }) => id,
  state: ({ state }) => state,
  load: ({ load }) => load,
  completed: ({ completed }) => completed,
  failed: ({ failed }) => failed,
  success: ({ performance }) => performance.successRate,
  quality: ({ performance }) => performance.averageQuality,
  latency: ({ performance }) => performance.averageLatencyMs,
  breaker: ({ breaker }) => breaker,
};

function limitsIn(fold: Fold, limits: Limits): HealthPicture['limits'] {
  const { tasks } = fold.picture();
  const count = (type: string, ...statuses: string[]) =>
    tasks.filter((task) => task.type === type && statuses.includes(task.status)).length;
  return Object.entries(limits).map(([type, limit]) => ({
    type,
    ...limit,
    running: count(type, 'assigned', 'running'),
    waiting: count(type, 'queued'),
  }));
}

export function projectIn(fold: Fold): ProjectPicture {
  const { project, state, projectState, schedules } = fold.project();
  return { project, hub: state, state: projectState, schedules };
}

interface Log {
  get(seq: number): HubRecord | undefined;
}

export function whyAt(log: Log, pictures: Pictures, seq: number, taskId?: string): WhyAnswer {
  const record = log.get(seq);
  const fold = pictures.foldAt(Math.max(seq - 1, 0));
  const before = fold.save();
  const grounds = record?.type === 'task.assigned' ? fold.explain(record.payload.taskId) : null;
  const explained = explainRecord(record === undefined ? [] : [record], seq, before);
  return { ...explained, grounds, waits: taskId === undefined ? null : pictures.foldAt(seq).explain(taskId) };
}
