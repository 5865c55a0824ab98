/**
 * What a log in SQLite says of itself, under a seal: where it ends, what was pruned, where its checkpoint stands.
 *
 * Without the seal a flipped byte here could make a log shorter, or a checkpoint that of another record (I15).
 */
import { createHash } from 'node:crypto';
import { BrokenChain, type ChainLink, chainStart } from './hash-chain.ts';
import { type SqliteFile, statement, text } from './sqlite-file.ts';

export interface Facts {
  readonly lastSeq: number;
  /** The last record that was pruned; seq 0 when none was. */
  readonly pruned: ChainLink;
  readonly checkpointSeq: number | null;
}

const emptyLog: Facts = { lastSeq: 0, pruned: { seq: 0, hash: chainStart }, checkpointSeq: null };

const sealOf = ({ lastSeq, pruned, checkpointSeq }: Facts): string =>
  createHash('sha256')
    .update(JSON.stringify([lastSeq, pruned.seq, pruned.hash, checkpointSeq]))
    .digest('hex');

/** Throws {@link BrokenChain} when they are not as they were written. */
export function readFacts(file: SqliteFile): Facts {
  const row = statement(
    file,
    `select last_seq, pruned_seq, cast(pruned_hash as blob) as pruned_hash, checkpoint_seq, cast(seal as blob) as seal
     from log where id = 1`,
  ).get();
  const facts = {
    lastSeq: row?.last_seq as number,
    pruned: { seq: row?.pruned_seq as number, hash: text(row?.pruned_hash) },
    checkpointSeq: row?.checkpoint_seq as number | null,
  };
  if (sealOf(facts) !== text(row?.seal))
    throw new BrokenChain(1, 'what the log says of itself does not match its seal');
  return facts;
}

/** Belongs into the transaction of what has changed. */
export function factsWriter(file: SqliteFile): (facts: Facts) => void {
  const update = statement(
    file,
    'update log set last_seq = ?, pruned_seq = ?, pruned_hash = ?, checkpoint_seq = ?, seal = ? where id = 1',
  );
  return (facts) => {
    update.run(facts.lastSeq, facts.pruned.seq, facts.pruned.hash, facts.checkpointSeq, sealOf(facts));
  };
}

/** A new log has none yet. */
export function beginFacts(file: SqliteFile): void {
  const isNew = statement(file, "select 1 as is_new from log where id = 1 and seal = ''").get() !== undefined;
  if (isNew) factsWriter(file)(emptyLog);
}
