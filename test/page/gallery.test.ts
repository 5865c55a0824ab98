import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { recordText } from '../../src/machines/record-text.ts';
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

  it('an address leads to the run that is open, Back to the view before, and no two runs have one name', async () => {
    await using visitor = await built.visit('#scenario=jwt-question&view=log&at=5');
    const { page } = visitor;
    const moment = page.getByRole('slider', { name: 'Moment' });
    const tabs = page.getByRole('navigation', { name: 'Runs' }).locator('.run-tab');
    await expect.poll(() => moment.inputValue()).toBe('5');
    await expect.poll(() => page.url()).toContain('at=5');
    await page.evaluate("location.hash = location.hash.replace('at=5', 'at=9')");
    await expect.poll(() => moment.inputValue()).toBe('9');
    expect(await tabs.count()).toBe(1);
    await page.getByRole('button', { name: 'Queue', exact: true }).click();
    await expect.poll(() => page.url()).toContain('view=queue');
    await page.goBack();
    await page.getByRole('table', { name: 'Log' }).waitFor();
    expect(await tabs.count()).toBe(1);
    await page.getByRole('button', { name: 'xstate-hub' }).click();
    await page.getByRole('button', { name: 'jwt-question' }).last().click();
    await expect.poll(() => tabs.count()).toBe(2);
    const [first, second] = await tabs.allInnerTexts();
    expect(second).toBe(`${first}\nno. 2`);
    expect(await page.getByRole('button', { name: 'Floor', exact: true }).getAttribute('aria-current')).toBe('page');
  });

  it('Back leads from a run to the gallery that it was opened in, and to the run before; Forward to it again', async () => {
    await using visitor = await built.visit();
    const { page } = visitor;
    const shown = page.getByRole('navigation', { name: 'Runs' }).locator('.run-tab[aria-current]');
    const gallery = page.getByRole('button', { name: 'jwt-question' }).last();
    await gallery.click();
    await expect.poll(() => page.url()).toContain('scenario=jwt-question');
    await page.goBack();
    await gallery.waitFor();
    await page.goForward();
    await expect.poll(() => shown.textContent()).toContain('jwt-question');
    const { records } = await runScenario(readScenario(readFileSync(new URL('zombie.yaml', folder), 'utf8'), 'zombie'));
    const buffer = Buffer.from(records.map((record) => `${recordText(record)}\n`).join(''));
    await page.locator('.brand').click();
    await page.locator('input[type=file]').setInputFiles({ name: 'kept.jsonl', mimeType: 'text/plain', buffer });
    await expect.poll(() => shown.textContent()).toContain('kept');
    for (const back of ['gallery', 'run'] as const) {
      await expect.poll(() => page.url()).not.toContain('scenario=');
      await page.goBack();
      if (back === 'gallery') await gallery.waitFor();
    }
    await expect.poll(() => shown.textContent()).toContain('jwt-question');
    await page.goForward();
    await page.goForward();
    await expect.poll(() => shown.textContent()).toContain('kept');
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
