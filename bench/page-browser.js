/** The built page in a real Chromium, as the benchmarks of the page drive it. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const folder = fileURLToPath(new URL('../dist/inspector/', import.meta.url));
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

async function serve() {
  const server = createServer(async ({ url }, response) => {
    const { pathname } = new URL(url ?? '/', 'http://page');
    const file = join(folder, normalize(pathname === '/' ? 'index.html' : pathname));
    try {
      const body = await readFile(file);
      response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  return { server, url: `http://127.0.0.1:${server.address().port}/` };
}

async function launch() {
  const args = ['--no-sandbox', '--disable-dev-shm-usage', '--enable-precise-memory-info'];
  const installed = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
    (path) => path !== undefined && existsSync(path),
  );
  if (installed !== undefined) return await chromium.launch({ executablePath: installed, args });
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs20.x'; // It brings its libraries along for that one only.
  const { default: packed } = await import('@sparticuz/chromium');
  return await chromium.launch({ executablePath: await packed.executablePath(), args: [...packed.args, ...args] });
}

/** Calls `use` with a fresh page and its address, and closes everything behind it. */
export async function withPage(use) {
  const [{ server, url }, browser] = await Promise.all([serve(), launch()]);
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    page.on('pageerror', (error) => {
      throw error;
    });
    return await use(page, url);
  } finally {
    await browser.close();
    server.close();
  }
}

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
  const text = (await page.locator('.transport-labels').textContent()) ?? '';
  const [, head = '0', received = head] = /\/\s*(\d+)\+?(?:\s+of\s+(\d+))?/.exec(text) ?? [];
  return { head: Number(head), received: Number(received) };
}

/** The value that so many of the others do not exceed; 0.95 for p95. */
export function share(numbers, part) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
