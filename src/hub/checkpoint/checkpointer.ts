/**
 * Writes checkpoints while a hub runs.
 *
 * Owns: when one is due, and what the one before had. Does not own: the rows (checkpoint.ts), nor the moment between
 * two turns at which the kernel asks.
 *
 * - Cp1 the rows are made before their records are appended and saved after that, so what was folded meanwhile is not
 *   in them, and a checkpoint stands only where the log is durable (S4).
 * - Cp2 a checkpoint that cannot be saved is a failure of the store, like an append: the hub stops, and the log has all.
 */
import type { Checkpoints } from '../../actors/store.ts';
import { beginChanges, saveChanges, saveState, type Written } from '../checkpoint.ts';
import type { HubState } from '../state.ts';

/** A checkpoint that is not saved yet. */
export interface PendingCheckpoint {
  save(): void | Promise<void>;
}

export interface CheckpointerOptions {
  readonly state: HubState;
  readonly checkpoints: Checkpoints;
  /** So many records lie between two checkpoints at least. */
  readonly every: number;
}

export class Checkpointer {
  readonly #options: CheckpointerOptions;
  #seq = 0;
  #written: Written | undefined;

  constructor(options: CheckpointerOptions) {
    this.#options = options;
  }

  /** The state is what the store's checkpoint says, and nothing was folded behind it yet. */
  goOnFromHere(): void {
    const { state } = this.#options;
    this.#seq = state.seq;
    this.#written = beginChanges(state);
  }

  /** The rows of the state as it is now, when that is due: after so many records, and when the hub has stopped. */
  take(): PendingCheckpoint | undefined {
    const { state, checkpoints, every } = this.#options;
    const { seq } = state;
    if (seq - this.#seq < every && (state.life !== 'stopped' || seq === this.#seq)) return undefined;
    const rows = this.#written === undefined ? saveState(state) : saveChanges(state, this.#written);
    this.goOnFromHere();
    return { save: () => checkpoints.save(seq, rows) };
  }
}
