/**
 * A hub in another process, by a line to its server.
 *
 * - Us1 it is open when what had happened before is folded, or after a short while; the rest comes as it comes.
 * - Us2 while the line is broken the page says so, and it goes on from the last record by itself.
 */
import { HubError, type HubRecord } from 'xstate-hub';
import { hubLine } from 'xstate-hub/line';
import type { Origin } from './protocol.ts';
import type { Sink, Source } from './source.ts';

type HubOrigin = Extract<Origin, { kind: 'hub' }>;

/** How long the page waits for what had happened before, in ms. */
const patience = 1_500;

export async function hubSource({ url, token }: HubOrigin, sink: Sink): Promise<Source> {
  let isOver = false;
  let caughtUp: (() => void) | undefined;
  let untilSeq = Number.POSITIVE_INFINITY;
  const look = () => {
    if (isOver || sink.seq() >= untilSeq) caughtUp?.();
  };
  const give = (record: HubRecord) => {
    try {
      sink.record(record);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new HubError('invalid', `record ${record.seq} of this hub cannot be understood: ${why}`, { cause });
    }
  };
  const end = (error: unknown) => {
    isOver = true;
    line.close();
    sink.broken(error);
    look();
  };
  const line = hubLine({
    url,
    token,
    onRecords(records) {
      if (isOver) return;
      try {
        for (const record of records) give(record);
      } catch (error) {
        end(error);
      }
      look();
    },
    onState({ state, detail }) {
      if (state === 'ended') end(new HubError('conflict', detail));
      else sink.line(state, detail);
    },
    onOver() {
      isOver = true;
      sink.over(null);
      look();
    },
  });
  const { project, seq, person, isRecorded } = await line.attached;
  untilSeq = seq;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, patience);
    caughtUp = () => {
      clearTimeout(timer);
      resolve();
    };
    look();
  });
  return {
    opened: {
      title: project,
      description: isRecorded ? 'A log that was recorded.' : `A live hub at ${new URL(url).host}.`,
      seed: null,
      hub: { person, isRecorded },
    },
    advance: async () => ({ seq: sink.seq(), why: 'over' }),
    halt() {},
    command: async (command) => ({ answer: await line.command(command), intervention: null }),
    close: () => line.close(),
  };
}
