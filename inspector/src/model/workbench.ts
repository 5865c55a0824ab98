/** Everything that is open: the runs, the one that is looked at, and what of it is shown. */
import type { Command, Origin } from '../engine/protocol.ts';
import { Guests } from '../guests/guests.ts';
import { gallery } from './gallery.ts';
import { knownHub } from './live.ts';
import { pack, unpack } from './pack.ts';
import { nowhere, type Place, readPlace, type View, writeActs, writePlace } from './place.ts';
import { Player } from './player.ts';
import { Run } from './run.ts';
import { Signal } from './signal.ts';
import { Refusal } from './worker-client.ts';

/** What browsers, chats and mails take without cutting it. */
const longestLink = 8_000;

type SimulationOrigin = Extract<Origin, { kind: 'simulation' }>;

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
  /** By what the browser keeps a run; see keeper.ts. */
  readonly keys = new Map<Player, string>();
  newKey: () => string | null = () => null;
  #lastId = 0;
  #going: Promise<void> = Promise.resolve();
  /** Edited scenarios as they stand in links; null for one that is too long for that. */
  readonly #packed = new Map<string, string | null>();

  /** Opens a run and looks at it; the runs that were open stay. False when it cannot be. */
  async open(origin: Origin, what: string, key = this.newKey()): Promise<boolean> {
    this.opening = what;
    this.trouble = null;
    this.signal.changedNow();
    try {
      const run = await Run.open(String(++this.#lastId), origin, key ?? undefined);
      this.current?.pause();
      const player = new Player(run);
      if (key !== null) this.keys.set(player, key);
      this.runs.push(player);
      this.current = player;
      this.selection = null;
      if (origin.kind === 'simulation') void this.#packText(origin.text);
      return true;
    } catch (refusal) {
      this.trouble = { what: `${what} could not be opened.`, refusal: refusal as Refusal };
      return false;
    } finally {
      this.opening = null;
      this.signal.changedNow();
    }
  }

  /** Opens a scenario of the gallery. */
  async openScenario(name: string, seed: number | null = null): Promise<boolean> {
    const text = gallery.find((one) => one.name === name)?.text;
    if (text === undefined) return this.#refuse(`${name} could not be opened.`, 'There is no scenario of that name.');
    const isOpen = await this.open(
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
    if (isOpen) this.show('floor');
    return isOpen;
  }

  /** The same simulation again, from its beginning; or with another text, seed, or nobody to decide the gates. */
  async restart(changes: { text?: string; seed?: number; humans?: boolean } = {}): Promise<boolean> {
    const { current } = this;
    if (current === null || current.run.origin.kind !== 'simulation') return false;
    const { seed, ...origin } = current.run.origin;
    const others = changes.text === undefined && seed !== undefined ? { seed } : {};
    const isOpen = await this.open({ ...origin, ...others, ...changes, interventions: [] }, current.run.opened.title);
    if (isOpen) this.close(current);
    return isOpen;
  }

  /**
   * Another run that is the same up to the moment that is shown, and goes on from there by itself; this one stays.
   * A hub takes its turns whole, so the fork begins at the end of the turn that the moment is in.
   *
   * @param command what is different from there on: `reseed`, or anything that a person may do
   */
  async fork(command: Command | null = null): Promise<void> {
    const { current } = this;
    if (current === null || current.run.origin.kind !== 'simulation') return;
    const { run } = current;
    const { view, selection } = this;
    const interventions = run.interventions.filter(({ afterSeq }) => afterSeq < run.position);
    const seq = run.position;
    if (!(await this.open({ ...run.origin, interventions } as Origin, `A fork of ${run.opened.title}`))) return;
    const fork = this.current as Player;
    await fork.run.reach(seq);
    fork.run.seek(fork.run.head);
    fork.forkOf = { run, seq: fork.run.head };
    this.view = view;
    this.selection = selection;
    this.signal.changedNow();
    if (command === null) return;
    try {
      await fork.run.command(command);
    } catch (refusal) {
      this.#refuse('The fork goes on as it was.', (refusal as Refusal).message);
    }
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
    this.keys.delete(player);
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
    if (this.current === null || origin === undefined) return { ...nowhere, view: this.view };
    const { run } = this.current;
    if (origin.kind === 'hub') {
      const at = run.isAtHead ? null : run.position;
      return { ...nowhere, hub: origin.url, view: this.view, actor: this.selection, at };
    }
    if (origin.kind !== 'simulation') return { ...nowhere, view: this.view };
    const scenario = gallery.find((one) => one.text === origin.text)?.name ?? null;
    return {
      ...nowhere,
      scenario,
      text: scenario === null ? (this.#packed.get(origin.text) ?? null) : null,
      seed: origin.seed ?? null,
      humans: origin.humans,
      acts: run.interventions,
      view: this.view,
      actor: this.selection,
      at: run.position,
    };
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

  /** Attaches to a live hub, or goes back to it. @param address as a link has it */
  async openHub(address: string, token: string | null = null): Promise<boolean> {
    const hub = knownHub(address, token);
    const open = this.runs.find(({ run }) => run.origin.kind === 'hub' && run.origin.url === hub.url && !run.isOver);
    if (open !== undefined) {
      this.look(open);
      return true;
    }
    return await this.open({ kind: 'hub', ...hub }, `The hub at ${new URL(hub.url).host}`);
  }

  /** Goes where a link leads; where another one leads first is waited for, so that the last one has the last word. */
  go(hash: string): Promise<void> {
    this.#going = this.#going.then(() => this.#go(hash));
    return this.#going;
  }

  async #go(hash: string): Promise<void> {
    const { scenario, text, seed, hub, token, humans, acts, view, actor, at } = readPlace(hash);
    this.view = view;
    if (hub !== null) {
      if (await this.openHub(hub, token)) await this.#arrive(actor, at);
      return;
    }
    const origin = { kind: 'simulation', humans, interventions: acts, ...(seed !== null && { seed }) } as const;
    const known = gallery.find(({ name }) => name === scenario)?.text;
    if (text !== null) {
      let edited: string;
      try {
        edited = await unpack(text);
      } catch {
        return void this.#refuse('This link could not be opened.', 'The scenario in it is damaged.');
      }
      const file = 'scenario.yaml';
      if (!(await this.#openUnlessOpen({ ...origin, text: edited, file }, 'The scenario in this link', at))) return;
    } else if (known !== undefined) {
      const file = `${scenario}.yaml`;
      if (!(await this.#openUnlessOpen({ ...origin, text: known, file }, scenario as string, at))) return;
    } else {
      if (scenario !== null) this.#refuse(`${scenario} could not be opened.`, 'There is no scenario of that name.');
      this.signal.changedNow();
      return;
    }
    await this.#arrive(actor, at);
  }

  /** Goes to the run that has been there before, if one is open; what was done to it later changes nothing of that. */
  async #openUnlessOpen(origin: SimulationOrigin, what: string, at: number | null): Promise<boolean> {
    const { text, humans, interventions } = origin;
    const isIt = ({ run }: Player): boolean => {
      if (run.origin.kind !== 'simulation' || run.origin.text !== text || run.origin.humans !== humans) return false;
      if (run.origin.seed !== origin.seed && run.opened.seed !== origin.seed) return false;
      const later = run.interventions[interventions.length];
      const earlier = run.interventions.slice(0, interventions.length);
      const isBefore = later === undefined || (at !== null && at <= later.afterSeq);
      return isBefore && writeActs(earlier) === writeActs(interventions);
    };
    const open = [...(this.current === null ? [] : [this.current]), ...this.runs].find(isIt);
    if (open === undefined) return await this.open(origin, what);
    this.look(open);
    return true;
  }

  async #arrive(actor: string | null, at: number | null): Promise<void> {
    this.select(actor);
    if (at !== null) await this.current?.goTo(at);
  }

  /** The address of this place. */
  get link(): string {
    return writePlace(this.place);
  }

  /** Why the link does not lead another person to this place; null when it does. */
  get linkTrouble(): string | null {
    const origin = this.current?.run.origin;
    if (origin === undefined) return null;
    if (origin.kind === 'log') return 'A log is a file of yours, and cannot be in a link: send the file.';
    if (origin.kind === 'hub') return 'Link copied. Whoever opens it needs the token of this hub.';
    const { scenario, text } = this.place;
    if (scenario === null && text === null) return 'This scenario is too long for a link: send its file.';
    return this.link.length > longestLink ? 'Too much was done to this run for a link.' : null;
  }

  async #packText(text: string): Promise<void> {
    if (this.#packed.has(text) || gallery.some((one) => one.text === text)) return;
    const packed = await pack(text);
    this.#packed.set(text, packed.length > longestLink ? null : packed);
    this.signal.changedNow();
  }

  #refuse(what: string, message: string): false {
    this.trouble = { what, refusal: new Refusal({ message }) };
    this.signal.changedNow();
    return false;
  }
}
