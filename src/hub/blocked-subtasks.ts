/**
 * Subtasks that failed for good: first the planner is asked how else they could be done, then a person.
 *
 * - Or2 the planner is asked once for each subtask, not about its own answer, and not when a person has turned the
 *   subtask down. A person is asked as often as needed.
 */
import { contentHash } from '../machines/hash.ts';
import type { Json } from '../machines/json.ts';
import type { Payload } from '../machines/messages.ts';
import type { Subtask } from '../machines/plan.ts';
import type { OrchestrationEntry, PlanNode } from './orchestration-state.ts';
import { acceptRevision } from './planner.ts';
import type { HubState } from './state.ts';
import { gateIdFor } from './subtask-ids.ts';
import { describe } from './thrown.ts';
import type { Decisions, Turn } from './turn.ts';

/** What a person can choose; turning the gate down aborts. */
const choices = ['retry', 'skip', 'replace'] as const;

export const blockedDecisions = {
  /** The planner that was asked before may have known how to revise, and this one does not. */
  'hub.started'(turn) {
    for (const entry of turn.state.orchestrations.values()) {
      for (const node of entry.nodes.values()) {
        if (node.status === 'failed' && !mayBeRevised(turn, node)) askPerson(turn, entry, node, lastFailure(node));
      }
    }
  },
  'task.cancelled'(turn, { payload: { taskId, orchestrationId, subtaskId, reason } }) {
    const found = liveNode(turn.state, orchestrationId, subtaskId);
    if (found?.node.taskIds.at(-1) === taskId) askPerson(turn, found.entry, found.node, `was cancelled: ${reason}`);
  },
  'task.failed'(turn, { payload: { taskId, orchestrationId, subtaskId, error } }) {
    const found = liveNode(turn.state, orchestrationId, subtaskId);
    if (orchestrationId === undefined || subtaskId === undefined || found?.node.taskIds.at(-1) !== taskId) return;
    turn.emit(orchestrationId, 'orchestration.subtaskFailed', { orchestrationId, subtaskId, taskId, error });
  },
  'orchestration.subtaskFailed'(turn, { payload: { orchestrationId, subtaskId } }) {
    const found = liveNode(turn.state, orchestrationId, subtaskId);
    if (found === undefined || mayBeRevised(turn, found.node)) return; // The planner is asked, once this is durable.
    askPerson(turn, found.entry, found.node, lastFailure(found.node));
  },
  'orchestration.revision'(turn, { payload: { orchestrationId, subtaskId, subtasks, reason } }) {
    const found = liveNode(turn.state, orchestrationId, subtaskId);
    if (found?.node.status !== 'failed') return;
    const { entry, node } = found;
    const why = lastFailure(node);
    if (reason !== undefined) return askPerson(turn, entry, node, `${why} (${reason})`);
    if (subtasks === null) return askPerson(turn, entry, node, why);
    try {
      replace(turn, entry, node, acceptReplacement(turn.state, entry, node, subtasks), 'planner');
    } catch (error) {
      askPerson(turn, entry, node, `${why} (the planner's answer was of no use: ${describe(error)})`);
    }
  },
} satisfies Decisions;

/** Whether the planner is asked how else a subtask could be done. */
export const mayBeRevised = ({ planner }: Pick<Turn, 'planner'>, node: PlanNode): boolean =>
  planner.revise !== undefined && node.replaces === null && node.retries === 0 && !node.isRejected;

/** The planner took too long over the subtasks of an orchestration that it was asked about first. */
export function giveUpPlanner(turn: Turn, orchestrationId: string): void {
  const { state } = turn;
  const entry = state.orchestrations.get(orchestrationId);
  if (entry === undefined) return;
  for (const node of entry.nodes.values()) {
    if (node.status !== 'failed' || (node.failedAt ?? 0) + state.config.orchestration.planningMs > state.at) continue;
    askPerson(turn, entry, node, `${lastFailure(node)} (the planner did not answer in time)`);
  }
}

/** What a person decided at the gate of a subtask. */
export function unblock(turn: Turn, { by, choice, answer }: Payload<'gate.decide'>, gate: Payload<'gate.open'>): void {
  const { gateId, orchestrationId = '', subtaskId = '' } = gate;
  const found = liveNode(turn.state, orchestrationId, subtaskId);
  if (found === undefined) return;
  const { entry, node } = found;
  const chosen = choices.find((one) => one === choice) ?? 'retry';
  if (chosen === 'replace') {
    let subtasks: Subtask[];
    try {
      subtasks = acceptReplacement(turn.state, entry, node, answer);
    } catch (error) {
      return askPerson(turn, entry, node, `what was to replace it is of no use: ${describe(error)}`);
    }
    replace(turn, entry, node, subtasks, by);
  }
  turn.emit(orchestrationId, 'orchestration.unblocked', { orchestrationId, subtaskId, gateId, choice: chosen, by });
}

/**
 * What is wrong with what a person wants to do about a blocked subtask.
 *
 * Throws `invalid` with all findings when it is to be replaced by what cannot be run.
 */
export function checkChoice(state: HubState, gate: Payload<'gate.open'>, decision: Payload<'gate.decide'>): void {
  const found = liveNode(state, gate.orchestrationId, gate.subtaskId);
  if (found === undefined || decision.decision !== 'approve' || decision.choice !== 'replace') return;
  acceptReplacement(state, found.entry, found.node, decision.answer);
}

function acceptReplacement(state: HubState, entry: OrchestrationEntry, node: PlanNode, answer: Json): Subtask[] {
  return acceptRevision(answer ?? [], node.subtask, {
    owners: state.agents.types(),
    limits: state.config.orchestration.limits,
    taken: [...entry.nodes.keys()],
  });
}

function replace(turn: Turn, { spec }: OrchestrationEntry, node: PlanNode, subtasks: Subtask[], by: string): void {
  const { orchestrationId } = spec;
  turn.emit(orchestrationId, 'orchestration.replaced', { orchestrationId, subtaskId: node.subtask.id, subtasks, by });
}

function askPerson(turn: Turn, entry: OrchestrationEntry, node: PlanNode, why: string): void {
  const { orchestrationId, approvers, request } = entry.spec;
  const { id: subtaskId, title, owner, successCriteria } = node.subtask;
  const gateId = gateIdFor(turn.state, entry, node);
  const shown = {
    reason: `${title}: ${why}`.slice(0, 10_000),
    context: { orchestration: request.title, subtask: subtaskId, owner, successCriteria, failures: [...node.failures] },
  };
  turn.emit('hub', 'gate.open', {
    gateId,
    orchestrationId,
    subtaskId,
    ...shown,
    choices: [...choices],
    ...(approvers && { approvers }),
    ladder: [],
    contentHash: contentHash(shown),
  });
  const reason = why.slice(0, 500);
  turn.emit(orchestrationId, 'orchestration.blocked', { orchestrationId, subtaskId, gateId, reason });
}

const lastFailure = ({ failures }: PlanNode): string => failures.at(-1) || 'it failed';

function liveNode({ orchestrations }: HubState, orchestrationId = '', subtaskId = '') {
  const entry = orchestrations.get(orchestrationId);
  const node = entry?.nodes.get(subtaskId);
  return entry === undefined || node === undefined ? undefined : { entry, node };
}
