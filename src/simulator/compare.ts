/** The hub's own picture of itself beside what the oracle reads from the log: two tellers of one story (I13, I21). */
import type { Picture } from '../hub/picture.ts';
import { canonicalJson } from '../machines/json.ts';
import { type AgentFacts, goesBefore, isHeld, isOver, isWaiting, type Model, type TaskFacts } from './model.ts';
import { told } from './rules/time-rules.ts';

/** Where the two differ; empty when they tell the same. */
export function differences(model: Model, picture: Picture): string[] {
  const found: string[] = [];
  const same = (what: string, log: unknown, hub: unknown) => {
    const [first, second] = [canonicalJson(log), canonicalJson(hub)];
    if (first !== second) found.push(`${what}: the log says ${first}, the hub ${second}`.slice(0, 500));
  };
  const { status, tasks, agents } = { ...picture, agents: picture.status.agents };
  same('life', model.life, status.state);
  for (const { id, status: hubs, state, agentId, attempts } of tasks) {
    const facts = model.tasks.get(id);
    if (facts === undefined) found.push(`task ${id} is not in the log`);
    else {
      same(`task ${id}`, statusOf(facts), hubs);
      same(`attempts of task ${id}`, facts.attempts, attempts);
      if (facts.status === 'running') same(`state of task ${id}`, atWorkState(model, id), state);
      if (!isOver(facts)) same(`holder of task ${id}`, facts.holder, agentId);
    }
  }
  const queued = [...model.tasks.values()].filter((task) => isWaiting(model, task));
  queued.sort((a, b) => (goesBefore(model, a, b) ? -1 : 1));
  same(
    'queue',
    queued.map(({ spec }) => spec.taskId),
    picture.queue,
  );
  const live = [...model.tasks.values()].filter((task) => !isOver(task)).map(({ spec }) => spec.taskId);
  same(
    'live tasks',
    live.sort(),
    tasks
      .filter(({ finishedAt }) => finishedAt === null)
      .map(({ id }) => id)
      .sort(),
  );
  same('agents', [...model.agents.keys()].sort(), agents.map(({ id }) => id).sort());
  for (const { id, state, tasks: has, answering, gates, inbox, breaker } of agents) {
    const facts = model.agents.get(id);
    if (facts === undefined) continue;
    const { spec: _spec, inbox: waiting, ...others } = facts;
    same(`state of ${id}`, stateOf(facts), state);
    const hubs = { tasks: [...has].sort(), answering, gates: [...gates].sort(), breaker, inbox };
    const logs = { tasks: [...others.tasks].sort(), answering: others.answering, gates: [...others.gates].sort() };
    same(`agent ${id}`, { ...logs, breaker: others.breaker, inbox: waiting.length }, hubs);
  }
  const approvers = [...model.gates].map(([id, gate]) => [id, gate.approvers]);
  same(
    'gates',
    Object.fromEntries(approvers),
    Object.fromEntries(picture.gates.map((gate) => [gate.id, gate.approvers])),
  );
  const asked = [...model.consultations].map(([id, { specialist }]) => [id, specialist]);
  same(
    'consultations',
    Object.fromEntries(asked),
    Object.fromEntries(picture.consultations.map(({ id, specialistId }) => [id, specialistId])),
  );
  same(
    'dead letters',
    [...model.letters.keys()],
    picture.deadLetters.map(({ letterSeq }) => letterSeq),
  );
  const due = picture.deadlines
    .filter(({ kind }) => told.has(kind))
    .map((one) => [`${one.kind} ${one.subject}`, one.dueAt]);
  same('deadlines', Object.fromEntries(model.deadlines), Object.fromEntries(due));
  return found;
}

function atWorkState({ gates, consultations }: Model, taskId: string): string {
  for (const { spec, holds } of gates.values())
    if (spec.taskId === taskId && holds !== null) return 'running.awaitingHuman';
  for (const { spec } of consultations.values()) if (spec.taskId === taskId) return 'running.consulting';
  return 'running.working';
}

const statusOf = ({ status }: TaskFacts): string => (status === 'retrying' ? 'pending' : status);

function stateOf(agent: AgentFacts): string {
  if (agent.lost) return 'unreachable';
  if (isHeld(agent)) return 'paused';
  if (agent.consultations.size > 0) return 'active.waiting';
  if (agent.answering !== null) return 'active.answering';
  return agent.tasks.size > 0 ? 'active.working' : 'idle';
}
