/** Moments of a run that nobody has chosen by hand, and how to get there. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { HubRecord } from '../../../src/index.ts';
import { readScenario, runScenario } from '../../../src/testing.ts';

export async function recordsOf(name: string): Promise<readonly HubRecord[]> {
  const text = readFileSync(new URL(`../../../scenarios/${name}.yaml`, import.meta.url), 'utf8');
  return (await runScenario(readScenario(text, name))).records;
}

/** So many numbers from 1 to `most`, the same for the same seed. */
export function drawn(count: number, most: number, seed = 1): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return 1 + Math.floor((state / 2 ** 32) * most);
  });
}

/** Shows the state after record `seq`, as soon as it is there. */
export async function goTo(page: Page, seq: number): Promise<void> {
  const slider = page.getByRole('slider', { name: 'Moment' });
  await expect.poll(async () => Number(await slider.getAttribute('max'))).toBeGreaterThanOrEqual(seq);
  await slider.fill(String(seq));
}

export async function momentOf(page: Page): Promise<number> {
  return Number(await page.getByRole('slider', { name: 'Moment' }).inputValue());
}
