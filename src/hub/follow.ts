/**
 * The log as it grows.
 *
 * - Fw1 each record once, in order, without gaps from the first one that the store has at or after `fromSeq`: what is
 *   not read yet is in the store, so a slow reader costs no memory. When the store lets go of it before, it rejects.
 * - Fw2 it ends behind `hub.stopped`, rejects when the hub has failed, and breaking off needs no further record.
 */
import { HubError } from '../machines/errors.ts';
import type { HubRecord } from '../machines/messages.ts';
import type { Desk } from './desk.ts';

export function follow(desk: Desk, fromSeq: number, stopped: Promise<void>): AsyncIterableIterator<HubRecord, void> {
  const alarm: Alarm = { wake: () => {}, isOver: false };
  const records = grow(desk, fromSeq, stopped, alarm);
  return {
    next: () => records.next(),
    return() {
      alarm.isOver = true;
      alarm.wake();
      return records.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

interface Alarm {
  wake: () => void;
  isOver: boolean;
}

async function* grow(
  { parts: { store, listeners, kernel }, state }: Desk,
  fromSeq: number,
  stopped: Promise<void>,
  alarm: Alarm,
): AsyncGenerator<HubRecord, void, undefined> {
  let next = fromSeq;
  let hasBegun = false;
  let latest = 0;
  const stop = listeners.add('*', ({ seq }) => {
    latest = seq;
    alarm.wake();
  });
  const end = () => alarm.wake();
  stopped.then(end, end);
  try {
    while (!alarm.isOver) {
      if (kernel.failure !== undefined) throw kernel.failure;
      for await (const record of store.read(next)) {
        if (hasBegun && record.seq !== next) {
          throw new HubError('pruned', `the records from ${next} to ${record.seq - 1} are not kept any more`);
        }
        hasBegun = true;
        next = record.seq + 1;
        yield record;
      }
      if (state.life === 'stopped' && next > state.seq) return;
      if (latest < next && kernel.failure === undefined) {
        await new Promise<void>((resolve) => {
          alarm.wake = resolve;
        });
      }
    }
  } finally {
    stop();
  }
}
