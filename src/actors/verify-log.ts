/**
 * What a log says of itself: whether it is whole, and what became of every task (I1, I3).
 *
 * Pure: it reads records, and what they fold to comes from whoever calls.
 */
import type { HubRecord } from '../machines/messages.ts';

/** Whole, without hashes to tell, or the seq of the first record that is not as it was written. */
export type ChainState = 'ok' | 'none' | { readonly brokenAt: number };

export interface LogReport {
  /** How many are kept. */
  readonly records: number;
  readonly chain: ChainState;
  /** Tasks that were taken: submitted, and not refused for their working spec; and those that were open before. */
  readonly accepted: number;
  /** Of those, how many have ended. */
  readonly terminal: number;
  /** Of those, how many have not ended and are there. */
  readonly open: number;
  /** Of those, how many have neither ended nor are there. */
  readonly lost: number;
  /** Tasks that have ended more than once. */
  readonly duplicated: number;
  /** Dead letters that are neither replayed, accepted nor purged. */
  readonly deadLetters: number;
}

export interface LogFacts {
  /** What is known of the hashes. Gaps are found without them. */
  readonly chain?: ChainState;
  /** The tasks that are live in the fold. Default: whatever has not ended. */
  readonly live?: ReadonlySet<string>;
  /** What is known of the time before the first record that is kept. Default: nothing, as if there had been none. */
  readonly before?: Before;
}

/** What the records that are kept go on from, when those before them were pruned. */
export interface Before {
  /** Tasks that had not ended. */
  readonly open: Iterable<string>;
  /** Tasks that had ended, as far as they are remembered. They do not count as accepted. */
  readonly ended: Iterable<string>;
  readonly letters: Iterable<number>;
}

/** What became of a task since it was submitted last: an id may be used again when its task is forgotten. */
interface Fate {
  isAccepted: boolean;
  ends: number;
}

export function verifyLog(log: Iterable<HubRecord>, { chain = 'ok', live, before }: LogFacts = {}): LogReport {
  const past: Fate[] = [];
  const fates = new Map<string, Fate>();
  const letters = new Set<number>(before?.letters);
  for (const taskId of before?.open ?? []) fates.set(taskId, { isAccepted: true, ends: 0 });
  for (const taskId of before?.ended ?? []) fates.set(taskId, { isAccepted: false, ends: 1 });
  let records = 0;
  let last: number | undefined;
  let brokenAt = typeof chain === 'object' ? chain.brokenAt : Number.POSITIVE_INFINITY;
  for (const record of log) {
    if (last !== undefined && record.seq !== last + 1) brokenAt = Math.min(brokenAt, last + 1);
    last = record.seq;
    records++;
    switch (record.type) {
      case 'task.submit': {
        const earlier = fates.get(record.payload.taskId);
        if (earlier !== undefined) past.push(earlier);
        fates.set(record.payload.taskId, { isAccepted: true, ends: 0 });
        break;
      }
      case 'task.invalid':
        fateOf(fates, record.payload.taskId).isAccepted = false;
        break;
      case 'task.completed':
      case 'task.failed':
      case 'task.cancelled':
        fateOf(fates, record.payload.taskId).ends++;
        break;
      case 'deadletter.added':
        letters.add(record.payload.letterSeq);
        break;
      case 'deadletter.replay':
      case 'deadletter.accept':
      case 'deadletter.purge':
        letters.delete(record.payload.letterSeq);
    }
  }
  const accepted = [...fates].filter(([, fate]) => fate.isAccepted);
  const unended = accepted.filter(([, { ends }]) => ends === 0);
  const open = live === undefined ? unended.length : unended.filter(([id]) => live.has(id)).length;
  // A task that was submitted anew has had an end, or its id would not have been free.
  const forgotten = past.filter(({ isAccepted }) => isAccepted);
  const lost = unended.length - open + forgotten.filter(({ ends }) => ends === 0).length;
  return {
    records,
    chain: Number.isFinite(brokenAt) ? { brokenAt } : chain,
    accepted: accepted.length + forgotten.length,
    terminal: accepted.length + forgotten.length - open - lost,
    open,
    lost,
    duplicated: [...fates.values(), ...past].filter(({ ends }) => ends > 1).length,
    deadLetters: letters.size,
  };
}

/** Of a task that was submitted before the first record that is kept, only the end is known. */
function fateOf(fates: Map<string, Fate>, taskId: string): Fate {
  let fate = fates.get(taskId);
  if (fate === undefined) {
    fate = { isAccepted: false, ends: 0 };
    fates.set(taskId, fate);
  }
  return fate;
}
