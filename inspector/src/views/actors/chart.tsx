import { useEffect, useMemo, useRef, useState } from 'react';
import type { ChartDescription } from 'xstate-hub/machines';
import { arrowId, linesOfOne, ofAll } from '../../layout/chart-graph.ts';
import { type ChartLayout, layoutOf, lineHeight, type Measure, type PlacedArrow } from '../../layout/chart-layout.ts';
import { rounded } from '../../layout/rounded.ts';
import { isWithin, type Step } from '../../model/chart-steps.ts';
import { type Tone, wordsOf } from '../../model/tone.ts';

export interface ChartProps {
  readonly chart: ChartDescription;
  /** Where the actor stands: `running.consulting`. */
  readonly state: string;
  /** The last event, and the transitions that it took. */
  readonly last: { readonly event: string; readonly steps: readonly Step[] };
  /** Those of every event up to now. */
  readonly taken: readonly (readonly Step[])[];
  readonly tone: Tone;
}

/** A statechart, drawn: what is active is lit, and the way that led there. */
export function Chart(props: ChartProps) {
  const { chart, state, last, tone } = props;
  const { layout, trouble } = useLayout(chart);
  const frame = useRef<HTMLDivElement>(null);
  const scale = useScale(frame, layout);
  useActiveInSight(frame, layout, state, scale);
  const arrows = useArrows(props);
  if (trouble !== null) return <p className="empty">The chart could not be laid out: {trouble}</p>;
  const internal = last.steps.length > 0 && last.steps.every(({ transition }) => transition.targets.length === 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
    <div ref={frame} className="chart-frame" tabIndex={0} role="group" aria-label="Chart">
      {layout !== null && (
        <svg
          className={`chart tone-${tone}`}
          role="img"
          aria-label={`Statechart of ${chart.id}: now ${wordsOf(state)}; the last event was ${last.event}`}
          width={layout.width * scale}
          height={layout.height * scale}
          viewBox={`0 0 ${layout.width} ${layout.height}`}
        >
          {layout.boxes.map(({ box, depth, x, y, width, height }) => {
            const isActive = state !== '' && isWithin(state, box.path);
            const isLeaf = state === box.path;
            return (
              <g key={box.path} className={`box${isActive ? ' lit' : ''}${isLeaf ? ' here' : ''}`} data-path={box.path}>
                <rect x={x} y={y} width={width} height={height} rx={box.children.length > 0 ? 9 : 6} />
                {box.isFinal && (
                  <rect className="inner" x={x + 2.5} y={y + 2.5} width={width - 5} height={height - 5} rx={4} />
                )}
                <text
                  x={box.children.length > 0 ? x + 12 : x + width / 2}
                  y={y + 17.5}
                  textAnchor={box.children.length > 0 ? 'start' : 'middle'}
                  className={depth === 0 ? 'name' : 'name inside'}
                >
                  {box.name}
                </text>
                {isLeaf && internal && (
                  <text className="again" x={x + width + 6} y={y + 17}>
                    ↻ {last.event}
                  </text>
                )}
              </g>
            );
          })}
          {layout.anywhere !== null && (
            <g className="anywhere">
              <rect {...layout.anywhere} rx={11} />
              <text x={layout.anywhere.x + layout.anywhere.width / 2} y={layout.anywhere.y + 15} textAnchor="middle">
                any state
              </text>
            </g>
          )}
          {layout.starts.map(({ at, points }) => (
            <g key={`${at.x} ${at.y}`} className="start">
              <circle cx={at.x} cy={at.y} r={3.5} />
              <path d={rounded(points)} />
              <Head points={points} />
            </g>
          ))}
          {[...layout.arrows]
            .sort((a, b) => arrows.rank(a) - arrows.rank(b))
            .map((arrow) => (
              <Arrow key={arrow.arrow.id} arrow={arrow} rank={arrows.rank(arrow)} said={arrows.said} />
            ))}
        </svg>
      )}
    </div>
  );
}

const ranks = ['', ' taken', ' lit'];

interface ArrowProps {
  readonly arrow: PlacedArrow;
  readonly rank: number;
  /** What the arrows of the last event say of it. */
  readonly said: ReadonlySet<string>;
}

