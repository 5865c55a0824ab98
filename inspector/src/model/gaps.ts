/** The times in which nothing was recorded, and whether anybody was at work then. */
import type { Run } from './run.ts';
import type { Gap } from './time-scale.ts';

/** Gaps that are shorter are none, in ms. */
const shortest = 1_000;

export class Gaps {
  readonly #run: Run;
  readonly #gaps: Gap[] = [];
  readonly #atWork = new Set<string>();
  #seen = 0;

  constructor(run: Run) {
    this.#run = run;
  }

  /** Takes what has come since it was asked last. */
  update(): readonly Gap[] {
    const { head } = this.#run;
    while (this.#seen < head) {
      const seq = ++this.#seen;
      const [from, to] = [this.#run.atOf(seq - 1), this.#run.atOf(seq)];
      if (from !== undefined && to !== undefined && to - from >= shortest) {
        this.#gaps.push({ from, to, isIdle: this.#atWork.size === 0 });
      }
      for (const { actor, state } of this.#run.changes[seq - 1] ?? []) {
        if (!actor.startsWith('agent:')) continue;
        if (state === 'active.working' || state === 'active.answering') this.#atWork.add(actor);
        else this.#atWork.delete(actor);
      }
    }
    return this.#gaps;
  }
}
