import { useState } from 'react';
import type { Json } from 'xstate-hub';
import { useRun } from '../../model/hooks.ts';
import type { Run } from '../../model/run.ts';
import { wordsOf } from '../../model/tone.ts';
import '../../styles/acts.css';
import { AsWhom } from '../as-whom.tsx';
import { Act } from './actor-acts.tsx';
import { GoToEnd } from './go-to-end.tsx';
import { Said } from './said.tsx';
import { type Acting, useAct } from './use-act.ts';

/** What a person can do to the hub itself: send it work, pause and resume it. */
export function HubPanel({ run }: { readonly run: Run }) {
  useRun(run);
  const acting = useAct(run);
  return (
    <div className="acts">
      <h2>The hub</h2>
      {run.origin.kind === 'hub' && <AsWhom person={acting.person} />}
      <SubmitTask run={run} acting={acting} />
      <div className="acts-row">
        <Act acting={acting} text="Pause" done="It gives out no work." command={['pause']} />
        <Act acting={acting} text="Resume" done="It gives out work again." command={['resume']} />
      </div>
      <Said acting={acting} />
      <GoToEnd run={run} />
    </div>
  );
}

function SubmitTask({ run, acting }: { readonly run: Run; readonly acting: Acting }) {
  const [title, setTitle] = useState('');
  const [type, setType] = useState('');
  const types = [...new Set([...run.facts.agents.values()].map((agent) => agent.type))];
  const submit = () => {
    if (title === '' || acting.trouble !== null) return;
    const requirements = type === '' ? {} : { agentType: type };
    const input = { type: 'work', payload: { title }, requirements };
    const done = (answer: Json) => {
      const { id } = answer as { readonly id: string };
      const state = run.actors.get(`task:${id}`)?.at(run.position)?.state ?? 'queued';
      return `${title}: ${wordsOf(state)}`;
    };
    void acting.does(done, 'submit', input).then((isDone) => isDone && setTitle(''));
  };
  return (
    <form
      className="acts-task"
      aria-label="A new task"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <input
        className="field"
        aria-label="What is to be done"
        placeholder="What is to be done"
        value={title}
        onChange={(event) => setTitle(event.target.value)}
      />
      <div className="acts-row">
        <select className="field grow" aria-label="Who" value={type} onChange={(event) => setType(event.target.value)}>
          <option value="">anybody</option>
          {types.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
        <button type="submit" className="button primary" aria-disabled={title === '' || acting.trouble !== null}>
          Submit
        </button>
      </div>
    </form>
  );
}
