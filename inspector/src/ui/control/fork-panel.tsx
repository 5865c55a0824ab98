import { useState } from 'react';
import { usePlayer, useWorkbench } from '../../model/hooks.ts';
import type { Player } from '../../model/player.ts';
import { NumberField } from './faults-panel.tsx';

/** Another run from this moment on; this one stays as it is. */
export function ForkPanel({ player, onDone }: { readonly player: Player; readonly onDone: () => void }) {
  const { run } = usePlayer(player);
  const workbench = useWorkbench();
  const [seed, setSeed] = useState((run.opened.seed ?? 0) + 1);
  const fork = (command: Parameters<typeof workbench.fork>[0]) => {
    onDone();
    void workbench.fork(command);
  };
  return (
    <>
      <h2>Fork at record {run.position}</h2>
      <p className="soft">
        The same run up to here, in a tab of its own; what has happened in this one stays. It begins at the end of the
        hub's turn.
      </p>
      <ul className="faults">
        <li>
          <button type="button" className="button primary" onClick={() => fork(null)}>
            Fork
          </button>
          <span className="soft">then do something else to it</span>
        </li>
        <li>
          <button type="button" className="button" onClick={() => fork({ name: 'reseed', args: [seed] })}>
            Fork with seed
          </button>
          <NumberField name="Seed" value={seed} onChange={setSeed} most={2_147_483_647} />
          <span className="soft">other chance from here on</span>
        </li>
      </ul>
    </>
  );
}
