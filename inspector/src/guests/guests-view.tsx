import '../styles/guests.css';
import { useState } from 'react';
import { useSignal } from '../model/hooks.ts';
import { wordsOf } from '../model/tone.ts';
import { StateLabel } from '../ui/mark.tsx';
import { activePaths, type GuestState } from './guest-chart.ts';
import type { Guest, Guests } from './guests.ts';

/** Actors of other apps: which there are, where each stands, and what it took. */
export function GuestsView({ guests }: { readonly guests: Guests }) {
  useSignal(guests.signal);
  const [selected, select] = useState<string | null>(null);
  const all = [...guests.actors.values()];
  const guest = guests.actors.get(selected ?? '') ?? all[0];
  return (
    <main className="guests">
      <header className="view-bar">
        <h1>Guests</h1>
        <p className="soft" role="status">
          {guests.trouble ?? `${all.length} actors, by ${guests.from}`}
        </p>
      </header>
      {guest === undefined ? (
        <div className="empty">
          <p>Waiting for an app to show itself.</p>
          <p>An actor appears here with its first state.</p>
        </div>
      ) : (
        <div className="guests-body">
          <nav aria-label="Actors">
            <ul>
              {all.map((one) => (
                <li key={one.sessionId}>
                  <button
                    type="button"
                    aria-current={one === guest ? 'true' : undefined}
                    onClick={() => select(one.sessionId)}
                  >
                    <span className="truncate">{one.name}</span>
                    <StateLabel tone={one.isOver ? 'done' : 'work'}>
                      {wordsOf(activePaths(one.value).at(-1) ?? (one.isOver ? 'over' : 'active'))}
                    </StateLabel>
                  </button>
                </li>
              ))}
            </ul>
          </nav>
          <GuestDetails guest={guest} />
        </div>
      )}
    </main>
  );
}

function GuestDetails({ guest }: { readonly guest: Guest }) {
  const active = new Set(activePaths(guest.value));
  return (
    <div className="guest">
      <h2>{guest.name}</h2>
      <section>
        <h3>States</h3>
        {guest.chart.states.length === 0 ? (
          <p className="soft">It has no chart.</p>
        ) : (
          <States states={guest.chart.states} active={active} />
        )}
      </section>
      <section>
        <h3>Context</h3>
        <pre className="json">{JSON.stringify(guest.context, null, 2) ?? 'none'}</pre>
      </section>
      <section>
        <h3>Events ({guest.eventCount})</h3>
        <ol className="guest-events">
          {guest.events
            .slice(-50)
            .reverse()
            .map(({ number, type, data }) => (
              <li key={number}>
                <span className="mono">{type}</span> <span className="soft mono truncate">{JSON.stringify(data)}</span>
              </li>
            ))}
        </ol>
      </section>
    </div>
  );
}

function States({ states, active }: { readonly states: readonly GuestState[]; readonly active: ReadonlySet<string> }) {
  return (
    <ul className="guest-states">
      {states.map((state) => (
        <li key={state.path}>
          {active.has(state.path) ? <StateLabel tone="work">{state.key}</StateLabel> : <span>{state.key}</span>}
          {active.has(state.path) && <span className="only-read"> (active)</span>}
          {state.events.length > 0 && <span className="soft mono"> {state.events.join(', ')}</span>}
          {state.states.length > 0 && <States states={state.states} active={active} />}
        </li>
      ))}
    </ul>
  );
}
