import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useWorkbench } from '../../model/hooks.ts';
import type { LaneRow } from '../../model/lanes.ts';
import type { Run } from '../../model/run.ts';
import { spansOf } from '../../model/spans.ts';
import { calledIn } from '../../model/talks.ts';
import type { TimeScale } from '../../model/time-scale.ts';
import { wordsOf } from '../../model/tone.ts';
import { prepare, useSize } from '../../ui/canvas.ts';
import { usePalette } from '../../ui/palette.ts';
import { clock, length, timelyName } from '../../ui/time.ts';
import { axisHeight, paint, rowHeight, type Scene, timeAt, type Window } from './paint.ts';

interface Props {
  readonly run: Run;
  readonly rows: readonly LaneRow[];
  readonly scale: TimeScale;
  readonly window: Window;
  onToggle(row: LaneRow): void;
  /** @param at the place on the scale that stays where it is, as a share of what is in sight */
  onZoom(by: number, at: number): void;
  /** @param by as a share of what is in sight */
  onMove(by: number): void;
  onFit(): void;
}

/** The picture itself: a canvas over a list as high as all its rows. */
export function Lanes(props: Props) {
  const { run, rows, scale, window, onToggle, onZoom, onMove, onFit } = props;
  const workbench = useWorkbench();
  const palette = usePalette();
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(scroller);
  const [active, setActive] = useState(0);
  const [hasFocus, setHasFocus] = useState(false);
  const [hint, setHint] = useState<{ readonly x: number; readonly y: number; readonly text: string } | null>(null);
  const drag = useRef<{ x: number; moved: boolean } | null>(null);
  const gutter = size.width < 560 ? 136 : 190;

  const scene = useCallback(
    (): Scene => ({
      ...{ run, rows, scale, window, size, gutter, active, hasFocus, palette },
      selection: workbench.selection,
      scrollTop: scroller.current?.scrollTop ?? 0,
    }),
    [run, rows, scale, window, size, gutter, active, hasFocus, palette, workbench.selection],
  );
  const draw = () => {
    const context = canvas.current && prepare(canvas.current, size);
    if (context) paint(context, scene());
  };
  useLayoutEffect(draw);
  useWheel(scroller, gutter, onZoom, onMove);
  useEffect(() => {
    const index = rows.findIndex(({ task, lane }) => (task?.id ?? lane.id) === workbench.selection);
    if (index >= 0) setActive(index);
  }, [workbench.selection, rows]);

  const show = (index: number) => {
    setActive(index);
    const element = scroller.current;
    if (element === null) return;
    const [top, room] = [index * rowHeight, element.clientHeight - axisHeight];
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + room) element.scrollTop = top + rowHeight - room;
  };
  const choose = (row: LaneRow | undefined) => {
    const actor = row?.task ?? row?.lane.agent;
    if (actor) workbench.select(actor.id);
  };
  const pointAt = (event: React.PointerEvent) => {
    const box = scroller.current?.getBoundingClientRect();
    const [x, y] = [event.clientX - (box?.left ?? 0), event.clientY - (box?.top ?? 0)];
    const index = Math.floor((y - axisHeight + (scroller.current?.scrollTop ?? 0)) / rowHeight);
    return { x, y, index: y < axisHeight ? -1 : index, row: y < axisHeight ? undefined : rows[index] };
  };
  const onPointerUp = (event: React.PointerEvent) => {
    const wasDragged = drag.current?.moved === true;
    drag.current = null;
    if (wasDragged || event.button !== 0) return;
    const { x, index, row } = pointAt(event);
    if (index >= 0) setActive(Math.min(index, rows.length - 1));
    if (x < 20 && row?.task === null) return onToggle(row);
    choose(row);
    if (x > gutter) run.seek(seqAt(run, timeAt(scene(), x)));
  };
  const onPointerMove = (event: React.PointerEvent) => {
    const { x, y, row } = pointAt(event);
    if (drag.current !== null) {
      const by = x - drag.current.x;
      if (!drag.current.moved && Math.abs(by) < 4) return;
      drag.current = { x, moved: true };
      setHint(null);
      onMove(-by / (size.width - gutter));
      return;
    }
    const text = row === undefined || x < gutter ? '' : whatIs(run, row, timeAt(scene(), x));
    setHint(text === '' ? null : { x, y, text });
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows[active];
    const keys: ReadonlyMap<string, () => void> = new Map([
      ['+', () => onZoom(0.8, 0.5)],
      ['-', () => onZoom(1.25, 0.5)],
      ['f', onFit],
      ['ArrowDown', () => show(Math.min(rows.length - 1, active + 1))],
      ['ArrowUp', () => show(Math.max(0, active - 1))],
      [
        'Enter',
        () => {
          if (row === undefined) return;
          const actor = row.task ?? row.lane.agent;
          if (row.task === null && workbench.selection === row.lane.id) onToggle(row);
          else if (row.task !== null && actor !== null && workbench.selection === actor.id) run.seek(actor.bornSeq);
          if (actor === null) onToggle(row);
          else choose(row);
        },
      ],
    ]);
    const act = keys.get(event.key.length === 1 ? event.key.toLowerCase() : event.key);
    if (act === undefined) return;
    event.preventDefault();
    act();
  };

  return (
    <div
      ref={scroller}
      className="lanes"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: keys zoom, move and choose
      tabIndex={0}
      role="group"
      aria-label="Lanes: W and S zoom, A and D move, F fits, the arrows choose a row, Enter selects it"
      onScroll={draw}
      onFocus={() => setHasFocus(true)}
      onBlur={() => setHasFocus(false)}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        drag.current = { x: pointAt(event).x, moved: false };
      }}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerLeave={() => {
        drag.current = null;
        setHint(null);
      }}
    >
      <canvas
        ref={canvas}
        style={{ width: size.width, height: size.height }}
        role="img"
        aria-label="Bars over time; as table they can be read"
      />
      <div style={{ height: Math.max(0, rows.length * rowHeight + axisHeight - size.height) }} />
      <span className="only-read" role="status">
        {hasFocus ? nameOf(run, rows[active]) : ''}
      </span>
      {hint !== null && (
        <div
          className="lanes-hint"
          style={{
            left: Math.min(hint.x + 12, Math.max(0, size.width - 280)),
            top: hint.y + 18 + (scroller.current?.scrollTop ?? 0),
          }}
        >
          {hint.text}
        </div>
      )}
    </div>
  );
}

