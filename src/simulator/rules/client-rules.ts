/** What clients were told, against the log. */
import { canonicalJson } from '../../machines/json.ts';
import type { HubRecord, RecordOf } from '../../machines/messages.ts';
import type { FinalRule } from '../evidence.ts';
import type { HistoryEvent } from '../history.ts';
import { isForgetful } from '../model.ts';

const of = (history: readonly HistoryEvent[], command: HistoryEvent['command'], kind: HistoryEvent['kind']) =>
  history.filter((event) => event.command === command && event.kind === kind);

const submitsOf = (log: readonly HubRecord[]): RecordOf<'task.submit'>[] =>
  log.filter((record): record is RecordOf<'task.submit'> => record.type === 'task.submit');

/** I1, I5: whatever was acknowledged stands in the log, and stood there durably when it was. */
export const acknowledgedIsDurable: FinalRule = ({ log, history }, say) => {
  const submits = new Map<string, HubRecord>();
  for (const record of submitsOf(log)) {
    if (!submits.has(record.payload.taskId)) submits.set(record.payload.taskId, record); // Ids can come again.
  }
  for (const { id, durable, call } of of(history, 'submit', 'ok')) {
    const record = submits.get(id);
    if (record === undefined) say('I1', `task ${id} was acknowledged (call ${call}) and is not in the log`);
    else if (record.seq > durable) say('I5', `it was acknowledged when ${durable} records were durable`, record);
  }
  const requests = new Map<string, HubRecord>();
  for (const record of log) {
    if (record.type !== 'orchestration.request' || requests.has(record.payload.orchestrationId)) continue;
    requests.set(record.payload.orchestrationId, record);
  }
  for (const { id, durable } of of(history, 'orchestrate', 'ok')) {
    const record = requests.get(id);
    if (record === undefined) say('I1', `orchestration ${id} was acknowledged and is not in the log`);
    else if (record.seq > durable) say('I5', `it was acknowledged when ${durable} records were durable`, record);
  }
};

interface Asked {
  /** Calls that were not refused: what a client never heard of may have come through. */
  calls: number;
  readonly key: string | undefined;
}

/** I2, I4: a task stands in the log because a client submitted it: once for a key, and else once for each call. */
export const nothingWasSubmittedByNobody: FinalRule = ({ log, history, model }, say) => {
  const refused = new Set(of(history, 'submit', 'fail').map(({ call }) => call));
  const asked = new Map<string, Asked>();
  for (const { call, value } of of(history, 'submit', 'invoke')) {
    const {
      payload = null,
      type,
      idempotencyKey,
    } = value as {
      readonly payload?: string;
      readonly type: string;
      readonly idempotencyKey?: string;
    };
    const what = canonicalJson([type, payload]);
    const entry = asked.get(what) ?? { calls: 0, key: idempotencyKey };
    asked.set(what, entry);
    if (!refused.has(call)) entry.calls++;
  }
  const found = new Map<string, HubRecord[]>();
  for (const record of submitsOf(log)) {
    if (record.from !== 'client') continue;
    const what = canonicalJson([record.payload.type, record.payload.payload]);
    found.set(what, [...(found.get(what) ?? []), record]);
  }
  for (const [what, records] of found) {
    const entry = asked.get(what);
    const calls = entry?.calls ?? 0;
    const most = entry?.key === undefined || isForgetful(model) ? calls : Math.min(1, calls);
    if (records.length > most) {
      say(
        entry?.key === undefined ? 'I2' : 'I4',
        `${what} stands ${records.length} times in the log, of at most ${most}`,
        ...records,
      );
    }
  }
};

/** I4: the same key and body get the same answer; another body gets `conflict`. */
export const keysAnswerAlike: FinalRule = ({ history, model }, say) => {
  if (isForgetful(model)) return;
  const first = new Map<string, { readonly id: string; readonly body: string }>();
  const invokes = new Map(history.filter(({ kind }) => kind === 'invoke').map((event) => [event.call, event]));
  for (const { id, call } of of(history, 'submit', 'ok')) {
    const task = invokes.get(call)?.value as { readonly idempotencyKey?: string } | undefined;
    if (task?.idempotencyKey === undefined) continue;
    const body = canonicalJson({ ...task, id: null });
    const known = first.get(task.idempotencyKey);
    if (known === undefined) first.set(task.idempotencyKey, { id, body });
    else if (known.id !== id) say('I4', `the key ${task.idempotencyKey} led to ${known.id} and to ${id}`);
    else if (known.body !== body)
      say('I4', `the key ${task.idempotencyKey} was taken with another body (call ${call})`);
  }
};

