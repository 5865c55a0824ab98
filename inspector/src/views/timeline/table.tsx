import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { useWorkbench } from '../../model/hooks.ts';
import type { Run } from '../../model/run.ts';
import { spansOf, sumsOf } from '../../model/spans.ts';
import { calledIn } from '../../model/talks.ts';
import { toneOf, wordsOf } from '../../model/tone.ts';
import { StateLabel } from '../../ui/mark.tsx';
import { clock, length, timelyName } from '../../ui/time.ts';

/** The same as a table: each task at this moment, and how long it was what. */
export function TimelineTable({ run }: { readonly run: Run }) {
  const workbench = useWorkbench();
  const { position, now = 0 } = run;
  const tasks = useMemo(() => run.alive('task', position), [run, position]);
  const list = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: tasks.length,
    getScrollElement: () => list.current,
    estimateSize: () => 32,
    overscan: 10,
  });
  const start = run.atOf(1) ?? 0;
  const lasted = (ms: number) => (ms === 0 ? '' : length(ms));
  return (
    <div
      ref={list}
      className="timeline-table"
      role="table"
      aria-label="Tasks over time"
      aria-rowcount={tasks.length + 1}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
      tabIndex={0}
    >
      <div role="rowgroup" className="timeline-head">
        <div role="row" className="timeline-row">
          {['task', 'agent', 'state', 'submitted', 'waited', 'worked', 'consulted', 'for a human', 'ended'].map(
            (name) => (
              <span role="columnheader" key={name}>
                {name}
              </span>
            ),
          )}
        </div>
      </div>
      <div role="rowgroup" style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map(({ index, start: top }) => {
          const task = tasks[index];
          if (task === undefined) return null;
          const state = task.at(position)?.state ?? '';
          const spans = spansOf(run, task);
          const { waited, worked, asked, human, endedAt } = sumsOf(spans, position, now);
          return (
            <div
              key={task.id}
              role="row"
              aria-rowindex={index + 2}
              className={`timeline-row placed${workbench.selection === task.id ? ' current' : ''}`}
              style={{ transform: `translateY(${top}px)` }}
            >
              <span role="cell" className="truncate">
                <button type="button" className="link" title={task.name} onClick={() => workbench.select(task.id)}>
                  {timelyName(calledIn(run, task.id), start)}
                </button>
              </span>
              <span role="cell" className="truncate">
                {run.facts.agentOf(task.name, position) ?? ''}
              </span>
              <span role="cell">
                <StateLabel tone={toneOf('task', state)}>{wordsOf(state)}</StateLabel>
              </span>
              <span role="cell" className="mono">
                {clock((spans[0]?.from ?? start) - start)}
              </span>
              {[waited, worked, asked, human].map((ms, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are
                <span role="cell" className="mono" key={column}>
                  {lasted(ms)}
                </span>
              ))}
              <span role="cell" className="mono">
                {endedAt === null ? '' : clock(endedAt - start)}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