/** With a key held, or sideways: otherwise the wheel scrolls the rows. */
function useWheel(
  element: React.RefObject<HTMLElement | null>,
  gutter: number,
  onZoom: Props['onZoom'],
  onMove: Props['onMove'],
): void {
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    const onWheel = (event: WheelEvent) => {
      const box = current.getBoundingClientRect();
      const room = current.clientWidth - gutter;
      const hasNothingToScroll = current.scrollHeight <= current.clientHeight;
      if (event.ctrlKey || event.metaKey || (hasNothingToScroll && event.deltaY !== 0 && !event.shiftKey)) {
        onZoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) / 240), (event.clientX - box.left - gutter) / room);
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        onMove((event.deltaX || event.deltaY) / room);
      } else return;
      event.preventDefault();
    };
    current.addEventListener('wheel', onWheel, { passive: false });
    return () => current.removeEventListener('wheel', onWheel);
  }, [element, gutter, onZoom, onMove]);
}

/** The last record at or before a time. */
function seqAt(run: Run, at: number): number {
  let low = 0;
  let high = run.head;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((run.atOf(middle + 1) ?? Number.POSITIVE_INFINITY) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function whatIs(run: Run, { lane, task }: LaneRow, at: number): string {
  const actor = task ?? lane.agent;
  if (actor === null) return '';
  const span = spansOf(run, actor).findLast(({ from }) => from <= at);
  if (span === undefined) return '';
  const start = run.atOf(1) ?? 0;
  const lasted = (span.to ?? run.atOf(run.head) ?? span.from) - span.from;
  return `${timelyName(calledIn(run, actor.id), start)}: ${wordsOf(span.state)} from ${clock(span.from - start)}, ${length(lasted)}`;
}

function nameOf(run: Run, row: LaneRow | undefined): string {
  const actor = row?.task ?? row?.lane.agent;
  if (!actor) return 'tasks that nobody has had yet';
  const state = actor.at(run.position)?.means;
  return `${actor.kind} ${timelyName(calledIn(run, actor.id), run.atOf(1) ?? 0)}, ${state === undefined ? 'not there yet' : wordsOf(state)}`;
}
