/**
 * What is left in a store after a fault, against all that was heard and done: by the oracle, by `log verify`, and by
 * what the processes knew to be durable.
 *
 * - Jd1 nothing is written; a store can be judged while a hub has it open.
 */
import { BrokenChain, checkedRecords } from '../actors/hash-chain.ts';
import { openSqliteLog } from '../actors/sqlite-log.ts';
import { type LogReport, verifyLog } from '../actors/verify-log.ts';
import { foldLog } from '../hub/picture.ts';
import { HubError } from '../machines/errors.ts';
import { contentHash } from '../machines/hash.ts';
import type { HubRecord } from '../machines/messages.ts';
import type { Effect, HistoryEvent } from '../simulator/history.ts';
import { check } from '../simulator/oracle.ts';
import type { Violation } from '../simulator/violation.ts';
import type { NotedEffect, Said, Written } from './notebook.ts';

export interface Heard {
  readonly history: readonly HistoryEvent[];
  /** In the order in which they happened. */
  readonly effects: readonly NotedEffect[];
  readonly said: readonly Said[];
  /** All that was begun should have ended. */
  readonly isDrained: boolean;
}

export interface Judgement {
  readonly violations: readonly Violation[];
  readonly records: readonly HubRecord[];
  readonly report: LogReport | undefined;
}

/** The whole log, each record checked against its hash. Throws {@link BrokenChain} where it is not as it was written. */
export function readLog(path: string): HubRecord[] {
  const log = openSqliteLog(path);
  try {
    return Array.from(checkedRecords(log.rows, log.behind), ({ record }) => record);
  } finally {
    log.close();
  }
}

export function judge(path: string, { history, effects, said, isDrained }: Heard): Judgement {
  let records: HubRecord[];
  try {
    records = readLog(path);
  } catch (error) {
    const isWhole = !(error instanceof BrokenChain);
    const isNoLogYet = isWhole && (error instanceof HubError || (error as { code?: unknown }).code === 'ENOENT');
    if (isNoLogYet && !effects.some(({ kind }) => kind === 'wrote'))
      return { violations: [], records: [], report: undefined };
    const seqs = error instanceof BrokenChain ? [error.seq] : [];
    return {
      violations: [{ invariant: 'I15', why: `the log cannot be read: ${String(error)}`, seqs }],
      records: [],
      report: undefined,
    };
  }
  const live = new Set(foldLog(records).tasks.flatMap(({ id, finishedAt }) => (finishedAt === null ? [id] : [])));
  const report = verifyLog(records, { live });
  return {
    violations: [
      ...check(records, history, inLogOrder(effects), { isDrained }),
      ...whatWasDurable(records, effects),
      ...whatWasFolded(records, said),
      ...whatWasCounted(report, isDrained),
      ...whatWasStray(said),
    ],
    records,
    report,
  };
}

/** I5: what a store said that it had written is there, and is what it wrote. */
function whatWasDurable(records: readonly HubRecord[], effects: readonly NotedEffect[]): Violation[] {
  return effects.flatMap((effect) => {
    if (effect.kind !== 'wrote' || records[effect.toSeq - 1]?.id === effect.lastId) return [];
    const why = `hub ${effect.life} wrote record ${effect.toSeq}, and it is not there`;
    return [{ invariant: 'I5', why, seqs: [effect.toSeq] }];
  });
}

/** I13: a hub that opens has the state that its log folds to. */
function whatWasFolded(records: readonly HubRecord[], said: readonly Said[]): Violation[] {
  return said.flatMap((one) => {
    if (one.say !== 'open' || contentHash(foldLog(records.slice(0, one.seq))) === one.picture) return [];
    const why = `hub ${one.life} opened at record ${one.seq} with another state than its log folds to`;
    return [{ invariant: 'I13', why, seqs: [one.seq] }];
  });
}

function whatWasCounted({ lost, duplicated, open }: LogReport, isDrained: boolean): Violation[] {
  const wrong = lost > 0 || duplicated > 0 || (isDrained && open > 0);
  const why = `log verify counts ${lost} lost, ${duplicated} ended twice, ${open} open`;
  return wrong ? [{ invariant: 'I1', why, seqs: [] }] : [];
}

function whatWasStray(said: readonly Said[]): Violation[] {
  return said.flatMap((one) =>
    one.say === 'stray' ? [{ invariant: 'I22', why: `hub ${one.life}: ${one.message}`, seqs: [] }] : [],
  );
}

/** A process may be stopped between a write and its note. So writes are told in the order of the log. */
function inLogOrder(effects: readonly NotedEffect[]): Effect[] {
  const writes = effects.filter((effect): effect is Written => effect.kind === 'wrote');
  const sorted = writes.toSorted((a, b) => a.fromSeq - b.fromSeq).values();
  return effects.map((effect) => {
    if (effect.kind !== 'wrote') return effect;
    const { life, fromSeq, toSeq } = sorted.next().value ?? effect;
    return { kind: 'wrote', life, fromSeq, toSeq };
  });
}
