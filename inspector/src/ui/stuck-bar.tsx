import { TriangleAlert, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Stuck } from '../engine/protocol.ts';
import { useRun, useWorkbench } from '../model/hooks.ts';
import type { Run } from '../model/run.ts';
import '../styles/stuck.css';

const names: { readonly [kind in Stuck['kind']]: string } = {
  deadlock: 'Deadlock',
  starvation: 'Starvation',
  storm: 'Retry storm',
};

/** Work that does not go on by itself at this moment, and where. */
export function StuckBar({ run }: { readonly run: Run }) {
  const workbench = useWorkbench();
  const found = useStuck(run);
  const [dismissed, setDismissed] = useState('');
  const message = found.map((one) => one.message).join(' ');
  const isShown = found.length > 0 && message !== dismissed;
  return (
    <div role="status" className="stuck-slot">
      {isShown && (
        <div className="stuck-bar">
          <TriangleAlert size={16} aria-hidden />
          <ul>
            {found.map(({ kind, message: said, actors, more }) => (
              <li key={said}>
                <strong>{names[kind]}.</strong> {said}{' '}
                {actors.map((id) => (
                  <button key={id} type="button" className="link" onClick={() => workbench.select(id)}>
                    {id.slice(id.indexOf(':') + 1)}
                  </button>
                ))}
                {more > 0 && <span> and {more} more</span>}
              </li>
            ))}
          </ul>
          <button
            type="button"
            className="button quiet icon"
            aria-label="Dismiss"
            onClick={() => setDismissed(message)}
          >
            <X size={14} />
          </button>
        </div>
      )}
    </div>
  );
}

/** How long a finding may take to be shown, in ms. */
const patience = 400;

/** What is stuck at the moment that is shown; asked at most so often, however fast the run goes. */
function useStuck(run: Run): readonly Stuck[] {
  useRun(run);
  const { position, isOver } = run;
  const [known, setKnown] = useState<{ run: Run; found: readonly Stuck[] } | null>(null);
  const asked = useRef('');
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    if (timer.current !== undefined || asked.current === `${run.id} ${position} ${isOver}`) return;
    timer.current = setTimeout(() => {
      const seq = run.position;
      asked.current = `${run.id} ${seq} ${run.isOver}`;
      run.ask('stuck', { seq }).then(
        (found) => setKnown({ run, found }),
        () => {}, // The run was closed meanwhile.
      );
      timer.current = undefined;
    }, patience);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return known?.run === run ? known.found : [];
}
