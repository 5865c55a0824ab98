/** Timing: rounds that take turns, so that both sides of a ratio meet the same weather, and what to say of them. */

/** Milliseconds since some moment, to the nanosecond. */
export const now = () => Number(process.hrtime.bigint()) / 1e6;

/** A heap without garbage, for a fair start. Outside whatever is measured. */
export function collect() {
  globalThis.gc();
  globalThis.gc();
}

/** Bytes on the heap that are in use. */
export function heapInUse() {
  collect();
  return process.memoryUsage().heapUsed;
}

/**
 * Runs every side once per round, in turn (A B A B …), and answers the measurements by side.
 *
 * @param sides functions that measure once and answer a number
 * @param warmUp rounds that are not counted: the compiler is at work in them
 */
export async function inTurn(sides, { rounds, warmUp = 2 }) {
  const taken = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = -warmUp; round < rounds; round++) {
    for (const [name, measure] of Object.entries(sides)) {
      collect();
      const value = await measure();
      if (round >= 0) taken[name].push(value);
    }
  }
  return taken;
}

/** Round by round, how many times `a` costs what `b` costs. */
export const ratios = (a, b) => a.map((value, round) => value / b[round]);

/** The value that this share of the others does not exceed. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}

/** A figure of several rounds: their median, and how far they lie apart. */
export const spread = (what, values, unit, more = {}) => ({
  what,
  value: percentile(values, 0.5),
  unit,
  from: Math.min(...values),
  to: Math.max(...values),
  ...more,
});

/** Three figures of many single measurements. */
export const latencies = (what, values, unit, more = {}) =>
  [0.5, 0.95, 0.99].map((share) => ({
    what: `${what}, p${share * 100}`,
    value: percentile(values, share),
    unit,
    ...(share === 0.95 ? more : {}),
  }));
