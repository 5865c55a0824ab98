/**
 * Gates that outlive a lease: a person who was asked need not be asked again because an agent, or the hub,
 * went away meanwhile.
 *
 * - Gl1 when a task loses its agent, its gates stay open, with their deadlines, and hold nobody; but a gate that a
 *   person has opened for an agent holds that until a human has decided, whatever becomes of the task.
 * - Gl2 when the task is begun anew and asks the same of the same people, it gets the same gate, or the approval
 *   that was given meanwhile; each approval once a lease.
 */
import { contentHash } from '../machines/hash.ts';
import type { Payload, RecordOf } from '../machines/messages.ts';
import type { GateEntry, HubState } from './state.ts';

/** The gates of a task let go of its agent. */
export function detachGates(state: HubState, taskId: string): void {
  const entry = state.tasks.get(taskId);
  if (entry === undefined) return;
  const gates = state.openOf(entry).gates.filter((gateId) => state.gates.get(gateId)?.spec.keepsAgent !== true);
  for (const gateId of gates) {
    const gate = state.gates.get(gateId);
    if (gate === undefined) continue;
    const { agentId } = gate;
    gate.agentId = null;
    gate.lease = null;
    state.changes.gate.add(gateId);
    state.tellAgent(agentId, { type: 'gate.closed', gateId });
  }
  entry.detachedGates = [...new Set([...entry.detachedGates, ...gates])];
  state.changes.task.add(taskId);
}

/** What two gates have in common that are the same: what a person is shown, and who decides, and by when. */
const termsOf = ({ contentHash: shown, approvers, choices, ladder }: Payload<'gate.open'>): string =>
  contentHash({ shown, approvers: approvers ?? null, choices: choices ?? null, ladder });

/** The gate of this task that a new lease can go on with: one that is open, or was approved. */
export function rejoinable(
  state: HubState,
  { taskId, lease }: { taskId: string; lease: number },
  asked: Payload<'gate.open'>,
): string | undefined {
  const entry = state.tasks.get(taskId);
  if (entry === undefined) return undefined;
  const terms = termsOf(asked);
  const isSame = (gateId: string) => {
    const gate = state.gates.get(gateId);
    return gate !== undefined && termsOf(gate.spec) === terms;
  };
  const open = entry.detachedGates.find(isSame);
  return open ?? entry.verdicts.find((verdict) => verdict.terms === terms && verdict.heardBy !== lease)?.gateId;
}

/** A new lease goes on with a gate. */
export function rejoin(state: HubState, record: RecordOf<'gate.rejoin'>): void {
  const { gateId, taskId, lease } = record.payload;
  const task = state.leased(record);
  if (task === undefined) return;
  state.changes.task.add(taskId);
  const verdict = task.verdicts.find((one) => one.gateId === gateId);
  if (verdict !== undefined) verdict.heardBy = lease;
  const gate = state.gates.get(gateId);
  if (gate === undefined || !task.detachedGates.includes(gateId)) return;
  task.detachedGates = task.detachedGates.filter((id) => id !== gateId);
  state.changes.gate.add(gateId);
  gate.agentId = record.from;
  gate.lease = lease;
  state.tellTask(taskId, { type: 'gate.opened', gateId });
  state.tellAgent(record.from, { type: 'gate.opened', gateId });
}

/** An approval is remembered with its task, as long as that lives. */
export function remember(state: HubState, { spec, lease, said }: GateEntry, approval: RecordOf<'gate.approved'>): void {
  const { gateId, by, reason = said.reason, answer = said.answer } = approval.payload;
  const task = spec.taskId === undefined ? undefined : state.tasks.get(spec.taskId);
  if (task === undefined) return;
  state.changes.task.add(task.spec.taskId);
  task.detachedGates = task.detachedGates.filter((id) => id !== gateId);
  const verdict = { gateId, terms: termsOf(spec), by, reason, answer, place: approval.seq, heardBy: lease };
  task.verdicts = [...task.verdicts, verdict];
}
