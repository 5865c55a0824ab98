/** A log kept as text, and the look at its lines that comes first. */
import { beforeAll, describe, expect, test } from 'vitest';
import { Glances } from '../../inspector/src/engine/glances.ts';
import { logSource } from '../../inspector/src/engine/log-source.ts';
import { RecordText } from '../../inspector/src/engine/record-text.ts';
import { troubleOf } from '../../inspector/src/engine/troubles.ts';
import type { HubRecord } from '../../src/index.ts';
import { crowdedLog, textOf } from './support/logs.ts';
import { TestSink } from './support/sources.ts';

let records: readonly HubRecord[];
let text: string;
beforeAll(async () => {
  records = await crowdedLog(600);
  text = textOf(records);
});

const linesOf = (from: number, to: number) => textOf(records.slice(from, to)).trimEnd();

describe('records as text', () => {
  test('are what they were, in whatever pieces they came', () => {
    for (const size of [1, 7, 900, 5_000]) {
      const log = new RecordText();
      for (let at = 0; at < records.length; at += size) log.add(linesOf(at, at + size));
      expect(log.length).toBe(records.length);
      for (let seq = 1; seq <= records.length; seq += 97) expect(log.get(seq)).toEqual(records[seq - 1]);
      expect(log.get(records.length)).toEqual(records.at(-1));
      expect(log.get(0)).toBeUndefined();
      expect(log.get(records.length + 1)).toBeUndefined();
    }
  });

  test('are the same object while they are looked at, and are read again when much else was', () => {
    const log = new RecordText();
    for (let at = 0; at < records.length; at += 40) log.add(linesOf(at, at + 40));
    const first = log.get(1);
    expect(log.get(1)).toBe(first);
    for (let seq = 1; seq <= records.length; seq++) log.get(seq);
    expect(log.get(1)).toEqual(first);
  });

  test('are found by their ids, wherever somebody looks from', () => {
    const log = new RecordText();
    log.add(linesOf(0, records.length));
    for (const near of [1, 1_000, records.length]) {
      for (const seq of [1, 2, 500, records.length]) {
        expect(log.byId((records[seq - 1] as HubRecord).id, near)?.seq).toBe(seq);
      }
      expect(log.byId('nowhere', near)).toBeUndefined();
      expect(log.byId('t1', near)).toBeUndefined();
    }
  });
});

describe('a first look', () => {
  const look = (given: string, cuts = [given.length]) => {
    const seen: { at: number[]; types: string[] } = { at: [], types: [] };
    const log = new RecordText();
    const glances = new Glances((lines, at, types) => {
      log.add(lines);
      seen.at.push(...at);
      seen.types.push(...types);
    });
    let start = 0;
    for (const cut of cuts) {
      glances.read(given.slice(start, cut));
      start = cut;
    }
    glances.read(given.slice(start));
    glances.end();
    return { ...seen, log };
  };

  test('tells of each record when it was and of which type, wherever the text is cut', () => {
    for (const cuts of [[], [1, 2, 3], [500, 501, 90_000], [text.indexOf('\n'), text.indexOf('\n') + 1]]) {
      const { at, types, log } = look(text, cuts);
      expect(at).toEqual(records.map((record) => record.at));
      expect(types).toEqual(records.map((record) => record.type));
      expect(log.get(77)).toEqual(records[76]);
    }
  });

  test('reads lines that others have written, too: other orders, blank lines, line ends of Windows', () => {
    const odd = records.slice(0, 20).map(({ seq, type, ...others }) => JSON.stringify({ type, ...others, seq }));
    const { types, log } = look(`\n${odd.join('\r\n\r\n')}\r\n`);
    expect(types).toEqual(records.slice(0, 20).map((record) => record.type));
    expect(log.get(20)).toEqual(records[19]);
  });

  test('what looks like the end of a line within a payload is no end', () => {
    const [first, second] = records as [HubRecord, HubRecord];
    const tricky = { ...second, payload: { ...second.payload, name: ',"seq":9,"to":"x","type":"y"}' } };
    expect(look(textOf([first, tricky as HubRecord])).types).toEqual([first.type, second.type]);
  });

  test.each([
    ['a gap', () => textOf([...records.slice(0, 3), ...records.slice(4, 6)]), 'line 4.seq: expected record 4, found 5'],
    ['a record twice', () => textOf([...records.slice(0, 3), ...records.slice(2, 4)]), 'line 4.seq: expected record 4'],
    ['a line that is not JSON', () => `${linesOf(0, 2)}\n{"at":1,\n`, 'line 3 is not JSON'],
    ['JSON that is no record', () => '{"hello":"world"}', 'line 1 is no record of a hub'],
  ])('refuses %s and names the line', (_, given, message) => {
    expect(() => look(given())).toThrow(message);
  });
});

describe('a recorded log', () => {
  test('is there before it is folded, and then is folded to its end', async () => {
    const sink = new TestSink();
    const opened = await logSource({ kind: 'log', text: new Blob([text]), file: 'crowded.jsonl' }, sink);
    expect(sink.text.length).toBe(records.length);
    expect(opened.opened.description).toBe('A recorded log of simulation.');
    while (!sink.isOver) await new Promise((resolve) => setTimeout(resolve));
    expect(sink.records).toEqual(records);
  });

  test('that has a record of the wrong shape is folded up to there, and says so', async () => {
    const broken = textOf(records).replace(`"seq":${records.length - 5},`, `"seq":${records.length - 5},"more":1,`);
    const sink = new TestSink();
    const problem = logSource({ kind: 'log', text: broken, file: 'x' }, sink).then(
      async () => {
        while (sink.error === undefined) await new Promise((resolve) => setTimeout(resolve));
        return sink.error;
      },
      (error) => error,
    );
    expect(String(await problem)).toContain(`line ${records.length - 5}`);
    expect(sink.seq()).toBe(records.length - 6);
    expect(sink.isOver).toBe(false);
  });

  test('that was cut off in its last line is shown up to there, and says so (Ls3)', async () => {
    const sink = new TestSink();
    await logSource({ kind: 'log', text: text.trimEnd().slice(0, -20), file: 'x' }, sink);
    while (sink.error === undefined) await new Promise((resolve) => setTimeout(resolve));
    expect(String(sink.error)).toContain(`line ${records.length} is cut off`);
    expect(sink.records).toEqual(records.slice(0, -1));
  });

  test('of a type that nobody knows is refused without a list of all there are', async () => {
    const odd = linesOf(0, 1).replace('hub.started', 'hub.invented');
    const error = await logSource({ kind: 'log', text: odd, file: 'x' }, new TestSink()).catch((error) => error);
    expect(troubleOf(error)).toMatchObject({
      message: expect.stringMatching(/^line 1\.type: expected one of \d+ known words, found "hub.invented"/),
      path: 'line 1.type',
    });
  });

  test('that is empty, or not text, is refused', async () => {
    await expect(logSource({ kind: 'log', text: '', file: 'x' }, new TestSink())).rejects.toThrow('no record in it');
    const bytes = new Blob([new Uint8Array([0xff, 0xfe, 0x00])]);
    await expect(logSource({ kind: 'log', text: bytes, file: 'x' }, new TestSink())).rejects.toThrow('not text');
  });
});
