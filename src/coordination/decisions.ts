/**
 * Decisions of people: when the hub waits for one, `orchestrator/state/current.json` says where to write it.
 *
 * `orchestrator/decisions/{gate_id}.json`: `{ "decision": "retry" | "skip" | "replace" | "abort", "by": "ann" }`, with
 * `"subtasks": […]` (by the subtask template) to replace one. Gates of an agent's own take `approve` or `reject`.
 */
import { z } from 'zod';
import type { Hub } from '../hub/hub.ts';
import { readPlan } from '../hub/seed-format.ts';
import type { GateView } from '../hub/views.ts';
import { HubError } from '../machines/errors.ts';
import { parse } from '../machines/parse.ts';
import { decisionsOf } from './documents.ts';
import type { Folder } from './folder.ts';
import { parseJson } from './json-text.ts';
import type { Notices } from './notices.ts';
import { decisionPlace } from './places.ts';
import { renamed, type SubtaskIds } from './unique-planner.ts';

const decisionSchema = z.object({
  decision: z.string(),
  by: z.string().default('user'),
  reason: z.string().default(''),
  subtasks: z.array(z.unknown()).optional(),
});

export interface DecisionParts {
  readonly folder: Folder;
  readonly hub: Hub;
  readonly notices: Notices;
  readonly ids: SubtaskIds;
}

/** Takes the decisions that are there for open gates. */
export async function takeDecisions(parts: DecisionParts): Promise<void> {
  for (const gate of parts.hub.gates()) {
    const path = decisionPlace(gate.id);
    const name = parts.folder.nameOf(path);
    try {
      const file = await parts.folder.read(path, 1 << 20);
      if (file !== undefined) await decide(parts, gate, parseJson(file.text, name));
      parts.notices.over(name);
    } catch (error) {
      const { message } = error as Error;
      parts.notices.tell(name, message.startsWith(name) ? message : `${name}: ${message}`);
    }
  }
}

async function decide({ hub, ids }: DecisionParts, gate: GateView, written: unknown): Promise<void> {
  const { decision, by, reason, subtasks } = parse(decisionSchema, written);
  const known = decisionsOf(gate);
  if (!known.includes(decision)) {
    throw new HubError('invalid', `decision: expected one of ${known.join(', ')}`, { path: 'decision' });
  }
  const isYes = decision !== 'abort' && decision !== 'reject';
  if (decision === 'replace' && subtasks === undefined) {
    throw new HubError('invalid', 'subtasks: expected the subtasks that replace it', { path: 'subtasks' });
  }
  const answer = decision === 'replace' ? renamed(readPlan(subtasks).value.subtasks, ids) : null;
  await hub.decideGate(gate.id, {
    decision: isYes ? 'approve' : 'reject',
    by,
    reason,
    answer,
    ...(isYes && gate.choices !== null && { choice: decision }),
  });
}
