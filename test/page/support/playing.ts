/** A person at the transport. */
import type { Page } from 'playwright-core';

/** Plays as fast as possible; gives back at once. */
export async function rush(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('max');
  await page.getByRole('button', { name: 'Play' }).click();
}

/** Plays to the end; the answer is the hash of the log. */
export async function playOut(page: Page): Promise<string> {
  await rush(page);
  const result = page.getByRole('status', { name: 'Result' });
  await result.waitFor();
  return (await result.getAttribute('data-log-hash')) ?? '';
}

/** How many records there are, as the transport says. */
export async function headOf(page: Page): Promise<number> {
  const text = ((await page.locator('.transport-labels').textContent()) ?? '').replaceAll(',', '');
  return Number(/\/\s*(\d+)/.exec(text)?.[1]);
}
