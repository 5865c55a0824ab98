/** The page while 10,000 actors are at work. */
import { framesOf, headOf, share, watchFrames, watchWork, withPage } from './page-browser.js';

export const title = '10,000 actors in the page, as fast as the simulation goes';
export const notMeasured =
  'a GPU (headless Chromium draws in software), nor the hub: it runs in a worker of the page and takes a core of its own.';

const views = ['floor', 'actors', 'log', 'timeline', 'queue', 'health'];

export async function run({ quick }) {
  const text = crowdOf(quick ? 1_000 : 10_000);
  const figures = [];
  for (const view of quick ? views.slice(0, 2) : views) {
    figures.push(...(await withPage((page, url) => measure(page, url, view, text))));
  }
  return figures;
}

async function measure(page, url, view, text) {
  await page.goto(`${url}#view=${view}`);
  await page.setInputFiles('input[type=file]', {
    name: 'crowd.yaml',
    mimeType: 'text/yaml',
    buffer: Buffer.from(text),
  });
  await page.getByRole('button', { name: 'Play' }).waitFor({ timeout: 120_000 });
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('Infinity');
  await watchFrames(page);
  const { head: first } = await headOf(page);
  const begun = performance.now();
  await page.getByRole('button', { name: 'Play' }).click();
  await framesOf(page);
  const workSinceThen = await watchWork(page);
  let nodes = 0;
  let head = first;
  while (performance.now() - begun < 8_000) {
    await page.waitForTimeout(500);
    nodes = Math.max(nodes, await page.evaluate(() => document.querySelectorAll('*').length));
    ({ head } = await headOf(page));
    if ((await page.getByRole('status', { name: 'Result' }).count()) > 0) break;
  }
  const seconds = (performance.now() - begun) / 1000;
  const frames = await framesOf(page);
  const work = await workSinceThen();
  const heap = await page.evaluate(() => performance.memory.usedJSHeapSize);
  return [
    { what: `${view}: records a second`, value: (head - first) / seconds, unit: '/s' },
    { what: `${view}: frame, p95`, value: share(frames, 0.95), unit: 'ms', atMost: 33 },
    { what: `${view}: frame, p50`, value: share(frames, 0.5), unit: 'ms' },
    { what: `${view}: main thread at work, a frame`, value: work / frames.length, unit: 'ms', atMost: 10 },
    { what: `${view}: DOM nodes`, value: nodes, unit: '', atMost: 3_000 },
    { what: `${view}: heap of the page`, value: heap / 1e6, unit: 'MB', atMost: 250 },
  ];
}

/** A scenario with so many actors: one agent for every four tasks. */
export function crowdOf(actors) {
  const agents = actors / 5;
  const lines = ['name: crowd', 'description: everybody is at work', 'config: { maxAgents: 10000 }', 'agents:'];
  for (let n = 0; n < agents; n++) {
    lines.push(`  - { id: agent-${n}, type: worker, script: [{ work: { min: 10s, max: 90s } }, { return: done }] }`);
  }
  lines.push('tasks:');
  for (let n = 0; n < actors - agents; n++) lines.push(`  - { id: task-${n}, at: ${n % 60}s, type: piece }`);
  return lines.join('\n');
}
