import type { HealthPicture } from '../../engine/protocol.ts';
import { StateLabel } from '../../ui/mark.tsx';
import { length } from '../../ui/time.ts';

/** How many tasks of a type may be at work or start in a while, and how many are. */
export function TypeLimits({ limits, running, waiting }: Pick<HealthPicture, 'limits' | 'running' | 'waiting'>) {
  const types = Object.entries(limits);
  if (types.length === 0) return null;
  return (
    <section aria-label="Limits" className="health-section">
      <h2>Limits</h2>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Type of task</th>
            <th scope="col">At once</th>
            <th scope="col">In a while</th>
            <th scope="col">At work</th>
            <th scope="col">Waiting</th>
          </tr>
        </thead>
        <tbody>
          {types.map(([type, { concurrency, rate }]) => {
            const isFull = concurrency !== undefined && (running[type] ?? 0) >= concurrency;
            return (
              <tr key={type}>
                <td>{type}</td>
                <td>{concurrency ?? 'any number'}</td>
                <td>{rate === undefined ? 'any number' : `${rate.count} in ${length(rate.perMs)}`}</td>
                <td>
                  {running[type] ?? 0} {isFull && <StateLabel tone="human">full</StateLabel>}
                </td>
                <td>{waiting[type] ?? 0}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
