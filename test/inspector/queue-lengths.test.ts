import { expect, test } from 'vitest';
import { QueueLengths } from '../../inspector/src/model/queue-lengths.ts';
import { lengthsOf } from '../../inspector/src/views/queue/lengths.tsx';

const change = (seq: number, state: string) => ({ actor: `task:${seq}`, state, event: '' });

test('the longest queue is told, however short a while it was so long', () => {
  const queueLengths = new QueueLengths();
  const head = 10_000;
  for (let seq = 1; seq <= 5; seq++) queueLengths.take(4_321 + seq, change(seq, 'queued'));
  for (let seq = 1; seq <= 5; seq++) queueLengths.take(4_330 + seq, change(seq, 'assigned'));
  const { samples, longest } = lengthsOf({ head, queueLengths });
  expect(longest).toEqual({ seq: 4_326, length: 5 });
  expect(Math.max(...samples.map(({ length }) => length))).toBe(5);
  expect(samples.at(-1)).toEqual({ seq: head, length: 0 });
});

test('a record counts when all that it changed is counted', () => {
  const queueLengths = new QueueLengths();
  queueLengths.take(3, change(1, 'queued'));
  queueLengths.take(3, change(1, 'assigned'));
  expect(lengthsOf({ head: 5, queueLengths }).longest.length).toBe(0);
});
