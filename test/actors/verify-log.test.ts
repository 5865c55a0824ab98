import { expect, test } from 'vitest';
import { verifyLog } from '../../src/actors/verify-log.ts';
import type { HubRecord, MessageType, Payload } from '../../src/machines/messages.ts';

let seq = 0;
function log(...messages: readonly (readonly [type: MessageType, payload: object])[]): HubRecord[] {
  seq = 0;
  return messages.map(([type, payload]) => {
    seq++;
    const envelope = { seq, at: seq, id: `r${seq}`, from: 'hub', to: 'hub', correlationId: 'c', causationId: null };
    return { ...envelope, type, payload: payload as Payload<MessageType> } as HubRecord;
  });
}
const submit = (taskId: string) => ['task.submit', { taskId }] as const;
const end = (taskId: string, how = 'completed') => [`task.${how}` as MessageType, { taskId }] as const;

test('an empty log is whole', () => {
  expect(verifyLog([])).toEqual({
    records: 0,
    chain: 'ok',
    accepted: 0,
    terminal: 0,
    open: 0,
    lost: 0,
    duplicated: 0,
    deadLetters: 0,
  });
});

test('every task that was taken has ended, or is open (I1)', () => {
  const records = log(
    submit('a'),
    submit('b'),
    submit('c'),
    submit('d'),
    end('a'),
    end('b', 'failed'),
    end('c', 'cancelled'),
  );
  expect(verifyLog(records, { live: new Set(['d']) })).toMatchObject({ accepted: 4, terminal: 3, open: 1, lost: 0 });
  expect(verifyLog(records)).toMatchObject({ open: 1, lost: 0 });
});

test('a task that has not ended and is not in the fold is lost (I1)', () => {
  expect(verifyLog(log(submit('a'), submit('b'), end('b')), { live: new Set() })).toMatchObject({
    accepted: 2,
    terminal: 1,
    open: 0,
    lost: 1,
  });
});

test('a task that ended more than once counts as duplicated, once (I3)', () => {
  const records = log(submit('a'), end('a'), end('a', 'failed'), end('a'), submit('b'), end('b'));
  expect(verifyLog(records)).toMatchObject({ accepted: 2, terminal: 2, duplicated: 1 });
});

test('a task whose spec was refused was never taken', () => {
  const records = log(submit('a'), ['task.invalid', { taskId: 'a' }], end('a', 'cancelled'));
  expect(verifyLog(records)).toMatchObject({ accepted: 0, terminal: 0, lost: 0, duplicated: 0 });
});

test('an id that is used again is another task', () => {
  const records = log(submit('a'), end('a'), submit('a'), end('a'));
  expect(verifyLog(records)).toMatchObject({ accepted: 2, terminal: 2, duplicated: 0 });
  expect(verifyLog(log(submit('a'), submit('a'), end('a')))).toMatchObject({ accepted: 2, terminal: 1, lost: 1 });
});

test('of a log that was pruned, what is known', () => {
  const [, , ...tail] = log(submit('old'), submit('b'), end('old'), submit('c'), end('b'));
  expect(verifyLog(tail)).toMatchObject({ records: 3, chain: 'ok', accepted: 1, terminal: 0, open: 1, lost: 0 });
});

test('a gap is found without hashes, and the first fault is told (I15)', () => {
  const records = log(submit('a'), submit('b'), end('a'), end('b')).filter((record) => record.seq !== 3);
  expect(verifyLog(records).chain).toEqual({ brokenAt: 3 });
  expect(verifyLog(records, { chain: { brokenAt: 2 } }).chain).toEqual({ brokenAt: 2 });
  expect(verifyLog(records, { chain: { brokenAt: 4 } }).chain).toEqual({ brokenAt: 3 });
});

test('dead letters are those that are still there', () => {
  const letter = (letterSeq: number) => ['deadletter.added', { letterSeq }] as const;
  const records = log(
    letter(1),
    letter(2),
    letter(3),
    letter(4),
    ['deadletter.replay', { letterSeq: 1 }],
    ['deadletter.purge', { letterSeq: 2 }],
  );
  expect(verifyLog(records).deadLetters).toBe(2);
});
