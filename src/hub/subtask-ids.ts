/**
 * The ids of a subtask's tasks and gates: they say whose they are, as far as there is room.
 *
 * - Id1 no other task or gate that is live or remembered has the same.
 */
import type { OrchestrationEntry, PlanNode } from './orchestration-state.ts';
import type { HubState } from './state.ts';

/** Room for what is put behind. */
const longest = 108;

export function taskIdFor({ tasks, finished }: HubState, entry: OrchestrationEntry, node: PlanNode): string {
  const stem = stemOf(entry, node);
  for (let time = node.taskIds.length + 1; ; time++) {
    const id = time === 1 ? stem : `${stem}.${time}`;
    if (!tasks.has(id) && !finished.has(id)) return id;
  }
}

export function gateIdFor({ gates, closedGates }: HubState, entry: OrchestrationEntry, node: PlanNode): string {
  const stem = stemOf(entry, node);
  for (let time = entry.gates.length + 1; ; time++) {
    const id = `${stem}.gate${time}`;
    if (!gates.has(id) && !closedGates.has(id)) return id;
  }
}

function stemOf({ spec: { orchestrationId }, nodes }: OrchestrationEntry, { subtask }: PlanNode): string {
  const name = `${orchestrationId}.${subtask.id}`;
  return name.length <= longest ? name : `${orchestrationId.slice(0, 90)}.${[...nodes.keys()].indexOf(subtask.id)}`;
}
