import { X } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import type { Breakpoint } from '../../engine/protocol.ts';
import { usePlayer, useWorkbench } from '../../model/hooks.ts';
import type { Player } from '../../model/player.ts';
import { type Known, readActor, readStateStop, readTypeStop, stateWords } from '../../model/read-stop.ts';
import { stopWords } from '../../model/stop-words.ts';
import { NumberField } from './faults-panel.tsx';

type Kind = 'state' | 'queue' | 'record';

/** Where a run pauses by itself. */
export function StopsPanel({ player }: { readonly player: Player }) {
  const { run, hit } = usePlayer(player);
  const { selection } = useWorkbench();
  const [kind, setKind] = useState<Kind>('state');
  const [actor, setActor] = useState(selection !== null && run.actors.has(selection) ? selection : '');
  const [state, setState] = useState('');
  const [above, setAbove] = useState(5);
  const [type, setType] = useState('');
  const [known, setKnown] = useState<Pick<Known, 'charts' | 'types'>>({ charts: [], types: [] });
  const [trouble, setTrouble] = useState('');
  const id = useId();
  useEffect(() => {
    Promise.all([run.ask('charts', {}), run.ask('types', {})]).then(
      ([charts, types]) => setKnown({ charts, types }),
      () => {}, // The run was closed meanwhile.
    );
  }, [run]);
  const all = { ...known, actors: run.actors };
  const who = readActor(actor, all);
  const isBlank = kind === 'state' ? actor === '' || state === '' : kind === 'record' && type === '';
  const set = (breakpoints: readonly Breakpoint[]) => void run.setBreakpoints(breakpoints).catch(() => {});
  const add = () => {
    const read =
      kind === 'queue'
        ? { is: { queueAbove: above } }
        : kind === 'record'
          ? readTypeStop(type, all)
          : readStateStop(actor, state, all);
    setTrouble('trouble' in read ? read.trouble : '');
    if ('is' in read) set([...run.breakpoints, { id: `stop ${Date.now()}`, when: read.is }]);
  };
  return (
    <>
      <h2>Breakpoints</h2>
      <p className="soft">The run pauses when it comes to one.</p>
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
          add();
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
              choices={'is' in who ? stateWords(who.is.slice(0, who.is.indexOf(':')), known.charts) : []}
            />
          </>
        )}
        {kind === 'queue' && (
          <p className="row">
            <span>Tasks</span>
            <NumberField name="Tasks" value={above} onChange={setAbove} most={1_000_000} />
          </p>
        )}
        {kind === 'record' && (
          <Choice label="Type" id={`${id}t`} value={type} onChange={setType} choices={known.types} />
        )}
        <button type="submit" className="button" disabled={isBlank}>
          Add
        </button>
        <p role="status" className="tone-trouble said">
          {trouble}
        </p>
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
        onChange={(event) => onChange(event.target.value.trimStart())}
      />
      <datalist id={id}>
        {choices.map((choice) => (
          <option key={choice} value={choice} />
        ))}
      </datalist>
    </label>
  );
}
