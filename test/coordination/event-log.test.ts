import { appendFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EventLog } from '../../src/coordination/event-log.ts';
import { Folder } from '../../src/coordination/folder.ts';
import { project } from '../support/coordination-folder.ts';

const event = (seq: number) => ({ seq, event: { type: `event-${seq}` } });

async function opened(logEnd = 100) {
  const at = project();
  const folder = await Folder.open(at.directory);
  const open = () => EventLog.open(folder, logEnd);
  return { at, open, types: () => at.events().map(({ type }) => type) };
}

test('each event is there once, however often it is given (Ev1)', async () => {
  const { open, types } = await opened();
  const log = await open();
  await log.append([event(3), event(5)]);
  await log.append([event(5), event(8)]);
  const again = await open();
  expect(again.seq).toBe(8);
  expect(await again.append([event(3), event(5), event(8), event(9)])).toEqual(['{"type":"event-9","seq":9}']);

  expect(types()).toEqual(['event-3', 'event-5', 'event-8', 'event-9']);
});

test('lines of others stay, and say nothing about where it was', async () => {
  const { at, open, types } = await opened();
  await (await open()).append([event(3)]);
  appendFileSync(at.path('dashboard-events.jsonl'), '{"type":"theirs"}\n');
  const log = await open();
  await log.note({ type: 'without a record' });

  expect(log.seq).toBe(3);
  expect(types()).toEqual(['event-3', 'theirs', 'without a record']);
});

test('what a crash tore is written again on a line of its own', async () => {
  const { at, open } = await opened();
  await (await open()).append([event(3)]);
  appendFileSync(at.path('dashboard-events.jsonl'), '{"type":"event-5","se');
  const log = await open();
  await log.append([event(5)]);

  expect(at.read('dashboard-events.jsonl').split('\n')).toEqual([
    '{"type":"event-3","seq":3}',
    '{"type":"event-5","se',
    '{"type":"event-5","seq":5}',
    '',
  ]);
});

test('the events of a log that was taken away do not keep back those of a new one', async () => {
  const { open } = await opened(10);
  await (await open()).append([event(50)]);

  expect((await open()).seq).toBe(0);
});
