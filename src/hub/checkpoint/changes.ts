/**
 * What has changed since the last checkpoint, so that the next one writes that and nothing else.
 *
 * - Ch1 whoever changes an entry says so, in the fold that changes it. An entry too many costs a row; one that is
 *   forgotten is wrong after the next recovery.
 * - Ch2 what has come and gone between two checkpoints leaves no trace.
 * - Ch3 nothing is noted until somebody asks for it: a hub whose store has no checkpoints pays nothing.
 */
export class ChangedEntries<Id> {
  #since = Number.NaN;
  #changed = new Set<Id>();
  #gone = new Set<Id>();

  add(id: Id): void {
    if (!Number.isNaN(this.#since)) this.#changed.add(id);
  }

  /**
   * The entry is no longer there.
   *
   * @param place sequence number of the record that it came with
   */
  remove(id: Id, place: number): void {
    if (Number.isNaN(this.#since)) return;
    this.#changed.delete(id);
    if (place <= this.#since) this.#gone.add(id);
  }

  /** What has changed, and what is gone; counted anew from `seq` on. */
  take(seq: number): { readonly changed: ReadonlySet<Id>; readonly gone: ReadonlySet<Id> } {
    const taken = { changed: this.#changed, gone: this.#gone };
    this.#since = seq;
    this.#changed = new Set();
    this.#gone = new Set();
    return taken;
  }
}

export class Changes {
  readonly task = new ChangedEntries<string>();
  readonly agent = new ChangedEntries<string>();
  readonly consultation = new ChangedEntries<string>();
  readonly gate = new ChangedEntries<string>();
  readonly orchestration = new ChangedEntries<string>();
  readonly schedule = new ChangedEntries<string>();
  readonly letter = new ChangedEntries<number>();
}
