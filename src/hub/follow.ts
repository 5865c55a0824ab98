/**
 * The log as it grows.
 *
 * - Fw1 each record once, in order, without gaps: what is not read yet is in the store, so a slow reader
 *   costs no memory.
 */
import type { HubRecord } from '../machines/messages.ts';
import type { Desk } from './desk.ts';

export async function* follow(
  { parts: { store, listeners }, state }: Desk,
  fromSeq: number,
): AsyncGenerator<HubRecord, void, undefined> {
  let next = fromSeq;
  let wake = () => {};
  let latest = 0;
  const stop = listeners.add('*', ({ seq }) => {
    latest = seq;
    wake();
  });
  try {
    for (;;) {
      for await (const record of store.read(next)) {
        next = record.seq + 1;
        yield record;
        if (record.type === 'hub.stopped') return;
      }
      if (state.life === 'stopped' && next > state.seq) return;
      if (latest < next) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    stop();
  }
}
