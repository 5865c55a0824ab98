/** Messages that are under way while time runs: each takes its time, however many there are. */
import type { Run } from '../../model/run.ts';
import type { Dot } from './paint-messages.ts';
import { type Moving, moving } from './scene.ts';

/** How long one takes, in ms; and most of them at once. */
const travel = 520;
const most = 160;

export class Dots {
  #under: { readonly message: Moving; readonly since: number; readonly travel: number }[] = [];
  #seq: number | null = null;

  /** Sends off what was recorded since the last call; nothing after a leap or backwards. */
  follow(run: Run, now: number, speed: number): void {
    const { position, records } = run;
    const last = this.#seq;
    this.#seq = position;
    if (last === null || position <= last) {
      if (last !== null && position < last) this.#under = [];
      return;
    }
    const isLeap = position - last > 5_000;
    const quick = travel / Math.min(8, Math.max(1, speed));
    for (const record of records.slice(Math.max(last, position - (isLeap ? 1 : most / 4)), position)) {
      this.#under.push({ message: moving(record, run), since: now, travel: quick });
    }
    if (this.#under.length > most) this.#under = this.#under.slice(-most);
  }

  stop(seq: number): void {
    this.#seq = seq;
    this.#under = [];
  }

  at(now: number): Dot[] {
    this.#under = this.#under.filter(({ since, travel: time }) => now - since < time);
    return this.#under.map(({ message, since, travel: time }) => ({ message, share: (now - since) / time }));
  }
}
