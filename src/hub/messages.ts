/**
 * Messages between agents, and between agents and the hub.
 *
 * - M1 a message is in its recipient's inbox exactly when its record is in the log and no acknowledgement
 *   or dead letter follows it.
 * - M2 an inbox is in log order, so it is in order for each sender (I9).
 * - M3 what is sent again in somebody's name, out of a dead letter, is no sign of life from them.
 */
import type { HubRecord } from '../machines/messages.ts';
import { bury } from './dead-letters.ts';
import type { Decisions, Folds } from './turn.ts';

/** Whether whoever a record is from has said it themselves (M3). */
export const isTheirOwn = ({ type, payload }: HubRecord): boolean =>
  type !== 'message.send' || payload.letterSeq === undefined;

export const messageFolds = {
  'message.send'(state, { seq, from, to, at, payload: { messageType, body } }) {
    state.counters.messages++;
    const inbox = state.agents.get(to)?.inbox;
    if (inbox !== undefined && inbox.length < state.config.inboxLimit) {
      inbox.push({ seq, from, type: messageType, body, at });
      state.changes.agent.add(to);
    }
  },
  'message.acknowledge'(state, { from, payload: { messageSeq } }) {
    const inbox = state.agents.get(from)?.inbox;
    const place = inbox?.findIndex(({ seq }) => seq === messageSeq) ?? -1;
    if (place >= 0) inbox?.splice(place, 1);
    state.changes.agent.add(from);
  },
} satisfies Folds;

export const messageDecisions = {
  'message.send'(turn, record) {
    if (record.to === 'hub') return;
    const inbox = turn.state.agents.get(record.to)?.inbox;
    if (inbox === undefined) bury(turn, record, 'recipientGone');
    else if (inbox.at(-1)?.seq !== record.seq) bury(turn, record, 'inboxFull');
  },
} satisfies Decisions;
