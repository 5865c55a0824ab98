/** Whether all is well: the hub's judgement at this moment, its figures over time, its agents, and what was lost. */
import { useState } from 'react';
import type { Figures, SeriesColumns } from '../../engine/series.ts';
import { useAnswer } from '../../model/answers.ts';
import { useRun } from '../../model/hooks.ts';
import type { Run } from '../../model/run.ts';
import { svgOfAll, useSvgExport } from '../../model/svg-exports.ts';
import { length } from '../../ui/time.ts';
import { TableToggle } from '../../ui/toggle.tsx';
import { AgentTable, agentsAtOnce, type Order } from './agent-table.tsx';
import { Chart } from './chart.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { TypeLimits } from './type-limits.tsx';
import { Verdict } from './verdict.tsx';
import '../../styles/health.css';
import '../../styles/project.css';
import { number } from '../../ui/number.ts';

const columns = 160;

/** Every chart, for those who take the view away. */
function takeCharts(): string | null {
  const charts = [...document.querySelectorAll<HTMLElement>('.health-view .chart')].flatMap((chart) => {
    const drawing = chart.querySelector<SVGSVGElement>('.chart-drawing svg');
    return drawing === null ? [] : [{ title: chart.querySelector('h3')?.textContent ?? '', drawing }];
  });
  return charts.length === 0 ? null : svgOfAll(charts);
}

/** Of a hub that is looked at long after. */
function whenOf(run: Run): string | null {
  if (run.origin.kind !== 'log' && run.opened.hub?.isRecorded !== true) return null;
  return run.isAtHead ? 'at the end of this log' : `after record ${run.position} of this log`;
}

export function HealthView({ run }: { readonly run: Run }) {
  useRun(run);
  useSvgExport('health', takeCharts);
  const [asTable, setAsTable] = useState(false);
  const [order, setOrder] = useState<Order>({ by: 'load', isDown: true });
  const [first, setFirst] = useState(0);
  const { answer } = useAnswer(run, 'health', { seq: run.position, ...order, first, count: agentsAtOnce });
  const { answer: series } = useAnswer(run, 'series', { columns, head: run.head });
  if (answer === null || series === null) return <div className="empty">…</div>;
  const { health, figures, deadLetters, working, limits } = answer;
  const queued = health.components.queue.figures.depth ?? 0;
  return (
    <div className="health-view">
      <Verdict health={health} when={whenOf(run)} />
      <KeyFigures figures={figures} working={working} queued={queued} />
      <section aria-label="Over time" className="health-section">
        <div className="section-head">
          <h2>Over time</h2>
          <TableToggle isOn={asTable} onChange={setAsTable} />
        </div>
        <Charts run={run} series={series} asTable={asTable} figures={figures} working={working} queued={queued} />
      </section>
      <AgentTable
        run={run}
        picture={answer}
        order={order}
        onOrder={setOrder}
        onFirst={setFirst}
        from={series.from}
        to={series.to}
      />
      <TypeLimits limits={limits} />
      <DeadLetters run={run} letters={deadLetters} />
    </div>
  );
}

const hour = 3_600_000;
const percent = (share: number | null): string => (share === null ? '–' : `${Math.round(share * 100)} %`);
const time = (ms: number | null): string => (ms === null ? '–' : length(ms));

interface KeyFiguresProps {
  readonly figures: Figures;
  readonly working: number;
  readonly queued: number;
}

function KeyFigures({ figures, working, queued }: KeyFiguresProps) {
  const { completed, failed, cancelled, p50, p95, p99, paceCount, paceMs, successRate } = figures;
  const perHour = (paceCount * hour) / paceMs;
  const all: readonly (readonly [name: string, value: string, more: string])[] = [
    [
      'Success',
      percent(successRate),
      `${number(completed)} completed, ${number(failed)} failed${cancelled > 0 ? `, ${number(cancelled)} cancelled` : ''}`,
    ],
    [
      'Throughput',
      `${number(perHour < 10 ? Math.round(perHour * 10) / 10 : Math.round(perHour))}/h`,
      paceMs < hour
        ? `at the pace so far: ${number(paceCount)} ended in ${length(paceMs)}`
        : `${number(paceCount)} ended in the last hour`,
    ],
    ['Half are done within', time(p50), 'median of all, from submission on'],
    ['95 % within', time(p95), `99 % within ${time(p99)}`],
    ['At work', number(working), `${number(queued)} waiting`],
  ];
  return (
    <dl className="key-figures">
      {all.map(([name, value, more]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <strong>{value}</strong>
            <span className="soft">{more}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface ChartsProps {
  readonly run: Run;
  readonly series: SeriesColumns;
  readonly asTable: boolean;
  /** At the moment that is shown. */
  readonly figures: Figures;
  readonly working: number;
  readonly queued: number;
}

/** Where a scale of time may end, in ms. */
const ends = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 14_400, 28_800, 86_400, 172_800, 604_800].map(
  (seconds) => seconds * 1000,
);

function Charts({ run, series, asTable, figures, ...current }: ChartsProps) {
  const { from, to, queued, working, completed, failed, cancelled, p50, p95, deadLetters } = series;
  const shared = {
    from,
    to,
    now: run.now ?? from,
    asTable,
    onTime: (at: number) => run.seek(seqAt(run, at)),
  };
  return (
    <div className="charts">
      <Chart
        {...shared}
        title="Tasks"
        text={number}
        series={[
          { name: 'at work', tone: 'work', form: 'area', values: working, current: current.working },
          { name: 'waiting', tone: 'human', form: 'line', values: queued, current: current.queued },
        ]}
      />
      <Chart
        {...shared}
        title="Ended"
        text={number}
        series={[
          { name: 'completed', tone: 'done', form: 'bars', values: completed, current: figures.completed },
          { name: 'failed', tone: 'trouble', form: 'bars', values: failed, current: figures.failed },
          { name: 'cancelled', tone: 'idle', form: 'bars', values: cancelled, current: figures.cancelled },
        ]}
      />
      <Chart
        {...shared}
        title="The last 100 took"
        text={length}
        ends={ends}
        series={[
          { name: '95 % within', tone: 'ask', form: 'line', values: p95, current: figures.lastP95 },
          { name: 'half within', tone: 'work', form: 'line', values: p50, current: figures.lastP50 },
        ]}
      />
      {deadLetters.some((count) => count > 0) && (
        <Chart
          {...shared}
          title="Dead letters"
          text={number}
          series={[{ name: 'came', tone: 'trouble', form: 'bars', values: deadLetters, current: figures.deadLetters }]}
        />
      )}
    </div>
  );
}

/** The last record at or before a time. */
function seqAt(run: Run, at: number): number {
  let [low, high] = [0, run.head];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((run.atOf(middle) ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
