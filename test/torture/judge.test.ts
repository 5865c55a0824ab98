/** A store that is as it should be, and what is found when one thing is not. */
import { mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { HistoryEvent } from '../../src/simulator/history.ts';
import { type Heard, judge } from '../../src/torture/judge.ts';
import { Notebook, readEffects, readNotes, type Written } from '../../src/torture/notebook.ts';
import { work } from '../../src/torture/workload.ts';

const folder = mkdtempSync(join(tmpdir(), 'xstate-hub-judge-'));
const path = join(folder, 'log.db');
let heard: Heard;

beforeAll(async () => {
  const [history, effects] = ['history', 'effects'].map((name) => join(folder, `${name}.jsonl`)) as [string, string];
  const notes = new Notebook({ life: 1, history: openSync(history, 'a'), effects: openSync(effects, 'a') });
  const options = { again: [], from: 1, tasks: 24, atOnce: 6, paceMs: 0, drains: true, leaseMs: 10_000 };
  await work({ path, ...options }, notes);
  heard = { ...readNotes(readFileSync(history, 'utf8')), effects: readEffects(effects), isDrained: true };
});

const invariants = (changed: Partial<Heard>) =>
  judge(path, { ...heard, ...changed }).violations.map(({ invariant }) => invariant);

test('nothing is wrong with it', () => {
  const { violations, records, report } = judge(path, heard);
  expect(violations).toEqual([]);
  expect(records.length).toBeGreaterThan(150);
  expect(report).toMatchObject({ chain: 'ok', accepted: 24, terminal: 24, open: 0, lost: 0, duplicated: 0 });
});

test('a record that was written and is not there (I5)', () => {
  const [last] = heard.effects.filter((effect): effect is Written => effect.kind === 'wrote').slice(-1) as [Written];
  const beyond = { ...last, fromSeq: last.toSeq + 1, toSeq: last.toSeq + 1, lastId: 'gone' };
  expect(invariants({ effects: [...heard.effects, beyond] })).toEqual(['I5']);
  const other = heard.effects.map((effect) => (effect === last ? { ...last, lastId: 'another' } : effect));
  expect(invariants({ effects: other })).toEqual(['I5']);
});

test('a task that was acknowledged and is not in the log (I1)', () => {
  const told = heard.history.filter(({ command }) => command === 'submit').slice(0, 2);
  const more = heard.history
    .filter(({ call }) => call === told[0]?.call)
    .map((event) => ({
      ...event,
      call: 99,
      id: 'lost',
      value: { ...(event.value as object), id: 'lost', payload: 'x' },
    }));
  expect(invariants({ history: [...heard.history, ...(more as HistoryEvent[])] })).toContain('I1');
});

test('a driver that was called twice for one assignment (V1)', () => {
  const [run] = heard.effects.filter(({ kind }) => kind === 'run');
  expect(invariants({ effects: [...heard.effects, run as (typeof heard.effects)[0]] })).toEqual(['V1']);
});

test('a hub that opened with another state than its log folds to (I13), and an error that nobody caught (I22)', () => {
  const said = heard.said.map((one) => (one.say === 'open' ? { ...one, picture: '0'.repeat(64) } : one));
  expect(invariants({ said })).toEqual(['I13']);
  expect(invariants({ said: [...heard.said, { say: 'stray', life: 1, message: 'boom' }] })).toEqual(['I22']);
});

test('a second hub that wrote and then the first one again (I16)', () => {
  const writes = heard.effects.filter(({ kind }) => kind === 'wrote');
  const middle = writes[Math.floor(writes.length / 2)];
  const effects = heard.effects.map((effect) => (effect === middle ? { ...middle, life: 2 } : effect));
  expect(invariants({ effects: effects as Heard['effects'] })).toContain('I16');
});

test('a byte that is another (I15); no log at all, when nobody wrote one, is none to judge', () => {
  const bytes = readFileSync(path);
  const place = bytes.indexOf('"task.completed"') + 3;
  bytes[place] = (bytes[place] as number) ^ 1;
  const flipped = join(folder, 'flipped.db');
  writeFileSync(flipped, bytes);
  expect(judge(flipped, heard).violations).toMatchObject([{ invariant: 'I15', why: expect.stringContaining('hash') }]);
  const nowhere = join(folder, 'nowhere.db');
  expect(judge(nowhere, { history: [], effects: [], said: [], isDrained: false }).violations).toEqual([]);
  expect(judge(nowhere, heard).violations).toMatchObject([{ invariant: 'I15' }]);
});
