import { expect, it } from 'vitest';
import { builtPage } from './support/built-page.ts';

const built = builtPage();

it('in a simulation the person at the page decides the gates, when they want to', async () => {
  await using visitor = await built.visit('#scenario=auth-system&view=gates');
  const { page } = visitor;
  await page.getByText('Nobody has been asked anything yet.').waitFor();
  await page.getByRole('checkbox', { name: /I decide the gates/ }).click();
  await page.getByRole('checkbox', { name: /I decide the gates/, checked: true }).waitFor();
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('max');
  await page.getByRole('button', { name: 'Play' }).click();
  const approve = page.getByRole('button', { name: 'Approve', exact: true });
  await approve.waitFor();
  await page.getByRole('combobox', { name: 'Your name' }).fill('ann');
  await approve.click();
  await page.getByText('Approved by ann').first().waitFor();
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByRole('status', { name: 'Result' }).waitFor();
  expect(await page.getByRole('region', { name: 'Decided' }).textContent()).toContain('Approved by ann');
});

it('who decided, when and why can be seen afterwards, and nothing can be decided again', async () => {
  await using visitor = await built.visit('#scenario=auth-system&view=gates');
  const { page } = visitor;
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('max');
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByRole('status', { name: 'Result' }).waitFor();
  const decided = page.getByRole('region', { name: 'Decided' }).getByRole('button').first();
  await decided.click();
  await page
    .getByRole('region', { name: 'How it ended' })
    .getByText(/^(Approved|Rejected) by /)
    .waitFor();
  expect(await page.getByRole('button', { name: 'Approve', exact: true }).count()).toBe(0);
});
