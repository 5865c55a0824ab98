import { describe, expect, it } from 'vitest';
import { views } from '../../inspector/src/model/place.ts';
import { violations } from './support/axe.ts';
import { builtPage } from './support/built-page.ts';

describe.each(['light', 'dark'] as const)('for everyone, %s', (colorScheme) => {
  const built = builtPage();

  it.each(views)('%s, at a moment with an open gate and a selected agent', async (view) => {
    const hash = `#scenario=auth-system&view=${view}&at=59&actor=agent:security-1`;
    await using visitor = await built.visit(hash, { colorScheme });
    const { page } = visitor;
    await page.getByRole('complementary', { name: 'Selected' }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(await violations(page)).toEqual([]);
  });

  it('the gallery, the keys, and an error', async () => {
    await using visitor = await built.visit('', { colorScheme });
    const { page } = visitor;
    await page.getByRole('heading', { name: 'auth-system' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.locator('input[type=file]').setInputFiles({
      name: 'broken.jsonl',
      mimeType: 'application/jsonl',
      buffer: Buffer.from('{"seq":1}\n'),
    });
    await page.getByRole('alert').getByText('broken.jsonl could not be opened').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('narrow, every view fits', async () => {
    await using visitor = await built.visit('#scenario=auth-system&at=59', {
      colorScheme,
      viewport: { width: 390, height: 800 },
    });
    const { page } = visitor;
    const nav = page.getByRole('navigation', { name: 'Views' });
    await nav.waitFor();
    for (const button of await nav.getByRole('button').all()) {
      await button.click();
      await page.waitForLoadState('networkidle');
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, (await button.textContent()) ?? '').toBeLessThanOrEqual(0);
      expect(await violations(page), (await button.textContent()) ?? '').toEqual([]);
    }
  });
});
