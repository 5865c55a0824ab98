import { Bot, FoldHorizontal, Maximize2, ZoomIn, ZoomOut } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { Gaps } from '../model/gaps.ts';
import { useRun } from '../model/hooks.ts';
import { type Lane, type LaneRow, lanesOf, rowsOf } from '../model/lanes.ts';
import type { Run } from '../model/run.ts';
import { useViewKeys } from '../model/shortcuts.ts';
import { longGaps, TimeScale } from '../model/time-scale.ts';
import type { Tone } from '../model/tone.ts';
import '../styles/timeline.css';
import { IconButton } from '../ui/icon-button.tsx';
import { Mark } from '../ui/mark.tsx';
import { TableToggle, Toggle } from '../ui/toggle.tsx';
import { Lanes } from './timeline/lanes.tsx';
import type { Window } from './timeline/paint.ts';
import { TimelineTable } from './timeline/table.tsx';

/** With more tasks than this, lanes are closed until somebody opens them. */
const manyTasks = 200;
/** The least that can be in sight, in ms. */
const least = 200;
/** How long the axis is while all that happened happened at one time, in ms. */
const axisOfNothing = 60_000;

const legend: readonly (readonly [Tone, string])[] = [
  ['work', 'working'],
  ['ask', 'consulting'],
  ['human', 'awaiting a human'],
  ['trouble', 'retrying or failed'],
  ['done', 'completed'],
];

/** Who had which task when, and what it waited for. */
export function TimelineView({ run }: { readonly run: Run }) {
  useRun(run);
  const [gaps] = useState(() => new Gaps(run));
  const [folds, setFolds] = useState(true);
  const [asTable, setAsTable] = useState(false);
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [isOpen, setIsOpen] = useState<boolean | null>(null);
  const [shown, setShown] = useState<Window | null>(null);
  const { head } = run;
  const lanes = useMemo(() => lanesAt(run, head), [run, head]);
  const opensByDefault = isOpen ?? run.facts.tasks.size <= manyTasks;
  const rows = useMemo(
    () => rowsOf(lanes, ({ id }: Lane) => opensByDefault !== toggled.has(id)),
    [lanes, opensByDefault, toggled],
  );
  const scale = useMemo(() => scaleAt(run, head, folds ? gaps : null), [run, head, folds, gaps]);
  const whole = { from: 0, to: scale.length * 1.02 };
  const window = shown ?? whole;
  const move = useCallback(
    (change: (window: Window) => Window) =>
      setShown((known) => {
        const { from, to } = change(known ?? { from: 0, to: scale.length * 1.02 });
        const length = Math.min(scale.length * 1.02, Math.max(least, to - from));
        if (length >= scale.length * 1.02) return null;
        const start = Math.max(0, Math.min(from, scale.length * 1.02 - length));
        return { from: start, to: start + length };
      }),
    [scale],
  );
  const onZoom = useCallback(
    (by: number, at: number) =>
      move(({ from, to }) => {
        const point = from + Math.max(0, Math.min(1, at)) * (to - from);
        return { from: point - (point - from) * by, to: point + (to - point) * by };
      }),
    [move],
  );
  const onMove = useCallback(
    (by: number) => move(({ from, to }) => ({ from: from + by * (to - from), to: to + by * (to - from) })),
    [move],
  );
  const keys = useMemo(
    () =>
      new Map([
        ['w', () => onZoom(0.8, 0.5)],
        ['s', () => onZoom(1.25, 0.5)],
        ['a', () => onMove(-0.15)],
        ['d', () => onMove(0.15)],
      ]),
    [onZoom, onMove],
  );
  useViewKeys(keys);
  const onToggle = ({ lane }: LaneRow) => {
    const next = new Set(toggled);
    if (!next.delete(lane.id)) next.add(lane.id);
    setToggled(next);
  };
  const hasFolds = folds && scale.stretches.some(({ isFolded }) => isFolded);
  if (head === 0) return <div className="empty">Nothing yet: press Play.</div>;
  return (
    <div className="timeline-view">
      <div className="view-bar">
        {!asTable && (
          <>
            <div className="zoom" role="group" aria-label="Zoom">
              <IconButton name="Zoom in" keys="W" onPress={() => onZoom(0.66, 0.5)}>
                <ZoomIn size={16} />
              </IconButton>
              <IconButton name="Zoom out" keys="S" onPress={() => onZoom(1.5, 0.5)}>
                <ZoomOut size={16} />
              </IconButton>
              <IconButton name="Show the whole run" isDisabled={shown === null} onPress={() => setShown(null)}>
                <Maximize2 size={15} />
              </IconButton>
            </div>
            <Toggle isOn={folds} onChange={setFolds} icon={FoldHorizontal}>
              Fold idle time
              {hasFolds && <span className="only-read">, some is folded</span>}
            </Toggle>
            <Toggle
              isOn={!opensByDefault}
              icon={Bot}
              onChange={(isOn) => {
                setToggled(new Set());
                setIsOpen(!isOn);
              }}
            >
              Agents only
            </Toggle>
            <ul className="legend">
              <li>
                <span className="queued-mark" aria-hidden="true" /> queued
              </li>
              {legend.map(([tone, words]) => (
                <li key={tone}>
                  <Mark tone={tone} /> {words}
                </li>
              ))}
            </ul>
          </>
        )}
        {!asTable && (
          <span className="soft keys-hint" aria-hidden="true">
            <kbd>W</kbd> <kbd>S</kbd> zoom <kbd>A</kbd> <kbd>D</kbd> move
          </span>
        )}
        <TableToggle isOn={asTable} onChange={setAsTable} />
      </div>
      {run.position === 0 && <p className="soft not-started">Nothing yet: press Play.</p>}
      {asTable ? (
        <TimelineTable run={run} />
      ) : (
        <Lanes {...{ run, rows, scale, window, onToggle, onZoom, onMove }} onFit={() => setShown(null)} />
      )}
    </div>
  );
}

/** @param _head the lanes grow with the log */
const lanesAt = (run: Run, _head: number): Lane[] => lanesOf(run);

function scaleAt(run: Run, head: number, gaps: Gaps | null): TimeScale {
  const from = run.atOf(1) ?? 0;
  const to = run.atOf(head) ?? from;
  return new TimeScale(from, to > from ? to : from + axisOfNothing, gaps === null ? [] : longGaps(gaps.update()));
}
