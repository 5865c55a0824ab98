/** What was done in the world, against the log. */
import { canonicalJson, type Json } from '../../machines/json.ts';
import type { HubRecord, RecordOf } from '../../machines/messages.ts';
import type { Evidence, FinalRule, Say } from '../evidence.ts';
import type { Effect } from '../history.ts';
import { isForgetful } from '../model.ts';

type EffectOf<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

const all = <K extends Effect['kind']>({ effects }: Evidence, kind: K): EffectOf<K>[] =>
  effects.filter((effect): effect is EffectOf<K> => effect.kind === kind);

/** How many records each start of the hub found. */
const recoveredBy = (evidence: Evidence): Map<number, number> =>
  new Map(all(evidence, 'began').map(({ life, recovered }) => [life, recovered]));

/** An effect has its record, which was durable (I5) and not read back at a start (I14). */
function isTraced(
  effect: { readonly life: number; readonly durable: number },
  record: HubRecord | undefined,
  what: string,
  recovered: ReadonlyMap<number, number>,
  say: Say,
): void {
  if (record === undefined) say('I2', `${what} has no record`);
  else if (record.seq > effect.durable) say('I5', `${what} when ${effect.durable} records were durable`, record);
  else if (record.seq <= (recovered.get(effect.life) ?? 0)) say('I14', `${what} while the log was folded`, record);
}

/** I2, V1: a driver is called once for each assignment. */
export const isCalledOncePerLease: FinalRule = (evidence, say) => {
  const recovered = recoveredBy(evidence);
  /** More than one when an id comes again. */
  const assigned = new Map<string, RecordOf<'task.assigned'>[]>();
  for (const record of evidence.log) {
    if (record.type !== 'task.assigned') continue;
    const lease = `${record.payload.taskId} ${record.payload.attempt}`;
    assigned.set(lease, [...(assigned.get(lease) ?? []), record]);
  }
  const called = new Set<number>();
  for (const effect of all(evidence, 'run')) {
    const { taskId, attempt, agentId, idempotencyKey } = effect;
    const records = (assigned.get(`${taskId} ${attempt}`) ?? []).filter(({ payload }) => payload.agentId === agentId);
    const record = records.findLast(({ seq }) => seq <= effect.durable) ?? records[0];
    isTraced(effect, record, `${agentId} was called for attempt ${attempt} of ${taskId}`, recovered, say);
    if (record === undefined) continue;
    if (called.has(record.seq)) say('V1', `${agentId} was called twice`, record);
    called.add(record.seq);
    if (isForgetful(evidence.model)) continue;
    const key = evidence.model.tasks.get(taskId)?.spec.idempotencyKey ?? taskId;
    if (key !== idempotencyKey) say('I4', `${taskId} was given out under the key ${idempotencyKey}, not ${key}`);
  }
};

/** I2, V1: a specialist is called once for each asking. */
export const isAskedOncePerLease: FinalRule = (evidence, say) => {
  const recovered = recoveredBy(evidence);
  const asked = new Map<string, HubRecord[]>();
  for (const record of evidence.log) {
    if (record.type !== 'consultation.asked') continue;
    const key = `${record.payload.consultationId} ${record.payload.agentId}`;
    asked.set(key, [...(asked.get(key) ?? []), record]);
  }
  for (const effect of all(evidence, 'answer')) {
    const key = `${effect.consultationId} ${effect.agentId}`;
    isTraced(effect, asked.get(key)?.shift(), `${effect.agentId} was asked ${effect.consultationId}`, recovered, say);
  }
};

