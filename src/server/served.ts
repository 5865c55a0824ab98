/** What can be served: a hub, or a log that was kept. */
import type { Hub } from '../hub/hub.ts';
import { type OperatorCommand, obey } from '../line/commands.ts';
import { HubError } from '../machines/errors.ts';
import type { Json } from '../machines/json.ts';
import type { HubRecord } from '../machines/messages.ts';

export interface Served {
  readonly project: string;
  readonly isRecorded: boolean;
  /** How many records there are. */
  seq(): number;
  follow(fromSeq: number): AsyncIterableIterator<HubRecord, void>;
  obey(command: OperatorCommand): Promise<Json>;
}

export function servedHub(hub: Hub): Served {
  const { project } = hub.status();
  return {
    project,
    isRecorded: false,
    seq: () => hub.actor.getSnapshot().context.seq,
    follow: (fromSeq) => hub.follow(fromSeq),
    obey: (command) => obey(hub, command),
  };
}

/** A log to look at. @param title what to call it */
export function recordedLog(records: readonly HubRecord[], title: string): Served {
  return {
    project: title,
    isRecorded: true,
    seq: () => records.at(-1)?.seq ?? 0,
    async *follow(fromSeq) {
      const [first] = records;
      yield* records.slice(first === undefined ? 0 : Math.max(0, fromSeq - first.seq));
    },
    async obey() {
      throw new HubError('forbidden', 'this is a recorded log: nothing can be done to it');
    },
  };
}
