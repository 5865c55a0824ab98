import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { flowOf, nameOf } from '../../model/flow.ts';
import { useWorkbench } from '../../model/hooks.ts';
import type { Run } from '../../model/run.ts';
import { toneOfRecord } from '../../model/tone.ts';
import { Mark } from '../../ui/mark.tsx';
import { clock, length } from '../../ui/time.ts';
import type { Row, Rows } from './rows.ts';

interface ListProps {
  readonly run: Run;
  readonly rows: Rows;
  /** Else it is there for screen readers only. */
  readonly isShown: boolean;
}

/** The same as the picture, in words: the rows around the moment. */
export function SequenceList({ run, rows, isShown }: ListProps) {
  const workbench = useWorkbench();
  const list = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => list.current,
    estimateSize: () => 28,
    overscan: isShown ? 10 : 20,
  });
  const now = rows.indexOf(run.position);
  // biome-ignore lint/correctness/useExhaustiveDependencies: shown or not, it is where the moment is
  useEffect(() => {
    if (now >= 0) virtual.scrollToIndex(now, { align: 'auto' });
  }, [now, rows, isShown, virtual]);
  return (
    <div ref={list} className={isShown ? 'sequence-list' : 'sequence-list only-read'} tabIndex={isShown ? 0 : -1}>
      <div role="table" aria-label="Messages" aria-rowcount={rows.length} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows.at(index);
          return (
            row !== undefined && (
              <div
                key={`${row.kind} ${row.seq}`}
                role="row"
                aria-rowindex={index + 1}
                aria-current={index === now ? 'step' : undefined}
                className={`sequence-row${index === now ? ' current' : ''}${index > now ? ' later' : ''}`}
                style={{ transform: `translateY(${start}px)` }}
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
        {length(row.ms)} pass
      </span>
    );
  }
  const record = run.records[row.seq - 1];
  if (record === undefined) return null;
  const { from, to } = flowOf(record, run);
  return (
    <>
      <span role="cell" className="mono soft">
        {clock(record.at - (run.atOf(1) ?? record.at))}
      </span>
      <span role="cell" className="truncate">
        {nameOf(from)} → {nameOf(to)}
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
