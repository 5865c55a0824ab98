/** The page of this test run, served by any static server, and a browser to visit it with: for as long as a suite runs. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { openBrowser, serveFolder } from '../../../scripts/built-page.js';
import { type Visit, visit } from './visit.ts';

const dist = fileURLToPath(new URL('../../../dist/', import.meta.url));

export interface BuiltPage {
  readonly browser: Browser;
  readonly url: string;
  /** @param hash where in the page: `#scenario=auth-system&view=log` */
  visit(hash?: string, options?: BrowserContextOptions): Promise<Visit>;
}

/** @param of another folder of what was built than the page's */
export function builtPage(of?: string): BuiltPage {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serveFolder>>;
  beforeAll(async () => {
    const folder = of === undefined ? (process.env.PAGE_UNDER_TEST ?? join(dist, 'inspector/')) : join(dist, of);
    [browser, server] = await Promise.all([openBrowser(), serveFolder(folder)]);
  });
  afterAll(async () => {
    await browser.close();
    server.close();
  });
  return {
    get browser() {
      return browser;
    },
    get url() {
      return server.url;
    },
    visit: (hash, options) => visit(browser, server.url, hash, options),
  };
}
