import { useState } from 'react';
import type { Json } from 'xstate-hub';
import { act } from '../../model/act.ts';
import type { Run } from '../../model/run.ts';
import type { Refusal } from '../../model/worker-client.ts';
import { type Person, usePerson } from '../as-whom.tsx';

export interface Acting {
  readonly person: Person;
  /** Why nothing can be done now; null when it can. */
  readonly trouble: string | null;
  /** What came of the last thing that was done. */
  readonly said: { readonly text: string; readonly isTrouble: boolean } | null;
  /** Does it, and says so, as things stand whenever it is read; false when it was refused. */
  does(done: string | ((answer: Json) => string), name: string, ...args: readonly Json[]): Promise<boolean>;
}

/** What a person does to the hub of a run, and what came of it. */
export function useAct(run: Run): Acting {
  const person = usePerson(run);
  const [said, setSaid] = useState<{ readonly text: () => string; readonly isTrouble: boolean } | null>(null);
  const { actable } = run;
  const nameTrouble = run.origin.kind === 'hub' ? person.trouble : null;
  return {
    person,
    trouble: actable.ok ? nameTrouble : actable.why,
    said: said && { text: said.text(), isTrouble: said.isTrouble },
    async does(done, name, ...args) {
      try {
        const answer = await act(run, person.name, name, ...args);
        setSaid({ text: () => (typeof done === 'string' ? done : done(answer)), isTrouble: false });
        return true;
      } catch (error) {
        const { message } = error as Refusal;
        setSaid({ text: () => message, isTrouble: true });
        return false;
      }
    },
  };
}
