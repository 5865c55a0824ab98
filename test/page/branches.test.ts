import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exportLog } from '../../src/index.ts';
import { readScenario, runScenario } from '../../src/testing.ts';
import { violations } from './support/axe.ts';
import { builtPage } from './support/built-page.ts';
import { momentOf, recordsOf } from './support/moments.ts';
import { headOf, playOut } from './support/playing.ts';

const text = readFileSync(new URL('../../scenarios/auth-system.yaml', import.meta.url), 'utf8');

describe('other runs than this one', () => {
  const built = builtPage();

  it('an edited scenario is checked while one types, runs as in Node, and goes along in a link', async () => {
    await using visitor = await built.visit('#scenario=auth-system&view=scenario');
    const { page } = visitor;
    const editor = page.getByRole('textbox', { name: 'Scenario' });
    expect(await editor.inputValue()).toBe(text);
    await editor.fill(text.replace('seed: 42', 'sede: 42'));
    await page
      .getByRole('status')
      .getByText(/^Line 5: sede: is not known here/)
      .waitFor();
    expect(await page.getByRole('button', { name: 'Run it' }).isDisabled()).toBe(true);
    expect(await editor.getAttribute('aria-invalid')).toBe('true');
    // Said once, and nothing lies over the lines that one types.
    expect(await page.getByText('is not known here').count()).toBe(1);
    expect(await violations(page)).toEqual([]);

    const edited = text.replace('min: 10m, max: 15m', 'min: 20m, max: 25m');
    await editor.fill(edited);
    await page.getByText('It can run.').waitFor();
    await page.reload();
    expect(await editor.inputValue()).toBe(edited);
    await page.getByRole('textbox', { name: 'Seed' }).fill('77');
    await page.getByText('It can run.').waitFor();
    await page.getByRole('button', { name: 'Run it' }).click();
    await page.getByRole('button', { name: /auth-system seed 77/ }).waitFor();
    const hash = await playOut(page);
    expect(hash).toBe((await runScenario(readScenario(edited), { seed: 77 })).log.hash);

    await expect.poll(() => page.url()).toContain('text=');
    await using second = await built.visit(new URL(page.url()).hash);
    expect(await playOut(second.page)).toBe(hash);

    await page.keyboard.press('e');
    await page.getByRole('button', { name: 'Reset' }).click();
    expect(await editor.inputValue()).toBe(text);
  });

  it('a fork has the same beginning and goes on by itself; where they part is found', async () => {
    const records = await recordsOf('auth-system');
    await using visitor = await built.visit('#scenario=auth-system&view=log&at=35');
    const { page } = visitor;
    await page.getByRole('button', { name: 'Fork', exact: true }).click();
    await page.getByRole('button', { name: 'Fork with seed' }).click();
    const tab = page.getByRole('button', { name: /auth-system seed 42 fork at \d+/ });
    await tab.waitFor();
    const at = await headOf(page);
    expect(at).toBeGreaterThanOrEqual(35);
    expect(await momentOf(page)).toBe(at);
    const forkHash = await playOut(page);
    const inNode = await runScenario(readScenario(text));
    expect(forkHash).not.toBe(inNode.log.hash);
    await page.keyboard.press('c');
    await page.getByRole('cell', { name: 'not played yet' }).first().waitFor();
    expect(await page.locator('.compare-row.different').count()).toBe(0);
    await page.getByRole('button', { name: 'Log', exact: true }).click();

    await page.getByRole('navigation', { name: 'Runs' }).getByRole('button').first().click();
    expect(await momentOf(page)).toBe(35);
    expect(await playOut(page)).toBe(inNode.log.hash);

    await page.keyboard.press('c');
    const said = page.getByRole('status').getByText(/The first difference is record \d+\./);
    const parted = Number(/record (\d+)\.$/.exec((await said.textContent()) ?? '')?.[1]);
    expect(parted).toBeGreaterThan(at);
    await page.getByRole('button', { name: `Records 1 to ${parted - 4} are the same` }).waitFor();
    const first = page
      .getByRole('row')
      .filter({ has: page.getByRole('button', { name: String(parted), exact: true }) });
    expect(await first.textContent()).toContain(records[parted - 1]?.type);
    expect(await first.textContent()).toContain('different: time');
    expect(await first.isVisible()).toBe(true);
    await page
      .getByRole('region', { name: `Record ${parted}` })
      .getByRole('row', { name: /^time( 0:\d\d:\d\d\.\d{3}){2}$/ })
      .waitFor();
    await page.getByRole('columnheader', { name: 'This run auth-system, seed 42', exact: true }).waitFor();
    await page.getByRole('columnheader', { name: /^The other auth-system, seed 42, fork at/ }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('logs are compared as runs are, and equal ones are said to be equal', async () => {
    await using visitor = await built.visit();
    const { page } = visitor;
    const records = await recordsOf('jwt-question');
    for (const name of ['one.jsonl', 'two.jsonl']) {
      await page.locator('input[type=file]').setInputFiles({
        name,
        mimeType: 'application/jsonl',
        buffer: Buffer.from([...exportLog(records)].join('')),
      });
      await page.getByRole('button', { name, exact: true }).waitFor();
      if (name === 'one.jsonl') await page.getByRole('button', { name: 'xstate-hub' }).click();
    }
    await page.keyboard.press('c');
    await page.getByRole('status').getByText(`The same, all ${records.length} records.`).waitFor();
  });

  it('what is stuck is said within a second, with a way to it', async () => {
    await using visitor = await built.visit('#view=log');
    const { page } = visitor;
    const stuck =
      'name: stuck\ndescription: nobody can\nagents: [{ id: a, type: worker }]\ntasks: [{ id: odd, type: any, requirements: { capabilities: [flying] } }]\n';
    await page.locator('input[type=file]').setInputFiles({
      name: 'stuck.yaml',
      mimeType: 'text/yaml',
      buffer: Buffer.from(stuck),
    });
    await page.getByRole('button', { name: 'To the end', exact: true }).click();
    await page.getByText('No registered agent can do odd.').waitFor({ timeout: 5_000 });
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'odd', exact: true }).first().click();
    await page.getByRole('complementary', { name: 'Selected' }).getByText('odd').first().waitFor();
  });
});
