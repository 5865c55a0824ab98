/** Takes down what one start of a hub does in the world; nothing any more when its process is gone. */
import type { Disk } from './disk.ts';
import type { Effect, Recorder } from './history.ts';
import type { Life } from './life.ts';

type Seen = Effect extends infer E ? (E extends { durable: number } ? Omit<E, 'life' | 'durable'> : never) : never;

export class Witness {
  readonly life: Life;
  readonly #recorder: Recorder;
  readonly #disk: Disk;
  readonly #count: (what: string) => void;

  constructor(life: Life, recorder: Recorder, disk: Disk, count: (what: string) => void) {
    this.life = life;
    this.#recorder = recorder;
    this.#disk = disk;
    this.#count = count;
  }

  saw(effect: Seen): void {
    if (this.life.isDead) return;
    this.#recorder.effects.push({ ...effect, life: this.life.number, durable: this.#disk.durable } as Effect);
  }

  count(what: string): void {
    if (!this.life.isDead) this.#count(what);
  }

  get durable(): number {
    return this.#disk.durable;
  }
}
