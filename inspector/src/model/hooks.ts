/** The model, for components: each hook renders again when what it gives has changed. */

import { createContext, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { Picture } from 'xstate-hub';
import type { Player } from './player.ts';
import type { Run } from './run.ts';
import type { Signal } from './signal.ts';
import type { Workbench } from './workbench.ts';

export const WorkbenchContext = createContext<Workbench | null>(null);

export function useSignal(signal: Signal): number {
  return useSyncExternalStore(signal.subscribe, () => signal.version);
}

export function useWorkbench(): Workbench {
  const workbench = useContext(WorkbenchContext);
  if (workbench === null) throw new Error('there is no workbench around this component');
  useSignal(workbench.signal);
  return workbench;
}

/** Renders again when records come or another moment is shown. */
export function useRun(run: Run): Run {
  useSignal(run.signal);
  return run;
}

export function usePlayer(player: Player): Player {
  useSignal(player.signal);
  useSignal(player.run.signal);
  return player;
}

/**
 * The whole state at the moment that is shown. While a newer one is on its way, the last one that came is given, with
 * `isStale`; null before the first.
 */
export function usePicture(run: Run): { readonly picture: Picture | null; readonly isStale: boolean } {
  useSignal(run.signal);
  const { position } = run;
  const [known, setKnown] = useState<{ run: Run; seq: number; picture: Picture } | null>(null);
  const asking = useRef(false);
  const current = known?.run === run ? known : null;
  useEffect(() => {
    if (current?.seq === position || asking.current) return;
    asking.current = true;
    run
      .picture(position)
      .then((picture) => setKnown({ run, seq: position, picture }))
      .catch(() => {}) // The run was closed meanwhile.
      .finally(() => {
        asking.current = false;
      });
  });
  return { picture: current?.picture ?? null, isStale: current?.seq !== position };
}
