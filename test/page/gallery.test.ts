import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readScenario } from '../../src/scenarios/read-scenario.ts';
import { runScenario } from '../../src/scenarios/run-scenario.ts';
import { builtPage } from './support/built-page.ts';

const folder = new URL('../../scenarios/', import.meta.url);
const names = readdirSync(folder).map((file) => file.replace(/\.yaml$/, ''));

describe('the gallery', () => {
  const built = builtPage();

  it('shows every scenario, and runs one with a click', async () => {
    await using visitor = await built.visit();
    const { page } = visitor;
    expect((await page.locator('.card h2').allTextContents()).sort()).toEqual(names);
    await page.getByRole('button', { name: 'jwt-question' }).click();
    await page.getByRole('button', { name: 'Play' }).waitFor();
  });

  it.each(names)('%s ends in the page with the same log as in Node', async (name) => {
    const text = readFileSync(new URL(`${name}.yaml`, folder), 'utf8');
    const inNode = await runScenario(readScenario(text, name));
    await using visitor = await built.visit(`#scenario=${name}&view=log`);
    const { page } = visitor;
    await page.getByRole('combobox', { name: 'Speed' }).selectOption('max');
    await page.getByRole('button', { name: 'Play' }).click();
    const result = page.getByRole('status', { name: 'Result' });
    await result.waitFor();
    expect(await result.getAttribute('data-log-hash')).toBe(inNode.log.hash);
    expect(await result.textContent()).toContain(inNode.outcome);
  });
});
