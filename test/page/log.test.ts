import { describe, expect, it } from 'vitest';
import { violations } from './support/axe.ts';
import { builtPage } from './support/built-page.ts';
import { momentOf, recordsOf } from './support/moments.ts';

describe('the log', () => {
  const built = builtPage();

  it('a click anywhere in a row goes to its record', async () => {
    const records = await recordsOf('auth-system');
    await using visitor = await built.visit(`#scenario=auth-system&view=log&at=${records.length}`);
    const { page } = visitor;
    await page.getByRole('searchbox', { name: 'Search in the log' }).fill('gate.open');
    const row = page.locator('.log-row').first();
    await row.waitFor();
    const box = await row.boundingBox();
    await row.click({ position: { x: (box?.width ?? 0) - 4, y: 4 } });
    const opened = records.find(({ type }) => type === 'gate.open')?.seq;
    await expect.poll(() => momentOf(page)).toBe(opened);
    await page.getByRole('complementary', { name: 'Selected' }).getByRole('heading', { name: 'gate.open' }).waitFor();
  });

  it('shows what was looked for where it was found, and says so when it is nowhere', async () => {
    await using visitor = await built.visit('#scenario=auth-system&view=log&at=45');
    const { page } = visitor;
    const search = page.getByRole('searchbox', { name: 'Search in the log' });
    await search.fill('gate');
    const started = page.locator('.log-row').filter({ hasText: 'hub.started' });
    await started.locator('mark', { hasText: 'gate' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await search.fill('nowhere to be found');
    await page.getByText('No record has “nowhere to be found” in it.').waitFor();
    await page.getByRole('button', { name: 'Clear the search' }).click();
    expect(await search.inputValue()).toBe('');
    await page.locator('.log-row').first().waitFor();
  });
});
