/**
 * A real Chromium: the machine's own, or the one that comes from npm.
 *
 * `CHROMIUM` names another one.
 */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const known = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const args = ['--no-sandbox', '--disable-dev-shm-usage'];

export async function openBrowser(): Promise<Browser> {
  const installed = process.env.CHROMIUM ?? known.find((path) => existsSync(path));
  if (installed !== undefined) return await chromium.launch({ executablePath: installed, args });
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs20.x'; // It brings its libraries along for that one only.
  const { default: packed } = await import('@sparticuz/chromium');
  return await chromium.launch({ executablePath: await packed.executablePath(), args: [...packed.args, ...args] });
}
