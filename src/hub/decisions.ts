/** What follows from each type of record, over all nouns of the hub. */
import type { MessageType, RecordOf } from '../machines/messages.ts';
import { agentDecisions } from './agents.ts';
import { blockedDecisions } from './blocked-subtasks.ts';
import { breakerDecisions } from './breaker.ts';
import { consultationDecisions } from './consultations.ts';
import { deadLetterDecisions } from './dead-letters.ts';
import { gateDecisions } from './gates.ts';
import { lifeDecisions } from './life.ts';
import { messageDecisions } from './messages.ts';
import { orchestrationDecisions } from './orchestrations.ts';
import { scheduleDecisions } from './schedules.ts';
import { taskDecisions } from './tasks.ts';
import type { Decisions, Turn } from './turn.ts';

type Decision = (turn: Turn, record: RecordOf<MessageType>) => void;

/** In this order where several nouns have something to say. */
const nouns: readonly Decisions[] = [
  taskDecisions,
  agentDecisions,
  messageDecisions,
  consultationDecisions,
  gateDecisions,
  deadLetterDecisions,
  breakerDecisions,
  scheduleDecisions,
  orchestrationDecisions,
  blockedDecisions,
  lifeDecisions,
];

const byType = new Map<MessageType, Decision[]>();
for (const noun of nouns) {
  for (const [type, decision] of Object.entries(noun) as [MessageType, Decision][]) {
    byType.set(type, [...(byType.get(type) ?? []), decision]);
  }
}

/** Emits what follows from a record. */
export function decide(turn: Turn, record: RecordOf<MessageType>): void {
  const decisions = byType.get(record.type);
  if (decisions === undefined) return;
  for (const decision of decisions) decision(turn, record);
}
