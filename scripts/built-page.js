/** The built page in a real Chromium: for tests, benchmarks and pictures. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const known = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const always = ['--no-sandbox', '--disable-dev-shm-usage'];

/**
 * The machine's own Chromium, or the one that comes from npm. The variable `CHROMIUM` names another one.
 *
 * @param {readonly string[]} more what it is started with besides
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function openBrowser(more = []) {
  const args = [...always, ...more];
  const installed = process.env.CHROMIUM ?? known.find((path) => existsSync(path));
  if (installed !== undefined) return await chromium.launch({ executablePath: installed, args });
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs20.x'; // It brings its libraries along for that one only.
  const { default: packed } = await import('@sparticuz/chromium');
  return await chromium.launch({ executablePath: await packed.executablePath(), args: [...packed.args, ...args] });
}

/** @type {Readonly<Record<string, string>>} */
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

/**
 * Any static server: what the page needs when there is no hub behind it. As strict as the hub's own.
 *
 * @param {string} folder
 * @returns {Promise<{ readonly url: string, close(): void }>}
 */
export async function serveFolder(folder) {
  const server = createServer(async ({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://page');
    const file = join(folder, normalize(pathname === '/' ? 'index.html' : pathname));
    try {
      const body = await readFile(file);
      response.writeHead(200, {
        'content-type': types[extname(file)] ?? 'application/octet-stream',
        'content-security-policy':
          "default-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self' ws://127.0.0.1:* ws://localhost:*",
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await /** @type {Promise<void>} */ (new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve())));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

/**
 * Calls `use` with a fresh page and the address of what was built last, and closes everything behind it.
 *
 * @template T
 * @param {(page: import('playwright-core').Page, url: string) => Promise<T>} use
 * @param {readonly string[]} more what the browser is started with besides
 * @returns {Promise<T>}
 */
export async function withPage(use, more = []) {
  const folder = fileURLToPath(new URL('../dist/inspector/', import.meta.url));
  const [server, browser] = await Promise.all([serveFolder(folder), openBrowser(more)]);
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    page.on('pageerror', (error) => {
      throw error;
    });
    return await use(page, server.url);
  } finally {
    await browser.close();
    server.close();
  }
}
