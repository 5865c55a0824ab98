/**
 * A visit to the page, as a person makes it; and everything that must not happen meanwhile.
 *
 * - P1 an error in the console, an uncaught error, a report of the page's own policy, or a request to another origin
 *   fails the test, whatever else it looked at.
 */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

export interface Visit extends AsyncDisposable {
  readonly page: Page;
  /** What should not have happened, so far. */
  readonly faults: readonly string[];
}

/** @param hash where in the page: `#scenario=auth-system&view=log` */
export async function visit(
  browser: Browser,
  url: string,
  hash = '',
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    const isLocal = protocol === 'data:' || protocol === 'blob:' || origin === new URL(url).origin;
    if (!isLocal) faults.push(`request to ${origin}`);
  });
  await page.goto(url + hash);
  return {
    page,
    faults,
    async [Symbol.asyncDispose]() {
      await context.close();
      if (faults.length > 0) throw new Error(`the page was not well:\n${faults.join('\n')}`);
    },
  };
}