function Arrow({ arrow: { arrow, points, label }, rank, said }: ArrowProps) {
  return (
    <g className={`arrow${ranks[rank]}`} data-arrow={arrow.id}>
      <title>
        {arrow.transitions.map(({ event, guard }) => `${event ?? ''}${guard ? ` [${guard}]` : ''}`).join(', ')}
      </title>
      <path d={rounded(points)} />
      <Head points={points} />
      {label !== null && (
        <text x={label.x + label.width / 2} y={label.y + 10} textAnchor="middle">
          {arrow.lines.map((line, index) => (
            <tspan
              // biome-ignore lint/suspicious/noArrayIndexKey: two guards can be called alike
              key={`${index} ${line}`}
              className={rank === 2 && said.has(line) ? 'said' : undefined}
              x={label.x + label.width / 2}
              dy={index === 0 ? 0 : lineHeight}
            >
              {line}
            </tspan>
          ))}
        </text>
      )}
    </g>
  );
}

function Head({ points }: { readonly points: PlacedArrow['points'] }) {
  const [before, end] = points.slice(-2);
  if (before === undefined || end === undefined) return null;
  const angle = (Math.atan2(end.y - before.y, end.x - before.x) * 180) / Math.PI;
  return <path className="head" d="M0 0L-7 -3.2V3.2Z" transform={`translate(${end.x} ${end.y}) rotate(${angle})`} />;
}

/** 2 for the arrows of the last event, 1 for those taken before. */
function useArrows({ chart, last, taken }: ChartProps) {
  const isOfAll = useMemo(() => {
    const test = ofAll(chart);
    const states = new Map(chart.states.map((state) => [state.path, state]));
    return ({ from, transition }: Step) => {
      const state = states.get(from);
      return state !== undefined && test(state, transition);
    };
  }, [chart]);
  return useMemo(() => {
    const idsOf = (steps: readonly Step[]) =>
      steps.flatMap((step) => step.transition.targets.map((to) => arrowId(isOfAll(step) ? '' : step.from, to)));
    const before = new Set(taken.flatMap(idsOf));
    const now = new Set(idsOf(last.steps));
    const said = new Set(last.steps.flatMap(({ transition }) => linesOfOne(chart.id, transition)));
    return { said, rank: ({ arrow }: PlacedArrow) => (now.has(arrow.id) ? 2 : before.has(arrow.id) ? 1 : 0) };
  }, [chart.id, isOfAll, taken, last.steps]);
}

function useLayout(chart: ChartDescription) {
  const [known, setKnown] = useState<{ chart: string; layout: ChartLayout | null; trouble: string | null } | null>(
    null,
  );
  useEffect(() => {
    let isOver = false;
    layoutOf(chart, measure).then(
      (layout) => !isOver && setKnown({ chart: chart.id, layout, trouble: null }),
      (error) => !isOver && setKnown({ chart: chart.id, layout: null, trouble: String(error?.message ?? error) }),
    );
    return () => {
      isOver = true;
    };
  }, [chart]);
  return known?.chart === chart.id ? known : { layout: null, trouble: null };
}

/** As wide as there is room, but readable. */
function useScale(frame: React.RefObject<HTMLDivElement | null>, layout: ChartLayout | null): number {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);
  if (layout === null || size.width === 0) return 1;
  const margin = 32;
  const fit = Math.min((size.width - margin) / layout.width, (size.height - margin) / layout.height);
  return Math.min(1.15, Math.max(0.72, fit));
}

function useActiveInSight(
  frame: React.RefObject<HTMLDivElement | null>,
  layout: ChartLayout | null,
  state: string,
  scale: number,
) {
  useEffect(() => {
    const box = layout?.boxes.find(({ box: { path } }) => path === state);
    const element = frame.current;
    if (box === undefined || element === null) return;
    const middle = { x: (box.x + box.width / 2) * scale, y: (box.y + box.height / 2) * scale };
    const isIn = (at: number, from: number, length: number) => at > from + 40 && at < from + length - 40;
    if (!isIn(middle.x, element.scrollLeft, element.clientWidth))
      element.scrollLeft = middle.x - element.clientWidth / 2;
    if (!isIn(middle.y, element.scrollTop, element.clientHeight))
      element.scrollTop = middle.y - element.clientHeight / 2;
  }, [frame, layout, state, scale]);
}

let pen: CanvasRenderingContext2D | null | undefined;

/** As the browser sets the text: the stylesheet has the same sizes. */
const measure: Measure = (text, size) => {
  pen ??= document.createElement('canvas').getContext('2d');
  if (pen === null) return text.length * 7;
  pen.font = `${size === 'name' ? '600 12px' : '11.5px'} ${getComputedStyle(document.body).fontFamily}`;
  return Math.ceil(pen.measureText(text).width);
};
