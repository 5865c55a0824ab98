/** The oracle, on logs of tasks in which one thing is wrong. */
import { expect, test } from 'vitest';
import type { CheckOptions } from '../../src/simulator/evidence.ts';
import { check } from '../../src/simulator/oracle.ts';
import { assigned, atWork, broken, ending, fact, type LogWriter, started, submit } from './logs.ts';

const found = ({ records }: LogWriter, options: CheckOptions = {}): string[] => [
  ...new Set(check(records, undefined, undefined, options).map(({ invariant }) => invariant)),
];

/** What agents say has a cause in a real log; here it begins a turn of its own. */
const work = (
  log: LogWriter,
  type: 'task.result' | 'task.error',
  lease: number,
  ...follows: ReturnType<typeof fact>[]
) => {
  if (type === 'task.result') return log.turn('a', type, { taskId: 't', lease, result: null }, ...follows);
  return log.turn('a', type, { taskId: 't', lease, error: { code: 'driver', message: 'no' } }, ...follows);
};
const completed = fact('task.completed', { taskId: 't', ...ending });
const letter = (letterSeq: number) =>
  fact('deadletter.added', {
    letterSeq,
    from: 'a',
    to: 'hub',
    messageType: 'task.result',
    payload: null,
    reason: 'staleLease',
  });

/** Agents' words begin turns in these logs, which no real log has. */
const withoutCauses = (invariants: readonly string[]) => invariants.filter((one) => one !== 'I2');

test('a log in which all is well', () => {
  expect(withoutCauses(found(work(atWork(), 'task.result', 5, completed), { isDrained: true }))).toEqual([]);
  expect(
    found(started().turn('client', 'task.submit', submit('t'), fact('task.enqueued', { taskId: 't' }), assigned('t'))),
  ).toEqual([]);
});

test('I1: a task without an outcome when all has drained', () => {
  expect(found(atWork(), { isDrained: true })).toContain('I1');
});

test('I2: a sender that nobody knows, a cause that is not there, a fact that nothing led to', () => {
  const { records } = atWork();
  const strange = broken(records, ({ type }) => (type === 'task.started' ? { from: 'stranger' } : {}));
  expect(check(strange).map(({ invariant }) => invariant)).toContain('I2');
  const causeless = broken(records, ({ type }) => (type === 'task.assigned' ? { causationId: 'nothing' } : {}));
  expect(check(causeless).map(({ invariant }) => invariant)).toContain('I2');
  expect(found(started().turn('hub', 'agent.found', { agentId: 'a' }))).toContain('I2');
});

test('I3: two outcomes, work after the outcome, an id that is used twice', () => {
  const done = () => work(atWork(), 'task.result', 5, completed);
  expect(
    found(
      done().turn(
        'client',
        'task.cancel',
        { taskId: 't', reason: 'no' },
        fact('task.cancelled', { taskId: 't', reason: 'no', ...ending }),
      ),
    ),
  ).toContain('I3');
  expect(found(done().turn('client', 'task.assign', { taskId: 't', agentId: 'a' }, assigned('t', 'a', 2)))).toContain(
    'I3',
  );
  expect(found(atWork().turn('client', 'task.submit', submit('t')))).toContain('I3');
  expect(
    found(started().turn('client', 'task.assign', { taskId: 'no-task', agentId: 'a' }, assigned('no-task'))),
  ).toContain('I3');
});

test('I4: one key for two tasks', () => {
  const log = atWork({ idempotencyKey: 'k' });
  expect(found(log.turn('client', 'task.submit', submit('u', { idempotencyKey: 'k' })))).toContain('I4');
});

test('I6: a task that was given out before one that stands first', () => {
  const queued = (taskId: string, priority: number) =>
    [submit(taskId, { priority }), fact('task.enqueued', { taskId })] as const;
  const log = (first: number, second: number) =>
    started()
      .turn('client', 'hub.pause', { reason: 'wait' })
      .turn('client', 'task.submit', ...queued('t', first))
      .turn('client', 'task.submit', ...queued('u', second))
      .turn('client', 'hub.resume', {}, assigned('u'));
  expect(found(log(5, 6))).toEqual([]);
  expect(found(log(5, 5))).toContain('I6');
  expect(found(log(6, 5))).toContain('I6');
});

test('I10: work for an agent that is paused, busy, lost or not there, and from a hub that is paused', () => {
  const submitted = (log: LogWriter, agentId = 'a') =>
    log.turn('client', 'task.submit', submit('u'), fact('task.enqueued', { taskId: 'u' }), assigned('u', agentId));
  expect(found(submitted(started()))).toEqual([]);
  expect(found(submitted(started().turn('client', 'agent.pause', { agentId: 'a', reason: 'no' })))).toContain('I10');
  expect(found(submitted(started().turn('client', 'agent.lost', { agentId: 'a', reason: 'no' })))).toContain('I10');
  expect(found(submitted(atWork()))).toContain('I10');
  expect(found(submitted(started(), 'nobody'))).toContain('I10');
  expect(found(submitted(started().turn('client', 'hub.pause', { reason: 'no' })))).toContain('I10');
});

