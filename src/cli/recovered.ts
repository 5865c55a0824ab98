/** What a hub would recover from a log: from its checkpoint, if it has one, and the records behind that. */
import type { SavedCheckpoint } from '../actors/store.ts';
import type { Before, LogFacts } from '../actors/verify-log.ts';
import { foldLog, type Picture } from '../hub/picture.ts';
import type { HubRecord } from '../machines/messages.ts';

const endings: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled']);
const idsOf = ({ tasks }: Picture, hasEnded: boolean): string[] =>
  tasks.filter(({ status }) => endings.has(status) === hasEnded).map(({ id }) => id);

/**
 * The tasks that are live in the end, and what there was before the first record.
 *
 * Throws when a hub could not go on from here. Answers nothing for a log that begins somewhere and has no checkpoint.
 */
export function recovered(
  records: readonly HubRecord[],
  checkpoint: SavedCheckpoint | undefined,
): Pick<LogFacts, 'live' | 'before'> {
  const [first] = records;
  if (checkpoint === undefined) {
    return first !== undefined && first.seq !== 1 ? {} : { live: new Set(idsOf(foldLog(records), false)) };
  }
  const kept = { seq: checkpoint.seq, entries: [...checkpoint.entries] };
  const tail = records.filter(({ seq }) => seq > kept.seq);
  return { live: new Set(idsOf(foldLog(tail, kept), false)), before: before(records, foldLog([], kept)) };
}

/** Of what the checkpoint knows, whatever the records up to there do not speak of. */
function before(records: readonly HubRecord[], picture: Picture): Before {
  const { seq } = picture.status;
  const [begun, ended] = [new Set<string>(), new Set<string>()];
  for (const record of records) {
    if (record.seq > seq) break;
    if (record.type === 'task.submit') begun.add(record.payload.taskId);
    else if (record.type === 'task.completed' || record.type === 'task.failed' || record.type === 'task.cancelled')
      ended.add(record.payload.taskId);
  }
  const first = records[0]?.seq ?? seq + 1;
  return {
    open: idsOf(picture, false).filter((id) => !begun.has(id)),
    ended: idsOf(picture, true).filter((id) => !ended.has(id)),
    letters: picture.deadLetters.filter(({ place }) => place < first).map(({ letterSeq }) => letterSeq),
  };
}
