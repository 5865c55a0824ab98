/** Where a planted bug comes in: the public seams of the hub, and nothing inside it. */
import type { Environment } from '../actors/environment.ts';
import type { Store } from '../actors/store.ts';
import type { HubOptions } from '../hub/create-hub.ts';
import type { DiskQuirks } from './disk.ts';

export interface Seams {
  readonly disk?: DiskQuirks;
  readonly store?: (store: Store) => Store;
  readonly environment?: (environment: Environment, life: number) => Environment;
  readonly options?: (options: HubOptions) => HubOptions;
  /** Called before the run; the answer undoes it. */
  readonly patch?: () => () => void;
}
