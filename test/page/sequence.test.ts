import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { toneOfRecord } from '../../inspector/src/model/tone.ts';
import { familyOf } from '../../inspector/src/views/sequence/families.ts';
import type { HubRecord } from '../../src/index.ts';
import { recordsOf, scenarioText } from '../inspector/support/recorded-run.ts';
import { violations } from './support/axe.ts';
import { builtPage } from './support/built-page.ts';
import { blankCanvases, coloursOn, pixelsOf, spokenCanvases } from './support/canvas.ts';

const canvas = '.sequence-canvas';
const [headHeight, rowHeight] = [48, 28];

/** As many rows as records and gaps of a minute or more between them. */
function rowsOf(records: readonly HubRecord[]): number {
  const gaps = records.filter(({ at }, index) => at - (records[index - 1]?.at ?? at) >= 60_000);
  return records.length + gaps.length;
}

const rowCount = async (page: Page) =>
  Number(await page.getByRole('table', { name: 'Messages' }).getAttribute('aria-rowcount'));

/** Where row `index` of the picture is, when it has not been scrolled. */
async function rowBox(page: Page, index: number) {
  const box = await page.locator(canvas).boundingBox();
  if (box === null) throw new Error('there is no canvas');
  return { x: box.x, y: box.y + headHeight + index * rowHeight, width: box.width, height: rowHeight };
}

describe('the sequence', () => {
  const built = builtPage();
  let records: readonly HubRecord[];
  beforeAll(async () => {
    records = await recordsOf(scenarioText('auth-system'));
  });

  it('names no message of which nothing else is in sight', async () => {
    const { page, words } = await spokenCanvases(built.browser, { width: 390, height: 844 });
    await page.goto(`${built.url}#scenario=auth-system&view=sequence&at=40`);
    await expect.poll(words).toHaveProperty(['project.update']);
    await page.locator('.sequence-scroll').evaluate((scroller) => {
      scroller.scrollLeft = scroller.scrollWidth;
    });
    await expect.poll(words).not.toHaveProperty(['client']);
    expect(await words()).not.toHaveProperty(['project.update']);
    await page.close();
  });

  it('does not jump when an actor is selected, whatever it is called', async () => {
    const viewport = { width: 1440, height: 900 };
    await using visitor = await built.visit('#scenario=auth-system&view=sequence&at=40', { viewport });
    const { page } = visitor;
    const top = async () => (await page.locator(canvas).boundingBox())?.y;
    const before = await top();
    await page.goto(`${built.url}#scenario=auth-system&view=sequence&at=40&actor=task:auth-002-backend`);
    await page.getByRole('button', { name: 'Only auth-002-backend' }).waitFor();
    expect(await top()).toBe(before);
    const edges = await page
      .locator('.sequence-bar button')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().bottom));
    expect(Math.max(...edges)).toBeLessThan(before ?? 0);
  });

  it('has a row for each record that is shown, painted in its tone; what is hidden has none', async () => {
    await using visitor = await built.visit('#scenario=auth-system&view=sequence&at=45');
    const { page } = visitor;
    const head = 45;
    await page.getByText(`${head} / ${head}`).waitFor();
    const shown = records.slice(0, head).filter(({ type }) => familyOf(type) !== 'Signs of life');
    expect(await rowCount(page)).toBe(rowsOf(shown));
    await page.getByRole('button', { name: 'Hub', exact: true }).click();
    const fewer = shown.filter(({ type }) => familyOf(type) !== 'Hub');
    await page.waitForFunction(
      (rows) => document.querySelector('[aria-label=Messages]')?.getAttribute('aria-rowcount') === rows,
      String(rowsOf(fewer)),
    );
    await page.locator('.sequence-scroll').evaluate((scroller) => {
      scroller.scrollTop = 0;
    });
    await page.locator('.sequence-scroll').evaluate(() => new Promise(requestAnimationFrame));
    for (const [index, record] of fewer.slice(0, 12).entries()) {
      expect(
        await pixelsOf(page, canvas, await rowBox(page, index), toneOfRecord(record)),
        record.type,
      ).toBeGreaterThan(20);
    }
  });

  it('is looked at by this test: where nothing is painted, there are no rows', async () => {
    const page = await blankCanvases(built.browser);
    await page.goto(`${built.url}#scenario=auth-system&view=sequence&at=20`);
    await page.locator('.sequence-row[aria-current=step]').waitFor({ state: 'attached' });
    expect(await coloursOn(page, canvas)).toBe(1);
    await page.close();
  });

  it('a click or an arrow key shows a record and selects it; the list says where the moment is', async () => {
    await using visitor = await built.visit('#scenario=auth-system&view=sequence&at=5');
    const { page } = visitor;
    const selected = page.getByRole('complementary', { name: 'Selected' });
    const at = async (seq: number) => {
      await selected.getByText(`record ${seq} ·`).waitFor();
      await page
        .locator(`.sequence-row[aria-current=step]`)
        .getByText(records[seq - 1]?.type ?? '')
        .waitFor({ state: 'attached' });
    };
    const box = await rowBox(page, 10);
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await at(11);
    await page.locator('.sequence-scroll').focus();
    await page.keyboard.press('ArrowDown');
    await at(12);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await at(10);
  });

  it('shows one agent only, and by type; the list beside it says the same', async () => {
    const hash = '#scenario=auth-system&view=sequence&at=45&actor=agent:backend-1';
    await using visitor = await built.visit(hash);
    const { page } = visitor;
    await page.getByText('45 / 45').waitFor();
    const before = await rowCount(page);
    await page.getByRole('button', { name: 'Only backend-1' }).click();
    await page.waitForFunction(
      (rows) => Number(document.querySelector('[aria-label=Messages]')?.getAttribute('aria-rowcount')) < rows,
      before,
    );
    await page.getByRole('button', { name: 'Table' }).click();
    const said = page.getByRole('table', { name: 'Messages' });
    await said.getByRole('row', { name: /hub → security-2 consultation\.asked/ }).waitFor();
    expect(await said.getByText(/frontend-1 →/).count()).toBe(0);
    await page.getByRole('button', { name: 'By type' }).click();
    expect(await violations(page)).toEqual([]);
  });
});
