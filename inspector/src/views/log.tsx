import { useDeferredValue, useEffect, useMemo, useReducer, useRef, useState } from 'react';
import { detailOf, routeOf } from '../model/flow.ts';
import { useRun, useWorkbench } from '../model/hooks.ts';
import { unseenMatch } from '../model/log-match.ts';
import { LogSearch } from '../model/log-search.ts';
import type { Run } from '../model/run.ts';
import { toneOfRecord } from '../model/tone.ts';
import '../styles/log.css';
import { useFixedRows } from '../ui/fixed-rows.ts';
import { Found } from '../ui/found.tsx';
import { Mark } from '../ui/mark.tsx';
import { useNarrow } from '../ui/media.ts';
import { number } from '../ui/number.ts';
import { clock } from '../ui/time.ts';

/** Every record, in order; what is behind the moment that is shown is pale. */
export function LogView({ run }: { readonly run: Run }) {
  useRun(run);
  const workbench = useWorkbench();
  const [search, setSearch] = useState('');
  const [family, setFamily] = useState('');
  const wanted = useDeferredValue(search.trim().toLowerCase());
  const words = useMemo(() => wanted.split(/\s+/).filter(Boolean), [wanted]);
  const [, again] = useReducer((times: number) => times + 1, 0);
  const searching = useMemo(
    () => (words.length === 0 && family === '' ? null : new LogSearch(run, words, family)),
    [run, words, family],
  );
  const isLooking = searching?.look(slice) ?? false;
  useEffect(() => {
    if (!isLooking) return;
    const frame = requestAnimationFrame(again);
    return () => cancelAnimationFrame(frame);
  });
  const { received, position } = run;
  const count = searching?.count ?? received;
  const list = useRef<HTMLDivElement>(null);
  const rows = useFixedRows(list, count, useNarrow() ? 52 : 28);
  const { scrollTo } = rows;
  const place = searching === null ? position - 1 : searching.indexAt(position);
  useEffect(() => {
    if (place >= 0) scrollTo(place, 'nearest');
  }, [place, scrollTo]);
  const start = run.atOf(1) ?? 0;
  const isEmpty = searching !== null && count === 0 && !isLooking;
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
          {said(searching, received)}
        </span>
      </div>
      {isEmpty && (
        <div className="empty">
          <p>{nothing(search.trim(), family)}</p>
          <button
            type="button"
            className="button"
            onClick={() => {
              setSearch('');
              setFamily('');
            }}
          >
            Clear the search
          </button>
        </div>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <div ref={list} className="log-list" role="table" aria-label="Log" aria-rowcount={count} tabIndex={0}>
        <div style={{ height: rows.height, position: 'relative' }} role="rowgroup">
          {rows.items.map(({ index, start: top }) => {
            const record = run.log[(searching === null ? index + 1 : (searching.seqAt(index) ?? 0)) - 1];
            if (record === undefined) return null;
            const { seq, at, type } = record;
            const route = routeOf(record, run);
            const detail = detailOf(record, run);
            const unseen = unseenMatch(record, words, `${seq} ${route} ${type} ${detail}`);
            return (
              <div
                key={seq}
                role="row"
                aria-rowindex={index + 1}
                className={`log-row${seq > position ? ' later' : ''}${seq === position ? ' current' : ''}`}
                style={{ transform: `translateY(${top}px)` }}
              >
                <span role="cell" className="mono soft seq">
                  <Found text={String(seq)} words={words} />
                </span>
                <span role="cell" className="mono soft at">
                  {clock(at - start)}
                </span>
                <span role="cell" className="route truncate">
                  <Found text={route} words={words} />
                </span>
                <span role="cell" className="type truncate">
                  <Mark tone={toneOfRecord(record)} />
                  <button
                    type="button"
                    className="truncate"
                    onClick={() => {
                      run.seek(seq);
                      workbench.select(`record:${seq}`);
                    }}
                  >
                    <Found text={type} words={words} />
                  </button>
                </span>
                <span role="cell" className="soft truncate detail">
                  <Found text={unseen ?? detail} words={words} />
                </span>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** How long a frame may search, in ms. */
const slice = 8;

function said(searching: LogSearch | null, received: number): string {
  if (searching === null) return `${number(received)} records`;
  const { count, looked } = searching;
  return `${number(count)} of ${number(received)} records${looked < received ? '…' : ''}`;
}

function nothing(search: string, family: string): string {
  const which = family === '' ? 'No record' : `No record of ${family}`;
  return search === '' ? `${which} is there so far.` : `${which} has “${search}” in it.`;
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
  'fault',
];
