/** Opens a small app of its own beside the page, bundled with the XState that it is made with. */
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { build, type Rolldown } from 'vite';

/** @param app its file, from the top of the project */
export async function openApp(context: BrowserContext, url: string, app: string): Promise<Page> {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      lib: { entry: fileURLToPath(new URL(`../../../${app}`, import.meta.url)), formats: ['es'], fileName: 'app' },
    },
  })) as Rolldown.RolldownOutput[];
  const body = built[0]?.output[0].code ?? '';
  await context.route('**/app.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: '<!doctype html><title>app</title><script type="module" src="app.js"></script>',
    }),
  );
  await context.route('**/app.js', (route) => route.fulfill({ contentType: 'text/javascript', body }));
  const page = await context.newPage();
  await page.goto(`${url}app.html`);
  return page;
}
