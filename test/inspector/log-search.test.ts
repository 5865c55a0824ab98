/** Searching a log: the same as looking at each record, in slices, while it grows. */
import { expect, test } from 'vitest';
import { LogSearch } from '../../inspector/src/model/log-search.ts';
import type { HubRecord } from '../../src/index.ts';
import { logOf } from './support/logs.ts';

const sideOf = (records: readonly HubRecord[], received = records.length) => ({
  received,
  log: records,
  lineOf: (seq: number) => JSON.stringify(records[seq - 1]),
  typeOf: (seq: number) => records[seq - 1]?.type,
});

const plain = (records: readonly HubRecord[], words: readonly string[], family: string) =>
  records
    .filter(({ seq, from, to, type, payload }) => {
      const text = `${seq} ${from} ${to} ${type} ${JSON.stringify(payload)}`.toLowerCase();
      return type.startsWith(family) && words.every((word) => text.includes(word));
    })
    .map(({ seq }) => seq);

const all = (search: LogSearch) => Array.from({ length: search.count }, (_, index) => search.seqAt(index));

test.each([
  [['backend-1'], ''],
  [['secure', 'consultation'], ''],
  [['causationid'], ''],
  [['"medium risk'], ''],
  [[], 'gate'],
  [['release'], 'gate'],
  [['nothing of the kind'], ''],
])('%j in "%s" finds what has all of it', async (words, family) => {
  const records = await logOf('auth-system');
  const search = new LogSearch(sideOf(records), words, family);
  while (search.look(0));
  expect(all(search)).toEqual(plain(records, words, family === '' ? '' : `${family}.`));
});

test('a log that grows is looked through from where the search was', async () => {
  const records = await logOf('auth-system');
  const log = { ...sideOf(records), received: 20 };
  const search = new LogSearch(log, ['task'], '');
  while (search.look(0));
  expect(search.looked).toBe(20);
  log.received = records.length;
  while (search.look(0));
  expect(all(search)).toEqual(plain(records, ['task'], ''));
  for (const seq of [0, 1, 30, records.length]) {
    expect(search.indexAt(seq)).toBe(all(search).findLastIndex((found) => (found ?? 0) <= seq));
  }
});
