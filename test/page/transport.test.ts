import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { violations } from './support/axe.ts';
import { builtPage } from './support/built-page.ts';
import { momentOf } from './support/moments.ts';
import { playOut } from './support/playing.ts';

const text = readFileSync(new URL('../../scenarios/priorities.yaml', import.meta.url), 'utf8');
const wrong = text.replace(/^expect:$/m, 'expect:\n  - count: { failed: 3 }');

describe('the transport', () => {
  const built = builtPage();

  it('lists what was expected and did not come about, by keyboard too', async () => {
    await using visitor = await built.visit();
    const { page } = visitor;
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'wrong.yaml', mimeType: 'text/yaml', buffer: Buffer.from(wrong) });
    await page.getByRole('button', { name: 'Play' }).waitFor();
    await playOut(page);
    const result = page.getByRole('status', { name: 'Result' });
    await result.getByRole('button', { name: /^failed: \d+ of \d+ expectations hold/ }).press('Enter');
    const expected = page.getByRole('dialog', { name: 'What was expected' }).getByRole('listitem');
    expect(await expected.first().textContent()).toMatch(/^fails.*3.*failed|^fails.*failed.*3/);
    expect(await expected.nth(1).textContent()).toMatch(/^holds/);
    expect(await violations(page)).toEqual([]);
  });

  it('plays a run that is over once more, from its beginning', async () => {
    await using visitor = await built.visit('#scenario=priorities&view=log');
    const { page } = visitor;
    await playOut(page);
    const end = await momentOf(page);
    await page.getByRole('combobox', { name: 'Speed' }).selectOption('0.1×');
    await page.getByRole('button', { name: 'Play again' }).click();
    await page.getByRole('button', { name: 'Pause' }).click();
    expect(await momentOf(page)).toBeLessThan(end);
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  });

  it('a button that is a picture says its name and its key to whoever comes by keyboard', async () => {
    await using visitor = await built.visit('#scenario=priorities&view=floor');
    const { page } = visitor;
    await page.getByRole('button', { name: 'Play' }).focus();
    await page.keyboard.press('Tab');
    await page.getByRole('tooltip', { name: 'One record on →' }).waitFor();
    await page.mouse.move(600, 300); // Who points has moved before.
    await page.getByRole('button', { name: 'Fork' }).hover();
    await page.getByRole('tooltip', { name: 'Fork F' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });
});
