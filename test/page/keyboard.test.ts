import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { builtPage } from './support/built-page.ts';

/** Presses Tab until what has the focus is called so. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    const label = await page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
    );
    if (name.test(label)) return;
  }
  throw new Error(`nothing that Tab leads to is called ${name}`);
}

const hasFocus = (page: Page) => page.evaluate(() => document.activeElement !== document.body);
const position = (page: Page) => page.getByRole('slider', { name: 'Moment' }).getAttribute('aria-valuetext');

describe('by keyboard alone', () => {
  const built = builtPage();

  it('a scenario is found, opened, stepped through, decided upon and played to its end; the focus is never lost', async () => {
    await using visitor = await built.visit();
    const { page } = visitor;
    await page.getByRole('heading', { name: 'auth-system' }).waitFor();
    await tabTo(page, /^auth-system/);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Play' }).waitFor();
    await expect.poll(() => hasFocus(page)).toBe(true);

    for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowRight');
    await expect.poll(() => position(page)).toContain('record 3 of');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => position(page)).toContain('record 2 of');

    const views = page.getByRole('navigation', { name: 'Views' });
    for (const [key, name] of [
      ['3', 'Sequence'],
      ['4', 'Timeline'],
      ['7', 'Log'],
      ['1', 'Floor'],
    ] as const) {
      await page.keyboard.press(key);
      await views.getByRole('button', { name }).and(page.locator('[aria-current=page]')).waitFor();
      await expect.poll(() => hasFocus(page)).toBe(true);
    }

    for (let press = 0; press < 8; press++) await page.keyboard.press('+');
    expect(await page.getByRole('combobox', { name: 'Speed' }).inputValue()).toBe('Infinity');
    await page.keyboard.press(' ');
    await page.getByRole('status', { name: 'Result' }).getByText('passed').waitFor();

    await page.keyboard.press('Home');
    await expect.poll(() => position(page)).toContain('record 0 of');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => hasFocus(page)).toBe(true);
  });

  it.each(['Breakpoints', 'Fork', 'Export', 'Help'])('what is closed gives the focus back: %s', async (name) => {
    await using visitor = await built.visit('#scenario=auth-system&at=60');
    const { page } = visitor;
    const opener = page.getByRole('button', { name, exact: true });
    await opener.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => hasFocus(page)).toBe(true);
    const label = () =>
      page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent);
    expect(await label()).toBe(name);
  });

  it('the theme is named as it is, also when the machine changes it', async () => {
    await using visitor = await built.visit('', { colorScheme: 'light' });
    const { page } = visitor;
    await page.getByRole('button', { name: 'Dark colours' }).waitFor();
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.getByRole('button', { name: 'Light colours' }).waitFor({ timeout: 5_000 });
  });
});
