/** How each agent does: in figures that can be sorted, and as a strip over time. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import type { AgentView } from 'xstate-hub';
import type { AgentFigure, HealthPicture } from '../../engine/protocol.ts';
import { useWorkbench } from '../../model/hooks.ts';
import type { Run } from '../../model/run.ts';
import { type Tone, toneOf, wordsOf } from '../../model/tone.ts';
import { StateLabel } from '../../ui/mark.tsx';
import { number } from '../../ui/number.ts';
import { length } from '../../ui/time.ts';

interface Column {
  readonly id: AgentFigure;
  readonly name: string;
  readonly text: (agent: AgentView) => React.ReactNode;
}

export interface Order {
  readonly by: AgentFigure;
  readonly isDown: boolean;
}

/** So many are asked for: those that can be seen, and as many before and behind them. */
export const agentsAtOnce = 60;
const step = 20;

const share = (value: number) => `${Math.round(value * 100)} %`;
const breakers = { closed: 'closed', open: 'open', halfOpen: 'half open' } as const;
const breakerTones = { closed: 'idle', open: 'trouble', halfOpen: 'human' } as const;
/** What is not known of an agent is a guess of the hub, and not shown as a figure. */
const known = (count: number, text: string) => (count === 0 ? <span className="soft">–</span> : text);

const columns: readonly Column[] = [
  { id: 'id', name: 'Agent', text: ({ id }) => id },
  {
    id: 'state',
    name: 'State',
    text: ({ state }) => <StateLabel tone={toneOf('agent', state)}>{wordsOf(state)}</StateLabel>,
  },
  { id: 'load', name: 'Load', text: ({ load }) => share(load) },
  { id: 'completed', name: 'Done', text: ({ completed }) => number(completed) },
  { id: 'failed', name: 'Failed', text: ({ failed }) => number(failed) },
  {
    id: 'success',
    name: 'Score',
    text: ({ performance }) => known(performance.taskCount, share(performance.successRate)),
  },
  {
    id: 'quality',
    name: 'Quality',
    text: ({ performance }) => known(performance.ratedCount, performance.averageQuality.toFixed(2)),
  },
  {
    id: 'latency',
    name: 'Takes',
    text: ({ performance }) => known(performance.timedCount, length(performance.averageLatencyMs)),
  },
  {
    id: 'breaker',
    name: 'Breaker',
    text: ({ breaker }) =>
      breaker === 'closed' ? (
        <span className="soft">closed</span>
      ) : (
        <StateLabel tone={breakerTones[breaker]}>{breakers[breaker]}</StateLabel>
      ),
  },
];

/** With what its state is to a person. */
function shownAt(run: Run, agent: AgentView | undefined): AgentView | undefined {
  const means = agent && run.actors.get(`agent:${agent.id}`)?.at(run.position)?.means;
  return means === undefined ? agent : { ...(agent as AgentView), state: means };
}

interface AgentTableProps {
  readonly run: Run;
  readonly picture: Pick<HealthPicture, 'agents' | 'firstAgent' | 'agentCount'>;
  readonly order: Order;
  onOrder(order: Order): void;
  /** Which agent has to be the first of those that are told. */
  onFirst(first: number): void;
  readonly from: number;
  readonly to: number;
}

const rowHeight = 32;
const strip = { width: 160, height: 14, columns: 80 };

