/** A recorded log: read once, checked record by record. */
import { HubError, readLog } from 'xstate-hub';

import type { Origin } from './protocol.ts';
import type { Sink, Source } from './source.ts';

type LogOrigin = Extract<Origin, { kind: 'log' }>;

export function logSource({ text, file }: LogOrigin, sink: Sink): Source {
  const records = readLog(text.split('\n'));
  const [first] = records;
  if (first === undefined) throw new HubError('invalid', `${file}: there is no record in it`);
  for (const record of records) sink.record(record);
  sink.over(null);
  const project = first.type === 'hub.started' ? first.payload.project : file;
  return {
    opened: { title: file, description: `A recorded log of ${project}.`, seed: null },
    advance: async () => ({ seq: sink.seq(), why: 'over' }),
    halt() {},
    command: async () => {
      throw new HubError('forbidden', 'this is a recorded log: nothing can be done to it');
    },
    close() {},
  };
}