/** I8, I9: what an agent reads is in the log, and comes in the order in which each sender sent it. */
export const isReadInOrder: FinalRule = (evidence, say) => {
  const seen = new Set<string>();
  const last = new Map<string, number>();
  for (const { agentId, seq, from, type, body, durable } of all(evidence, 'message')) {
    const record = evidence.log[seq - 1];
    const isIt =
      record?.type === 'message.send' &&
      record.to === agentId &&
      record.from === from &&
      record.payload.messageType === type &&
      canonicalJson(record.payload.body) === canonicalJson(body);
    if (!isIt) say('I8', `${agentId} read a message ${seq} that is not in the log`);
    else if (seq > durable) say('I5', `${agentId} read it when ${durable} records were durable`, record);
    if (seen.has(`${agentId} ${seq}`)) continue; // Given back, and read again.
    seen.add(`${agentId} ${seq}`);
    const pair = `${from} ${agentId}`;
    if (seq < (last.get(pair) ?? 0)) say('I9', `${agentId} read ${seq} of ${from} after ${last.get(pair)}`);
    last.set(pair, seq);
  }
};

/** I23: listeners hear of each durable record once, in order, from where the hub began. */
export const isHeardInOrder: FinalRule = (evidence, say) => {
  const recovered = recoveredBy(evidence);
  const last = new Map<number, number>();
  for (const { life, seq, durable } of all(evidence, 'heard')) {
    const before = last.get(life);
    if (seq > durable) say('I5', `record ${seq} was announced when ${durable} were durable`);
    if (before === undefined && seq <= (recovered.get(life) ?? 0)) say('I14', `record ${seq} was announced again`);
    if (before !== undefined && seq !== before + 1) say('I21', `record ${seq} was announced after ${before}`);
    last.set(life, seq);
  }
};

/** I16: once another hub has written, the first one writes nothing. */
export const hasOneWriter: FinalRule = (evidence, say) => {
  let latest = 0;
  for (const { life, fromSeq } of all(evidence, 'wrote')) {
    if (life < latest) say('I16', `hub ${life} wrote record ${fromSeq} after hub ${latest} had taken over`);
    latest = Math.max(latest, life);
  }
};

/** I24: a hub whose store has failed does nothing any more. */
export const failedIsStill: FinalRule = ({ effects }, say) => {
  const failed = new Set<number>();
  for (const effect of effects) {
    if (effect.kind === 'failed') failed.add(effect.life);
    else if (effect.kind !== 'began' && failed.has(effect.life)) {
      say('I24', `hub ${effect.life} had failed, and then: ${JSON.stringify(effect).slice(0, 200)}`);
    }
  }
};

/** I3: a promise of an outcome is kept with what the log says, once that is durable. */
export const isSettledAsLogged: FinalRule = (evidence, say) => {
  /** More than one when an id comes again. */
  const ends = new Map<string, HubRecord[]>();
  for (const record of evidence.log) {
    const [noun, verb] = record.type.split('.') as [string, string];
    const id = (record.payload as { readonly [key: string]: string })[`${noun}Id`];
    if (!endings.has(verb) || id === undefined) continue;
    const key = `${noun} ${id}`;
    ends.set(key, [...(ends.get(key) ?? []), record]);
  }
  for (const { what, id, outcome, durable } of all(evidence, 'settled')) {
    const records = ends.get(`${what} ${id}`) ?? [];
    const record = records.findLast(({ seq }) => seq <= durable) ?? records[0];
    const { status, result } = outcome as { readonly status: string; readonly result?: Json };
    if (record === undefined) say('I3', `${what} ${id} was said to be ${status}, and has not ended`);
    else if (record.type !== `${what}.${status}`) say('I3', `it was said to be ${status}`, record);
    else if (record.seq > durable) say('I5', `it was told when ${durable} records were durable`, record);
    else if (record.type === 'task.completed') {
      const given = resultBehind(evidence, record);
      if (canonicalJson(result ?? null) !== canonicalJson(given))
        say('I3', 'another result was told than stands in the log', record);
    }
  }
};

const endings: ReadonlySet<string> = new Set([
  'completed',
  'failed',
  'cancelled',
  'approved',
  'rejected',
  'expired',
  'answered',
  'unavailable',
]);

function resultBehind({ model }: Evidence, { causationId }: HubRecord): Json {
  const cause = model.byId.get(causationId ?? '');
  return cause?.type === 'task.result' || cause?.type === 'deadletter.accept' ? cause.payload.result : null;
}
