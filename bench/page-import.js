/** A long log in the page: how soon it is there, and how soon any moment of it is. */
import { createReadStream, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openFold } from '../dist/index.js';
import { headOf, share, withPage } from './page-browser.js';
import { writeLog } from './page-log.js';

export const title = 'a log of 1,000,000 records in the page, and 200 random moments of it';
export const notMeasured =
  'reading from a disk: the file is in its cache; and what a moment costs before its record is folded, which takes longer than to import it.';

export async function run({ quick }) {
  const count = quick ? 50_000 : 1_000_000;
  const file = join(tmpdir(), `xstate-hub-bench-${process.pid}.jsonl`);
  try {
    await writeLog(file, count);
    return await withPage((page, url) => measure(page, url, file, count));
  } finally {
    rmSync(file, { force: true });
  }
}

async function measure(page, url, file, count) {
  await page.goto(`${url}#view=floor`);
  const begun = performance.now();
  await page.setInputFiles('input[type=file]', file);
  await page.getByRole('slider', { name: 'Moment' }).waitFor({ timeout: 120_000 });
  while ((await headOf(page)).received < count) await page.waitForTimeout(20);
  const imported = performance.now() - begun;
  while ((await headOf(page)).head < count) await page.waitForTimeout(200);
  const folded = performance.now() - begun;
  const heap = await page.evaluate(() => performance.memory.usedJSHeapSize);

  const moments = Array.from({ length: 200 }, (_, n) => 1 + ((n * 7_919 * 104_729) % count));
  const seeks = [];
  for (const seq of moments) seeks.push(await seek(page, seq));
  const expected = await countsAt(file, new Set(moments));
  const wrong = seeks.filter(({ shown }, index) => shown !== expected.get(moments[index])).length;
  return [
    { what: 'all records are there', value: imported / 1000, unit: 's', atMost: 5 },
    { what: 'all records are folded', value: folded / 1000, unit: 's' },
    { what: 'heap of the page', value: heap / 1e6, unit: 'MB' },
    {
      what: 'a random moment is shown, p95',
      value: share(
        seeks.map(({ ms }) => ms),
        0.95,
      ),
      unit: 'ms',
      atMost: 50,
    },
    {
      what: 'a random moment is shown, p50',
      value: share(
        seeks.map(({ ms }) => ms),
        0.5,
      ),
      unit: 'ms',
    },
    { what: 'moments that are not what an independent fold says', value: wrong, unit: '', atMost: 0 },
  ];
}

/** Moves to a moment, and reads what the page then says of the tasks. */
const seek = (page, seq) =>
  page.evaluate(async (target) => {
    const slider = document.querySelector('input[type=range]');
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
    const begun = performance.now();
    set.call(slider, String(target));
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    while (!slider.getAttribute('aria-valuetext').startsWith(`record ${target} `)) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    const counts = [...document.querySelectorAll('.task-counts b')].slice(0, 6);
    const shown = counts.map(({ textContent }) => textContent.replaceAll(',', '')).join(' ');
    const ms = performance.now() - begun;
    await new Promise((resolve) => setTimeout(resolve));
    return { ms, shown };
  }, seq);

/** What the hub's own fold says at these moments: queued, at work, asking, at a gate, done, failed. */
async function countsAt(file, moments) {
  const counts = new Map();
  const fold = openFold();
  const states = new Map();
  for await (const line of createInterface({ input: createReadStream(file) })) {
    for (const { actor, state } of fold.next(JSON.parse(line))) if (actor.startsWith('task:')) states.set(actor, state);
    if (!moments.has(fold.seq)) continue;
    const of = (...names) => [...states.values()].filter((state) => names.includes(state)).length;
    counts.set(
      fold.seq,
      [
        of('queued'),
        of('assigned', 'running.working'),
        of('running.consulting'),
        of('running.awaitingHuman'),
        of('completed'),
        of('failed', 'broken'),
      ].join(' '),
    );
  }
  return counts;
}
