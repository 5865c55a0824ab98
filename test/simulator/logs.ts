/** Logs made by hand: a good one of each kind, in which a test breaks one thing. */
import { contentHash } from '../../src/machines/hash.ts';
import { type HubRecord, type MessageType, type PayloadInput, payloadSchemas } from '../../src/machines/messages.ts';

interface Entry {
  readonly type: MessageType;
  readonly payload: unknown;
  readonly from: string;
  readonly at: number;
}

/** Writes a log turn by turn. */
export class LogWriter {
  readonly records: HubRecord[] = [];
  at = 1000;
  #turns = 0;

  /** A message from outside, with what follows from it; each follows from the first. */
  turn<T extends MessageType>(from: string, type: T, payload: PayloadInput<T>, ...follows: readonly Entry[]): this {
    const id = `r${++this.#turns}`;
    this.#add(id, null, { from, type, payload, at: this.at });
    for (const [index, entry] of follows.entries()) this.#add(`${id}.${index + 1}`, id, entry);
    return this;
  }

  /** Lets time pass. */
  wait(ms: number): this {
    this.at += ms;
    return this;
  }

  #add(id: string, causationId: string | null, { from, type, payload }: Entry): void {
    const seq = this.records.length + 1;
    const parsed = payloadSchemas[type].parse(payload);
    const envelope = { seq, at: this.at, id, from, to: 'hub', correlationId: 'c', causationId };
    this.records.push({ ...envelope, type, payload: parsed } as HubRecord);
  }
}

/** What follows in a turn. */
export const fact = <T extends MessageType>(type: T, payload: PayloadInput<T>, from = 'hub'): Entry => ({
  type,
  payload,
  from,
  at: 0,
});

const routing = { strategy: 'longestFree', confidence: 1, reason: 'free', scores: {}, alternatives: [] };
export const ending = { agentId: 'a', attempts: 1, durationMs: 0, latencyMs: 0, quality: null };
export const shown = { reason: 'may I?', context: null };
export const hash = contentHash(shown);

export const submit = (taskId: string, more: Partial<PayloadInput<'task.submit'>> = {}) =>
  ({
    taskId,
    type: 'x',
    requirements: { capabilities: [], languages: [], specialisations: [] },
    ...more,
  }) as PayloadInput<'task.submit'>;

export const assigned = (taskId: string, agentId = 'a', attempt = 1) =>
  fact('task.assigned', { taskId, agentId, attempt, routing } as PayloadInput<'task.assigned'>);

/** A hub with agent `a`, from record 3 on. */
export function started(config: PayloadInput<'hub.started'>['config'] = {}): LogWriter {
  return new LogWriter()
    .turn('hub', 'hub.started', { project: 'p', config })
    .turn('client', 'agent.register', { agentId: 'a', type: 'dev', answers: true });
}

/** Task `t` at work at `a`: submitted as record 3, enqueued as 4, assigned as 5, started as 6. */
export const atWork = (more: Partial<PayloadInput<'task.submit'>> = {}): LogWriter =>
  started()
    .turn('client', 'task.submit', submit('t', more), fact('task.enqueued', { taskId: 't' }), assigned('t'))
    .turn('a', 'task.started', { taskId: 't', lease: 5 });

/** Causes are looked up by id: what an agent says follows from its assignment. */
export const broken = (
  log: readonly HubRecord[],
  change: (record: HubRecord) => Partial<HubRecord> | null,
): HubRecord[] =>
  log.flatMap((record) => {
    const changed = change(record);
    return changed === null ? [] : [{ ...record, ...changed } as HubRecord];
  });
