/** Takes clocks and chance away while something runs that must not use them (I14). */

const refuse = (what: string) => (): never => {
  throw new Error(`${what} was used while a log was folded`);
};

/** Calls `fold` with a world in which nobody can ask for the time or for a random number, or start a timer. */
export function poisoned<T>(fold: () => T): T {
  const { now } = Date;
  const { random } = Math;
  const { setTimeout: timer, setInterval: interval, queueMicrotask: microtask } = globalThis;
  Date.now = refuse('Date.now');
  Math.random = refuse('Math.random');
  globalThis.setTimeout = refuse('setTimeout') as unknown as typeof timer;
  globalThis.setInterval = refuse('setInterval') as unknown as typeof interval;
  globalThis.queueMicrotask = refuse('queueMicrotask');
  try {
    return fold();
  } finally {
    Date.now = now;
    Math.random = random;
    Object.assign(globalThis, { setTimeout: timer, setInterval: interval, queueMicrotask: microtask });
  }
}
