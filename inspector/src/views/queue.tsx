import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { QueuePicture } from '../engine/protocol.ts';
import { useAnswer } from '../model/answers.ts';
import { useRun, useWorkbench } from '../model/hooks.ts';
import type { Run } from '../model/run.ts';
import '../styles/queue.css';
import { useNarrow } from '../ui/media.ts';
import { number } from '../ui/number.ts';
import { length } from '../ui/time.ts';
import { Lengths, useLengths } from './queue/lengths.tsx';
import { nameOfPriority, QueueRow } from './queue/row.tsx';

/** So many rows are asked for at a time. */
const block = 40;

/** The tasks that wait, in the order in which they will be given out. */
export function QueueView({ run }: { readonly run: Run }) {
  useRun(run);
  const [from, setFrom] = useState(0);
  const { answer } = useAnswer(run, 'queue', { seq: run.position, from, count: block * 2 });
  const [trouble, setTrouble] = useState<string | null>(null);
  const { actable } = run;
  const onCommand = (name: string, ...args: (string | number)[]) => {
    setTrouble(null);
    run.command({ name, args }).catch((refusal: Error) => setTrouble(refusal.message));
  };
  return (
    <div className="queue-view">
      <div className="view-bar">
        <strong role="status">{answer === null ? '' : wordsFor(answer.total)}</strong>
        <Lengths run={run} />
        {answer !== null && answer.agingMs !== null && answer.total > 0 && (
          <span className="soft">Each {length(answer.agingMs)} of waiting adds 1 to a priority</span>
        )}
        {!actable.ok && (
          <span className="soft forbidden" id="queue-forbidden">
            {actable.why}{' '}
            {!run.isOver && run.position < run.head && (
              <button type="button" className="link" onClick={() => run.seek(run.head)}>
                Go to the end
              </button>
            )}
          </span>
        )}
      </div>
      <div role="alert">{trouble !== null && <p className="queue-trouble">{trouble}</p>}</div>
      {answer !== null && answer.total > 0 && (
        <Rows
          run={run}
          queue={answer}
          onSight={setFrom}
          forbidden={actable.ok ? null : actable.why}
          onCommand={onCommand}
        />
      )}
      {answer?.total === 0 && <Empty run={run} />}
    </div>
  );
}

const wordsFor = (count: number): string =>
  count === 0 ? 'Nobody waits' : `${number(count)} ${count === 1 ? 'task waits' : 'tasks wait'}`;

interface RowsProps {
  readonly run: Run;
  readonly queue: QueuePicture;
  readonly forbidden: string | null;
  /** @param from the first place from which tasks are needed, from 0 */
  onSight(from: number): void;
  onCommand(name: string, ...args: (string | number)[]): void;
}

function Rows({ run, queue, forbidden, onSight, onCommand }: RowsProps) {
  const workbench = useWorkbench();
  const { groups, total } = queue;
  const starts = useMemo(() => startsOf(groups), [groups]);
  const list = useRef<HTMLDivElement>(null);
  const isNarrow = useNarrow();
  const virtual = useVirtualizer({
    count: total + starts.length,
    getScrollElement: () => list.current,
    estimateSize: (index) => (rowAt(starts, index).isHead ? 34 : isNarrow ? 124 : 54),
    overscan: 6,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows have another height then
  useLayoutEffect(() => virtual.measure(), [isNarrow, virtual]);
  const items = virtual.getVirtualItems();
  const first = rowAt(starts, items[0]?.index ?? 0).place - 1;
  const needed = Math.floor(first / block) * block;
  useEffect(() => onSight(needed), [needed, onSight]);
  return (
    <div
      ref={list}
      className="queue-list"
      role="table"
      aria-label="Queue"
      aria-rowcount={total + starts.length}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
      tabIndex={0}
    >
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, start, key }) => {
          const { isHead, priority, place } = rowAt(starts, index);
          const style = { transform: `translateY(${start}px)` };
          if (isHead) {
            return (
              <div key={key} role="row" aria-rowindex={index + 1} className="queue-group" style={style}>
                <span role="cell">
                  priority {priority} <span className="soft">{nameOfPriority(priority)}</span>
                </span>
              </div>
            );
          }
          const queued = queue.tasks[place - 1 - queue.from];
          if (queued === undefined) return null;
          const { id } = queued.task;
          return (
            <div
              key={key}
              role="row"
              aria-rowindex={index + 1}
              data-task={id}
              className={`queue-row${workbench.selection === `task:${id}` ? ' current' : ''}`}
              style={style}
            >
              <QueueRow
                {...{ run, queued, place, forbidden, onCommand }}
                agingMs={queue.agingMs}
                mostNamed={isNarrow ? 2 : 4}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface Start {
  readonly priority: number;
  /** The row of its head. */
  readonly row: number;
}

function startsOf(groups: QueuePicture['groups']): Start[] {
  let row = 0;
  return groups.map(({ priority, count }) => {
    const start = { priority, row };
    row += count + 1;
    return start;
  });
}

/** A row is the head of a priority, or a task; a head has the place of the first task below it, from 1. */
function rowAt(starts: readonly Start[], row: number) {
  const group = Math.max(
    0,
    starts.findLastIndex((start) => start.row <= row),
  );
  const { priority, row: head } = starts[group] ?? { priority: 0, row: 0 };
  const isHead = row === head;
  return { isHead, priority, place: row - group + (isHead ? 1 : 0) };
}

function Empty({ run }: { readonly run: Run }) {
  const { longest } = useLengths(run);
  return (
    <div className="empty">
      <p>No task waits at this moment: each has an agent, or has ended.</p>
      {longest.length > 0 && (
        <button type="button" className="button" onClick={() => run.seek(longest.seq)}>
          Go to where the queue was longest, with {number(longest.length)}
        </button>
      )}
    </div>
  );
}
