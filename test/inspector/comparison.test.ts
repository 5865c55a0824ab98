/** Two runs side by side: where they part, and in which fields. */
import { expect, test } from 'vitest';
import { Comparison, canonical } from '../../inspector/src/model/comparison.ts';
import type { HubRecord } from '../../src/index.ts';
import { canonicalJson } from '../../src/machines/json.ts';
import { logOf } from './support/logs.ts';

const sideOf = (records: readonly HubRecord[]) => ({
  records,
  head: records.length,
  lineOf: (seq: number) => JSON.stringify(records[seq - 1]),
});

test('equal logs have no difference, however their keys are ordered', async () => {
  const records = await logOf('jwt-question');
  const turned = records.map((record) => Object.fromEntries(Object.entries(record).reverse()) as unknown as HubRecord);
  const comparison = new Comparison(sideOf(records), sideOf(turned));
  while (comparison.look(7));
  expect(comparison).toMatchObject({ same: records.length, firstDifference: null });
});

test('the first record that is not the same is found, and the fields in which it is not', async () => {
  const records = await logOf('auth-system');
  const other = records.map((record) =>
    record.seq < 41 ? record : ({ ...record, at: record.at + 1, payload: { changed: true } } as unknown as HubRecord),
  );
  const comparison = new Comparison(sideOf(records), sideOf(other.slice(0, 50)));
  while (comparison.look(9));
  expect(comparison).toMatchObject({ same: 40, firstDifference: 41 });
  expect(comparison.fieldsAt(41)).toEqual(['at', 'payload']);
  expect(comparison.fieldsAt(60)).toEqual([]);
  expect(comparison.isSame(40)).toBe(true);
});

test('runs of other seeds part where chance comes in', async () => {
  const [here, there] = [await logOf('auth-system', 1), await logOf('auth-system', 2)];
  const comparison = new Comparison(sideOf(here), sideOf(there));
  while (comparison.look());
  const expected = here.findIndex((record, index) => canonicalJson(record) !== canonicalJson(there[index])) + 1;
  expect(comparison.firstDifference).toBe(expected);
});

test('canonical text is the same as the log has it', async () => {
  for (const record of await logOf('auth-orchestration'))
    expect(canonical(record as never)).toBe(canonicalJson(record));
});
