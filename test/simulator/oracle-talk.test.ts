/** The oracle, on logs of gates, questions, messages and deadlines in which one thing is wrong. */
import { expect, test } from 'vitest';
import type { CheckOptions } from '../../src/simulator/evidence.ts';
import { check } from '../../src/simulator/oracle.ts';
import { atWork, ending, fact, hash, type LogWriter, shown, started, submit } from './logs.ts';

const found = ({ records }: LogWriter, options: CheckOptions = {}): string[] => [
  ...new Set(check(records, undefined, undefined, options).map(({ invariant }) => invariant)),
];

const open = (log = started(), more = {}) =>
  log.turn('client', 'gate.open', { gateId: 'g', ...shown, contentHash: hash, ...more });
const decide = (log: LogWriter, by: string, more = {}) =>
  log.turn(
    'client',
    'gate.decide',
    { gateId: 'g', decision: 'approve', by, ...more },
    fact('gate.approved', { gateId: 'g', by }),
  );

test('I11: decided twice, by somebody who may not, by an agent, on another text, by nobody', () => {
  expect(found(decide(open(), 'alice'))).toEqual([]);
  expect(found(decide(decide(open(), 'alice'), 'bob'))).toContain('I11');
  expect(found(decide(open(started(), { approvers: ['alice'] }), 'bob'))).toContain('I11');
  expect(found(decide(open(), 'a'))).toContain('I11');
  expect(found(decide(open(), 'alice', { contentHash: '0'.repeat(64) }))).toContain('I11');
  expect(
    found(open().turn('client', 'hub.pause', { reason: 'x' }, fact('gate.approved', { gateId: 'g', by: 'alice' }))),
  ).toContain('I11');
  expect(found(open(open()))).toContain('I11');
});

test('I21: a decision without an answer', () => {
  expect(found(open().turn('client', 'gate.decide', { gateId: 'g', decision: 'approve', by: 'alice' }))).toContain(
    'I21',
  );
});

test('I21: a gate or a question that stays open when its task ends', () => {
  const end = fact('task.cancelled', { taskId: 't', reason: 'no', ...ending });
  const cancelled = (log: LogWriter, ...before: ReturnType<typeof fact>[]) =>
    found(log.turn('client', 'task.cancel', { taskId: 't', reason: 'no' }, ...before, end)).filter(
      (one) => one !== 'I2',
    );
  const withGate = () => open(atWork(), { taskId: 't', agentId: 'a', lease: 5 });
  expect(cancelled(withGate())).toContain('I21');
  expect(cancelled(withGate(), fact('gate.cancelled', { gateId: 'g', reason: 'no' }))).toEqual([]);
  const asking = atWork().turn('a', 'consultation.request', {
    consultationId: 'c',
    taskId: 't',
    lease: 5,
    specialistType: 'expert',
    question: 'how?',
  });
  expect(cancelled(asking)).toContain('I21');
});

const ask = (log = started()) =>
  log
    .turn('client', 'agent.register', { agentId: 'e', type: 'expert', answers: true })
    .turn(
      'a',
      'consultation.request',
      { consultationId: 'c', specialistType: 'expert', question: 'how?' },
      fact('consultation.asked', { consultationId: 'c', agentId: 'e' }),
    );
const answered = fact('consultation.answered', { consultationId: 'c', agentId: 'e' });
const answer = (log: LogWriter, from: string, lease: number, ...follows: ReturnType<typeof fact>[]) =>
  found(log.turn(from, 'consultation.answer', { consultationId: 'c', lease, answer: null }, ...follows)).filter(
    (one) => one !== 'I2',
  );

test('C1, I17: a consultation ends once, by who is asked', () => {
  expect(answer(ask(), 'e', 5, answered)).toEqual([]);
  expect(answer(ask(), 'e', 5, answered, answered)).toContain('C1');
  expect(answer(ask(), 'e', 4, answered)).toContain('I17');
  expect(answer(ask(), 'a', 5, answered)).toContain('I17');
});

test('C3: nobody is asked who waits for the answer', () => {
  const log = started().turn(
    'a',
    'consultation.request',
    { consultationId: 'c', specialistType: 'dev', question: 'how?' },
    fact('consultation.asked', { consultationId: 'c', agentId: 'a' }),
  );
  expect(found(log)).toContain('C3');
});

test('I20, I21: a message that finds no room, or nobody, is a dead letter; and what waits for somebody who leaves', () => {
  const send = (log: LogWriter, to: string, ...follows: ReturnType<typeof fact>[]) => {
    log.turn('hub', 'message.send', { messageType: 'note', body: null }, ...follows);
    const at = log.records.findLastIndex(({ type }) => type === 'message.send');
    log.records[at] = { ...log.records[at], to } as (typeof log.records)[number];
    return log;
  };
  const letter = (letterSeq: number) =>
    fact('deadletter.added', {
      letterSeq,
      from: 'hub',
      to: 'a',
      messageType: 'message.send',
      payload: null,
      reason: 'inboxFull',
    });
  const small = () => started({ inboxLimit: 1 });
  expect(found(send(small(), 'a'))).toEqual([]);
  expect(found(send(send(small(), 'a'), 'a'))).toContain('I20');
  expect(found(send(send(small(), 'a'), 'a', letter(4)))).toEqual([]);
  expect(found(send(small(), 'a', letter(3)))).toContain('I21');
  expect(found(send(small(), 'nobody'))).toContain('I21');
  const gone = fact('agent.unregistered', { agentId: 'a', reason: 'bye' });
  expect(found(send(small(), 'a').turn('client', 'agent.unregister', { agentId: 'a', reason: 'bye' }, gone))).toContain(
    'I21',
  );
});

test('I12: a deadline that comes too early, at another time, out of order, or not at all', () => {
  const waiting = () =>
    started()
      .turn('client', 'agent.pause', { agentId: 'a', reason: 'no' })
      .turn('client', 'task.submit', submit('t', { timeoutMs: 500 }), fact('task.enqueued', { taskId: 't' }))
      .turn('client', 'task.submit', submit('u', { timeoutMs: 400 }), fact('task.enqueued', { taskId: 'u' }));
  const pass = (log: LogWriter, subject: string, dueAt: number) =>
    found(
      log.turn(
        'clock',
        'deadline.passed',
        { kind: 'task', subject, dueAt },
        fact('task.failed', { taskId: subject, error: { code: 'timeout', message: 'late' }, ...ending, agentId: null }),
      ),
      { isSteady: true },
    );
  expect(pass(waiting().wait(400), 'u', 1400)).toEqual([]);
  expect(pass(waiting().wait(300), 'u', 1400)).toContain('I12');
  expect(pass(waiting().wait(450), 'u', 1450)).toContain('I12');
  expect(pass(waiting().wait(500), 't', 1500)).toContain('I12');
  expect(found(waiting().wait(600).turn('client', 'hub.pause', { reason: 'x' }), { isSteady: true })).toContain('I12');
});

test('I26: what is still open when all has drained', () => {
  expect(found(open(), { isDrained: true })).toContain('I26');
});
