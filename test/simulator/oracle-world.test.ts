/** The oracle, on what clients heard and what was done in the world, with one thing wrong. */
import { expect, test } from 'vitest';
import type { Effect, HistoryEvent } from '../../src/simulator/history.ts';
import { check } from '../../src/simulator/oracle.ts';
import { assigned, atWork, ending, fact, hash, type LogWriter, shown, started, submit } from './logs.ts';

type Told = Partial<HistoryEvent> & Pick<HistoryEvent, 'kind' | 'call'>;
const history = (...events: readonly Told[]): HistoryEvent[] =>
  events.map((event) => ({ command: 'submit', id: 't', life: 1, durable: 99, value: null, ...event }));
const asked = (call: number, more: object = {}): Told => ({ kind: 'invoke', call, value: { type: 'x', ...more } });

const told = ({ records }: LogWriter, ...events: readonly Told[]): string[] =>
  check(records, history(...events)).map(({ invariant }) => invariant);

const seen = ({ records }: LogWriter, ...effects: readonly object[]): string[] =>
  check(
    records,
    undefined,
    effects.map((effect) => ({ life: 1, durable: 99, ...effect }) as Effect),
  ).map(({ invariant }) => invariant);

const submitted = (more = {}) =>
  started().turn('client', 'task.submit', submit('t', more), fact('task.enqueued', { taskId: 't' }), assigned('t'));

test('I1, I5: what was acknowledged is in the log, durably', () => {
  expect(told(submitted(), asked(1), { kind: 'ok', call: 1 })).toEqual([]);
  expect(told(submitted(), asked(1), { kind: 'ok', call: 1, id: 'u' })).toContain('I1');
  expect(told(submitted(), asked(1), { kind: 'ok', call: 1, durable: 2 })).toContain('I5');
  expect(
    told(started(), { ...asked(1), command: 'orchestrate' }, { kind: 'ok', call: 1, command: 'orchestrate' }),
  ).toContain('I1');
});

test('I2: what is in the log was submitted, and not refused', () => {
  expect(told(submitted())).toContain('I2');
  expect(told(submitted(), asked(1), { kind: 'fail', call: 1 })).toContain('I2');
  expect(told(submitted(), asked(1), { kind: 'unknown', call: 1 })).toEqual([]);
});

test('I4: a key leads to one task, and takes one body', () => {
  const key = { idempotencyKey: 'k' };
  const log = () => submitted(key);
  const ok = (call: number, id = 't'): Told => ({ kind: 'ok', call, id });
  expect(told(log(), asked(1, key), asked(2, key), ok(1), ok(2))).toEqual([]);
  expect(told(log(), asked(1, key), asked(2, key), ok(1), ok(2, 'u'))).toContain('I4');
  expect(told(log(), asked(1, key), asked(2, { ...key, payload: 'other' }), ok(1), ok(2))).toContain('I4');
});

test('I11: one of all who decide is told that it counts', () => {
  const decided = started()
    .turn('client', 'gate.open', { gateId: 'g', ...shown, contentHash: hash })
    .turn(
      'client',
      'gate.decide',
      { gateId: 'g', decision: 'approve', by: 'alice' },
      fact('gate.approved', { gateId: 'g', by: 'alice' }),
    );
  const decide = (call: number, by: string): Told => ({
    kind: 'invoke',
    call,
    command: 'decide',
    id: 'g',
    value: { by },
  });
  const ok = (call: number, durable = 99): Told => ({ kind: 'ok', call, command: 'decide', id: 'g', durable });
  expect(told(decided, decide(1, 'alice'), ok(1))).toEqual([]);
  expect(told(decided, decide(1, 'alice'), decide(2, 'alice'), ok(1), ok(2))).toContain('I11');
  expect(told(decided, decide(1, 'bob'), ok(1))).toContain('I11');
  expect(told(decided, decide(1, 'alice'), ok(1, 3))).toContain('I5');
});

