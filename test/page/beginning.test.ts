import { it } from 'vitest';
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
