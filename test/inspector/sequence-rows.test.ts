import { expect, test } from 'vitest';
import type { Run } from '../../inspector/src/model/run.ts';
import { families, familyOf } from '../../inspector/src/views/sequence/families.ts';
import { lifelinesOf } from '../../inspector/src/views/sequence/lifelines.ts';
import { Rows } from '../../inspector/src/views/sequence/rows.ts';
import type { HubRecord } from '../../src/index.ts';
import { recordedRun, recordsOf, scenarioText } from './support/recorded-run.ts';

const all = new Set(families.map(({ name }) => name));

async function sequenceOf(shown: ConstructorParameters<typeof Rows>[1], text = scenarioText('auth-system')) {
  const records = await recordsOf(text);
  const run = { ...recordedRun(records), lineOf: (seq: number) => JSON.stringify(records[seq - 1]) } as unknown as Run;
  const rows = new Rows(run, shown);
  rows.update();
  const list = Array.from({ length: rows.length }, (_, index) => rows.at(index));
  const seqs = list.flatMap((row) => (row?.kind === 'record' ? [row.seq] : []));
  return { records, run, rows, list, seqs, shownRecords: seqs.map((seq) => records[seq - 1] as HubRecord) };
}

test('every record has a row, and a minute or more between two is told', async () => {
  const { records, list, seqs } = await sequenceOf({ families: all, about: null });
  expect(seqs).toEqual(records.map(({ seq }) => seq));
  const gaps = records.flatMap(({ seq, at }, index) => {
    const ms = at - (records[index - 1]?.at ?? at);
    return ms >= 60_000 ? [{ kind: 'gap', seq, ms }] : [];
  });
  expect(list.filter((row) => row?.kind === 'gap')).toEqual(gaps);
  expect(gaps.length).toBeGreaterThan(5);
});

test('a minute is a gap, and less is not', async () => {
  const text = `name: gaps
description: two waits
seed: 1
project: gaps
agents: [{ id: a, type: worker, script: [{ work: 59s }, { progress: { percent: 50 } }, { work: 60s }] }]
tasks: [{ id: t, type: work }]
expect: []
`;
  const { list } = await sequenceOf({ families: all, about: null }, text);
  expect(list.filter((row) => row?.kind === 'gap')).toMatchObject([{ ms: 60_000 }]);
});

test('a family that is hidden has no rows, and the moment is found among the others', async () => {
  const { rows, shownRecords, seqs } = await sequenceOf({ families: new Set(['Questions', 'Gates']), about: null });
  expect(shownRecords.every(({ type }) => /^(consultation|gate)\./.test(type))).toBe(true);
  const [first, second] = seqs;
  expect(rows.at(rows.indexOf((second ?? 0) - 1))).toMatchObject({ kind: 'record', seq: first });
  expect(rows.indexOf((first ?? 0) - 1)).toBe(-1);
  expect(rows.beside(rows.indexOf(first ?? 0), 1)).toBe(second);
  expect(rows.beside(rows.indexOf(second ?? 0), -1)).toBe(first);
  expect(familyOf('message.acknowledge')).toBe('Signs of life');
});

test('what is about one agent are its own messages, its questions with their answers, and nobody else', async () => {
  const { run, rows, shownRecords } = await sequenceOf({ families: all, about: 'agent:backend-1' });
  const types = shownRecords.map(({ type }) => type);
  expect(types).toEqual(expect.arrayContaining(['task.assigned', 'consultation.asked', 'consultation.answer']));
  expect(shownRecords.some(({ from }) => from === 'frontend-1')).toBe(false);
  const lifelines = lifelinesOf(run, rows, { byType: false, selection: 'agent:backend-1', onlyParties: true });
  expect(lifelines.all.map(({ id }) => id)).toEqual([
    'outside:client',
    'hub',
    'agent:architect-1',
    'agent:backend-1',
    'agent:tester-1',
    'agent:security-2',
  ]);
});

test('agents of one type can share a lifeline; the selected one keeps its own', async () => {
  const { run, rows } = await sequenceOf({ families: all, about: null });
  const lifelines = lifelinesOf(run, rows, { byType: true, selection: 'agent:tester-1', onlyParties: false });
  expect(lifelines.all.map(({ id }) => id)).toEqual([
    'outside:client',
    'human:ann',
    'hub',
    'agent:tester-1',
    'type:development',
    'type:security',
  ]);
  const column = (party: string) => lifelines.all[lifelines.columnOf(party)]?.id;
  expect(column('agent:tester-1')).toBe('agent:tester-1');
  expect(column('agent:writer-1')).toBe('type:development');
  expect(column('task:auth-001-design')).toBe('hub');
});
