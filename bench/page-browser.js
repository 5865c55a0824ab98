/** How the benchmarks of the page open it, and what they read off it. */
import { withPage as open } from '../scripts/built-page.js';

/** As the scripts open it, with exact figures of memory. */
export const withPage = (use) => open(use, ['--enable-precise-memory-info']);

/**
 * Answers with a function that says how long the page's main thread has been at work since then, in ms of the
 * processor: what else the machine does is not in it.
 */
export async function watchWork(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const total = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0);
  };
  const before = await total();
  return async () => (await total()) - before;
}

/** From now on the page notes how long each frame takes. */
export const watchFrames = (page) =>
  page.evaluate(() => {
    const frames = [];
    Object.assign(globalThis, { frames });
    let last = performance.now();
    const note = (now) => {
      frames.push(now - last);
      last = now;
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });

/** Lengths of the frames since the last time, in ms. */
export const framesOf = (page) => page.evaluate(() => globalThis.frames.splice(0));

/** How many records are folded, and how many are there: as the transport says. */
export async function headOf(page) {
  const text = ((await page.locator('.transport-labels').textContent()) ?? '').replaceAll(',', '');
  const [, head = '0', received = head] = /\/\s*(\d+)\+?(?:\s+of\s+(\d+))?/.exec(text) ?? [];
  return { head: Number(head), received: Number(received) };
}

/** The value that so many of the others do not exceed; 0.95 for p95. */
export function share(numbers, part) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
