import type { ChartState, ChartTransition } from 'xstate-hub/machines';
import { labelOf, leafOf } from '../../layout/chart-graph.ts';
import { isWithin } from '../../model/chart-steps.ts';
import { Mark } from '../../ui/mark.tsx';
import type { ChartProps } from './chart.tsx';

interface Row {
  readonly one: ChartState;
  readonly index: number;
  readonly transition: ChartTransition | undefined;
}

/** The same as words: every state, and what leads out of it. */
export function ChartTable({ chart, state, last, tone }: ChartProps) {
  const isLast = (from: string, index: number) => last.steps.some((one) => one.from === from && one.index === index);
  const rows = [chart.root, ...chart.states].flatMap((one): Row[] =>
    one.transitions.length === 0
      ? [{ one, index: -1, transition: undefined }]
      : one.transitions.map((transition, index) => ({ one, index, transition })),
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
    <div className="chart-frame" tabIndex={0} role="group" aria-label="Chart">
      <table className="chart-table">
        <caption className="only-read">States and transitions of {chart.id}</caption>
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Event</th>
            <th scope="col">Leads to</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ one, index, transition }) => (
            <tr key={`${one.path} ${index}`} className={isLast(one.path, index) ? `lit tone-${tone}` : undefined}>
              {index <= 0 ? (
                <th scope="rowgroup" rowSpan={Math.max(1, one.transitions.length)}>
                  <span style={{ paddingLeft: (one.path.split('.').length - 1) * 14 }}>
                    {one.path === '' ? 'any state' : leafOf(one.path)}
                  </span>
                  {one.path !== '' && state !== '' && isWithin(state, one.path) && (
                    <span className={`now tone-${tone}`}>
                      <Mark tone={tone} /> now
                    </span>
                  )}
                  {one.type === 'final' && <span className="soft"> final</span>}
                </th>
              ) : null}
              <td className="mono">{transition === undefined ? '' : labelOf(chart.id, transition) || 'always'}</td>
              <td>
                {transition === undefined ? '' : transition.targets.join(', ') || <span className="soft">stays</span>}
                {isLast(one.path, index) && <span className="soft"> · last</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
