import { deliver, startSealed } from '../../src/actors/sealed-actor.ts';
import { beginChanges, saveChanges, saveState, type Written } from '../../src/hub/checkpoint.ts';
import { createHubLogic, restoreFrom, stateOf } from '../../src/hub/logic.ts';
import { pictureOf } from '../../src/hub/picture.ts';
import type { HubState } from '../../src/hub/state.ts';
import { canonicalJson, type Json } from '../../src/machines/json.ts';
import type { HubRecord } from '../../src/machines/messages.ts';

export type Rows = ReadonlyMap<string, Json>;

/** Rows as they come back from a disk. */
export const throughJson = (rows: Iterable<readonly [string, Json]>): Map<string, Json> =>
  new Map(JSON.parse(JSON.stringify([...rows])) as [string, Json][]);

/** A fold of which everything can be seen. */
export class OpenState {
  readonly state: HubState;
  readonly #actor = startSealed(createHubLogic(), {});
  #written: Written | undefined;
  readonly #rows: Map<string, Json>;

  /** From nothing, or from the rows of a checkpoint. */
  constructor(rows?: Rows) {
    this.state = stateOf(this.#actor.getSnapshot());
    this.#rows = new Map(rows);
    if (rows !== undefined) {
      const { seq } = rows.get('hub') as { seq: number };
      restoreFrom(this.#actor, { seq, entries: rows });
      this.#written = beginChanges(this.state);
    }
  }

  fold(records: Iterable<HubRecord>): this {
    for (const record of records) {
      deliver(this.#actor, record);
      if (this.state.seq !== record.seq) throw new Error(`record ${record.seq} was not folded`);
    }
    return this;
  }

  rows(): Map<string, Json> {
    return saveState(this.state);
  }

  /** The rows after one more checkpoint of changes only; the first one has them all. */
  incremental(): Map<string, Json> {
    const changes = this.#written === undefined ? this.rows() : saveChanges(this.state, this.#written);
    this.#written = beginChanges(this.state);
    for (const [key, row] of throughJson(changes as Map<string, Json>)) {
      if (row === null) this.#rows.delete(key);
      else this.#rows.set(key, row);
    }
    return new Map(this.#rows);
  }

  /** Everything, as one text. */
  text(): string {
    const rows = [...this.rows()].sort(([a], [b]) => (a < b ? -1 : 1));
    return canonicalJson({ rows, picture: pictureOf(this.state), life: this.#actor.getSnapshot().value });
  }
}
