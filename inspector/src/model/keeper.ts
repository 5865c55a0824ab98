/**
 * Runs survive a reload: the browser keeps what is open in this tab, and a simulation is made again from its file,
 * seed and all that was done to it.
 *
 * - Kp1 what comes back is what was there: a simulation whose log is not the one that was kept is not passed off as
 *   it; the kept log is shown beside it, and that is said.
 * - Kp2 a tab keeps its own runs: no two tabs have one session.
 * - Kp3 where the browser keeps nothing, the page works without.
 */
import type { Origin } from '../engine/protocol.ts';
import { allKept, forgetLog, type KeptRun, keep, originOf } from './kept-runs.ts';
import type { Player } from './player.ts';
import type { Workbench } from './workbench.ts';
import { Refusal } from './worker-client.ts';

const sessionName = 'xstate-hub.session';
const quietMs = 250;
/** Runs of tabs that were shut are forgotten after a week. */
const keptFor = 7 * 86_400_000;
/** A page that is loaded again waits so long for itself to be gone; another one, which may be a double, not so long. */
const patienceMs = { again: 10_000, anew: 1_000 };

export class Keeper {
  readonly #workbench: Workbench;
  #session = '';
  #saved = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> = Promise.resolve();
  readonly #watched = new WeakSet<Player>();

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** Opens what was open in this tab; answers whether there was anything. Then keeps what is open. */
  async begin(): Promise<boolean> {
    try {
      this.#session = await takeSession();
      this.#workbench.newKey = () => `xstate-hub run ${newId()}`;
      const kept = await allKept();
      const mine = kept.filter(({ session }) => session === this.#session).sort((a, b) => a.order - b.order);
      await this.#forget(kept.filter(({ savedAt }) => savedAt < Date.now() - keptFor));
      this.#saved = new Set(mine.map(({ key }) => key));
      for (const run of mine) await this.#restore(run);
      this.#lookAt(mine);
      return mine.length > 0;
    } catch {
      return false; // It keeps nothing, or not for this page.
    } finally {
      this.#watch();
    }
  }

  async #restore({ key, interventions, title, head, position }: KeptRun): Promise<void> {
    const workbench = this.#workbench;
    const begun = await originOf(key);
    if (begun === undefined) return;
    const origin = begun.kind === 'simulation' ? { ...begun, interventions } : begun;
    if (!(await workbench.open(origin, title, key))) return;
    const player = workbench.current;
    if (player === null) return;
    await player.goTo(position, head);
    const kept = await player.run.ask('kept', {});
    if (kept?.strayedAt === null || kept === null) return;
    const text = new File([await player.run.ask('keptLog', {})], `${title}, as it was.jsonl`);
    await workbench.open({ kind: 'log', text, file: text.name }, text.name);
    workbench.trouble = {
      what: `${title} is not what it was: from record ${kept.strayedAt} on it goes another way.`,
      refusal: new Refusal({ message: 'The log that was kept of it is open beside it.' }),
    };
  }

  #lookAt(runs: readonly KeptRun[]): void {
    const shown = runs.find((run) => run.shown !== null);
    const workbench = this.#workbench;
    const player = [...workbench.keys].find(([, key]) => key === shown?.key)?.[0];
    if (shown?.shown && player !== undefined) {
      if (workbench.trouble === null) workbench.look(player);
      workbench.view = shown.shown.view;
      workbench.select(shown.shown.selection);
    } else if (runs.length > 0 && workbench.trouble === null) workbench.leave();
  }

  #watch(): void {
    if (this.#session === '') return;
    const look = () => {
      for (const player of this.#workbench.runs) {
        if (this.#watched.has(player)) continue;
        this.#watched.add(player);
        player.run.signal.subscribe(later);
      }
      later();
    };
    const later = () => {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        // One after the other: what was true before must not be written behind what is true now.
        this.#saving = this.#saving.then(() => this.#save()).catch(() => {}); // The next change tries again.
      }, quietMs);
    };
    this.#workbench.signal.subscribe(look);
    look();
  }

  async #save(): Promise<void> {
    const { keys, current, view, selection } = this.#workbench;
    const runs: KeptRun[] = [];
    const begun = new Map<string, Origin>();
    for (const [order, [player, key]] of [...keys].entries()) {
      const { run } = player;
      if (run.origin.kind === 'hub') continue;
      const interventions = [...run.interventions];
      if (!this.#saved.has(key)) begun.set(key, run.origin);
      const shown = player === current ? { view, selection } : null;
      const { head, position } = run;
      const { session, savedAt } = { session: this.#session, savedAt: Date.now() };
      runs.push({ key, session, order, title: run.opened.title, interventions, head, position, shown, savedAt });
    }
    const now = new Set(runs.map(({ key }) => key));
    const gone = [...this.#saved].filter((key) => !now.has(key));
    await keep(runs, gone, begun);
    for (const key of gone) forgetLog(key);
    this.#saved = now;
  }

  async #forget(runs: readonly KeptRun[]): Promise<void> {
    if (runs.length === 0) return;
    const keys = runs.map(({ key }) => key);
    await keep([], keys);
    for (const key of keys) forgetLog(key);
  }
}

const newId = (): string => [...crypto.getRandomValues(new Uint32Array(3))].map((part) => part.toString(36)).join('');

/** Whether the page was there before in this tab, at this address. */
export const isLoadedAgain = (): boolean =>
  (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming | undefined)?.type === 'reload';

/** The session of this tab: the one that it had before it was loaded again, or a new one. */
async function takeSession(): Promise<string> {
  const before = sessionStorage.getItem(sessionName);
  if (before !== null && (await hold(before))) return before;
  const session = newId();
  await hold(session);
  sessionStorage.setItem(sessionName, session);
  return session;
}

/** Whether nobody else has it; until the page is gone, nobody will. A tab that is doubled has the same at first. */
function hold(session: string): Promise<boolean> {
  const { locks } = navigator as Partial<Navigator>;
  if (locks === undefined) return Promise.resolve(true);
  return new Promise((resolve) => {
    locks
      .request(
        `${sessionName} ${session}`,
        { signal: AbortSignal.timeout(isLoadedAgain() ? patienceMs.again : patienceMs.anew) },
        () => {
          resolve(true);
          return new Promise(() => {});
        },
      )
      .catch(() => resolve(false));
  });
}
