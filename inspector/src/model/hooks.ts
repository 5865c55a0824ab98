/** The model, for components: each hook renders again when what it gives has changed. */

import { createContext, useContext, useSyncExternalStore } from 'react';
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
