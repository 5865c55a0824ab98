import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readScenario } from '../../src/testing.ts';
import { builtPage } from './support/built-page.ts';

const built = builtPage();

it('before the first record the page says that nothing has started, and how to begin', async () => {
  await using visitor = await built.visit('#scenario=priorities&view=actors');
  const { page } = visitor;
  const tree = page.getByRole('tree', { name: 'Actors' });
  await tree.getByText('not started').waitFor();
  await tree.getByText('Nothing yet: press Play.').waitFor();
  await page.getByRole('region', { name: 'hub hub' }).getByText('not started').first().waitFor();
  await page.keyboard.press('4');
  await page.getByRole('group', { name: /^Lanes/ }).waitFor();
  await page.getByText('Nothing yet: press Play.').waitFor();

  await page.getByRole('button', { name: 'One record on' }).click();
  await page.getByText('Nothing yet: press Play.').waitFor({ state: 'detached' });
  await page.keyboard.press('2');
  await tree.getByText('running').waitFor();
  await tree.getByText('No actor is there yet.').waitFor();
  await page.getByRole('searchbox', { name: 'Search by name' }).fill('nobody');
  await tree.getByText('No actor is like that at this moment.').waitFor();
});

it('what a scenario is about can be read to its end: in the gallery, and where its run begins', async () => {
  const text = readFileSync(new URL('../../scenarios/several-gates.yaml', import.meta.url), 'utf8');
  const { description } = readScenario(text);
  await using visitor = await built.visit('', { viewport: { width: 1280, height: 800 } });
  const { page } = visitor;
  await page.getByText(description).waitFor();
  const cut = await page
    .locator('.card p')
    .evaluateAll((all) => all.filter((one) => one.scrollHeight > one.clientHeight + 1).map((one) => one.textContent));
  expect(cut).toEqual([]);
  await page.getByRole('button', { name: 'several-gates' }).click();
  await page.getByText(description).waitFor();
});

it('a run without a plan leads to one that has one', async () => {
  await using visitor = await built.visit('#scenario=priorities&view=plan');
  const { page } = visitor;
  await page.getByRole('button', { name: 'Open a scenario with a plan' }).click();
  await page.getByRole('navigation', { name: 'Runs' }).getByText('auth-orchestration').waitFor();
});

it('the help tells what the page shows and what its words mean; the way out is in sight on a phone', async () => {
  await using visitor = await built.visit('#scenario=priorities', { viewport: { width: 390, height: 844 } });
  const { page } = visitor;
  await page.getByRole('button', { name: 'Help' }).click();
  const help = page.getByRole('dialog', { name: 'Help' });
  await help.getByText('The page shows one run of a hub').waitFor();
  for (const word of ['Record', 'Gate', 'Seed', 'Fork', 'Breakpoint'])
    expect(await help.getByRole('term').filter({ hasText: word }).count(), word).toBeGreaterThan(0);
  await help.getByText('asks a specialist, and waits for the answer').waitFor();
  await help.getByText('move left').scrollIntoViewIfNeeded();
  const close = help.getByRole('button', { name: 'Close' });
  const box = await close.boundingBox();
  expect(box?.y).toBeGreaterThan(0);
  expect(box?.y).toBeLessThan(120);
  await close.click();
  await help.waitFor({ state: 'detached' });
});
