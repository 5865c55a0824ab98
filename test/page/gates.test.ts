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

it('a decision without a name leads to where the name is asked for, and says so', async () => {
  await using visitor = await built.visit('#scenario=several-gates&view=gates&humans=no');
  const { page } = visitor;
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('max');
  await page.getByRole('button', { name: 'Play' }).click();
  const reject = page.getByRole('button', { name: 'Reject', exact: true });
  const colour = (name: string) =>
    page.getByRole('button', { name, exact: true }).evaluate((button) => getComputedStyle(button).color);
  await reject.waitFor();
  expect(await colour('Reject')).toBe(await colour('Approve'));
  for (const button of [reject, page.getByRole('button', { name: 'Approve', exact: true })]) {
    await button.click({ force: true });
    await page.locator('[aria-label="Your name"]:focus').waitFor();
    await page.getByRole('status').and(page.locator('.said')).getByText('Say who you are first.').waitFor();
    await reject.focus();
  }
  await page.getByRole('combobox', { name: 'Your name' }).fill('ann');
  expect(await colour('Reject')).not.toBe(await colour('Approve'));
  await reject.click();
  await page.getByText('Rejected by ann').first().waitFor();
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
