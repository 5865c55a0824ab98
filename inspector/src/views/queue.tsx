import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import type { TaskView } from 'xstate-hub';
import type { QueuePicture } from '../engine/protocol.ts';
import { useAnswer } from '../model/answers.ts';
import { useRun, useWorkbench } from '../model/hooks.ts';
import type { Run } from '../model/run.ts';
import { waitingBy, waitingOf } from '../model/waiting.ts';
import '../styles/queue.css';
import { Lengths, useLengths } from './queue/lengths.tsx';
import { nameOfPriority, QueueRow } from './queue/row.tsx';

type Row =
  | { readonly kind: 'priority'; readonly priority: number }
  | { readonly kind: 'task'; readonly task: TaskView; readonly place: number };

/** The tasks that wait, in the order in which they will be given out. */
export function QueueView({ run }: { readonly run: Run }) {
  useRun(run);
  const { answer } = useAnswer(run, 'queue', { seq: run.position });
  const [trouble, setTrouble] = useState<string | null>(null);
  const { actable } = run;
  const onCommand = (name: string, ...args: (string | number)[]) => {
    setTrouble(null);
    run.command({ name, args }).catch((refusal: Error) => setTrouble(refusal.message));
  };
  return (
    <div className="queue-view">
      <div className="view-bar">
        <strong role="status">{answer === null ? '' : wordsFor(answer.tasks.length)}</strong>
        <Lengths run={run} />
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
      {answer !== null && answer.tasks.length > 0 && (
        <Rows run={run} queue={answer} forbidden={actable.ok ? null : actable.why} onCommand={onCommand} />
      )}
      {answer?.tasks.length === 0 && <Empty run={run} />}
    </div>
  );
}

const wordsFor = (count: number): string =>
  count === 0 ? 'Nobody waits' : `${count} ${count === 1 ? 'task waits' : 'tasks wait'}`;

interface RowsProps {
  readonly run: Run;
  readonly queue: QueuePicture;
  readonly forbidden: string | null;
  onCommand(name: string, ...args: (string | number)[]): void;
}

function Rows({ run, queue, forbidden, onCommand }: RowsProps) {
  const workbench = useWorkbench();
  const rows = useMemo(() => rowsOf(queue.tasks), [queue]);
  const list = useRef<HTMLDivElement>(null);
  const isNarrow = matchMedia('(max-width: 760px)').matches;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => list.current,
    estimateSize: (index) => (rows[index]?.kind === 'priority' ? 34 : isNarrow ? 82 : 54),
    getItemKey: (index) => {
      const row = rows[index];
      return row?.kind === 'task' ? row.task.id : `priority ${row?.priority}`;
    },
    overscan: 6,
  });
  const items = virtual.getVirtualItems();
  const inSight = items.flatMap(({ index }) => {
    const row = rows[index];
    return row?.kind === 'task' ? [row.task.id] : [];
  });
  const seq = run.isAtHead ? run.head : -1;
  const { answer: explained, isStale } = useAnswer(run, 'explain', { seq, taskIds: seq < 0 ? [] : inSight });
  return (
    <div
      ref={list}
      className="queue-list"
      role="table"
      aria-label="Queue"
      aria-rowcount={rows.length}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
      tabIndex={0}
    >
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, start, key }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const style = { transform: `translateY(${start}px)` };
          if (row.kind === 'priority') {
            return (
              <div key={key} role="row" aria-rowindex={index + 1} className="queue-group" style={style}>
                <span role="cell">
                  priority {row.priority} <span className="soft">{nameOfPriority(row.priority)}</span>
                </span>
              </div>
            );
          }
          const { task, place } = row;
          const explanation = isStale || explained === null ? undefined : explained[task.id];
          return (
            <div
              key={key}
              role="row"
              aria-rowindex={index + 1}
              data-task={task.id}
              className={`queue-row${workbench.selection === `task:${task.id}` ? ' current' : ''}`}
              style={style}
            >
              <QueueRow
                {...{ run, task, place, forbidden, onCommand }}
                waiting={explanation === undefined ? waitingOf(task, queue.agents, queue.hub) : waitingBy(explanation)}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function rowsOf(tasks: readonly TaskView[]): Row[] {
  const rows: Row[] = [];
  for (const [index, task] of tasks.entries()) {
    const { priority } = task;
    if (tasks[index - 1]?.priority !== priority) rows.push({ kind: 'priority', priority });
    rows.push({ kind: 'task', task, place: index + 1 });
  }
  return rows;
}

function Empty({ run }: { readonly run: Run }) {
  const { longest } = useLengths(run);
  return (
    <div className="empty">
      <p>No task waits at this moment: each has an agent, or has ended.</p>
      {longest.length > 0 && (
        <button type="button" className="button" onClick={() => run.seek(longest.seq)}>
          Go to where the queue was longest, with {longest.length}
        </button>
      )}
    </div>
  );
}
