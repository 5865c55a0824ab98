import { describe, expect, test } from 'vitest';
import { Ledger } from '../../src/coordination/ledger.ts';
import { SubtaskIds } from '../../src/coordination/unique-planner.ts';
import type { HubRecord, MessageType, Payload } from '../../src/machines/messages.ts';
import { plan, subtask } from '../support/plans.ts';

const taskId = 'orch-1.one';
const lease = 4;

/** A ledger that has read of one subtask at work, under the lease of record 4; `say` gives it the next record. */
function atWork() {
  const ledger = new Ledger(new SubtaskIds());
  const say = <T extends MessageType>(type: T, payload: Partial<Payload<T>>) =>
    ledger.note({ seq: ledger.seq + 1, at: 1000 + ledger.seq, type, payload } as unknown as HubRecord);
  say('orchestration.request', { orchestrationId: 'orch-1', priority: 5 });
  say('orchestration.planned', {
    orchestrationId: 'orch-1',
    plan: plan(subtask('one')),
    stages: [['one']],
    estimate: {},
  });
  say('task.submit', { taskId, orchestrationId: 'orch-1', subtaskId: 'one' });
  say('task.assigned', { taskId });
  const facts = () => ledger.subtasks.get('one');
  return { ledger, say, facts };
}

describe('what has been handed over', () => {
  test('is what made progress first', () => {
    const { say, facts } = atWork();
    expect(facts()?.handedOverAt).toBeNull();
    say('task.progressed', { taskId, lease });
    say('task.progressed', { taskId, lease });

    expect(facts()?.handedOverAt).toBe(1004);
  });

  test('stays so over a restart of the hub, under another lease', () => {
    const { say, facts } = atWork();
    say('task.progressed', { taskId, lease });
    say('task.returned', { taskId });
    say('task.assigned', { taskId });

    expect(facts()).toMatchObject({ handedOverAt: 1004, retries: 0, failures: 0 });
  });

  test.each([
    [
      'cancelled',
      (say: ReturnType<typeof atWork>['say']) => say('task.cancelled', { taskId, reason: 'no' }),
      { retries: 0, status: 'withdrawn' },
    ],
    [
      'taken for a zombie',
      (say: ReturnType<typeof atWork>['say']) => say('task.zombie', { taskId }),
      { retries: 0, status: 'withdrawn' },
    ],
    [
      'tried again',
      (say: ReturnType<typeof atWork>['say']) =>
        say('task.retried', { taskId, error: { code: 'driver', message: 'no' } }),
      { retries: 0, status: 'failed' },
    ],
  ])('is not what was %s meanwhile, whatever is said late', (_what, end, handoff) => {
    const { say, facts } = atWork();
    end(say);
    say('task.progressed', { taskId, lease });

    expect(facts()).toMatchObject({ handedOverAt: null, handoff });
  });
});

test('a record out of order is not taken', () => {
  const { ledger } = atWork();

  expect(ledger.note({ seq: 9, type: 'hub.pause', payload: {} } as unknown as HubRecord)).toBe(false);
  expect(ledger.seq).toBe(4);
});

test('of what is over only that it was, and its ids, stay', () => {
  const { ledger, say } = atWork();
  say('orchestration.completed', { orchestrationId: 'orch-1', durationMs: 1 });
  ledger.release('orch-1');

  expect(ledger.subtasks.size).toBe(0);
  expect(ledger.orchestrations.get('orch-1')).toMatchObject({ ended: 'completed', endedSeq: 5, plan: null });
});
