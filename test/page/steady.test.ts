import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { builtPage } from './support/built-page.ts';
import { rush } from './support/playing.ts';

const wide = { width: 1440, height: 900 };
const narrow = { width: 390, height: 844 };

const transportOf = (page: Page) =>
  page.evaluate(() => {
    const { width, x } = document.querySelector('.transport-track')?.getBoundingClientRect() ?? { width: 0, x: 0 };
    return { height: document.querySelector('.transport')?.getBoundingClientRect().height, width, x };
  });

describe('nothing moves under the hand', () => {
  const built = builtPage();

  it.each([wide, narrow])('when time runs and when it has ended, $width px wide', async (viewport) => {
    await using visitor = await built.visit('#scenario=auth-system', { viewport });
    const { page } = visitor;
    await page.getByRole('button', { name: 'Play' }).waitFor();
    const before = await transportOf(page);
    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    expect(await transportOf(page)).toEqual(before);
    await page.getByRole('button', { name: 'Pause' }).click();
    await rush(page);
    await page.getByRole('status', { name: 'Result' }).waitFor();
    expect(await transportOf(page)).toEqual(before);
  });

  it('when a scenario is being opened', async () => {
    await using visitor = await built.visit('', { viewport: wide });
    const { page } = visitor;
    await page.getByRole('heading', { name: 'auth-system' }).waitFor();
    const seen = page.evaluate(
      () =>
        new Promise<{ said: string[]; tops: number[] }>((resolve) => {
          const [said, tops] = [new Set<string>(), new Set<number>()];
          const look = () => {
            const gallery = document.querySelector('.gallery');
            if (gallery === null) return resolve({ said: [...said], tops: [...tops] });
            said.add(gallery.querySelector('[role=status]')?.textContent ?? '');
            for (const one of gallery.querySelectorAll('h1, .card')) tops.add(one.getBoundingClientRect().top);
          };
          look();
          new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
        }),
    );
    const tops = await page
      .locator('.gallery h1, .gallery .card')
      .evaluateAll((all) => [...new Set(all.map((one) => one.getBoundingClientRect().top))]);
    await page.getByRole('button', { name: /^auth-system/ }).click();
    const { said, tops: seenTops } = await seen;
    expect(said).toContain('Opening auth-system …');
    expect(seenTops.toSorted()).toEqual(tops.toSorted());
  });

  it('when a task is selected in the timeline', async () => {
    await using visitor = await built.visit('#scenario=auth-system&view=timeline&at=60', { viewport: wide });
    const { page } = visitor;
    const lanes = page.locator('.lanes');
    await lanes.waitFor();
    const top = async () => (await lanes.boundingBox())?.y;
    const before = await top();
    await lanes.locator('canvas').click({ position: { x: 60, y: 90 } });
    await page.getByRole('complementary', { name: 'Selected' }).waitFor();
    expect(await top()).toBe(before);
  });

  it('charts side by side stand on one line', async () => {
    await using visitor = await built.visit('#scenario=auth-system&view=health&at=60', { viewport: wide });
    const charts = visitor.page.locator('.charts svg');
    await charts.first().waitFor();
    const tops = await charts.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
    expect(tops).toHaveLength(3);
    expect(new Set(tops).size).toBe(1);
  });
});
