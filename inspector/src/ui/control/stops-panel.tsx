import { X } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import type { ChartDescription } from 'xstate-hub/machines';
import type { Breakpoint } from '../../engine/protocol.ts';
import { usePlayer, useWorkbench } from '../../model/hooks.ts';
import type { Player } from '../../model/player.ts';
import { stopWords } from '../../model/stop-words.ts';
import { NumberField } from './faults-panel.tsx';

type Kind = 'state' | 'queue' | 'record';

/** Where a run stops by itself. */
export function StopsPanel({ player }: { readonly player: Player }) {
  const { run, hit } = usePlayer(player);
  const { selection } = useWorkbench();
  const [kind, setKind] = useState<Kind>('state');
  const [actor, setActor] = useState(selection !== null && run.actors.has(selection) ? selection : '');
  const [state, setState] = useState('');
  const [above, setAbove] = useState(5);
  const [type, setType] = useState('');
  const [charts, setCharts] = useState<readonly ChartDescription[]>([]);
  const id = useId();
  useEffect(() => {
    run.ask('charts', {}).then(setCharts, () => {});
  }, [run]);
  const chart = charts.find((one) => one.id === actor.split(':')[0]);
  const when: Breakpoint['when'] | null =
    kind === 'queue'
      ? { queueAbove: above }
      : kind === 'record'
        ? type === ''
          ? null
          : { recordType: type }
        : actor === '' || state === ''
          ? null
          : { actor, state };
  const set = (breakpoints: readonly Breakpoint[]) => void run.setBreakpoints(breakpoints).catch(() => {});
  return (
    <>
      <h2>Stop by itself</h2>
      {run.breakpoints.length > 0 && (
        <ul className="stops" aria-label="Breakpoints">
          {run.breakpoints.map((one) => (
            <li key={one.id} aria-current={hit?.id === one.id}>
              <span>{stopWords(one)}</span>
              <button
                type="button"
                className="button quiet icon"
                aria-label={`Remove: ${stopWords(one)}`}
                onClick={() => set(run.breakpoints.filter((other) => other !== one))}
              >
                <X size={14} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (when !== null) set([...run.breakpoints, { id: `stop ${Date.now()}`, when }]);
        }}
      >
        <label>
          <span>When</span>
          <select className="field grow" value={kind} onChange={(event) => setKind(event.target.value as Kind)}>
            <option value="state">an actor enters a state</option>
            <option value="queue">the queue is longer than</option>
            <option value="record">there is a record of type</option>
          </select>
        </label>
        {kind === 'state' && (
          <>
            <Choice label="Actor" id={`${id}a`} value={actor} onChange={setActor} choices={[...firstOf(run.actors)]} />
            <Choice
              label="State"
              id={`${id}s`}
              value={state}
              onChange={setState}
              choices={chart?.states.map(({ path }) => path) ?? []}
            />
          </>
        )}
        {kind === 'queue' && (
          <p className="row">
            <span>Tasks</span>
            <NumberField name="Tasks" value={above} onChange={setAbove} most={1_000_000} />
          </p>
        )}
        {kind === 'record' && <Choice label="Type" id={`${id}t`} value={type} onChange={setType} choices={run.types} />}
        <button type="submit" className="button" disabled={when === null}>
          Add
        </button>
      </form>
    </>
  );
}

const mostChoices = 300;

function* firstOf(actors: ReadonlyMap<string, unknown>): Iterable<string> {
  let count = 0;
  for (const id of actors.keys()) if (count++ < mostChoices) yield id;
}

interface ChoiceProps {
  readonly label: string;
  readonly id: string;
  readonly value: string;
  readonly choices: readonly string[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, id, value, choices, onChange }: ChoiceProps) {
  return (
    <label>
      <span>{label}</span>
      <input
        className="field grow mono"
        list={id}
        value={value}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value.trim())}
      />
      <datalist id={id}>
        {choices.map((choice) => (
          <option key={choice} value={choice} />
        ))}
      </datalist>
    </label>
  );
}
