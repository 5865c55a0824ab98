/**
 * One start of a hub: the clock, the chance and the timers of its process, which end with it.
 *
 * - Li1 timers run on a clock that nobody sets, as in Node: when the visible clock is set, they are early or late.
 * - Li2 nothing that belongs to a process that is gone reaches the world; while one stands still, it waits.
 */
import type { Environment } from '../actors/environment.ts';
import { type SimulatedEnvironment, simulatedEnvironment } from '../actors/simulated-environment.ts';

export class Life {
  readonly number: number;
  /** Makes the hub's environment out of the world's. */
  readonly environment: Environment;
  isDead = false;
  /** Whether it has found that its store failed. */
  hasFailed = false;
  #skewMs: number;
  #held: (() => void)[] | undefined;

  constructor(world: SimulatedEnvironment, number: number, skewMs: number) {
    this.number = number;
    this.#skewMs = skewMs;
    const chance = simulatedEnvironment(Math.floor(world.random() * 2 ** 32));
    this.environment = {
      now: () => world.now() + this.#skewMs,
      random: chance.random,
      id: chance.id,
      wakeAt: (time, wake) => {
        let isCancelled = false;
        const fire = () => {
          if (isCancelled || this.isDead) return;
          if (this.#held === undefined) wake();
          else this.#held.push(fire);
        };
        const cancel = world.wakeAt(time - this.#skewMs, fire);
        return () => {
          isCancelled = true;
          cancel();
        };
      },
    };
  }

  get isStanding(): boolean {
    return this.#held !== undefined;
  }

  setClock(byMs: number): void {
    this.#skewMs += byMs;
  }

  get skewMs(): number {
    return this.#skewMs;
  }

  standStill(): void {
    this.#held ??= [];
  }

  wakeUp(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const fire of held) fire();
  }
}
