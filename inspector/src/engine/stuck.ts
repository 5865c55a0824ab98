/**
 * Work that will not go on by itself.
 *
 * - St1 a finding is provable from the state: it says what will not happen unless somebody does something, or a
 *   deadline passes.
 */

import type { AgentView, ConsultationView, Fold, Picture, TaskView } from 'xstate-hub';
import { number } from '../ui/number.ts';
import type { Stuck } from './protocol.ts';

/** So many attempts of one task are a storm, as are so many tasks that wait for another attempt at once. */
const manyAttempts = 4;
const manyRetries = 5;
/** Most actors that a finding names. */
const mostNamed = 5;

/** @param isOver whether nothing is left to happen: of a simulation that has ended */
export function stuckIn(fold: Pick<Fold, 'picture' | 'explain'>, isOver: boolean): Stuck[] {
  const picture = fold.picture();
  return [...leftBehind(picture, isOver), ...rings(picture), ...starving(picture, fold, isOver), ...storms(picture)];
}

const ended: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled']);

/** Everybody waits: the run is over, and some tasks never came to an end. */
function leftBehind({ tasks }: Picture, isOver: boolean): Stuck[] {
  const left = isOver ? tasks.filter(({ status }) => !ended.has(status)) : [];
  if (left.length === 0) return [];
  const what = left.length === 1 ? 'A task waits' : `${number(left.length)} tasks wait`;
  return [finding('deadlock', `${what} for what never comes: nothing is left to happen.`, left.map(taskId))];
}

/** Agents that wait for each other's answers. */
function rings({ consultations, status: { agents } }: Picture): Stuck[] {
  const open = groupBy(consultations, ({ from }) => from);
  const stuck = new Set(agents.filter(({ id, gates }) => open.has(id) && gates.length === 0).map(({ id }) => id));
  const canEnd = ({ specialistId, specialistType }: ConsultationView) =>
    specialistId === null
      ? !agents.some(({ type }) => type === specialistType) ||
        agents.some(({ id, type }) => type === specialistType && !stuck.has(id))
      : !stuck.has(specialistId);
  for (let before = -1; before !== stuck.size; ) {
    before = stuck.size;
    for (const id of [...stuck]) if ((open.get(id) ?? []).some(canEnd)) stuck.delete(id);
  }
  if (stuck.size === 0) return [];
  const dueAt = [...stuck].flatMap((id) => (open.get(id) ?? []).map((one) => one.dueAt ?? Number.POSITIVE_INFINITY));
  const ends = dueAt.some(Number.isFinite) ? 'until a deadline ends it' : 'and nothing ends it';
  const who =
    stuck.size === 1 ? 'An agent waits for its own answer' : `${stuck.size} agents wait for each other's answers`;
  return [
    finding(
      'deadlock',
      `${who}, ${ends}.`,
      [...stuck].map((id) => `agent:${id}`),
    ),
  ];
}

/** Queued tasks that no agent can take, kind by kind. */
function starving(
  { tasks, queue, status: { agents } }: Picture,
  fold: Pick<Fold, 'explain'>,
  isOver: boolean,
): Stuck[] {
  if (isOver) return [];
  const waits = new Set(queue);
  const waiting = tasks.filter(({ id }) => waits.has(id));
  const kinds = groupBy(waiting, ({ type, requirements }) => JSON.stringify([type, requirements]));
  return [...kinds.values()].flatMap((alike) => {
    const [first] = alike as [TaskView];
    const able = (fold.explain(first.id)?.agents ?? []).filter(({ isCapable }) => isCapable);
    const which = alike.length === 1 ? first.id : `${number(alike.length)} tasks like ${first.id}`;
    const ids = alike.map(taskId);
    if (able.length === 0) return [finding('starvation', `No registered agent can do ${which}.`, ids)];
    const away = able.every(({ agentId }) => isAway(agents.find(({ id }) => id === agentId)));
    return away ? [finding('starvation', `All who can do ${which} are paused or out of reach.`, ids)] : [];
  });
}

const isAway = (agent: AgentView | undefined): boolean =>
  agent === undefined || ['paused', 'unreachable', 'stopped'].includes(agent.state);

/** The same work is tried again and again. */
function storms({ tasks }: Picture): Stuck[] {
  const live = tasks.filter(({ status }) => !ended.has(status));
  const again = live.filter(
    ({ attempts, state }) => attempts >= manyAttempts || (attempts > 2 && state === 'retrying'),
  );
  if (again.length > 0) {
    const most = Math.max(...again.map(({ attempts }) => attempts));
    const message =
      again.length === 1
        ? `${again[0]?.id} was tried ${most} times, and is not done.`
        : `${number(again.length)} tasks were tried up to ${most} times, and are not done.`;
    return [finding('storm', message, again.map(taskId))];
  }
  const retrying = live.filter(({ state }) => state === 'retrying');
  if (retrying.length < manyRetries) return [];
  return [
    finding('storm', `${number(retrying.length)} tasks have failed and wait to be tried again.`, retrying.map(taskId)),
  ];
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

const taskId = ({ id }: { readonly id: string }): string => `task:${id}`;

const finding = (kind: Stuck['kind'], message: string, actors: readonly string[]): Stuck => ({
  kind,
  message,
  actors: actors.slice(0, mostNamed),
  more: Math.max(0, actors.length - mostNamed),
});
