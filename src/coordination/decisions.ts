/**
 * Decisions of people: when the hub waits for one, `orchestrator/state/current.json` says where to write it.
 *
 * `orchestrator/decisions/{gate_id}.json`: `{ "decision": "retry" | "skip" | "replace" | "abort", "by": "ann" }`, with
 * `"subtasks": […]` (by the subtask template) to replace one. Gates of an agent's own take `approve` or `reject`.
 *
 * - Dc1 a file is taken once: what is refused is told, and read again when it changes. A refusal can be a record, and
 *   every record is followed by a look.
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

export class Decisions {
  readonly #parts: DecisionParts;
  /** The file for each open gate, as it was read last. */
  readonly #stamps = new Map<string, string>();

  constructor(parts: DecisionParts) {
    this.#parts = parts;
  }

  /** Takes the decisions that are there for open gates. */
  async look(): Promise<void> {
    const { folder, hub, notices } = this.#parts;
    const gates = hub.gates();
    for (const id of this.#stamps.keys()) if (!gates.some((gate) => gate.id === id)) this.#stamps.delete(id);
    for (const gate of gates) {
      const name = folder.nameOf(decisionPlace(gate.id));
      try {
        await this.#lookAt(gate, name);
      } catch (error) {
        const { message } = error as Error;
        notices.tell(name, message.startsWith(name) ? message : `${name}: ${message}`);
      }
    }
  }

  async #lookAt(gate: GateView, name: string): Promise<void> {
    const { folder, notices } = this.#parts;
    const path = decisionPlace(gate.id);
    const stamp = await folder.stamp(path);
    if (stamp !== undefined && stamp === this.#stamps.get(gate.id)) return;
    const file = await folder.read(path, 1 << 20);
    if (file !== undefined) {
      this.#stamps.set(gate.id, file.stamp);
      await this.#decide(gate, parseJson(file.text, name));
    }
    notices.over(name);
  }

  async #decide(gate: GateView, written: unknown): Promise<void> {
    const { hub, ids } = this.#parts;
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
    try {
      await hub.decideGate(gate.id, {
        decision: isYes ? 'approve' : 'reject',
        by,
        reason,
        answer,
        ...(isYes && gate.choices !== null && { choice: decision }),
      });
    } catch (error) {
      for (const { id } of answer ?? []) ids.release(id);
      throw error;
    }
  }
}
