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
  expect(comparison.likeness(40)).toBe('same');
  expect(comparison.likeness(60)).toBe('missing');
});

test('runs of other seeds part where chance comes in', async () => {
  const [here, there] = [await logOf('auth-system', 1), await logOf('auth-system', 2)];
  const comparison = new Comparison(sideOf(here), sideOf(there));
  while (comparison.look());
  // Ids are others from the first record on; that chance comes in is first seen in when something happens.
  const expected = here.findIndex(({ type, at }, index) => type !== there[index]?.type || at !== there[index].at) + 1;
  expect(expected).toBeGreaterThan(1);
  expect(comparison).toMatchObject({ firstDifference: expected, isByIds: true });
  expect(comparison.likeness(1)).toBe('alike');
  expect(comparison.likeness(expected)).toBe('different');
  // Its ids are generated, all of them: that they are others is no difference.
  expect(comparison.fieldsAt(1)).toEqual([]);
  const told = comparison.fieldsAt(expected);
  expect(told).toContain('at');
  expect(told).not.toContain('id');
  expect(told).not.toContain('causationId');
});

test('other ids make no difference, and an id in the place of another one does (Cp2)', async () => {
  const records = await logOf('loop-to-human');
  const lineOf = (record: HubRecord) => JSON.stringify(record);
  const [first, second] = records.flatMap(({ type, payload }) => (type === 'gate.open' ? [payload.gateId] : []));
  const renamed = (record: HubRecord): HubRecord =>
    JSON.parse(
      lineOf(record)
        .replaceAll(first as string, 'AAAAAAAAAAAAAAAA')
        .replaceAll(second as string, 'B'.repeat(16)),
    );
  const alike = new Comparison(sideOf(records), sideOf(records.map(renamed)));
  while (alike.look());
  expect(alike).toMatchObject({ same: records.length, firstDifference: null, isByIds: true });
  const decided = records.findLastIndex(({ type }) => type === 'gate.decide');
  const mixed = records.map((record, index) =>
    index < decided
      ? renamed(record)
      : (JSON.parse(lineOf(record).replaceAll(second as string, 'A'.repeat(16))) as HubRecord),
  );
  const other = new Comparison(sideOf(records), sideOf(mixed));
  while (other.look());
  expect(other.firstDifference).toBe(decided + 1);
});

test('canonical text is the same as the log has it', async () => {
  for (const record of await logOf('auth-orchestration'))
    expect(canonical(record as never)).toBe(canonicalJson(record));
});
