/** What led to a record, from the beginning on, and everything that came of it. */
import { useEffect, useState } from 'react';
import type { HubRecord } from 'xstate-hub';
import { chainOf } from '../../model/causes.ts';
import { detailOf, flowOf, nameIn, routeOf } from '../../model/flow.ts';
import { useWorkbench } from '../../model/hooks.ts';
import { causeOf } from '../../model/links.ts';
import type { Run } from '../../model/run.ts';
import { toneOfRecord } from '../../model/tone.ts';
import { Mark } from '../../ui/mark.tsx';
import { clock } from '../../ui/time.ts';

const most = 200;

/** To look for what came of a record takes a while in a long log: nobody waits for it who only passes by. */
const restMs = 120;

export function Chain({ run, record }: { readonly run: Run; readonly record: HubRecord }) {
  const { seq } = record;
  const [rested, setRested] = useState(0);
  useEffect(() => {
    const timer = setTimeout(() => setRested(seq), restMs);
    return () => clearTimeout(timer);
  }, [seq]);
  return rested === seq ? <WholeChain run={run} record={record} /> : <section className="chain-later" />;
}

function WholeChain({ run, record }: { readonly run: Run; readonly record: HubRecord }) {
  const { ancestors, descendants, isCut } = chainOf(run, record.seq);
  const followers = descendants.slice(0, most);
  const first = ancestors[0] ?? record;
  const depths = new Map([[record.id, 0]]);
  for (const one of followers) depths.set(one.id, (depths.get(causeOf(run, one)?.id ?? '') ?? 0) + 1);
  const grant = leaseOf(run, first);
  return (
    <section aria-label="Causes and consequences">
      <h2>What led to it, and what came of it</h2>
      <ol className="chain">
        {grant !== undefined && (
          <Link run={run} record={grant} depth={0} note={`the lease under which ${first.from} spoke`} />
        )}
        {ancestors.map((one, index) => (
          <Link key={one.seq} run={run} record={one} depth={0} note={index === 0 ? beginning(run, one) : ''} />
        ))}
        <Link
          run={run}
          record={record}
          depth={0}
          isSubject
          note={ancestors.length === 0 ? beginning(run, record) : ''}
        />
        {followers.map((one) => (
          <Link key={one.seq} run={run} record={one} depth={Math.min(depths.get(one.id) ?? 1, 12)} note="" />
        ))}
      </ol>
      {(isCut || descendants.length > most) && (
        <p className="soft">More may have come of it: these are the first {followers.length}.</p>
      )}
      {descendants.length === 0 && <p className="soft">Nothing came of it{run.isOver ? '' : ' so far'}.</p>}
    </section>
  );
}

/** Who works under a lease speaks because the task was given to it. */
function leaseOf(run: Run, { payload }: HubRecord): HubRecord | undefined {
  const { lease } = payload as { readonly lease?: unknown };
  return typeof lease === 'number' ? run.records[lease - 1] : undefined;
}

function beginning(run: Run, record: HubRecord): string {
  if (record.from === 'clock') return 'time has come';
  return record.from === 'hub' ? 'the hub began it' : `${nameIn(run, flowOf(record, run).from)} said so`;
}

interface LinkProps {
  readonly run: Run;
  readonly record: HubRecord;
  readonly depth: number;
  readonly note: string;
  readonly isSubject?: boolean;
}

function Link({ run, record, depth, note, isSubject = false }: LinkProps) {
  const workbench = useWorkbench();
  const { seq, at, type } = record;
  const detail = detailOf(record, run);
  return (
    <li aria-current={isSubject ? 'true' : undefined} style={{ '--depth': depth } as React.CSSProperties}>
      <button
        type="button"
        onClick={() => {
          run.seek(seq);
          workbench.select(`record:${seq}`);
        }}
      >
        <span className="mono soft">{clock(at - (run.atOf(1) ?? 0))}</span>
        <span className="chain-what">
          <Mark tone={toneOfRecord(record)} />
          <span className="chain-type">{type}</span>
          <span className="soft">{routeOf(record, run)}</span>
          <span className="soft truncate">{note === '' ? detail : note}</span>
        </span>
        <span className="mono soft">{seq}</span>
      </button>
    </li>
  );
}
