import { useState } from 'react';
import type { Run } from '../../model/run.ts';
import '../../styles/acts.css';
import { AsWhom } from '../as-whom.tsx';
import { GoToEnd } from './go-to-end.tsx';
import { Said } from './said.tsx';
import { type Acting, useAct } from './use-act.ts';

interface Props {
  readonly run: Run;
  readonly kind: string;
  readonly name: string;
  readonly state: string;
  /** The event by which it came there. */
  readonly event: string;
}

/** What a person can do to one task or agent. Nothing for recorded logs, and for what nothing can be done to. */
export function ActorActs({ run, kind, name, state, event }: Props) {
  const acting = useAct(run);
  if (run.origin.kind === 'log' || run.opened.hub?.isRecorded === true) return null;
  const acts =
    kind === 'task' ? taskActs(acting, name, state) : kind === 'agent' ? agentActs(acting, name, state, event) : [];
  if (kind !== 'agent' && acts.length === 0) return null;
  return (
    <section className="acts" aria-label={`Do something with ${name}`}>
      <div className="acts-row">{acts}</div>
      {kind === 'agent' && <SendMessage acting={acting} to={name} />}
      {run.origin.kind === 'hub' && <AsWhom person={acting.person} />}
      <Said acting={acting} />
      <GoToEnd run={run} />
    </section>
  );
}

const over = new Set(['completed', 'failed', 'cancelled', 'stopped']);

function taskActs(acting: Acting, id: string, state: string): React.ReactNode[] {
  if (state === 'failed' || state === 'cancelled') {
    return [<Act key="again" acting={acting} text="Try again" done="Submitted again." command={['resubmit', id]} />];
  }
  if (over.has(state)) return [];
  return [<Act key="cancel" acting={acting} text="Cancel" done="Cancelled." command={['cancel', id]} isDanger />];
}

function agentActs(acting: Acting, id: string, state: string, event: string): React.ReactNode[] {
  const isHeldByGate = state === 'paused' && event.startsWith('gate.');
  if (state === 'stopped' || isHeldByGate) return [];
  return state === 'paused'
    ? [<Act key="pause" acting={acting} text="Resume" done="It takes work again." command={['resumeAgent', id]} />]
    : [<Act key="pause" acting={acting} text="Pause" done="It gets no new work." command={['pauseAgent', id]} />];
}

interface ActProps {
  readonly acting: Acting;
  readonly text: string;
  /** What to say when it is done. */
  readonly done: string;
  readonly command: readonly [name: string, ...args: string[]];
  readonly isDanger?: boolean;
}

export function Act({ acting, text, done, command: [name, ...args], isDanger = false }: ActProps) {
  return (
    <button
      type="button"
      className={isDanger ? 'button danger' : 'button'}
      aria-disabled={acting.trouble !== null}
      onClick={() => acting.trouble === null && void acting.does(done, name, ...args)}
    >
      {text}
    </button>
  );
}

function SendMessage({ acting, to }: { readonly acting: Acting; readonly to: string }) {
  const [text, setText] = useState('');
  const send = async () => {
    if (acting.trouble !== null || text === '') return;
    if (await acting.does(`Sent to ${to}.`, 'send', { to, type: 'note', body: text })) setText('');
  };
  return (
    <form
      className="acts-row"
      aria-label={`A message to ${to}`}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <input
        className="field grow"
        aria-label="Message"
        placeholder={`A message to ${to}`}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className="button" aria-disabled={acting.trouble !== null || text === ''}>
        Send
      </button>
    </form>
  );
}
