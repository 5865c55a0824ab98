/**
 * The address follows what is shown, and what is shown follows an address that is typed in, or gone back to.
 *
 * - Ad1 Back leads to the view before, to the run before, to the gallery; not through every moment.
 * - Ad2 which run an entry of the browser's history is about stands beside its address: a log has none in it.
 */
import { readPlace } from './place.ts';
import type { Player } from './player.ts';
import type { Workbench } from './workbench.ts';

export class Address {
  readonly #workbench: Workbench;
  #written = location.hash;
  /** What was shown when that was written. */
  #player: Player | null;
  /** How many addresses lead somewhere at this moment. */
  #going = 0;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
    this.#player = workbench.current;
    const follow = () => this.#follow();
    setInterval(follow, 500);
    workbench.signal.subscribe(follow);
    addEventListener('popstate', ({ state }) => {
      if (state === null && location.hash === this.#written) return;
      this.#written = location.hash;
      void this.lead(() => this.#goBack(state?.run));
    });
  }

  /** Goes where an address leads: that is no step of a person that Back would undo. */
  async lead(go: () => Promise<void>): Promise<void> {
    this.#going++;
    try {
      await go();
    } finally {
      this.#going--;
      this.#follow(false);
    }
  }

  #follow(isStep = true): void {
    const { current, guests, opening, link, view, runs, keys } = this.#workbench;
    if (this.#going > 0 || opening !== null || (current === null && guests !== null)) return;
    const isNew = location.hash !== this.#written; // An address that somebody has just given.
    if (isNew || (link === this.#written && current === this.#player && history.state !== null)) return;
    const isElsewhere = current !== this.#player || readPlace(this.#written).view !== view;
    const isThere = this.#player === null || runs.includes(this.#player);
    const state = { run: current === null ? null : keys.get(current) };
    if (isStep && isElsewhere && isThere) history.pushState(state, '', link);
    else history.replaceState(state, '', link);
    this.#written = link;
    this.#player = current;
  }

  /** @param key of the run that was shown there; null for the gallery, undefined when nobody knows */
  async #goBack(key: string | null | undefined): Promise<void> {
    if (key === null) return this.#workbench.leave();
    const there = this.#workbench.runs.find((player) => this.#workbench.keys.get(player) === key);
    if (key !== undefined && there !== undefined && there !== this.#workbench.current) this.#workbench.look(there);
    await this.#workbench.go(location.hash);
  }
}