test('I15: a gap, time that runs back, an id that stands twice', () => {
  const { records } = atWork();
  const invariants = (log: typeof records) => check(log).map(({ invariant }) => invariant);
  expect(invariants(broken(records, ({ seq }) => (seq === 4 ? null : {})))).toContain('I15');
  expect(invariants(broken(records, ({ seq }) => (seq === 4 ? { at: 1 } : {})))).toContain('I15');
  expect(invariants(broken(records, ({ seq }) => (seq === 6 ? { id: 'r3' } : {})))).toContain('I15');
});

test('I17: a stale answer that counts, or is lost; a good one that is buried', () => {
  expect(found(work(atWork(), 'task.result', 4, completed))).toContain('I17');
  expect(found(work(atWork(), 'task.result', 4))).toContain('I17');
  expect(found(work(atWork(), 'task.result', 5, letter(7)))).toContain('I17');
  expect(withoutCauses(found(work(atWork(), 'task.result', 4, letter(7))))).toEqual([]);
});

test('I18: an attempt that is not counted, and work that a lost agent keeps', () => {
  const returned = () =>
    atWork().turn(
      'client',
      'agent.lost',
      { agentId: 'a', reason: 'gone' },
      fact('task.returned', { taskId: 't', reason: 'gone' }),
    );
  const again = (attempt: number) =>
    found(returned().turn('client', 'agent.register', { agentId: 'b', type: 'dev' }, assigned('t', 'b', attempt)));
  expect(withoutCauses(again(2))).toEqual([]);
  expect(again(1)).toContain('I18');
  expect(again(3)).toContain('I18');
  expect(found(atWork().turn('client', 'agent.lost', { agentId: 'a', reason: 'gone' }))).toContain('I18');
  const gone = fact('agent.unregistered', { agentId: 'a', reason: 'bye' });
  expect(found(atWork().turn('client', 'agent.unregister', { agentId: 'a', reason: 'bye' }, gone))).toContain('I18');
});

test('I19: a task that is tried more often than it may be', () => {
  const log = atWork({ maxAttempts: 1 })
    .turn(
      'client',
      'agent.lost',
      { agentId: 'a', reason: 'gone' },
      fact('task.returned', { taskId: 't', reason: 'gone' }),
    )
    .turn('client', 'agent.register', { agentId: 'b', type: 'dev' }, assigned('t', 'b', 2));
  expect(found(log)).toContain('I19');
});

test('I20: a queue, an inbox or a limit that is overrun', () => {
  const full = started({ maxQueued: 1 })
    .turn('client', 'agent.pause', { agentId: 'a', reason: 'no' })
    .turn('client', 'task.submit', submit('t'), fact('task.enqueued', { taskId: 't' }));
  expect(found(full)).toEqual([]);
  expect(found(full.turn('client', 'task.submit', submit('u'), fact('task.enqueued', { taskId: 'u' })))).toContain(
    'I20',
  );
  const limited = started({ limits: { x: { concurrency: 1 } } })
    .turn('client', 'agent.register', { agentId: 'b', type: 'dev' })
    .turn('client', 'task.submit', submit('t'), fact('task.enqueued', { taskId: 't' }), assigned('t'))
    .turn('client', 'task.submit', submit('u'), fact('task.enqueued', { taskId: 'u' }), assigned('u', 'b'));
  expect(found(limited)).toContain('I20');
});

test('W1: an agent that is free beside work that it could do', () => {
  expect(found(started().turn('client', 'task.submit', submit('t'), fact('task.enqueued', { taskId: 't' })))).toContain(
    'W1',
  );
});

test('W2: an agent at work that gets another task while a question waits for it', () => {
  const log = started()
    .turn('client', 'agent.register', { agentId: 'e', type: 'expert', answers: true, concurrency: 2 })
    .turn('client', 'task.submit', submit('t'), fact('task.enqueued', { taskId: 't' }), assigned('t', 'e'))
    .turn('a', 'consultation.request', { consultationId: 'c', specialistType: 'expert', question: 'how?' })
    .turn('client', 'task.submit', submit('u'), fact('task.enqueued', { taskId: 'u' }));
  const kept = log.turn('client', 'agent.pause', { agentId: 'a', reason: 'no' });
  expect(found(kept)).not.toContain('W2');
  expect(found(log.turn('client', 'task.prioritise', { taskId: 'u', priority: 1 }, assigned('u', 'e')))).toContain(
    'W2',
  );
});
