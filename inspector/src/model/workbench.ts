/** Everything that is open: the runs, the one that is looked at, and what of it is shown. */
import type { Origin } from '../engine/protocol.ts';
import { Guests } from '../guests/guests.ts';
import { gallery } from './gallery.ts';
import { nowhere, type Place, readPlace, type View, writePlace } from './place.ts';
import { Player } from './player.ts';
import { Run } from './run.ts';
import { Signal } from './signal.ts';
import type { Refusal } from './worker-client.ts';

export class Workbench {
  readonly signal = new Signal();
  readonly runs: Player[] = [];
  current: Player | null = null;
  view: View = 'floor';
  /** The actor that everything is about: `task:t1`; or a record. */
  selection: string | null = null;
  /** What could not be opened, and why. */
  trouble: { readonly what: string; readonly refusal: Refusal } | null = null;
  isHelpOpen = false;
  /** Actors of other apps that show themselves here; null when nobody asked for that. */
  guests: Guests | null = null;
  /** What is being opened. */
  opening: string | null = null;
  #lastId = 0;

  /** Opens a run and looks at it; the runs that were open stay. False when it cannot be. */
  async open(origin: Origin, what: string): Promise<boolean> {
    this.opening = what;
    this.trouble = null;
    this.signal.changedNow();
    try {
      const run = await Run.open(String(++this.#lastId), origin);
      this.current?.pause();
      const player = new Player(run);
      this.runs.push(player);
      this.current = player;
      this.selection = null;
      return true;
    } catch (refusal) {
      this.trouble = { what, refusal: refusal as Refusal };
      return false;
    } finally {
      this.opening = null;
      this.signal.changedNow();
    }
  }

  /** Opens a scenario of the gallery. */
  async openScenario(name: string, seed: number | null = null): Promise<boolean> {
    const entry = gallery.find((one) => one.name === name);
    const text = entry?.text ?? '';
    return await this.open(
      {
        kind: 'simulation',
        text,
        file: `${name}.yaml`,
        humans: true,
        interventions: [],
        ...(seed !== null && { seed }),
      },
      name,
    );
  }

  /** The same simulation again, from its beginning. */
  async restart(changes: { readonly seed?: number; readonly humans?: boolean } = {}): Promise<void> {
    const { current } = this;
    if (current === null || current.run.origin.kind !== 'simulation') return;
    await this.open({ ...current.run.origin, ...changes, interventions: [] }, current.run.opened.title);
    this.close(current);
  }

  look(player: Player): void {
    this.current?.pause();
    this.current = player;
    this.selection = null;
    this.signal.changedNow();
  }

  close(player: Player): void {
    player.dispose();
    player.run.close();
    this.runs.splice(this.runs.indexOf(player), 1);
    if (this.current === player) this.current = this.runs.at(-1) ?? null;
    this.signal.changedNow();
  }

  /** Back to the gallery; the runs stay open. */
  leave(): void {
    this.current?.pause();
    this.current = null;
    this.signal.changedNow();
  }

  show(view: View): void {
    this.view = view;
    this.signal.changedNow();
  }

  select(actor: string | null): void {
    this.selection = actor;
    this.signal.changedNow();
  }

  toggleHelp(isOpen = !this.isHelpOpen): void {
    this.isHelpOpen = isOpen;
    this.signal.changedNow();
  }

  dismiss(): void {
    this.trouble = null;
    this.signal.changedNow();
  }

  get place(): Place {
    const origin = this.current?.run.origin;
    if (this.current === null || origin?.kind !== 'simulation') return { ...nowhere, view: this.view };
    const { run } = this.current;
    const scenario = gallery.find((one) => one.text === origin.text)?.name ?? null;
    return { scenario, seed: origin.seed ?? null, view: this.view, actor: this.selection, at: run.position };
  }

  /**
   * Lets the actors of another app in: by the window that opened this page, or by a socket that its tool listens at.
   *
   * @param by `window`, or `xstate4` or `stately` with an address
   */
  async receive(by: 'window' | 'xstate4' | 'stately', address = ''): Promise<void> {
    const { receiveByWindow, receiveStately, receiveXState4 } = await import('../guests/receive.ts');
    this.guests = new Guests(by === 'window' ? 'the window that opened this page' : address);
    if (by === 'window') receiveByWindow(this.guests);
    else if (by === 'xstate4') receiveXState4(address, this.guests);
    else receiveStately(address, this.guests);
    this.signal.changedNow();
  }

  /** Goes where a link leads. */
  async go(hash: string): Promise<void> {
    const { scenario, seed, view, actor, at } = readPlace(hash);
    this.view = view;
    if (scenario === null || !(await this.openScenario(scenario, seed))) return;
    const run = this.current?.run;
    if (run !== undefined && at !== null) {
      await run.advance(at);
      run.seek(at);
    }
    this.select(actor);
  }

  /** The address of this place. */
  get link(): string {
    return writePlace(this.place);
  }
}
