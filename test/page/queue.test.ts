import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { foldLog } from '../../src/index.ts';
import { violations } from './support/axe.ts';
import { builtPage } from './support/built-page.ts';
import { drawn, goTo, recordsOf } from './support/moments.ts';

const order = (page: Page) =>
  page.locator('.queue-row').evaluateAll((rows) =>
    rows
      .map((row) => ({ id: row.getAttribute('data-task'), place: Number(row.querySelector('.place')?.textContent) }))
      .sort((a, b) => a.place - b.place)
      .map(({ id }) => id),
  );

describe('the queue', () => {
  const built = builtPage();

  it('has at any moment the order of the fold', async () => {
    const records = await recordsOf('priorities');
    const hash = `#scenario=priorities&view=queue&at=${records.length}`;
    await using visitor = await built.visit(hash);
    const { page } = visitor;
    await page.getByText('No task waits at this moment').waitFor();
    for (const seq of [...drawn(5, records.length, 3), 20]) {
      await goTo(page, seq);
      const { queue } = foldLog(records.slice(0, seq));
      await page.waitForFunction((count) => document.querySelectorAll('.queue-row').length === count, queue.length);
      await expect.poll(() => order(page), { message: `record ${seq}` }).toEqual(queue);
    }
    expect(
      await page
        .getByRole('combobox', { name: /^Priority of/ })
        .first()
        .isDisabled(),
    ).toBe(true);
    await page.getByText('You are looking at the past.').waitFor();
  });

  it('says why a low one stands before a high one: it has waited', async () => {
    await using visitor = await built.visit('#scenario=limits&view=queue&at=60');
    const { page } = visitor;
    await page.getByText('Each 1 min of waiting adds 1 to a priority').waitFor();
    const counts = () =>
      page
        .locator('.queue-row')
        .evaluateAll((rows) =>
          rows.map((row) => `${row.getAttribute('data-task')} ${/counts as (\d+)/.exec(row.textContent ?? '')?.[1]}`),
        );
    await expect.poll(counts).toEqual(['younger-and-higher 101', 'old-and-low 12', 'young-and-high 9']);
  });

  it.each(['light', 'dark'] as const)('says who could take a task, and why nobody does, %s', async (colorScheme) => {
    await using visitor = await built.visit('#scenario=no-agent&view=queue&at=10', { colorScheme });
    const { page } = visitor;
    const latin = page.getByRole('row').filter({ hasText: 'latin-later' });
    await latin.getByText('no registered agent can do it').waitFor();
    await latin.getByText('translator-1 lacks the language latin').waitFor();
    await page.getByText('You are looking at the past.').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Go to the end' }).click();
    const french = page.getByRole('row').filter({ hasText: 'french' });
    await french.getByText('all that can do it are busy').waitFor();
    await french.getByRole('button', { name: /^translator-1/ }).waitFor();
  });

  it('is changed by what a person does, as the log says', async () => {
    await using visitor = await built.visit('#scenario=priorities&view=queue&at=14');
    const { page } = visitor;
    const goToEnd = page.getByRole('button', { name: 'Go to the end' });
    if (await goToEnd.isVisible()) await goToEnd.click();
    await page.getByRole('combobox', { name: 'Priority of normal-1' }).selectOption('critical');
    await expect.poll(async () => (await order(page))[0]).toBe('normal-1');
    await page.getByRole('button', { name: 'Cancel low-1' }).click();
    await expect.poll(() => order(page)).not.toContain('low-1');
    await page.getByRole('button', { name: 'Log', exact: true }).click();
    await page.getByRole('searchbox', { name: 'Search in the log' }).fill('low-1 task.cancel');
    await page.getByRole('row').filter({ hasText: 'task.cancelled' }).waitFor();
    await page.getByRole('searchbox', { name: 'Search in the log' }).fill('normal-1 task.prioritise');
    await page.getByRole('row').filter({ hasText: 'task.prioritise' }).waitFor();
  });
});
