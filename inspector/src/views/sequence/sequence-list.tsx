import { useEffect, useRef, useState } from 'react';
import { routeOf } from '../../model/flow.ts';
import { useWorkbench } from '../../model/hooks.ts';
import type { Run } from '../../model/run.ts';
import { toneOfRecord } from '../../model/tone.ts';
import { useSize } from '../../ui/canvas.ts';
import { Mark } from '../../ui/mark.tsx';
import { clock, length } from '../../ui/time.ts';
import { longScroll } from './long-scroll.ts';
import type { Row, Rows } from './rows.ts';

interface ListProps {
  readonly run: Run;
  readonly rows: Rows;
  /** Else it is there for screen readers only. */
  readonly isShown: boolean;
}

const rowHeight = 28;
/** Rows beside those in sight, or around the moment while none is. */
const beyond = { shown: 8, hidden: 20 };

/** The same as the picture, in words: the rows in sight, or those around the moment. */
export function SequenceList({ run, rows, isShown }: ListProps) {
  const workbench = useWorkbench();
  const list = useRef<HTMLDivElement>(null);
  const { height: seen } = useSize(list);
  const [top, setTop] = useState(0);
  const { height, factor } = longScroll(rows.length * rowHeight, seen);
  const now = rows.indexOf(run.position);
  useEffect(() => {
    const { current } = list;
    if (current === null || !isShown) return;
    const [first, y] = [current.scrollTop * factor, now * rowHeight];
    if (y < first || y + rowHeight > first + seen) current.scrollTop = (y - seen / 2) / factor;
  }, [now, isShown, factor, seen]);
  const isHidden = !isShown;
  const from = isHidden ? now - beyond.hidden : Math.floor((top * factor) / rowHeight) - beyond.shown;
  const to = isHidden ? now + beyond.hidden : Math.ceil((top * factor + seen) / rowHeight) + beyond.shown;
  const indexes = [];
  for (let index = Math.max(0, from); index <= Math.min(rows.length - 1, to); index++) indexes.push(index);
  return (
    <div
      ref={list}
      className={isShown ? 'sequence-list' : 'sequence-list only-read'}
      tabIndex={isShown ? 0 : -1}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
    >
      <div role="table" aria-label="Messages" aria-rowcount={rows.length} style={{ height: isShown ? height : 0 }}>
        {indexes.map((index) => {
          const row = rows.at(index);
          return (
            row !== undefined && (
              <div
                key={`${row.kind} ${row.seq}`}
                role="row"
                aria-rowindex={index + 1}
                aria-current={index === now ? 'step' : undefined}
                className={`sequence-row${index === now ? ' current' : ''}${index > now ? ' later' : ''}`}
                style={{ transform: `translateY(${isShown ? index * rowHeight - top * (factor - 1) : 0}px)` }}
              >
                <Cells
                  run={run}
                  row={row}
                  isButton={isShown}
                  onSelect={() => {
                    run.seek(row.seq);
                    workbench.select(`record:${row.seq}`);
                  }}
                />
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}

interface CellsProps {
  readonly run: Run;
  readonly row: Row;
  readonly isButton: boolean;
  readonly onSelect: () => void;
}

function Cells({ run, row, isButton, onSelect }: CellsProps) {
  if (row.kind === 'gap') {
    return (
      <span role="cell" className="soft gap">
        {length(row.ms)} later
      </span>
    );
  }
  const record = run.records[row.seq - 1];
  if (record === undefined) return null;
  return (
    <>
      <span role="cell" className="mono soft">
        {clock(record.at - (run.atOf(1) ?? record.at))}
      </span>
      <span role="cell" className="truncate">
        {routeOf(record, run)}
      </span>
      <span role="cell" className="type truncate">
        <Mark tone={toneOfRecord(record)} />
        {isButton ? (
          <button type="button" className="plain" onClick={onSelect}>
            {record.type}
          </button>
        ) : (
          record.type
        )}
      </span>
    </>
  );
}
