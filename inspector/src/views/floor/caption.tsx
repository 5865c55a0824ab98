import { detailOf, routeOf } from '../../model/flow.ts';
import { useWorkbench } from '../../model/hooks.ts';
import type { Run } from '../../model/run.ts';
import { toneOfRecord } from '../../model/tone.ts';
import { Mark } from '../../ui/mark.tsx';
import { number } from '../../ui/number.ts';
import { clock } from '../../ui/time.ts';
import type { Lit } from './scene.ts';

/** The record of the moment in words; or the selected one, and what hangs together with it. */
export function Caption({ run, lit }: { readonly run: Run; readonly lit: Lit | null }) {
  const workbench = useWorkbench();
  const record = lit?.record.record ?? run.records[run.position - 1];
  if (record === undefined) {
    return (
      <>
        <p className="floor-about">{run.opened.description}</p>
        <p className="floor-caption soft">Nothing yet: press Play, or → for one record.</p>
      </>
    );
  }
  const { seq, at, type } = record;
  const start = run.records[0]?.at ?? at;
  return (
    <p className="floor-caption">
      <span className="mono soft">{clock(at - start)}</span>
      <Mark tone={toneOfRecord(record)} />
      <span className="soft">{routeOf(record, run)}</span>
      <button type="button" className="link" onClick={() => workbench.select(`record:${seq}`)}>
        {type}
      </button>
      {lit === null ? (
        <span className="soft truncate">{detailOf(record, run)}</span>
      ) : (
        <span className="soft truncate">
          {number(lit.ancestors.length)} before it, {number(lit.descendants.length)} because of it
        </span>
      )}
    </p>
  );
}
