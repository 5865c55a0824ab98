/** The hub's own judgement: of the whole, and of each part with its reasons. */
import type { ComponentHealth, Health } from 'xstate-hub';
import type { Tone } from '../../model/tone.ts';
import { StateLabel } from '../../ui/mark.tsx';
import { length } from '../../ui/time.ts';

const tones: { readonly [state in Health['state']]: Tone } = {
  healthy: 'done',
  degraded: 'human',
  unhealthy: 'trouble',
};

const names: { readonly [part in keyof Health['components']]: string } = {
  queue: 'Queue',
  agents: 'Agents',
  drivers: 'Work',
  store: 'Store',
};

export function Verdict({ health }: { readonly health: Health }) {
  const { state, live, components } = health;
  return (
    <section className="verdict" aria-label="Judgement">
      <div className="verdict-whole">
        <h1>
          The hub {live ? 'is ' : 'has stopped, '}
          <span className={`tone-${tones[state]}`}>{state}</span>
        </h1>
        <p className="soft">{about(health)}</p>
      </div>
      <ul className="parts">
        {(Object.keys(names) as (keyof typeof names)[]).map((part) => (
          <Part key={part} name={names[part]} health={components[part]} />
        ))}
      </ul>
    </section>
  );
}

function about({ live, ready, state }: Health): string {
  if (!live) return 'Nothing goes on here any more.';
  if (ready) return 'It takes tasks and gives out work.';
  return state === 'unhealthy' ? 'It is not fit to take tasks.' : 'It gives out no work now.';
}

function Part({
  name,
  health: { state, reasons, figures },
}: {
  readonly name: string;
  readonly health: ComponentHealth;
}) {
  return (
    <li>
      <h2>{name}</h2>
      <StateLabel tone={tones[state]}>{state}</StateLabel>
      <p>{reasons.length === 0 ? <span className="soft">{told(name, figures)}</span> : reasons.join('; ')}</p>
    </li>
  );
}

/** What was looked at, in words. */
function told(
  name: string,
  { depth = 0, ageMs = 0, registered = 0, tasks = 0, failed = 0 }: ComponentHealth['figures'],
) {
  if (name === names.queue)
    return depth === 0 ? 'Nothing waits.' : `${depth} waiting, the oldest for ${length(ageMs)}.`;
  if (name === names.agents)
    return registered === 0 ? 'There are none yet.' : `${registered} registered, all within reach.`;
  if (name === names.drivers)
    return tasks === 0 ? 'Nothing has ended yet.' : `${failed} of the last ${tasks} tasks failed.`;
  return 'It writes its log.';
}
