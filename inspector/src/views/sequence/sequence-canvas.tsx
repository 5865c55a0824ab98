import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useWorkbench } from '../../model/hooks.ts';
import type { Run } from '../../model/run.ts';
import { prepare, useSize } from '../../ui/canvas.ts';
import { usePalette } from '../../ui/palette.ts';
import type { Lifelines } from './lifelines.ts';
import { longScroll } from './long-scroll.ts';
import { headHeight, paintSequence, rowHeight, type SequencePainting } from './paint.ts';
import { RecordTip } from './record-tip.tsx';
import type { Rows } from './rows.ts';

interface CanvasProps {
  readonly run: Run;
  readonly rows: Rows;
  readonly lifelines: Lifelines;
}

/** The picture: a canvas that stays, on a ground that scrolls. */
export function SequenceCanvas({ run, rows, lifelines }: CanvasProps) {
  const workbench = useWorkbench();
  const { selection } = workbench;
  const palette = usePalette();
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(scroller);
  const [hovered, setHovered] = useState<{ readonly seq: number; readonly x: number; readonly y: number } | null>(null);
  const isNarrow = size.width < 620;
  const gutter = isNarrow ? 70 : 118;
  const count = lifelines.all.length;
  const columnWidth = Math.max(isNarrow ? 84 : 118, Math.min(190, (size.width - gutter) / Math.max(1, count)));
  const total = rows.length * rowHeight + headHeight + 3 * rowHeight;
  const { height: scrolled, factor } = longScroll(total, size.height);

  const what = useRef<Omit<SequencePainting, 'context' | 'left' | 'top'> | null>(null);
  const paint = useRef(() => {
    if (canvas.current === null || scroller.current === null || what.current === null) return;
    const context = prepare(canvas.current, what.current.size);
    const { scrollLeft: left, scrollTop } = scroller.current;
    if (context !== null) paintSequence({ ...what.current, context, left, top: scrollTop * scale.current });
  });
  const scale = useRef(1);

  useLayoutEffect(() => {
    scale.current = factor;
    what.current = {
      palette,
      size,
      run,
      rows,
      lifelines,
      selection,
      hovered: hovered?.seq ?? null,
      columnWidth,
      gutter,
    };
    paint.current();
  });

  const { position } = run;
  useEffect(() => {
    const { current } = scroller;
    if (current === null || size.height === 0) return;
    const y = rows.indexOf(position) * rowHeight;
    const top = current.scrollTop * scale.current;
    const room = size.height - headHeight;
    if (y >= top && y + 2 * rowHeight <= top + room) return;
    current.scrollTop = Math.max(0, y - room * (y < top ? 0.3 : 0.7)) / scale.current;
    paint.current();
  }, [position, rows, size]);

  const rowUnder = (y: number) => {
    const { current } = scroller;
    if (current === null || y < headHeight) return undefined;
    return rows.at(Math.floor((current.scrollTop * scale.current + y - headHeight) / rowHeight));
  };
  const pointOf = ({ clientX, clientY, currentTarget }: React.MouseEvent) => {
    const box = currentTarget.getBoundingClientRect();
    return { x: clientX - box.left, y: clientY - box.top };
  };
  const show = (seq: number) => {
    run.seek(seq);
    workbench.select(`record:${seq}`);
  };
  const onClick = (event: React.MouseEvent) => {
    const { x, y } = pointOf(event);
    if (y < headHeight) {
      const column = Math.floor((x - gutter + (scroller.current?.scrollLeft ?? 0)) / columnWidth);
      const id = lifelines.all[column]?.id;
      if (id?.startsWith('agent:') || id?.startsWith('task:')) workbench.select(id);
      return;
    }
    const row = rowUnder(y);
    if (row?.kind === 'record') show(row.seq);
  };
  const onKey = (event: React.KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : null;
    if (step !== null) {
      event.preventDefault();
      const seq = rows.beside(rows.indexOf(position), step);
      if (seq !== undefined) show(seq);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      workbench.select(`record:${position}`);
    }
  };
  return (
    <div className="sequence-ground">
      <div
        ref={scroller}
        className="sequence-scroll"
        role="application"
        aria-label="Sequence of messages; arrow up and down go from one to the next"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
        tabIndex={0}
        data-keys
        onScroll={() => {
          paint.current();
          setHovered(null);
        }}
        onKeyDown={onKey}
        onClick={onClick}
        onPointerMove={(event) => {
          const at = pointOf(event);
          const row = rowUnder(at.y);
          setHovered(row?.kind === 'record' ? { seq: row.seq, ...at } : null);
        }}
        onPointerLeave={() => setHovered(null)}
      >
        <div style={{ width: Math.max(gutter + count * columnWidth, 1), height: scrolled }}>
          <canvas ref={canvas} className="sequence-canvas" style={{ width: size.width, height: size.height }} />
        </div>
      </div>
      {hovered !== null && <RecordTip run={run} at={hovered} size={size} />}
    </div>
  );
}