test('I8: a message that was acknowledged is in the log as it was sent', () => {
  const log = started().turn('hub', 'message.send', { messageType: 'note-1', body: null });
  const send = (more = {}): Told => ({
    kind: 'invoke',
    call: 1,
    command: 'send',
    id: 'hub',
    value: { from: 'hub', type: 'note-1', ...more },
  });
  const ok = (seq: number): Told => ({ kind: 'ok', call: 1, command: 'send', id: 'hub', value: { seq } });
  expect(told(log, send(), ok(3))).toEqual([]);
  expect(told(log, send(), ok(2))).toContain('I8');
  expect(told(log, send({ type: 'another' }), ok(3))).toContain('I8');
});

const run = { kind: 'run', agentId: 'a', taskId: 't', attempt: 1, idempotencyKey: 't' };

test('I2, I5, I14, V1: a driver is called once for each assignment, when that is durable and new', () => {
  expect(seen(submitted(), run)).toEqual([]);
  expect(seen(submitted(), run, run)).toContain('V1');
  expect(seen(submitted(), { ...run, durable: 4 })).toContain('I5');
  expect(seen(submitted(), { ...run, agentId: 'b' })).toContain('I2');
  expect(seen(submitted(), { ...run, idempotencyKey: 'u' })).toContain('I4');
  expect(seen(submitted(), { kind: 'began', recovered: 5 }, run)).toContain('I14');
});

test('I8, I9: messages are read as they are in the log, and in their order', () => {
  const log = started();
  for (const body of ['one', 'two']) {
    log.turn('hub', 'message.send', { messageType: 'note', body });
    log.records[log.records.length - 1] = { ...log.records.at(-1), to: 'a' } as (typeof log.records)[number];
  }
  const read = (seq: number, body: string) => ({ kind: 'message', agentId: 'a', seq, from: 'hub', type: 'note', body });
  expect(seen(log, read(3, 'one'), read(4, 'two'))).toEqual([]);
  expect(seen(log, read(4, 'two'), read(3, 'one'))).toContain('I9');
  expect(seen(log, read(3, 'other'))).toContain('I8');
});

test('I3, I5: an outcome is told as it stands in the log, when that is durable', () => {
  const log = atWork().turn(
    'a',
    'task.result',
    { taskId: 't', lease: 5, result: 7 },
    fact('task.completed', { taskId: 't', ...ending }),
  );
  const settled = (outcome: object, more = {}) => ({ kind: 'settled', what: 'task', id: 't', outcome, ...more });
  const without = (found: string[]) => found.filter((one) => one !== 'I2');
  expect(without(seen(log, settled({ status: 'completed', result: 7 })))).toEqual([]);
  expect(seen(log, settled({ status: 'completed', result: 8 }))).toContain('I3');
  expect(seen(log, settled({ status: 'failed' }))).toContain('I3');
  expect(seen(log, settled({ status: 'completed', result: 7 }, { durable: 7 }))).toContain('I5');
  expect(seen(submitted(), settled({ status: 'completed' }))).toContain('I3');
});

test('I14, I21: listeners hear of each record once, in order', () => {
  const heard = (seq: number) => ({ kind: 'heard', seq });
  expect(seen(submitted(), heard(1), heard(2), heard(3))).toEqual([]);
  expect(seen(submitted(), heard(1), heard(3))).toContain('I21');
  expect(seen(submitted(), heard(1), heard(1))).toContain('I21');
  expect(seen(submitted(), { kind: 'began', recovered: 2 }, heard(2))).toContain('I14');
});

test('I16: a hub that was taken over from writes nothing', () => {
  const wrote = (life: number, fromSeq: number) => ({ kind: 'wrote', life, fromSeq, toSeq: fromSeq });
  expect(seen(submitted(), wrote(1, 1), wrote(2, 2))).toEqual([]);
  expect(seen(submitted(), wrote(1, 1), wrote(2, 2), wrote(1, 3))).toContain('I16');
});

test('I24: a hub whose store has failed does nothing any more', () => {
  expect(seen(submitted(), { kind: 'failed' }, run)).toContain('I24');
  expect(
    told(submitted(), asked(1), asked(2), { kind: 'unknown', call: 2, value: 'storeFailed' }, { kind: 'ok', call: 1 }),
  ).toContain('I24');
});
