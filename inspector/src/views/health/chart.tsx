/** A small chart over the time of a run, with the moment that is shown on it; a click goes to another one. */
import { useRef } from 'react';
import type { Tone } from '../../model/tone.ts';
import { useSize } from '../../ui/canvas.ts';
import { clock } from '../../ui/time.ts';

interface ChartSeries {
  readonly name: string;
  readonly tone: Tone;
  readonly form: 'area' | 'line' | 'bars';
  /** Column by column; null where there is nothing to show. */
  readonly values: readonly (number | null)[];
  /** At the moment that is shown; of bars the sum so far. */
  readonly current: number | null;
}

interface ChartProps {
  readonly title: string;
  readonly series: readonly ChartSeries[];
  /** The time that the columns share equally, in ms since the epoch. */
  readonly from: number;
  readonly to: number;
  /** The moment that is shown. */
  readonly now: number;
  /** A value as people read it. */
  readonly text: (value: number) => string;
  /** Values at which the scale may end, smallest first. Default, and above the last one: 1, 2, 5 and their tens. */
  readonly ends?: readonly number[];
  readonly asTable: boolean;
  readonly onTime: (at: number) => void;
}

const height = 112;
const top = 8;
const bottom = 4;

export function Chart(props: ChartProps) {
  const { title, from, to, now, text, asTable } = props;
  const share = Math.min(1, Math.max(0, (now - from) / (to - from)));
  const series = props.series.map((one) => atMoment(one, share));
  return (
    <figure className="chart">
      <figcaption>
        <h3>{title}</h3>
        <ul className="legend">
          {series.map((one) => (
            <li key={one.name} className={`tone-${one.tone}`}>
              <i className={one.form} aria-hidden />
              {one.name} <strong>{shown(one.current, text)}</strong>
            </li>
          ))}
        </ul>
      </figcaption>
      {asTable ? <Table {...props} series={series} /> : <Drawing {...props} series={series} share={share} />}
    </figure>
  );
}

/** A column holds many records: where the moment stands, what is so after its record, and not after the last one. */
function atMoment(series: ChartSeries, share: number): ChartSeries {
  const { form, values, current } = series;
  if (form === 'bars' || values.length === 0) return series;
  return { ...series, values: values.with(Math.min(values.length - 1, Math.floor(share * values.length)), current) };
}

const shown = (value: number | null | undefined, text: ChartProps['text']): string =>
  value === null || value === undefined ? '–' : text(value);

function Drawing({ title, series, from, to, text, ends, onTime, share }: ChartProps & { readonly share: number }) {
  const place = useRef<HTMLDivElement>(null);
  const { width } = useSize(place);
  const bars = series.filter(({ form }) => form === 'bars');
  const columns = series[0]?.values.length ?? 0;
  const highest = Math.max(
    ...series.filter(({ form }) => form !== 'bars').flatMap(({ values }) => values.map((value) => value ?? 0)),
    ...Array.from({ length: columns }, (_, column) => bars.reduce((sum, { values }) => sum + (values[column] ?? 0), 0)),
    0,
  );
  const most = ends?.find((end) => end >= highest) ?? niceAbove(highest);
  const x = (column: number) => (column / columns) * width;
  const y = (value: number) => height - bottom - (value / most) * (height - top - bottom);
  const ground = new Array<number>(columns).fill(0);
  return (
    <div className="chart-drawing">
      <div className="chart-scale mono" aria-hidden>
        <span>{text(most)}</span>
        <span>0</span>
      </div>
      <div ref={place}>
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the moment is set by keys everywhere on the page */}
        <svg
          role="img"
          aria-label={`${title}, over ${clock(to - from)}; at most ${text(highest)}`}
          width={width}
          height={height}
          onClick={({ nativeEvent: { offsetX } }) => onTime(from + (offsetX / width) * (to - from))}
        >
          <path className="chart-base" d={`M0 ${y(0)}H${width}M0 ${y(most)}H${width}`} />
          {series.map(({ name, tone, form, values }) => {
            if (form === 'bars') {
              const d = values.map((value, column) => {
                if (!value) return '';
                const base = ground[column] ?? 0;
                ground[column] = base + value;
                const w = Math.max(4, width / columns - 1);
                return `M${x(column)} ${y(base)}V${y(base + value)}h${w}V${y(base)}z`;
              });
              return <path key={name} className={`tone-${tone} bars`} d={d.join('')} />;
            }
            const line = steps(values, x, y);
            return (
              <g key={name} className={`tone-${tone}`}>
                {form === 'area' && <path className="area" d={`${line}V${y(0)}H0z`} />}
                <path className={form === 'area' ? 'edge' : 'line'} d={line} />
              </g>
            );
          })}
          <path className="chart-now" d={`M${Math.min(width - 1, share * width)} 0V${height}`} />
        </svg>
        <div className="chart-times mono soft" aria-hidden>
          <span>0:00:00</span>
          <span>{clock(to - from)}</span>
        </div>
      </div>
    </div>
  );
}

/** A value holds until the next one. */
function steps(
  values: readonly (number | null)[],
  x: (column: number) => number,
  y: (value: number) => number,
): string {
  const first = values.findIndex((value) => value !== null);
  if (first < 0) return '';
  const parts = [`M${x(first)} ${y(values[first] ?? 0)}`];
  for (let column = first; column < values.length; column++) {
    const value = values[column];
    if (value !== null && value !== undefined) parts.push(`V${y(value)}`);
    parts.push(`H${x(column + 1)}`);
  }
  return parts.join('');
}

function Table({ title, series, from, to, text }: ChartProps) {
  const columns = series[0]?.values.length ?? 0;
  const row = (column: number) => series.map(({ values }) => shown(values[column], text));
  const rows = Array.from({ length: columns }, (_, column) => ({ column, cells: row(column) })).filter(
    ({ column, cells }) => column === 0 || cells.join() !== row(column - 1).join(),
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
    <div className="chart-table" tabIndex={0} role="region" aria-label={title}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">From</th>
            {series.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ column, cells }) => (
            <tr key={column}>
              <th scope="row" className="mono">
                {clock((column / columns) * (to - from))}
              </th>
              {cells.map((cell, index) => (
                <td key={series[index]?.name}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** 1, 2, 5 and their tens: the next one that is no less. */
function niceAbove(value: number): number {
  if (value <= 1) return 1;
  const ten = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * ten).find((nice) => nice >= value) ?? value;
}
