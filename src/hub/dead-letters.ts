/** What could not be delivered, with the reason: kept until it is replayed or purged. */
import type { Json } from '../machines/json.ts';
import type { DeadLetterReason, HubRecord } from '../machines/messages.ts';
import type { HubState } from './state.ts';
import type { Decisions, Folds, Turn } from './turn.ts';

/** Makes a dead letter of a record. */
export function bury(turn: Turn, record: HubRecord, reason: DeadLetterReason): void {
  const { seq, from, to, type, payload } = record;
  turn.emit('hub', 'deadletter.added', {
    letterSeq: seq,
    from,
    to,
    messageType: type,
    payload: payload as Json,
    reason,
  });
}

export const deadLetterFolds = {
  'deadletter.added'(state, { seq, at, payload }) {
    state.deadLetters.set(payload.letterSeq, { ...payload, at, place: seq });
    state.changes.letter.add(payload.letterSeq);
  },
  'deadletter.replay'(state, { payload }) {
    forget(state, payload.letterSeq);
  },
  'deadletter.accept'(state, { payload: { letterSeq, taskId, agentId, result } }) {
    forget(state, letterSeq);
    const entry = state.tasks.get(taskId);
    if (entry !== undefined) Object.assign(entry, { result, lateFrom: agentId });
    state.tellTask(taskId, { type: 'result.accepted' });
  },
  'deadletter.purge'(state, { payload }) {
    forget(state, payload.letterSeq);
  },
} satisfies Folds;

function forget({ deadLetters, changes }: HubState, letterSeq: number): void {
  const letter = deadLetters.get(letterSeq);
  if (letter === undefined) return;
  deadLetters.delete(letterSeq);
  changes.letter.remove(letterSeq, letter.place);
}

export const deadLetterDecisions = {
  'deadletter.added'(turn) {
    const { deadLetters, config } = turn.state;
    for (const letterSeq of deadLetters.keys()) {
      if (deadLetters.size <= config.deadLetterLimit) return;
      turn.emit('hub', 'deadletter.purge', { letterSeq });
    }
  },
} satisfies Decisions;
