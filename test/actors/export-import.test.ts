import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { exportLog } from '../../src/actors/export-log.ts';
import { importLog, readLog } from '../../src/actors/import-log.ts';
import { redaction } from '../../src/actors/redaction.ts';
import { memoryStore } from '../../src/actors/store.ts';
import { foldLog, logHash } from '../../src/index.ts';
import type { HubRecord, RecordOf } from '../../src/machines/messages.ts';
import { readScenario, runScenario, simulate } from '../../src/testing.ts';
import { rejection } from '../support/refusals.ts';
import { readAll } from '../support/store-records.ts';

const scenario = (name: string) =>
  readScenario(readFileSync(new URL(`../../scenarios/${name}.yaml`, import.meta.url), 'utf8'), name);

describe('a log that goes out and comes in', () => {
  let records: readonly HubRecord[];
  let lines: string[];
  beforeAll(async () => {
    records = (await runScenario(scenario('late-answer'))).records;
    lines = [...exportLog(records)];
  });

  test('is the same, byte for byte', async () => {
    const store = memoryStore();
    expect(await importLog(lines, store)).toBe(records.length);
    const read = await readAll(store);
    expect(read).toEqual(records);
    expect(logHash(read)).toBe(logHash(records));
    expect([...exportLog(read)]).toEqual(lines);
    expect(lines.every((line) => line.endsWith('\n') && !line.slice(0, -1).includes('\n'))).toBe(true);
  });

  test.each([
    ['something that is not JSON', '{"seq":', 'invalid', 'line 3 is not JSON'],
    ['something else that is JSON', '[1, 2]', 'invalid', 'line 3'],
    ['nothing', 'null', 'invalid', 'line 3'],
    [
      'a message that is not of the protocol',
      '{"seq":3,"at":1,"id":"a","from":"a","to":"b","correlationId":"a","causationId":null,"type":"task.steal","payload":{}}',
      'invalid',
      'line 3',
    ],
    ['a field too many', '{"seq":3,"admin":true}', 'invalid', 'line 3'],
    [
      'a key that would set a prototype',
      '{"seq":3,"payload":{"taskId":{"__proto__":{}}}}',
      'notJson',
      'line 3.payload',
    ],
    ['a payload that is too deep', `{"seq":3,"payload":{"a":${'['.repeat(70)}${']'.repeat(70)}}}`, 'tooDeep', 'line 3'],
    ['a line that is too long', `{"seq":3,"payload":{"a":"${'x'.repeat(3_000_000)}"}}`, 'tooLarge', 'line 3'],
  ])('with %s is refused, and nothing is kept', async (_what, line, code, message) => {
    const store = memoryStore();
    const error = await rejection(importLog([...lines.slice(0, 2), line, ...lines.slice(3)], store));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    expect(await readAll(store)).toEqual([]);
  });

  test.each([
    ['a gap', (all: string[]) => all.toSpliced(4, 1), 'line 5.seq: expected record 5, found 6'],
    ['no beginning', (all: string[]) => all.slice(1), 'line 1.seq: expected record 1, found 2'],
    ['one twice', (all: string[]) => all.toSpliced(4, 0, all[3] ?? ''), 'line 5.seq: expected record 5, found 4'],
  ])('with %s is refused', async (_what, change, message) => {
    expect((await rejection(importLog(change(lines), memoryStore()))).message).toBe(message);
  });

  test('goes into an empty store only', async () => {
    const store = memoryStore();
    await importLog(lines, store);
    expect((await rejection(importLog(lines, store))).code).toBe('conflict');
  });

  test('of a hub that knew fewer settings folds with their defaults', () => {
    const [first] = records as [HubRecord, ...HubRecord[]];
    const { aging: _, ...config } = (first as RecordOf<'hub.started'>).payload.config;
    const older = readLog([JSON.stringify({ ...first, payload: { project: 'p', config } })]);
    expect(foldLog(older).status.seq).toBe(1);
  });

  test('may begin anywhere when it is only read', () => {
    expect(readLog(lines.slice(5), { fromAnywhere: true }).map(({ seq }) => seq)[0]).toBe(6);
  });
});

describe('secrets', () => {
  const canary = 'canary-7f3a';

  test('do not leave, wherever a record has them under their name', async () => {
    const simulation = await simulate();
    const { hub } = simulation;
    hub.register({
      id: 'dev',
      type: 'dev',
      run: [
        { send: { to: 'hub', type: 'note', body: { deep: [{ token: canary }] } } },
        { consult: { type: 'nobody', question: 'may I?', context: { auth: { password: canary } }, ifNone: 'refuse' } },
        { return: { token: canary } },
      ],
    });
    hub.submit({ id: 'a', type: 'x', payload: { token: canary, list: [{ auth: { password: canary } }] } });
    hub.updateProject({ metadata: { token: canary, auth: { password: { is: canary } } } });
    hub.updateProject({ metadata: { token: { old: canary }, auth: { user: 'ann', password: canary } } });
    await simulation.run();
    const records = simulation.records();
    const redact = ['token', 'auth.password'];

    expect([...exportLog(records)].join('')).toContain(canary);
    const text = [...exportLog(records, redact)].join('');
    expect(text).not.toContain(canary);
    expect(text).toContain('"token":"[redacted]"');
    expect(text).toContain('"user":"ann"');
    const again = readLog(text.split('\n'));
    expect(foldLog(again).tasks.map(({ id, status }) => [id, status])).toEqual([['a', 'completed']]);
  });

  test('a path is the end of a place, and a name alone is any place', () => {
    const record = { seq: 1, type: 'project.update', payload: { metadata: { a: { b: 1 }, b: 2, c: [{ b: 3 }] } } };
    const clean = (rules: string[]) =>
      (redaction(rules)(record as unknown as HubRecord).payload as { metadata: unknown }).metadata;
    expect(clean(['b'])).toEqual({ a: { b: '[redacted]' }, b: '[redacted]', c: [{ b: '[redacted]' }] });
    expect(clean(['a.b'])).toEqual({ a: { b: '[redacted]' }, b: 2, c: [{ b: 3 }] });
    expect(clean(['c.b'])).toEqual({ a: { b: 1 }, b: 2, c: [{ b: '[redacted]' }] });
    expect(clean(['a'])).toEqual({ a: '[redacted]', b: 2, c: [{ b: 3 }] });
    expect(clean([])).toEqual(record.payload.metadata);
  });
});
