/** The state after any record, by folding: forward from where it last was when that is nearer than the beginning. */
import { type Fold, type HubRecord, openFold, type Picture } from 'xstate-hub';

export class Pictures {
  readonly #records: readonly HubRecord[];
  #fold: Fold = openFold();

  /** @param records the log, which may grow */
  constructor(records: readonly HubRecord[]) {
    this.#records = records;
  }

  at(seq: number): Picture {
    if (seq < this.#fold.seq) this.#fold = openFold();
    for (let next = this.#fold.seq; next < Math.min(seq, this.#records.length); next++) {
      this.#fold.next(this.#records[next] as HubRecord);
    }
    return this.#fold.picture();
  }
}
