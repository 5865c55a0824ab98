/**
 * A world in which time moves only when it is told to, from one wake-up to the next, and in which all
 * chance comes from one seed: the same seed gives the same run.
 *
 * - E1 one wake-up at a time, in order of time, then of request; everything that it sets off has
 *   settled before the next.
 */
import { customRandom } from 'nanoid';
import { type Environment, idAlphabet, idLength } from './environment.ts';
import { IndexedHeap } from './indexed-heap.ts';

interface WakeUp {
  readonly id: string;
  readonly time: number;
  readonly order: number;
  readonly wake: () => void;
}

/** Where simulated time begins: 2026-01-01T00:00:00Z. */
export const simulationStart = Date.UTC(2026, 0, 1);

export interface SimulatedEnvironment extends Environment {
  readonly seed: number;
  /** The time of the next wake-up, if there is one. */
  next(): number | undefined;
  /** Moves to the next wake-up and runs it; false when there is none. */
  step(): boolean;
  /** All chance comes from this seed from now on. */
  reseed(seed: number): void;
}

/**
 * @param seed any integer; its low 32 bits count
 * @param startAt first time, in ms since the epoch
 */
export function simulatedEnvironment(seed: number, startAt = simulationStart): SimulatedEnvironment {
  let draw = generator(seed);
  const random = () => draw();
  const wakeUps = new IndexedHeap<WakeUp>((a, b) => a.time < b.time || (a.time === b.time && a.order < b.order));
  let now = startAt;
  let order = 0;
  return {
    seed,
    now: () => now,
    random,
    id: customRandom(idAlphabet, idLength, (size) => {
      const bytes = new Uint8Array(size);
      for (let index = 0; index < size; index++) bytes[index] = random() * 256;
      return bytes;
    }),
    wakeAt(time, wake) {
      const id = String(order);
      wakeUps.set(id, { id, time: Math.max(time, now), order: order++, wake });
      return () => {
        wakeUps.remove(id);
      };
    },
    next: () => wakeUps.peek()?.time,
    reseed(other) {
      draw = generator(other);
    },
    step() {
      const due = wakeUps.pop();
      if (due === undefined) return false;
      now = due.time;
      due.wake();
      return true;
    },
  };
}

/** mulberry32: 32 bits of state, full period; for simulations, not for secrets. */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Resolves when every promise callback that can run has run. */
export const promisesSettled = (): Promise<void> => new Promise((resolve) => soon(resolve));

/** Calls back in a turn of its own, in the order of the calls. Browsers have no `setImmediate`. */
const soon: (call: () => void) => void = typeof setImmediate === 'function' ? setImmediate : byMessages();

function byMessages(): (call: () => void) => void {
  const calls: (() => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => calls.shift()?.();
  return (call) => {
    calls.push(call);
    port2.postMessage(null);
  };
}
