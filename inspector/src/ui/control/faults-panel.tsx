import { useId, useState } from 'react';
import type { Json } from 'xstate-hub';
import { useRun, useWorkbench } from '../../model/hooks.ts';
import type { Run } from '../../model/run.ts';
import type { Refusal } from '../../model/worker-client.ts';
import { GoToEnd } from '../acts/go-to-end.tsx';

const minute = 60_000;

/** What goes wrong with an agent, from now on: each is a record in the log. */
export function FaultsPanel({ run, onDone }: { readonly run: Run; readonly onDone: () => void }) {
  useRun(run);
  const { selection } = useWorkbench();
  const agents = run.alive('agent');
  const selected = selection?.startsWith('agent:') ? selection.slice('agent:'.length) : undefined;
  const [chosen, setChosen] = useState(selected ?? agents[0]?.name ?? '');
  const [minutes, setMinutes] = useState(10);
  const [factor, setFactor] = useState(3);
  const [refusal, setRefusal] = useState<string | null>(null);
  const id = useId();
  const { actable } = run;
  const inject = async (fault: Json) => {
    try {
      await run.command({ name: 'inject', args: [fault] });
      onDone();
    } catch (error) {
      setRefusal((error as Refusal).message);
    }
  };
  const fault = (name: string, what: Json, more?: React.ReactNode) => (
    <li>
      <button type="button" className="button" disabled={!actable.ok} onClick={() => void inject(what)}>
        {name}
      </button>
      {more}
    </li>
  );
  return (
    <>
      <h2>Make something go wrong</h2>
      <label>
        <span>Agent</span>
        <input className="field grow" list={id} value={chosen} onChange={(event) => setChosen(event.target.value)} />
        <datalist id={id}>
          {agents.slice(0, 200).map(({ name }) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </label>
      <section>
        <h3>Its next answer or message</h3>
        <ul className="faults">
          {fault('Lose it', { drop: chosen })}
          {fault('Send it twice', { duplicate: chosen })}
          {fault(
            'Delay it',
            { delay: { agent: chosen, by: minutes * minute } },
            <>
              <NumberField name="Delay in minutes" value={minutes} onChange={setMinutes} most={10_000} />
              <span className="soft">minutes</span>
            </>,
          )}
        </ul>
      </section>
      <section>
        <h3>The agent, from now on</h3>
        <ul className="faults">
          {fault(
            'Slow down',
            { slow: { agent: chosen, factor } },
            <>
              <NumberField name="Times as slow" value={factor} onChange={setFactor} most={1_000} />
              <span className="soft">times; 1 heals it</span>
            </>,
          )}
          {fault('Crash', { crash: chosen })}
          {fault('Bring back', { restart: chosen })}
        </ul>
      </section>
      <p role="status" className={refusal === null ? 'soft' : 'tone-trouble said'}>
        {refusal ?? (actable.ok ? '' : actable.why)}
      </p>
      <GoToEnd run={run} />
    </>
  );
}

interface NumberFieldProps {
  readonly name: string;
  readonly value: number;
  readonly most: number;
  readonly onChange: (value: number) => void;
}

export function NumberField({ name, value, most, onChange }: NumberFieldProps) {
  return (
    <input
      className="field number"
      type="number"
      aria-label={name}
      min={1}
      max={most}
      value={value}
      onChange={(event) => onChange(Math.min(most, Math.max(1, Math.round(event.target.valueAsNumber) || 1)))}
    />
  );
}
