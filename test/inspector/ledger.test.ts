/** From the worker's outbox to the page's ledger: nothing is lost, and nothing is read that nobody looks at. */
import { expect, test } from 'vitest';
import { Outbox } from '../../inspector/src/engine/outbox.ts';
import { Ledger } from '../../inspector/src/model/ledger.ts';
import { Marks } from '../../inspector/src/model/marks.ts';
import { QueueLengths } from '../../inspector/src/model/queue-lengths.ts';
import { toneOfRecord } from '../../inspector/src/model/tone.ts';
import { type ActorChange, foldLog, openFold } from '../../src/index.ts';
import { crowdedLog } from './support/logs.ts';

test('records and changes arrive as they were, and columns say the same as the records', async () => {
  const records = await crowdedLog(700);
  const ledger = new Ledger();
  const marks = new Marks();
  const lengths = new QueueLengths();
  const heard: ActorChange[][] = [];
  const outbox = new Outbox((news) =>
    ledger.take(
      news,
      (seq) => {
        heard.push([]);
        marks.take(seq, ledger.typeOf(seq) as never);
      },
      (seq, change) => {
        heard[seq - 1]?.push(change);
        lengths.take(seq, change);
      },
    ),
  );
  const fold = openFold();
  const changes: (readonly ActorChange[])[] = [];
  for (const record of records) outbox.lines(JSON.stringify(record), [record.at], [record.type]);
  outbox.flush();
  expect([ledger.received, ledger.folded, ledger.records.length]).toEqual([records.length, 0, 0]);
  expect(ledger.records[0]).toBeUndefined();
  expect(ledger.all).toHaveLength(records.length);

  for (const record of records) {
    changes.push(fold.next(record));
    outbox.changes(changes.at(-1) ?? []);
  }
  outbox.flush();
  expect(ledger.folded).toBe(records.length);
  expect(heard).toEqual(changes);
  expect([...ledger.records]).toEqual(records);
  expect(ledger.records.slice(-2)).toEqual(records.slice(-2));
  expect(ledger.records.at(5)).toEqual(records[5]);
  expect([...ledger.changes.slice(10, 20)]).toEqual(changes.slice(10, 20));
  for (let seq = 1; seq <= records.length; seq += 50) {
    expect([ledger.atOf(seq), ledger.typeOf(seq)]).toEqual([records[seq - 1]?.at, records[seq - 1]?.type]);
  }
  for (const seq of [1, 900, 2_000, records.length]) {
    expect(lengths.at(seq)).toBe(foldLog(records.slice(0, seq)).queue.length);
  }
  const expected = records.filter((record) => ['human', 'trouble'].includes(toneOfRecord(record)));
  expect(marks.within(records.length, records.length).map(({ seq }) => seq)).toEqual(expected.map(({ seq }) => seq));
});
