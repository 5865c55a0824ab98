import type { HealthPicture } from '../../engine/protocol.ts';
import { StateLabel } from '../../ui/mark.tsx';
import { length } from '../../ui/time.ts';

/** How many tasks of a type may be at work or start in a while, and how many are. */
export function TypeLimits({ limits }: Pick<HealthPicture, 'limits'>) {
  if (limits.length === 0) return null;
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
          {limits.map(({ type, concurrency, rate, running, waiting }) => {
            const isFull = concurrency !== undefined && running >= concurrency;
            return (
              <tr key={type}>
                <td>{type}</td>
                <td>{concurrency ?? 'any number'}</td>
                <td>{rate === undefined ? 'any number' : `${rate.count} in ${length(rate.perMs)}`}</td>
                <td>
                  {running} {isFull && <StateLabel tone="human">full</StateLabel>}
                </td>
                <td>{waiting}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
