/** The hub's own judgement: of the whole, and of each part with its reasons. */
import type { ComponentHealth, Health } from 'xstate-hub';
import type { Tone } from '../../model/tone.ts';
import { StateLabel } from '../../ui/mark.tsx';
import { about, headline, told } from './words.ts';

const tones: { readonly [state in Health['state']]: Tone } = {
  healthy: 'done',
  degraded: 'human',
  unhealthy: 'trouble',
};

const names: { readonly [part in keyof Health['components']]: string } = {
  queue: 'Queue',
  agents: 'Agents',
  drivers: 'Drivers',
  store: 'Store',
};

/** @param when `at the end of this log`; null for a hub that is there */
export function Verdict({ health, when }: { readonly health: Health; readonly when: string | null }) {
  const { state, components } = health;
  const [before, word, after] = headline(health, when);
  return (
    <section className="verdict" aria-label="Judgement">
      <div className="verdict-whole">
        <h1>
          {before}
          <span className={`tone-${tones[state]}`}>{word}</span>
          {after}
        </h1>
        <p className="soft">{about(health, when)}</p>
      </div>
      <ul className="parts">
        {(Object.keys(names) as (keyof typeof names)[]).map((part) => (
          <Part key={part} part={part} health={components[part]} when={when} />
        ))}
      </ul>
    </section>
  );
}

function Part({
  part,
  health: { state, reasons, figures },
  when,
}: {
  readonly part: keyof typeof names;
  readonly health: ComponentHealth;
  readonly when: string | null;
}) {
  return (
    <li>
      <h2>{names[part]}</h2>
      <StateLabel tone={tones[state]}>{state}</StateLabel>
      <p>{reasons.length === 0 ? <span className="soft">{told(part, figures, when)}</span> : reasons.join('; ')}</p>
    </li>
  );
}
