import { expect, test } from 'vitest';
import { chainOf } from '../../inspector/src/model/causes.ts';
import type { Run } from '../../inspector/src/model/run.ts';
import type { HubRecord } from '../../src/index.ts';
import { logOf } from './support/logs.ts';
import { recordedRun } from './support/recorded-run.ts';

async function chains(name: string) {
  const records = await logOf(name);
  const recordById = (id: string) => records.find((one) => one.id === id);
  const run = Object.assign(recordedRun(records), { recordById }) as Run;
  const of = (seq: number) => {
    const { ancestors, descendants } = chainOf(run, seq);
    return { before: ancestors.map(({ type }) => type), after: descendants.map(({ type }) => type) };
  };
  const seqOf = (type: HubRecord['type'], last = false) =>
    (last ? records.findLast((one) => one.type === type) : records.find((one) => one.type === type))?.seq ?? 0;
  return { of, seqOf, records };
}

test('a gate leads to its decision, the approval, and the work that goes on (Ln1, Ln2)', async () => {
  const { of, seqOf, records } = await chains('auth-system');
  const opened = seqOf('gate.open');
  expect(of(opened).after.slice(0, 2)).toEqual(['gate.decide', 'gate.approved']);
  const result = records.find(({ seq, type }) => type === 'task.result' && seq > opened)?.seq ?? 0;
  expect(of(opened).after).toContain('task.result');
  expect(of(result).before.slice(-4)).toEqual(['task.assigned', 'gate.open', 'gate.decide', 'gate.approved']);
});

test('work that asked a specialist goes on because of the answer (Ln2)', async () => {
  const { of, seqOf, records } = await chains('jwt-question');
  const answered = records[seqOf('consultation.answered') - 1] as HubRecord;
  const result = records.find(({ seq, type }) => type === 'task.result' && seq > answered.seq)?.seq ?? 0;
  expect(of(result).before.slice(-4)).toEqual([
    'consultation.request',
    'consultation.asked',
    'consultation.answer',
    'consultation.answered',
  ]);
});

test('a gate leads to the reminder and the person it is handed to (Ln1)', async () => {
  const { of, seqOf } = await chains('handed-over');
  expect(of(seqOf('gate.open')).after).toEqual(expect.arrayContaining(['deadline.passed', 'gate.handedOver']));
});

test('a late result that a person takes follows from its dead letter (Ln1)', async () => {
  const { of, records } = await chains('late-answer');
  const taken = records.find(({ type }) => type === 'deadletter.accept' || type === 'deadletter.replay');
  expect(of(taken?.seq ?? 0).before.at(-1)).toBe('deadletter.added');
});
