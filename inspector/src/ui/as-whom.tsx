/** As whom the person at this page acts: asked once, then remembered. */
import { useId, useSyncExternalStore } from 'react';
import { personHere, rememberPerson } from '../model/live.ts';
import type { Run } from '../model/run.ts';
import { Signal } from '../model/signal.ts';
import '../styles/as-whom.css';

const changed = new Signal();
const nameable = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,119}$/;

export interface Person {
  readonly name: string;
  /** Why this cannot be anybody's name; null when it can. */
  readonly trouble: string | null;
  /** The token of this page belongs to that person: it cannot be changed here. */
  readonly isFixed: boolean;
}

export function usePerson(run: Run): Person {
  const typed = useSyncExternalStore(changed.subscribe, personHere);
  const own = run.opened.hub?.person;
  if (typeof own === 'string') return { name: own, trouble: null, isFixed: true };
  const trouble =
    typed === ''
      ? 'Say who you are first.'
      : nameable.test(typed)
        ? null
        : 'A name has letters, digits, and . _ : - only.';
  return { name: typed, trouble, isFixed: false };
}

interface AsWhomProps {
  readonly person: Person;
  /** Who may act here, to choose from. */
  readonly names?: readonly string[];
  readonly field?: React.Ref<HTMLInputElement>;
}

export function AsWhom({ person, names = [], field }: AsWhomProps) {
  const id = useId();
  if (person.isFixed) {
    return (
      <p className="as-whom">
        <span className="soft">as</span> <strong>{person.name}</strong>
      </p>
    );
  }
  return (
    <label className="as-whom">
      <span className="soft">as</span>
      <input
        ref={field}
        className="field"
        aria-label="Your name"
        placeholder="your name"
        autoComplete="off"
        list={id}
        value={person.name}
        onChange={(event) => {
          rememberPerson(event.target.value.trim());
          changed.changedNow();
        }}
      />
      <datalist id={id}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </label>
  );
}
