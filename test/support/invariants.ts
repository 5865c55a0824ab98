/** What holds for every log, whatever was done to the hub; the numbers are those of the reliability table. */
import { expect } from 'vitest';
import type { HubRecord } from '../../src/machines/messages.ts';

export function expectInvariants(records: readonly HubRecord[]): void {
  const seen = new Set<string>();
  const outcomes = new Map<string, number>();
  const holders = new Map<string, string>();
  const gatesOf = new Map<string, Set<string>>();
  const paused = new Set<string>();
  const registered = new Set<string>();
  const decided = new Set<string>();
  const agentOfGate = new Map<string, string>();
  const gatesOfTask = new Map<string, string[]>();

  for (const [index, record] of records.entries()) {
    const where = `record ${record.seq}, ${record.type}`;
    expect(record.seq, 'I15').toBe(index + 1);
    if (record.causationId !== null) expect(seen.has(record.causationId), `I2 ${where}`).toBe(true);
    seen.add(record.id);
    switch (record.type) {
      case 'agent.register':
        registered.add(record.payload.agentId);
        break;
      case 'agent.unregistered':
        registered.delete(record.payload.agentId);
        paused.delete(record.payload.agentId);
        gatesOf.delete(record.payload.agentId);
        break;
      case 'agent.pause':
        paused.add(record.payload.agentId);
        break;
      case 'agent.resume':
        paused.delete(record.payload.agentId);
        break;
      case 'gate.open': {
        const { gateId, taskId, agentId } = record.payload;
        decided.delete(gateId); // One that is not remembered any more leaves its id to another.
        if (agentId === undefined) break;
        agentOfGate.set(gateId, agentId);
        if (taskId !== undefined) gatesOfTask.set(taskId, [...(gatesOfTask.get(taskId) ?? []), gateId]);
        gatesOf.set(agentId, (gatesOf.get(agentId) ?? new Set()).add(gateId));
        break;
      }
      case 'gate.approved':
      case 'gate.rejected':
      case 'gate.expired':
      case 'gate.cancelled': {
        const { gateId } = record.payload;
        expect(decided.has(gateId), `I11 ${where}`).toBe(false);
        decided.add(gateId);
        gatesOf.get(agentOfGate.get(gateId) ?? '')?.delete(gateId);
        break;
      }
      case 'task.assigned': {
        const { taskId, agentId } = record.payload;
        expect(registered.has(agentId), `I2 ${where}`).toBe(true);
        expect(paused.has(agentId) || (gatesOf.get(agentId)?.size ?? 0) > 0, `I10 ${where}`).toBe(false);
        expect(holders.has(taskId), `I18 ${where}`).toBe(false);
        holders.set(taskId, agentId);
        break;
      }
      case 'consultation.asked':
        expect(paused.has(record.payload.agentId), `I10 ${where}`).toBe(false);
        break;
      case 'message.send':
        expect(['hub', 'client'].includes(record.from) || registered.has(record.from), `I2 ${where}`).toBe(true);
        break;
      case 'task.submit':
        outcomes.set(record.payload.taskId, 0);
        break;
      case 'task.returned':
      case 'task.retried': {
        const { taskId } = record.payload;
        holders.delete(taskId);
        // What a task has open holds nobody any more.
        for (const gateId of gatesOfTask.get(taskId) ?? []) gatesOf.get(agentOfGate.get(gateId) ?? '')?.delete(gateId);
        break;
      }
    }
    if (record.type === 'task.completed' || record.type === 'task.failed' || record.type === 'task.cancelled') {
      const { taskId } = record.payload;
      holders.delete(taskId);
      outcomes.set(taskId, (outcomes.get(taskId) ?? Number.NaN) + 1);
      expect(outcomes.get(taskId), `I3 ${where}`).toBe(1);
    }
  }
}
