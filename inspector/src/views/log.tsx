import { useVirtualizer } from '@tanstack/react-virtual';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { describeRecord, type HubRecord } from 'xstate-hub';
import { useRun, useWorkbench } from '../model/hooks.ts';
import type { Run } from '../model/run.ts';
import { toneOfRecord } from '../model/tone.ts';
import { Mark } from '../ui/mark.tsx';
import { clock } from '../ui/time.ts';

/** Every record, in order; what is behind the moment that is shown is pale. */
export function LogView({ run }: { readonly run: Run }) {
  useRun(run);
  const workbench = useWorkbench();
  const [search, setSearch] = useState('');
  const [family, setFamily] = useState('');
  const words = useDeferredValue(search.trim().toLowerCase());
  const { head } = run;
  const shown = useMemo(
    () => (words === '' && family === '' ? null : run.records.slice(0, head).filter((one) => fits(one, words, family))),
    [run, head, words, family],
  );
  const count = shown?.length ?? head;
  const recordAt = (index: number) => (shown ?? run.records)[index];
  const list = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count, getScrollElement: () => list.current, estimateSize: () => 28, overscan: 12 });
  const { position } = run;
  useEffect(() => {
    const index = shown === null ? position - 1 : shown.findLastIndex(({ seq }) => seq <= position);
    if (index >= 0) rows.scrollToIndex(index, { align: 'auto' });
  }, [position, shown, rows]);
  const start = run.records[0]?.at ?? 0;
  return (
    <div className="log-view">
      <div className="view-bar" role="search">
        <input
          className="field grow"
          type="search"
          placeholder="Search in the log"
          aria-label="Search in the log"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <select className="field" aria-label="Kind" value={family} onChange={(event) => setFamily(event.target.value)}>
          <option value="">all records</option>
          {families.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
        <span className="soft" role="status">
          {count === head ? `${head} records` : `${count} of ${head} records`}
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <div ref={list} className="log-list" role="table" aria-label="Log" aria-rowcount={count} tabIndex={0}>
        <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="rowgroup">
          {rows.getVirtualItems().map(({ index, start: top }) => {
            const record = recordAt(index);
            if (record === undefined) return null;
            const { seq, at, from, to, type } = record;
            return (
              <div
                key={seq}
                role="row"
                aria-rowindex={index + 1}
                className={`log-row${seq > position ? ' later' : ''}${seq === position ? ' current' : ''}`}
                style={{ transform: `translateY(${top}px)` }}
              >
                <span role="cell" className="mono soft seq">
                  {seq}
                </span>
                <span role="cell" className="mono soft at">
                  {clock(at - start)}
                </span>
                <span role="cell" className="route truncate">
                  {from} → {to}
                </span>
                <span role="cell" className="type truncate">
                  <Mark tone={toneOfRecord(record)} />
                  <button
                    type="button"
                    onClick={() => {
                      run.seek(seq);
                      workbench.select(`record:${seq}`);
                    }}
                  >
                    {type}
                  </button>
                </span>
                <span role="cell" className="soft truncate detail">
                  {describeRecord(record).detail}
                </span>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

const families = [
  'task',
  'agent',
  'message',
  'consultation',
  'gate',
  'orchestration',
  'schedule',
  'deadletter',
  'project',
  'deadline',
  'hub',
];

function fits(record: HubRecord, words: string, family: string): boolean {
  if (family !== '' && !record.type.startsWith(`${family}.`)) return false;
  if (words === '') return true;
  const text =
    `${record.seq} ${record.from} ${record.to} ${record.type} ${JSON.stringify(record.payload)}`.toLowerCase();
  return words.split(/\s+/).every((word) => text.includes(word));
}
