/** What is open in a tab is there again after a reload: the same runs, the same moment, and the same log to the letter. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { builtPage } from './support/built-page.ts';
import { momentOf } from './support/moments.ts';

const pause = [[12, null, 'pauseAgent', 'writer-1', 'lunch']];
const place = `#scenario=auth-system&view=log&at=45&acts=${encodeURIComponent(JSON.stringify(pause))}`;

/** How many records are kept of the only simulation that is open. */
const keptRecords = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name = '' }) => name).filter((name) => name.includes(' run '));
    const [name] = names;
    if (name === undefined) return 0; // To open it would be to make it.
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
    });
    return await new Promise<number>((resolve) => {
      const request = database.transaction('records').objectStore('records').count();
      request.onsuccess = () => {
        database.close();
        resolve(request.result);
      };
    });
  });

async function savedLog(page: Page): Promise<string> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('button', { name: 'Save the log' }).click();
  const text = readFileSync(await (await download).path(), 'utf8');
  await page.keyboard.press('Escape');
  return text;
}

/** Waits until a run is kept at this moment, and with so many records if that is said. */
const keptRow = (page: Page, position: number, head?: number) =>
  expect
    .poll(() =>
      page.evaluate(async () => {
        const name = 'xstate-hub inspector';
        // To open it would be to make it.
        if (!(await indexedDB.databases()).some((database) => database.name === name)) return [];
        return await new Promise<{ position: number; head: number }[]>((resolve) => {
          const request = indexedDB.open(name);
          request.onsuccess = () => {
            const rows = request.result.transaction('runs').objectStore('runs').getAll();
            rows.onsuccess = () => {
              request.result.close();
              resolve(rows.result.map(({ position, head }) => ({ position, head })));
            };
          };
        });
      }),
    )
    .toContainEqual({ position, head: head ?? expect.any(Number) });

describe('a reload', () => {
  const built = builtPage();

  it('brings a simulation back with what was done to it, at its moment, with the same log; and it goes on', async () => {
    await using visitor = await built.visit(place);
    const { page } = visitor;
    await page.getByRole('button', { name: 'task.started' }).first().waitFor();
    await page.getByRole('button', { name: 'One record back' }).click();
    expect(await momentOf(page)).toBe(44);
    const before = await savedLog(page);
    expect(before).toContain('"agent.pause"');
    await keptRow(page, 44);
    await expect.poll(() => keptRecords(page)).toBe(before.trimEnd().split('\n').length);

    await page.reload();
    await page.getByRole('button', { name: 'task.started' }).first().waitFor();
    await expect.poll(() => momentOf(page)).toBe(44);
    expect(await page.locator('.run-tab').count()).toBe(1);
    expect(await page.getByRole('main', { name: 'Log' }).count()).toBe(1);
    expect(await savedLog(page)).toBe(before);
    await page.getByRole('button', { name: 'To the end' }).click();
    const end = await momentOf(page);
    await page.getByRole('button', { name: 'One record on' }).click();
    await expect.poll(() => momentOf(page)).toBeGreaterThan(end);
  });

  it('brings back every run, logs of files too, and none that was closed', async () => {
    await using visitor = await built.visit('#scenario=retry&view=log&at=10');
    const { page } = visitor;
    await page.getByRole('button', { name: 'task.submit' }).first().waitFor();
    const log = await savedLog(page);
    await page.locator('.brand').click();
    const [name, mimeType] = ['taken.jsonl', 'application/jsonl'];
    await page.locator('input[type=file]').setInputFiles({ name, mimeType, buffer: Buffer.from(log) });
    const end = log.trimEnd().split('\n').length;
    await page.locator('.run-tab[aria-current]').getByText('taken.jsonl').waitFor();
    await expect.poll(() => momentOf(page)).toBe(end);
    await page.getByRole('button', { name: 'One record back' }).click();
    const moment = await momentOf(page);
    await keptRow(page, moment, end);
    await page.reload();
    await expect.poll(() => page.locator('.run-tab').count()).toBe(2);
    await expect.poll(() => momentOf(page)).toBe(moment);
  });

  it('does not pass off as the same what goes another way than what was kept (Kp1)', async () => {
    await using visitor = await built.visit('#scenario=jwt-question&view=log&at=12');
    const { page } = visitor;
    await page.getByRole('button', { name: 'task.submit' }).first().waitFor();
    await keptRow(page, 12);
    await expect.poll(() => keptRecords(page)).toBeGreaterThanOrEqual(12);
    await page.evaluate(async () => {
      const names = (await indexedDB.databases()).map(({ name = '' }) => name).filter((name) => name.includes(' run '));
      const request = indexedDB.open(names[0] ?? '');
      await new Promise((resolve) => {
        request.onsuccess = resolve;
      });
      const records = request.result.transaction('records', 'readwrite').objectStore('records');
      const found = records.get(2);
      await new Promise((resolve) => {
        found.onsuccess = () => {
          records.put(found.result.replace('"seq":2', '"seq":2').replace('"from":"client"', '"from":"somebody"'), 2);
          records.transaction.oncomplete = resolve;
        };
      });
      request.result.close();
    });
    await page.reload();
    await page.getByRole('alert').getByText('from record 2 on it goes another way').waitFor();
    expect(await page.locator('.run-tab').allTextContents()).toEqual([
      expect.stringContaining('jwt-question'),
      expect.stringContaining('as it was'),
    ]);
    await page.getByText('somebody → hub').first().waitFor();
  });

  it('leaves each tab its own runs (Kp2)', async () => {
    await using visitor = await built.visit('#scenario=retry&view=log&at=5');
    const { page } = visitor;
    await keptRow(page, 5);
    const other = await page.context().newPage();
    await other.goto(built.url);
    await other.getByRole('heading', { name: 'Watch a team of agents' }).waitFor();
    await other.reload();
    await other.getByRole('heading', { name: 'Watch a team of agents' }).waitFor();
    expect(await other.locator('.run-tab').count()).toBe(0);
  });
});