/** I11: of all who decided a gate, one at most was told that it counts, and it does. */
export const decidedOnce: FinalRule = ({ log, history }, say) => {
  const invokes = new Map(history.filter(({ kind }) => kind === 'invoke').map((event) => [event.call, event]));
  const winners = new Map<string, number>();
  for (const { id, call, durable } of of(history, 'decide', 'ok')) {
    const before = winners.get(id);
    if (before !== undefined) say('I11', `gate ${id}: calls ${before} and ${call} were both told that they decided it`);
    winners.set(id, call);
    const { by } = (invokes.get(call)?.value ?? {}) as { readonly by?: string };
    const record = log.find(
      (one) =>
        (one.type === 'gate.approved' || one.type === 'gate.rejected') &&
        one.payload.gateId === id &&
        one.payload.by === by,
    );
    if (record === undefined)
      say('I11', `gate ${id}: ${by} was told that it counts (call ${call}), and it is not in the log`);
    else if (record.seq > durable)
      say('I5', `the decision was acknowledged when ${durable} records were durable`, record);
  }
};

/** I24: a hub whose store has failed acknowledges nothing any more. */
export const failedAcknowledgesNothing: FinalRule = ({ history }, say) => {
  const failed = new Set<number>();
  for (const { life, kind, value, call } of history) {
    if (kind === 'unknown' && value === 'storeFailed') failed.add(life);
    if (kind === 'ok' && failed.has(life))
      say('I24', `hub ${life} acknowledged call ${call} after its store had failed`);
  }
};

/** I2: a message stands in the log as often as it was said, and once more for each replay. */
export const nothingWasSaidByNobody: FinalRule = ({ log, history }, say) => {
  const least = new Map<string, number>();
  const calls = new Set(history.filter(({ kind }) => kind === 'fail').map(({ call }) => call));
  for (const { kind, call, command, id, value } of history) {
    if (kind !== 'invoke' || command !== 'send' || calls.has(call)) continue;
    const { from, type } = value as { readonly from: string; readonly type: string };
    const key = `${from} ${id} ${type}`;
    least.set(key, (least.get(key) ?? 0) + 1);
  }
  const letters = new Map<number, string>();
  const found = new Map<string, HubRecord[]>();
  for (const record of log) {
    if (record.type === 'deadletter.added' && record.payload.messageType === 'message.send') {
      const { messageType } = record.payload.payload as { readonly messageType: string };
      letters.set(record.payload.letterSeq, `${record.payload.from} ${record.payload.to} ${messageType}`);
    } else if (record.type === 'deadletter.replay') {
      const key = letters.get(record.payload.letterSeq) ?? '';
      least.set(key, (least.get(key) ?? 0) + 1);
    } else if (record.type === 'message.send' && record.payload.messageType.startsWith('note-')) {
      const key = `${record.from} ${record.to} ${record.payload.messageType}`;
      found.set(key, [...(found.get(key) ?? []), record]);
    }
  }
  for (const [key, records] of found) {
    const most = least.get(key) ?? 0;
    if (records.length > most)
      say('I2', `${key} stands ${records.length} times in the log, of at most ${most}`, ...records);
  }
};

/** I1: whoever submitted a task to the last hub, which went on to the end, is told its outcome. */
export const outcomesAreTold: FinalRule = ({ log, history, effects, model, isDrained }, say) => {
  if (isDrained !== true || isForgetful(model)) return;
  const lastLife = effects.findLast(({ kind }) => kind === 'began')?.life;
  const ends = new Map<string, HubRecord>();
  for (const record of log) {
    if (record.type === 'task.completed' || record.type === 'task.failed' || record.type === 'task.cancelled') {
      ends.set(record.payload.taskId, record);
    }
  }
  const told = new Set<string>();
  for (const effect of effects) {
    if (effect.kind === 'settled' && effect.what === 'task' && effect.life === lastLife) told.add(effect.id);
  }
  for (const { id, life } of of(history, 'submit', 'ok')) {
    const end = ends.get(id);
    if (end === undefined || life !== lastLife || told.has(id)) continue;
    say('I1', `whoever submitted ${id} was never told of it`, end);
  }
};

/** I2, I8: a message that was sent stands once in the log, as it was sent. */
export const sentIsLogged: FinalRule = ({ log, history }, say) => {
  const invokes = new Map(history.filter(({ kind }) => kind === 'invoke').map((event) => [event.call, event]));
  const seen = new Set<number>();
  for (const { call, value, durable } of of(history, 'send', 'ok')) {
    const { seq } = value as { readonly seq: number };
    const record = log[seq - 1];
    const asked = invokes.get(call);
    const { from, type } = (asked?.value ?? {}) as { readonly from?: string; readonly type?: string };
    const isIt =
      record?.type === 'message.send' &&
      record.from === from &&
      record.to === asked?.id &&
      record.payload.messageType === type;
    if (!isIt) say('I8', `message ${type} to ${asked?.id} was acknowledged as record ${seq}, which is another`);
    else if (seq > durable) say('I5', `it was acknowledged when ${durable} records were durable`, record);
    if (seen.has(seq)) say('I8', `record ${seq} was the answer to two messages`);
    seen.add(seq);
  }
};