export function AgentTable({ run, picture, order, onOrder, onFirst, from, to }: AgentTableProps) {
  const workbench = useWorkbench();
  const { agents, firstAgent, agentCount } = picture;
  const seqs = useSeqs(run, from, to);
  const list = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: agentCount,
    getScrollElement: () => list.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const start = rows.getVirtualItems()[0]?.index ?? 0;
  const wanted = Math.max(0, Math.floor(start / step) * step - step);
  useEffect(() => onFirst(wanted), [wanted, onFirst]);
  return (
    <section aria-label="Agents" className="health-section">
      <div className="section-head">
        <h2>Agents</h2>
        <span className="soft">{agentCount}</span>
      </div>
      <p className="soft">
        Score, quality and how long it takes are what the choice of an agent reckons with: estimates, which after few
        tasks are still near those of a new agent.
      </p>
      <div ref={list} className="agent-table" role="table" aria-label="Agents" aria-rowcount={agentCount + 1}>
        <div role="rowgroup" className="agent-head">
          <div role="row" className="agent-line">
            {columns.map(({ id, name }) => (
              <div
                key={id}
                role="columnheader"
                aria-sort={order.by === id ? (order.isDown ? 'descending' : 'ascending') : 'none'}
              >
                <button
                  type="button"
                  onClick={() => onOrder({ by: id, isDown: order.by === id ? !order.isDown : id !== 'id' })}
                >
                  {name}
                  {order.by === id &&
                    (order.isDown ? <ArrowDown size={12} aria-hidden /> : <ArrowUp size={12} aria-hidden />)}
                </button>
              </div>
            ))}
            <div role="columnheader">Over time</div>
          </div>
        </div>
        <div role="rowgroup" style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {rows.getVirtualItems().map(({ index, start: top }) => {
            const agent = shownAt(run, agents[index - firstAgent]);
            if (agent === undefined) return null;
            return (
              <div
                key={agent.id}
                role="row"
                aria-rowindex={index + 2}
                className={`agent-line${workbench.selection === `agent:${agent.id}` ? ' current' : ''}`}
                style={{ position: 'absolute', insetInline: 0, transform: `translateY(${top}px)` }}
              >
                {columns.map(({ id, text }) => (
                  <div key={id} role="cell" className="truncate">
                    {id === 'id' ? (
                      <button type="button" className="link" onClick={() => workbench.select(`agent:${agent.id}`)}>
                        {agent.id}
                      </button>
                    ) : (
                      text(agent)
                    )}
                  </div>
                ))}
                <div role="cell">
                  <Strip run={run} agentId={agent.id} seqs={seqs} />
                </div>
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}

interface Moments {
  /** The last record of each column. */
  readonly seqs: readonly number[];
  /** Where the moment that is shown stands, 0 to 1. */
  readonly now: number;
}

function useSeqs(run: Run, from: number, to: number): Moments {
  const { head } = run;
  const seqs = useMemo(() => {
    const found: number[] = [];
    let seq = 0;
    for (let column = 1; column <= strip.columns; column++) {
      const end = from + (column / strip.columns) * (to - from);
      let [low, high] = [seq, head];
      while (low < high) {
        const middle = (low + high + 1) >>> 1;
        if ((run.atOf(middle) ?? 0) < end || column === strip.columns) low = middle;
        else high = middle - 1;
      }
      seq = low;
      found.push(seq);
    }
    return found;
  }, [run, head, from, to]);
  return { seqs, now: ((run.now ?? from) - from) / (to - from) };
}

interface StripProps {
  readonly run: Run;
  readonly agentId: string;
  readonly seqs: Moments;
}

/** What the agent did in each part of the time; nothing is drawn while it was idle. */
function Strip({ run, agentId, seqs: { seqs, now } }: StripProps) {
  const history = run.actors.get(`agent:${agentId}`);
  const width = strip.width / strip.columns;
  const paths = new Map<Tone, string>();
  let idle = 0;
  for (const [column, seq] of seqs.entries()) {
    const state = history?.at(seq)?.means;
    const tone = state === undefined ? 'idle' : toneOf('agent', state);
    if (tone === 'idle') idle++;
    else paths.set(tone, `${paths.get(tone) ?? ''}M${column * width} 1h${width}v${strip.height - 2}h-${width}z`);
  }
  const busy = Math.round((1 - idle / strip.columns) * 100);
  return (
    <svg
      className="strip"
      width={strip.width}
      height={strip.height}
      role="img"
      aria-label={`not idle ${busy} % of the time`}
    >
      <path className="chart-base" d={`M0 ${strip.height / 2}H${strip.width}`} />
      {[...paths].map(([tone, d]) => (
        <path key={tone} className={`tone-${tone}`} fill="var(--tone)" d={d} />
      ))}
      <path className="chart-now" d={`M${Math.min(strip.width - 1, now * strip.width)} 0V${strip.height}`} />
    </svg>
  );
}
